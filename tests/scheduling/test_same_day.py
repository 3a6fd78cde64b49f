"""Two appointments of one person on one day: one reminder for both, and none of them is lost."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from app.db import db, transact
from app.families.models import Carer
from app.messaging import send
from app.messaging.models import Outbox
from app.scheduling.answer import ask_change
from app.scheduling.book import Booking, book
from app.scheduling.cancel import cancel
from app.scheduling.models import Appointment
from app.scheduling.move import Change, move
from app.scheduling.same_day import SAID
from app.tasks.models import Task
from tests.cast import NOW, Cast
from tests.messaging.steps import arrive, forget, read_all, work
from tests.programmes.course import VIDEO_DAY, at, one, says, wanted

EARLY, LAST = at(date(2026, 11, 26), 10), at(date(2026, 11, 30), 10)
JAGO = "staff:2"  # a worker has ended the session that the cast was in
NEXT_DAY = VIDEO_DAY + timedelta(days=1)


@pytest.fixture
def two(cast: Cast, monday: time_machine.Traveller) -> tuple[int, int]:
    """Hannah's goals visit at 10:00 and her follow-up at 14:00 on Tuesday 1 December."""
    says(cast)
    ids = []
    for kind, when in (("goals_visit", at(VIDEO_DAY, 10)), ("follow_up", at(VIDEO_DAY, 14))):
        asked = wanted(cast, kind, when)
        ids.append(transact(lambda asked=asked: book(asked, by=cast.jago, at=NOW)).id)
    work(NOW)
    return ids[0], ids[1]


def go_to(monday: time_machine.Traveller, when: datetime) -> None:
    monday.move_to(when)
    work(when)


def reminders(purpose: str = "reminder") -> list[tuple[int, str, str]]:
    """Each row as (appointment, state or why not, body)."""
    rows = db.session.scalars(
        select(Outbox).where(Outbox.purpose == purpose, Outbox.payload.is_not(None))
    ).all()
    return sorted((row.about_id, row.reason or row.state, row.body or "") for row in rows)


@pytest.mark.parametrize(("purpose", "when"), [("reminder_early", EARLY), ("reminder", LAST)])
def test_one_text_speaks_for_both(
    two: tuple[int, int], monday: time_machine.Traveller, purpose: str, when: datetime
) -> None:
    go_to(monday, when)

    first, second = reminders(purpose)
    day = "tomorrow, Tue 1 Dec" if purpose == "reminder" else "Tue 1 Dec"
    assert first[1] == "accepted"
    assert first[2].startswith(
        f"Reminder: 2 appointments with Tamsin, {day}, 10am and 2pm, at your home. "
        "Reply 1 to keep both, 2 to change"
    )
    assert second == (two[1], SAID, "")


@pytest.mark.parametrize("wording", ["neutral", "strict"])
def test_in_the_wording_that_the_carer_allows(
    cast: Cast, two: tuple[int, int], monday: time_machine.Traveller, wording: str
) -> None:
    carer = db.session.get_one(Carer, one(two[0]).carer_id)
    carer.wording = wording
    db.session.commit()

    go_to(monday, LAST)

    assert "2 appointments tomorrow, Tue 1 Dec, 10am and 2pm." in reminders()[0][2]
    assert "Tamsin" not in reminders()[0][2]


def test_on_two_days_each_has_its_own(
    cast: Cast, two: tuple[int, int], monday: time_machine.Traveller
) -> None:
    later = Change(starts_at=at(NEXT_DAY, 14))
    transact(lambda: move(one(two[1]), later, by=JAGO, at=NOW))

    for when in (LAST, LAST + timedelta(days=1)):
        go_to(monday, when)

    bodies = [body for _id, _state, body in reminders() if body]
    assert len(bodies) == 2
    assert not [body for body in bodies if "2 appointments" in body]


@pytest.mark.parametrize("what", ["cancelled", "change asked", "moved"])
def test_where_one_falls_away_the_other_speaks_for_itself(
    cast: Cast, two: tuple[int, int], monday: time_machine.Traveller, what: str
) -> None:
    acts: dict[str, Callable[[Appointment], object]] = {
        "cancelled": lambda row: cancel(row, "weather", by=JAGO, at=NOW),
        "change asked": lambda row: ask_change(row, "no", by="carer:1", at=NOW, how="text"),
        "moved": lambda row: move(
            row, Change(starts_at=at(NEXT_DAY, 10)), by=JAGO, at=NOW
        ),
    }  # fmt: skip
    transact(lambda: acts[what](one(two[0])))

    go_to(monday, LAST)

    own = [body for number, state, body in reminders() if number == two[1] and state == "accepted"]
    assert len(own) == 1
    assert "2pm" in own[0]
    assert "2 appointments" not in own[0]


