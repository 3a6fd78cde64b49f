"""A family's 1 or 2 is about what it was asked, and about nothing where that is not certain."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.db import db, transact
from app.messaging.blocks import block_of
from app.messaging.models import Reply
from app.scheduling.book import book
from app.scheduling.models import Appointment
from app.tasks.models import Task
from tests.cast import NOW, Cast
from tests.messaging.steps import arrive, read_all, work
from tests.programmes.course import VIDEO_DAY, at, one, says, wanted

SOON = NOW + timedelta(minutes=5)
DAYS = (VIDEO_DAY, VIDEO_DAY + timedelta(days=2))
HANNAH = 142


@pytest.fixture
def two_days(cast: Cast, monday: time_machine.Traveller) -> list[int]:
    """Two visits of Hannah's on two days, booked in one go: two texts at one moment."""
    says(cast)
    ids = []
    for kind, day in zip(("goals_visit", "follow_up"), DAYS, strict=True):
        asked = wanted(cast, kind, at(day, 10))
        ids.append(transact(lambda asked=asked: book(asked, by=cast.jago, at=NOW)).id)
    work(NOW)
    return ids


def answer(said: str, when=SOON, number: int = HANNAH) -> Reply:
    arrive(number, said, when)
    read_all(when)
    return db.session.scalars(select(Reply).order_by(Reply.id.desc()).limit(1)).one()


def states() -> list[tuple[str, bool]]:
    db.session.rollback()
    rows = db.session.scalars(select(Appointment).order_by(Appointment.id))
    return [(row.status, row.change_asked_at is not None) for row in rows]


UNTOUCHED = [("booked", False), ("booked", False)]


@pytest.mark.parametrize("said", ["1", "yes", "ok thanks", "2", "change please"])
def test_with_two_asked_about_on_two_days_neither_is_touched_and_a_person_asks(
    two_days: list[int], said: str
) -> None:
    reply = answer(said)
    assert states() == UNTOUCHED
    assert reply.reader == "person"
    task = db.session.scalars(select(Task).where(Task.kind == "reply")).one()
    assert f"“{said}”" in task.words


def test_long_after_either_text_nobody_guesses(two_days: list[int]) -> None:
    assert answer("1", NOW + timedelta(days=4)).reader == "person"
    assert states() == UNTOUCHED


def test_the_one_just_reminded_of_is_meant(
    two_days: list[int], monday: time_machine.Traveller
) -> None:
    for days in range(1, 8):  # to the Monday before the Tuesday
        reminded = at(NOW.date() + timedelta(days=days), 10)
        monday.move_to(reminded)
        work(reminded)
    answer("1", reminded + timedelta(minutes=1))
    assert one(two_days[0]).status == "confirmed"
    assert one(two_days[1]).status == "booked"


@pytest.mark.parametrize("said", ["1", "2"])
def test_what_is_over_is_not_answered(two_days: list[int], said: str) -> None:
    after = at(DAYS[1], 18)
    assert answer(said, after).reader == "person"
    assert states() == UNTOUCHED


def test_a_yes_that_twilio_takes_as_start_keeps_the_time_and_blocks_nothing(
    cast: Cast, monday: time_machine.Traveller
) -> None:
    says(cast)
    number = transact(
        lambda: book(wanted(cast, "goals_visit", at(VIDEO_DAY, 10)), by=cast.jago, at=NOW)
    ).id
    work(NOW)
    answer("YES")
    assert one(number).status == "confirmed"
    assert block_of("+447700900142") is None


def test_the_same_answer_twice_is_one_answer(cast: Cast, monday: time_machine.Traveller) -> None:
    says(cast)
    number = transact(
        lambda: book(wanted(cast, "goals_visit", at(VIDEO_DAY, 10)), by=cast.jago, at=NOW)
    ).id
    work(NOW)
    for minute in (5, 6):
        answer("1", NOW + timedelta(minutes=minute))
    assert one(number).status == "confirmed"
    assert db.session.scalars(select(Task.kind)).all() == []


def test_somebody_elses_phone_keeps_nothing_of_this_family(two_days: list[int]) -> None:
    assert answer("1", number=999).reader == "person"
    assert states() == UNTOUCHED
