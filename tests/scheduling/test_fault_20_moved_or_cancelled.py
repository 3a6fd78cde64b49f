"""Fault 20: an appointment is moved or cancelled once its texts are queued: nobody reads of an old
time, or of a beginning after the end; and an answer to an old time keeps no new one.
"""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.db import db, transact
from app.messaging.models import Outbox
from app.scheduling.book import book
from app.scheduling.cancel import cancel
from app.scheduling.models import Appointment
from app.scheduling.move import Change, move
from app.tasks.models import Task
from tests.cast import NOW, Cast
from tests.messaging.steps import arrive, read_all, work
from tests.programmes.course import VIDEO_DAY, at, one, says, wanted

JAGO = "staff:2"
LAST = at(date(2026, 11, 30), 10)  # the reminder of a Tuesday's visit
NEW_DAY = VIDEO_DAY + timedelta(days=2)
EVENING = at(NOW.date(), 20)
MORNING = at(NOW.date() + timedelta(days=1), 9)


def booked(cast: Cast, when: datetime = NOW) -> int:
    says(cast)
    asked = wanted(cast, "goals_visit", at(VIDEO_DAY, 10))
    return transact(lambda: book(asked, by=cast.jago, at=when)).id


def go_to(monday: time_machine.Traveller, when: datetime) -> None:
    monday.move_to(when)
    work(when)


def went() -> list[tuple[str, str]]:
    """What was texted, in its order: the purpose and the words."""
    db.session.rollback()
    rows = db.session.scalars(
        select(Outbox)
        .where(Outbox.channel == "text", Outbox.state == "accepted")
        .order_by(Outbox.sent_at, Outbox.id)
    )
    return [(row.purpose, row.body or "") for row in rows]


def purposes() -> list[str]:
    return [purpose for purpose, _ in went()]


def test_fault_20_a_reminder_of_a_cancelled_visit_does_not_go(
    cast: Cast, monday: time_machine.Traveller
) -> None:
    number = booked(cast)
    go_to(monday, NOW)
    transact(lambda: cancel(one(number), "weather", by=JAGO, at=NOW))
    for when in (NOW, LAST, LAST + timedelta(days=1)):
        go_to(monday, when)
    assert purposes() == ["booked", "cancelled"]


def test_fault_20_a_reminder_is_made_again_for_the_new_time(
    cast: Cast, monday: time_machine.Traveller
) -> None:
    number = booked(cast)
    go_to(monday, NOW)
    transact(lambda: move(one(number), Change(starts_at=at(NEW_DAY, 14)), by=JAGO, at=NOW))
    for hours in range(9 * 24 + 1):
        go_to(monday, NOW + timedelta(hours=hours))
    told = went()
    assert [purpose for purpose, _ in told][:2] == ["booked", "moved"]
    assert [purpose for purpose, _ in told].count("reminder") == 1
    assert all("3 Dec" in words or "Thu" in words for _, words in told[1:])


def test_fault_20_cancelled_before_its_confirmation_went_only_the_end_is_told(
    cast: Cast, monday: time_machine.Traveller
) -> None:
    """Booked and cancelled in the evening. Whoever heard of it on the telephone must not wait for a
    visit, so the end is told; never a confirmation after it."""
    monday.move_to(EVENING)
    number = booked(cast, EVENING)
    go_to(monday, EVENING)
    transact(lambda: cancel(one(number), "weather", by=JAGO, at=EVENING))
    for when in (MORNING, LAST, LAST + timedelta(days=1)):
        go_to(monday, when)
    ((purpose, words),) = went()
    assert purpose == "cancelled"
    assert "1 Dec" in words


def test_fault_20_the_end_is_told_after_the_beginning(
    cast: Cast, monday: time_machine.Traveller
) -> None:
    number = booked(cast)
    go_to(monday, NOW)
    transact(lambda: cancel(one(number), "weather", by=JAGO, at=EVENING))
    go_to(monday, EVENING)
    go_to(monday, MORNING)
    assert purposes() == ["booked", "cancelled"]


def test_fault_20_moved_twice_before_anything_went_one_text_has_the_last_time(
    cast: Cast, monday: time_machine.Traveller
) -> None:
    monday.move_to(EVENING)
    number = booked(cast, EVENING)
    for day in (NEW_DAY, NEW_DAY + timedelta(days=1)):
        transact(
            lambda day=day: move(one(number), Change(starts_at=at(day, 14)), by=JAGO, at=EVENING)
        )
    go_to(monday, EVENING)
    go_to(monday, MORNING)
    ((purpose, words),) = went()
    assert "4 Dec" in words
    assert purpose == "booked"