def never_had(about: int) -> None:
    """As when the worker died, and the provider proves that it never had this reminder."""
    db.session.execute(
        update(Outbox)
        .where(Outbox.purpose == "reminder", Outbox.about_id == about)
        .values(state="ready")
    )
    db.session.commit()


def test_a_text_that_did_not_go_after_all_leaves_the_other_its_own(
    cast: Cast, two: tuple[int, int], monday: time_machine.Traveller
) -> None:
    go_to(monday, LAST)
    never_had(two[0])
    transact(lambda: ask_change(one(two[0]), "no", by="carer:1", at=LAST, how="text"))

    work(LAST)

    (_, why, _), (_, state, body) = reminders()
    assert why == "They had asked for a change."
    assert state == "accepted"
    assert "2pm" in body


def test_sent_again_it_still_speaks_for_both(
    two: tuple[int, int], monday: time_machine.Traveller
) -> None:
    go_to(monday, LAST)
    never_had(two[0])

    work(LAST)

    assert "2 appointments" in reminders()[0][2]


def test_1_keeps_both(cast: Cast, two: tuple[int, int], monday: time_machine.Traveller) -> None:
    go_to(monday, LAST)

    arrive(142, "1", LAST + timedelta(minutes=5))
    read_all(LAST + timedelta(minutes=6))

    assert [one(number).status for number in two] == ["confirmed", "confirmed"]


def test_1_from_a_phone_of_two_families_keeps_neither(
    cast: Cast, two: tuple[int, int], monday: time_machine.Traveller
) -> None:
    hannah, jodie = db.session.scalars(select(Carer).order_by(Carer.id))
    jodie.mobile = hannah.mobile
    hannah.shared_number_ok = jodie.shared_number_ok = True
    theirs = Booking(
        kind="follow_up", family_id=jodie.family_id, staff_id=one(two[0]).staff_id, minutes=30,
        starts_at=at(VIDEO_DAY, 14), how="phone",
    )  # fmt: skip
    transact(lambda: cancel(one(two[1]), "weather", by=JAGO, at=NOW))
    both = two[0], transact(lambda: book(theirs, by=JAGO, at=NOW)).id
    go_to(monday, LAST)

    arrive(142, "1", LAST + timedelta(minutes=5))
    read_all(LAST + timedelta(minutes=6))

    assert [one(number).status for number in both] == ["booked", "booked"]
    assert db.session.scalars(select(Task.kind)).all() == ["reply"]


def test_2_changes_neither_and_a_person_asks_which(
    cast: Cast, two: tuple[int, int], monday: time_machine.Traveller
) -> None:
    go_to(monday, LAST)

    arrive(142, "2", LAST + timedelta(minutes=5))
    read_all(LAST + timedelta(minutes=6))

    assert [one(number).change_asked_at for number in two] == [None, None]
    assert db.session.scalars(select(Task.kind)).all() == ["reply"]


@pytest.mark.parametrize(("said", "expected"), [("1", "confirmed"), ("2", "booked")])
def test_an_answer_is_about_what_was_just_asked(
    cast: Cast, two: tuple[int, int], monday: time_machine.Traveller, said: str, expected: str
) -> None:
    transact(lambda: cancel(one(two[1]), "weather", by=JAGO, at=NOW))
    day = VIDEO_DAY + timedelta(days=7)
    first = one(two[0])
    asked = Booking(
        kind="follow_up", family_id=first.family_id, staff_id=first.staff_id, minutes=30,
        starts_at=at(day, 10), place_id=first.place_id,
    )  # fmt: skip
    later_id = transact(lambda: book(asked, by=JAGO, at=NOW)).id
    work(NOW)
    go_to(monday, LAST)

    arrive(142, said, LAST + timedelta(minutes=5))
    read_all(LAST + timedelta(minutes=6))

    assert one(two[0]).status == expected
    assert (one(two[0]).change_asked_at is None) == (said == "1")
    assert one(later_id).status == "booked"
    assert one(later_id).change_asked_at is None


def test_two_workers_with_a_row_each_send_one_text(
    app: Flask, two: tuple[int, int], monday: time_machine.Traveller
) -> None:
    monday.move_to(LAST)
    together = Barrier(2)

    def worker(name: str) -> None:
        with app.app_context():
            together.wait(20)
            while send.send_next(name, at=LAST):
                forget()

    threads = [Thread(target=worker, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    db.session.rollback()
    assert sorted(state for _id, state, _body in reminders()) == [SAID, "accepted"]
