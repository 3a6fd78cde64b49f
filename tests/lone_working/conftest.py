"""Visits of one Monday: Tamsin at Hannah's home from 11:00 to 12:00, and what the watch makes of
it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app import clock
from app.db import db, transact
from app.lone_working.models import Alarm, Watch
from app.messaging.models import Outbox
from app.scheduling.enter import Entry, enter_appointment
from app.scheduling.models import Appointment
from tests.cast import NOW, Cast

MONDAY = NOW.date()


def wall(hour: int, minute: int = 0) -> datetime:
    return clock.at_london(MONDAY + timedelta(days=hour // 24), time(hour % 24, minute))


ELEVEN = wall(11)


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def visit(cast: Cast) -> Callable[..., Appointment]:
    """Book a visit as the spreadsheet's act does, which asks for no yes."""

    def go(starts_at: datetime = ELEVEN, minutes: int = 60, **more: object) -> Appointment:
        second_id = more.pop("second_id", None)
        chosen = {
            "kind": "video_session",
            "family_id": cast.hannah.id,
            "carer_id": None,
            "staff_id": cast.tamsin.id,
            "place_id": cast.hannah.home_id,
            "status": "booked",
            **more,
        }
        entry = Entry(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), **chosen)

        def act() -> Appointment:
            made = enter_appointment(entry, by=cast.jago, at=NOW)
            made.second_id = second_id
            return made

        return transact(act)

    return go


def watches() -> list[Watch]:
    db.session.rollback()
    return list(db.session.scalars(select(Watch).order_by(Watch.id)))


def steps() -> list[str]:
    """The steps raised so far, in order."""
    db.session.rollback()
    return list(db.session.scalars(select(Alarm.step).order_by(Alarm.raised_at, Alarm.id)))


def texted() -> list[tuple[str, int]]:
    """The watch's texts so far: purpose and whom."""
    db.session.rollback()
    rows = db.session.execute(
        select(Outbox.purpose, Outbox.recipient_id)
        .where(Outbox.about_kind == "watch")
        .order_by(Outbox.id)
    )
    return [tuple(row) for row in rows]
