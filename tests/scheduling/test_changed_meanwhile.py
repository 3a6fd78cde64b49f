"""What a booking's yes rests on cannot be taken away while it is being booked.

One person records that a family stops, or that its home is not to be visited, in a transaction that
is not committed yet; another books. The booking waits, and is then refused.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.accounts.models import Staff
from app.clock import at_london
from app.db import db, transact
from app.enquiries.models import Choice
from app.enquiries.record_choice import record_choice
from app.errors import DomainError
from app.families.models import Family
from app.places.models import Place
from app.risk.assess import record_assessment
from app.scheduling.book import Booking, book
from app.scheduling.models import Appointment
from tests.cast import NOW, Cast

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@dataclass(frozen=True)
class Who:
    """Rows by their numbers: each thread reads its own."""

    family: int
    jago: int
    tamsin: int
    home: int

    def booking(self) -> Booking:
        return Booking(
            kind="goals_visit", family_id=self.family, staff_id=self.tamsin, minutes=60,
            starts_at=at_london(date(2026, 12, 1), time(10)), place_id=self.home,
        )  # fmt: skip


def stops(who: Who, at: datetime) -> None:
    record_choice(
        db.session.get_one(Family, who.family), "withdrew", on=NOW.date(), how="phone",
        by=db.session.get_one(Staff, who.jago), at=at,
    )  # fmt: skip


def not_to_be_visited(who: Who, at: datetime) -> None:
    record_assessment(
        db.session.get_one(Place, who.home), [], "no_home_visits", None, NOW.date(),
        by=db.session.get_one(Staff, who.jago), at=at,
    )  # fmt: skip


@pytest.fixture
def who(app: Flask, cast: Cast) -> Who:
    db.session.add(
        Choice(
            family_id=cast.hannah.id, step="yes", on=date(2026, 10, 2), how="phone",
            recorded_by="staff:1", recorded_at=NOW,
        )
    )  # fmt: skip
    db.session.commit()
    return Who(cast.hannah.id, cast.jago.id, cast.tamsin.id, cast.hannah.home_id)


def booked_meanwhile(app: Flask, who: Who, change: Callable[[Who, datetime], None]) -> str:
    """What the booking was told that began while `change` was not committed; '' for booked."""
    changed, told = threading.Event(), ["never ran"]

    def other() -> None:
        with app.app_context():
            changed.wait()
            try:
                by = db.session.get_one(Staff, who.jago)
                transact(lambda: book(who.booking(), by=by, at=NOW))
                told[0] = ""
            except DomainError as refused:
                told[0] = refused.message
            finally:
                db.session.remove()

    thread = threading.Thread(target=other)
    db.session.remove()
    thread.start()

    def act() -> None:
        change(who, NOW)
        db.session.flush()
        changed.set()
        wait_until_it_waits(app, thread)

    try:
        transact(act)
    finally:
        changed.set()
        thread.join()
    return told[0]


def wait_until_it_waits(app: Flask, thread: threading.Thread) -> None:
    """Until the other is held up by a lock, or has ended without one; SQLite lets one write at a
    time."""
    if db.engine.dialect.name == "sqlite":
        return
    with db.engine.connect() as looking:
        while thread.is_alive() and not looking.scalar(WAITING):
            looking.rollback()


@pytest.mark.parametrize(
    ("change", "words"), [(stops, "not said yes"), (not_to_be_visited, "visit")]
)
def test_a_booking_waits_for_what_would_forbid_it(
    app: Flask, who: Who, change: Callable[[Who, datetime], None], words: str
) -> None:
    told = booked_meanwhile(app, who, change)

    assert words in told
    assert db.session.scalars(select(Appointment)).all() == []


def test_where_nothing_forbids_it_it_goes_on_afterwards(app: Flask, who: Who) -> None:
    told = booked_meanwhile(
        app, who, lambda who, at: record_assessment(
            db.session.get_one(Place, who.home), [], "standard", None, NOW.date(),
            by=db.session.get_one(Staff, who.jago), at=at,
        )
    )  # fmt: skip

    assert told == ""
    (made,) = db.session.scalars(select(Appointment)).all()
    assert made.starts_at == who.booking().starts_at
