"""Who is away or busy elsewhere on the dates of a diary: absences, and the times of own calendars.

What a calendar says outside somebody's working hours is their own life, and shown to nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, String, bindparam, literal, select, union_all

from app import clock
from app.access import ARRANGERS, User
from app.accounts.models import Staff
from app.db import UtcDateTime, plain_rows
from app.scheduling.absence import KINDS
from app.scheduling.calendar_models import BusyTime
from app.scheduling.models import Absence
from app.times import staff_range

OWN = "own"


@dataclass(frozen=True)
class Away:
    """When somebody is away, or busy by their own calendar (`kind` OWN)."""

    staff_id: int
    name: str
    kind: str
    starts_at: datetime
    ends_at: datetime

    def words(self, reader: User) -> str:
        """What it is, for those who arrange and for oneself; else only that."""
        if self.kind == OWN:
            return "Busy (own calendar)"
        known = reader.role in ARRANGERS or self.staff_id == reader.id
        return KINDS[self.kind] if known else "Away"

    def said_on(self, day: date, next_day: date) -> str:
        """When on a date: '13:00–14:00', or 'all day'."""
        first, last = clock.midnight(day), clock.midnight(next_day)
        if self.starts_at <= first and self.ends_at >= last:
            return "all day"
        return staff_range(max(self.starts_at, first), min(self.ends_at, last))


def away_between(first: date, last: date) -> list[Away]:
    """Everybody's from `first` to before `last`, by name: one statement."""
    begins, ends = clock.midnight(first), clock.midnight(last)
    found = [
        one
        for row in plain_rows(in_span(), begins=begins, ends=ends)
        for one in parts_of(row, first, last)
        if one.starts_at < ends and one.ends_at > begins
    ]
    return sorted(found, key=lambda one: (one.name, one.starts_at))


def parts_of(row: Any, first: date, last: date) -> Iterator[Away]:
    """An absence whole, a busy time as far as it lies in working hours, where these are known."""
    spans = [(row.starts_at, row.ends_at)]
    if row.kind == OWN and row.hours is not None:
        hours = row.hours.spans(first, last)
        spans = [(max(s, row.starts_at), min(e, row.ends_at)) for s, e in hours]
    for starts_at, ends_at in spans:
        if starts_at < ends_at:
            yield Away(row.staff_id, row.name, row.kind, starts_at, ends_at)


@cache
def in_span() -> CompoundSelect[Any]:
    begins, ends = (bindparam(name, type_=UtcDateTime()) for name in ("begins", "ends"))
    kinds: dict[Any, Any] = {Absence: Absence.kind, BusyTime: literal(OWN, String())}
    return union_all(
        *(
            select(
                of.staff_id, Staff.name, Staff.hours, kind.label("kind"), of.starts_at, of.ends_at
            )
            .join(Staff, Staff.id == of.staff_id)
            .where(Staff.left_at.is_(None), of.starts_at < ends, of.ends_at > begins)
            for of, kind in kinds.items()
        )
    )
