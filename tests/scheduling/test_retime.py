"""Safe times move a reminder earlier, never later than its use; where none is left somebody rings.
Said when it is booked, and again when the answer changes.
"""

from datetime import date, datetime

import pytest
import time_machine
from sqlalchemy import select

from app.db import db, transact
from app.families.change_contact import change_contact
from app.families.models import Carer
from app.messaging.models import Outbox
from app.scheduling.models import Appointment
from app.tasks.models import Task
from app.windows import read_windows
from tests.cast import NOW, Cast
from tests.messaging.steps import work
from tests.programmes.course import at, says
from tests.scheduling.test_told_by_email import answers, booked, hannah

EARLY, LAST = at(date(2026, 11, 26), 10), at(date(2026, 11, 30), 10)
TIMES = [
    ("Mon-Fri 9:00-17:00", EARLY, LAST),
    ("Mon-Fri 8:00-9:30", at(date(2026, 11, 26), 9, 15), at(date(2026, 11, 30), 9, 15)),
    ("Thu 12:00-15:00", None, at(date(2026, 11, 26), 14, 45)),
    ("Fri 10:00-15:00", None, at(date(2026, 11, 27), 10)),
]


def due(purpose: str) -> datetime | None:
    row = db.session.scalars(
        select(Outbox).where(Outbox.purpose == purpose, Outbox.state == "ready"),
        execution_options={"populate_existing": True},
    ).first()
    return row.due_at if row else None


def says_times(words: str) -> None:
    times = read_windows(words)
    transact(
        lambda: change_contact(hannah(), safe_times=times, by="test", at=NOW)
    )  # fmt: skip


@pytest.mark.parametrize(("words", "early", "last"), TIMES[:2])
def test_a_reminder_is_planned_within_the_safe_times_and_not_after_its_time(
    cast: Cast, monday: time_machine.Traveller, words: str, early: datetime | None, last: datetime
) -> None:
    says(cast)
    answers(email=None, safe_to_email="no", prefers="text", safe_times=read_windows(words))
    booked(cast)

    assert (due("reminder_early"), due("reminder")) == (early, last)
    assert last <= LAST


@pytest.mark.parametrize(("words", "_early", "last"), TIMES)
def test_an_answer_that_changes_moves_what_waits_the_same_way(
    goals: Appointment, words: str, _early: datetime | None, last: datetime
) -> None:
    work(NOW)

    says_times(words)

    assert due("reminder") == last


def test_times_that_widen_again_give_the_usual_time_back(goals: Appointment) -> None:
    work(NOW)
    says_times("Mon-Fri 8:00-9:30")
    says_times("Mon-Fri 8:00-18:00")

    assert (due("reminder_early"), due("reminder")) == (EARLY, LAST)


NEVER = "Tue 12:00-15:00"  # not before the visit on Tuesday at 10, after Tuesday the week before


def test_where_no_moment_is_left_somebody_is_asked_to_ring_at_once(goals: Appointment) -> None:
    work(NOW)
    monday_after = at(date(2026, 11, 25), 10)
    times = read_windows(NEVER)
    transact(lambda: change_contact(hannah(), safe_times=times, by="test", at=monday_after))

    assert due("reminder") is None
    (task,) = db.session.scalars(select(Task).where(Task.kind == "ring")).all()
    assert "No safe time for a text came before it was too late." in task.words
    assert task.about_id == 1


def test_booked_where_no_moment_is_left_somebody_is_asked_too(
    cast: Cast, monday: time_machine.Traveller
) -> None:
    says(cast)
    sundays = read_windows("Sun 9:00-12:00")
    answers(email=None, safe_to_email="no", prefers="text", safe_times=sundays)
    booked(cast)

    assert due("reminder") is None
    (task,) = db.session.scalars(select(Task)).all()
    assert "There is no safe time for a text before the appointment: ring instead." in task.words


def test_the_change_and_the_new_times_stand_or_fall_together(goals: Appointment) -> None:
    work(NOW)
    carer: Carer = hannah()
    change_contact(carer, safe_times=read_windows("Mon-Fri 8:00-9:30"), by="test", at=NOW)
    db.session.rollback()

    assert due("reminder") == LAST