@pytest.mark.parametrize("shown", [True, False])
def test_fault_20_moved_before_its_booking_was_told_it_is_told_as_a_booking(
    cast: Cast, monday: time_machine.Traveller, shown: bool
) -> None:
    """No "new time" for whoever never heard of an old one; nothing where they know already."""
    monday.move_to(EVENING)
    number = booked(cast, EVENING)
    change = Change(starts_at=at(NEW_DAY, 14), tell=shown)
    transact(lambda: move(one(number), change, by=JAGO, at=EVENING))
    go_to(monday, EVENING)
    go_to(monday, MORNING)
    assert purposes() == (["booked"] if shown else [])
    assert all("3 Dec" in words and "1 Dec" not in words for _, words in went())


def test_fault_20_moved_again_after_they_were_told_quietly_it_is_told_as_a_move(
    cast: Cast, monday: time_machine.Traveller
) -> None:
    """Somebody told them on the telephone, so that the next time is a new one for them."""
    monday.move_to(EVENING)
    number = booked(cast, EVENING)
    for day, told in ((NEW_DAY, False), (NEW_DAY + timedelta(days=1), True)):
        change = Change(starts_at=at(day, 14), tell=told)
        transact(lambda change=change: move(one(number), change, by=JAGO, at=EVENING))
    go_to(monday, MORNING)
    assert purposes() == ["moved"]


def test_fault_20_moved_twice_in_a_night_is_told_from_the_time_that_they_know(
    cast: Cast, monday: time_machine.Traveller
) -> None:
    number = booked(cast)
    go_to(monday, NOW)
    for day in (NEW_DAY, NEW_DAY + timedelta(days=1)):
        transact(
            lambda day=day: move(one(number), Change(starts_at=at(day, 14)), by=JAGO, at=EVENING)
        )
    known = db.session.scalars(
        select(Outbox).where(Outbox.purpose == "moved", Outbox.state == "ready")
    ).one()
    assert known.payload is not None
    assert known.payload["was"] == at(VIDEO_DAY, 10).isoformat()
    go_to(monday, MORNING)
    assert purposes() == ["booked", "moved"]
    assert "3 Dec" not in went()[1][1]


@pytest.mark.parametrize("said", ["1", "yes please"])
def test_fault_20_an_answer_to_the_old_time_does_not_keep_the_new(
    cast: Cast, monday: time_machine.Traveller, said: str
) -> None:
    """They answered the reminder while the visit was being moved: a person asks them."""
    number = booked(cast)
    for when in (NOW, LAST):
        go_to(monday, when)
    later = LAST + timedelta(minutes=5)
    transact(lambda: move(one(number), Change(starts_at=at(NEW_DAY, 14)), by=JAGO, at=later))

    arrive(142, said, later + timedelta(seconds=20))
    read_all(later + timedelta(seconds=30))

    assert status_of(number) == "booked"
    assert "reply" in db.session.scalars(select(Task.kind)).all()


def test_fault_20_an_answer_to_the_new_time_keeps_it(
    cast: Cast, monday: time_machine.Traveller
) -> None:
    number = booked(cast)
    for when in (NOW, LAST):
        go_to(monday, when)
    later = LAST + timedelta(minutes=5)
    transact(lambda: move(one(number), Change(starts_at=at(NEW_DAY, 14)), by=JAGO, at=later))
    go_to(monday, later)
    assert purposes()[-1] == "moved"

    arrive(142, "1", later + timedelta(minutes=1))
    read_all(later + timedelta(minutes=2))

    assert status_of(number) == "confirmed"


def test_fault_20_a_change_asked_for_the_old_time_is_asked_for(
    cast: Cast, monday: time_machine.Traveller
) -> None:
    """It decides nothing: a person rings."""
    number = booked(cast)
    for when in (NOW, LAST):
        go_to(monday, when)
    later = LAST + timedelta(minutes=5)
    transact(lambda: move(one(number), Change(starts_at=at(NEW_DAY, 14)), by=JAGO, at=later))

    arrive(142, "2", later + timedelta(seconds=20))
    read_all(later + timedelta(seconds=30))

    assert status_of(number) == "booked"
    assert db.session.get_one(Appointment, number).change_asked_at is not None


def status_of(number: int) -> str:
    db.session.rollback()
    return one(number).status
