"""Putting people on the duty rota and taking them off."""

from datetime import date, datetime, timedelta
from typing import Any

from app.accounts.models import Staff
from app.audit.record import record
from app.db import db
from app.errors import DomainError
from app.risk.models import Duty
from app.windows import days, instant

MOST_DAYS = 60


def set_duty(
    manager: Staff,
    buddy: Staff | None,
    first: date,
    last: date,
    start: int,
    end: int,
    *,
    by: Any,
    at: datetime,
) -> list[Duty]:
    """Put a manager, and a buddy, on duty on each date from `first` to `last`.

    `start` and `end` are minutes since London midnight. Of two rows that overlap the one set last
    holds. The manager is a manager, the buddy somebody else; both work here.
    """
    if manager.role != "manager" or not manager.active:
        raise DomainError("The duty manager must be a manager who works here.", "manager")
    if buddy is not None and (not buddy.active or buddy.id == manager.id):
        raise DomainError("The buddy must be somebody else who works here.", "buddy")
    if not manager.mobile:
        raise DomainError(f"{manager.name} has no mobile on record, so no alarm could reach them.",
                          "manager")  # fmt: skip
    if last < first:
        raise DomainError("The last day is before the first.", "last")
    if last - first >= timedelta(days=MOST_DAYS):
        raise DomainError(f"Set at most {MOST_DAYS} days at once.", "last")
    if start >= end:
        raise DomainError("The end must be after the start.", "end")
    if instant(last, end) <= at:
        raise DomainError("This is over already.", "last")
    rows = [
        Duty(
            manager_id=manager.id,
            buddy_id=buddy.id if buddy else None,
            starts_at=instant(day, start),
            ends_at=instant(day, end),
        )
        for day in days(first, last)
    ]
    db.session.add_all(rows)
    for row in rows:
        record("duty:set", row, by=by, at=at)
    return rows


def remove_duty(duty: Duty, *, by: Any, at: datetime) -> None:
    """Take a row off the rota; what is over stays, for it is part of what happened."""
    if duty.ends_at <= at:
        raise DomainError("This is over, so it stays on record.")
    record("duty:removed", duty, by=by, at=at)
    db.session.delete(duty)
