"""What a home's level lets be booked, asked of the act itself: no form and no reason gets past."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db, transact
from app.errors import DomainError
from app.places.models import Place
from app.risk.assess import approve_assessment, record_assessment
from app.scheduling.book import Booking
from app.scheduling.models import Appointment, Reservation
from app.scheduling.move import Change, move
from app.tasks.models import Task
from tests.cast import NOW, Cast
from tests.scheduling.test_book import at, made, said

TODAY = NOW.date()


@pytest.fixture
def wanted(app: Flask, cast: Cast) -> Booking:
    said(cast, "yes")
    return Booking(
        kind="goals_visit", family_id=cast.hannah.id, staff_id=cast.tamsin.id, starts_at=at(12),
        minutes=60, place_id=cast.hannah.home_id,
    )  # fmt: skip


def found(cast: Cast, level: str, *, agreed: bool = True, by: Staff | None = None) -> None:
    home = db.session.get_one(Place, cast.hannah.home_id)
    row = transact(
        lambda: record_assessment(
            home, (), level, "Park on the road.", TODAY, by=by or cast.tamsin, at=NOW
        )
    )
    if agreed and row.approved_at is None and level in ("raised", "high"):
        transact(lambda: approve_assessment(row, by=cast.morwenna, at=NOW))


def refused(wanted: Booking, cast: Cast, words: str) -> None:
    """Refused, also with a reason to override; nothing is held."""
    for reason in (None, "Because I say so"):
        with pytest.raises(DomainError, match=words):
            made(replace(wanted, override_reason=reason), cast)
        db.session.rollback()
    assert db.session.scalars(select(Reservation)).all() == []


def test_standard_is_visited_alone(wanted: Booking, cast: Cast) -> None:
    assert made(wanted, cast).risk_level == "standard"


@pytest.mark.parametrize(
    ("level", "agreed", "words"),
    [
        ("raised", False, "not been assessed"),
        ("high", False, "not been assessed"),
        ("high", True, "Two workers"),
        ("no_home_visits", True, "no visits to this home"),
    ],
)
def test_nobody_goes_alone_where_the_level_forbids(
    wanted: Booking, cast: Cast, level: str, agreed: bool, words: str
) -> None:
    found(cast, level, agreed=agreed)

    refused(wanted, cast, words)


@pytest.mark.parametrize(("level", "agreed"), [("raised", False), ("high", True), ("high", False)])
def test_two_may_go(wanted: Booking, cast: Cast, level: str, agreed: bool) -> None:
    found(cast, level, agreed=agreed)

    appointment = made(replace(wanted, second_id=cast.kerensa.id), cast)

    held = db.session.scalars(select(Reservation).where(Reservation.kind == 1)).all()
    assert appointment.second_id == cast.kerensa.id
    assert {row.subject_id for row in held} == {cast.tamsin.id, cast.kerensa.id}


def test_not_even_two_go_where_there_are_no_home_visits(wanted: Booking, cast: Cast) -> None:
    found(cast, "no_home_visits")

    refused(replace(wanted, second_id=cast.kerensa.id), cast, "no visits to this home")
    assert made(replace(wanted, place_id=cast.hub.id), cast).place_id == cast.hub.id


@pytest.mark.parametrize(("start", "dark"), [(at(12), False), (at(16), True), (at(10), False)])
def test_raised_is_visited_in_daylight(
    wanted: Booking, cast: Cast, start: datetime, dark: bool
) -> None:
    found(cast, "raised")

    if dark:
        refused(replace(wanted, starts_at=start), cast, "sunrise and sunset")
    else:
        assert made(replace(wanted, starts_at=start), cast).risk_level == "raised"


def test_a_visit_ends_an_hour_before_cover_does(wanted: Booking, cast: Cast) -> None:
    cast.tamsin.hours = None
    refused(replace(wanted, starts_at=at(16, 30)), cast, "cover|17:00")


def test_a_home_whose_look_is_overdue_is_not_assessed(wanted: Booking, cast: Cast) -> None:
    later = replace(wanted, starts_at=at(12, day=date(2026, 12, 8)))
    home = db.session.get_one(Place, cast.hannah.home_id)
    transact(
        lambda: record_assessment(
            home, (), "standard", None, TODAY, date(2026, 12, 5), by=cast.tamsin, at=NOW
        )
    )

    refused(later, cast, "not been assessed")


def test_another_familys_home_is_no_place_to_meet(wanted: Booking, cast: Cast) -> None:
    refused(replace(wanted, place_id=cast.jodie.home_id), cast, "another family’s home")


def test_a_visit_in_person_is_somewhere(wanted: Booking, cast: Cast) -> None:
    refused(replace(wanted, place_id=None), cast, "where it takes place")


def test_a_visit_is_not_moved_past_the_level(wanted: Booking, cast: Cast) -> None:
    elsewhere = made(replace(wanted, place_id=cast.hub.id), cast)
    found(cast, "high")

    with pytest.raises(DomainError, match="Two workers"):
        transact(
            lambda: move(
                elsewhere, Change(starts_at=at(12), place_id=cast.hannah.home_id),
                by=cast.jago, at=NOW,
            )
        )  # fmt: skip
    db.session.rollback()
    assert db.session.get_one(Appointment, elsewhere.id).place_id == cast.hub.id


def test_what_is_booked_asks_a_person_when_the_level_rises(wanted: Booking, cast: Cast) -> None:
    visit = made(wanted, cast)

    found(cast, "high", agreed=False)

    task = db.session.scalars(select(Task).where(Task.about_kind == "appointment")).one()
    assert (task.kind, task.about_id) == ("in_doubt", visit.id)


@pytest.mark.parametrize(
    ("level", "hour", "says"),
    [
        ("standard", 12, None),
        ("raised", 12, None),
        ("raised", 16, "it is visited between sunrise and sunset"),
        ("high", 12, "This home needs two workers"),
        ("no_home_visits", 12, "There are no visits to this home"),
    ],
)
def test_it_is_asked_about_by_the_rule_that_would_refuse_it_now(
    wanted: Booking, cast: Cast, level: str, hour: int, says: str | None
) -> None:
    made(replace(wanted, starts_at=at(hour), override_reason="She drives home late"), cast)

    # A manager’s own raised level is in force at once; a high one needs another manager.
    found(cast, level, by=cast.morwenna if level == "raised" else None)

    tasks = db.session.scalars(select(Task).where(Task.about_kind == "appointment")).all()
    assert [says in task.words for task in tasks if says] == ([True] if says else [])
    assert bool(tasks) == bool(says)


def test_two_who_go_together_are_not_asked_about(wanted: Booking, cast: Cast) -> None:
    made(replace(wanted, second_id=cast.kerensa.id), cast)

    found(cast, "high")

    assert not db.session.scalars(select(Task).where(Task.about_kind == "appointment")).all()
