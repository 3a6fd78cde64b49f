"""Calendars that have not been read for a day: their busy times are old, and bookings may clash."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from app import clock
from app.accounts.models import Staff
from app.scheduling.own_calendars.models import OwnCalendar
from app.tasks.causes import DAY_AGO, Cause, Rows, columns
from app.tasks.waiting import Item
from app.times import for_staff
from app.working_days import evening_after

ONE_DAY = timedelta(days=1)
LAST_READ = func.coalesce(OwnCalendar.good_at, OwnCalendar.set_at, type_=OwnCalendar.set_at.type)


def not_read() -> Select[Any]:
    """Whose calendar has not been read for a day, and since when (`created_at`)."""
    return (
        select(
            *columns(
                id=OwnCalendar.staff_id, owner_id=OwnCalendar.staff_id, reference=Staff.name,
                words=OwnCalendar.failure, created_at=LAST_READ,
            )
        )
        .join(OwnCalendar.staff)
        .where(Staff.left_at.is_(None), LAST_READ < DAY_AGO)
    )  # fmt: skip


def calendars_due(rows: Rows, at: datetime) -> Iterator[Item]:
    for row in rows:
        yield Item(
            kind="calendar",
            why=" ".join(words for words in (since_when(row), row.words) if words),
            due_at=evening_after(clock.london(row.created_at + ONE_DAY).date(), 1),
            since=row.created_at + ONE_DAY,
            endpoint="scheduling.staff_calendar",
            values={"staff_id": row.id},
            button="Open",
            owner_id=row.owner_id,
            about=row.reference,
        )


def since_when(row: Any) -> str:
    return f"Their own calendar has not been read since {for_staff(row.created_at)}."


def old_words(name: str, last_read: datetime) -> str:
    """What the diary says where somebody's busy times are older than a day."""
    return (
        f"{name}’s own calendar has not been read since {for_staff(last_read)}: "
        "its busy times may have changed."
    )


CAUSES = (Cause("own_calendars", not_read, calendars_due),)
