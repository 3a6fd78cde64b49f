"""Who works here on the dates of a diary, their hours and base, and when they are away or busy
elsewhere: absences, and the times of own calendars. One statement.

What a calendar says outside somebody's working hours is their own life, and shown to nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, String, bindparam, literal, select, union_all

from app import clock
from app.access import ARRANGERS, User
from app.accounts.models import Staff
from app.db import UtcDateTime, plain_rows
from app.places.models import Postcode
from app.places.travel import Spot, spot_for
from app.scheduling.absences.absence import KINDS
from app.scheduling.models import Absence
from app.scheduling.own_calendars.models import BusyTime, OwnCalendar
from app.scheduling.own_calendars.waiting import LAST_READ, old_words
from app.scheduling.records import point
from app.times import span_on
from app.windows import Windows

OWN = "own"
AWAY: dict[Any, Any] = {Absence: Absence.kind, BusyTime: literal(OWN, String())}
ONE_DAY = timedelta(days=1)


class Person(NamedTuple):
    """A member of staff as the diary has a row for them."""

    id: int
    name: str
    hours: Windows | None
    base: Spot
    takes_visits: bool
    last_read: datetime | None = None  # their own calendar, where they have one


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

    def touches(self, begins: datetime, ends: datetime) -> bool:
        return self.starts_at < ends and self.ends_at > begins

    def said_on(self, day: date, next_day: date) -> str:
        """When on a date: '13:00–14:00', or 'all day'."""
        return span_on(self.starts_at, self.ends_at, day, next_day)


class Team(NamedTuple):
    """Everybody who works here, by number and in order of name, and when they are away."""

    people: dict[int, Person]
    away: list[Away]

    def away_on(self, day: date, next_day: date) -> list[Away]:
        begins, ends = clock.midnight(day), clock.midnight(next_day)
        return [one for one in self.away if one.touches(begins, ends)]

    def old_calendars(self, *, at: datetime) -> list[str]:
        """A sentence for each whose busy times are older than a day."""
        return [
            old_words(one.name, one.last_read)
            for one in self.people.values()
            if one.last_read is not None and one.last_read < at - ONE_DAY
        ]


def team_between(first: date, last: date) -> Team:
    """The team with its absences from `first` to before `last`."""
    people: dict[int, Person] = {}
    away: list[Away] = []
    given = {"begins": clock.midnight(first), "ends": clock.midnight(last)}
    for row in plain_rows(with_absences(), **given):
        if row.id not in people:
            base = spot_for(row.base_postcode, None, point(row.latitude, row.longitude))
            people[row.id] = Person(
                row.id, row.name, row.hours, base, row.takes_visits, row.last_read
            )
        away += parts_of(row, first, last)
    return Team(people, sorted(away, key=lambda one: (one.name, one.starts_at)))


def parts_of(row: Any, first: date, last: date) -> Iterator[Away]:
    """An absence whole, a busy time as far as it lies in working hours, where these are known."""
    if row.kind is None:
        return
    spans = [(row.starts_at, row.ends_at)]
    if row.kind == OWN and row.hours is not None:
        hours = row.hours.spans(first, last - ONE_DAY)
        spans = [(max(s, row.starts_at), min(e, row.ends_at)) for s, e in hours]
    for starts_at, ends_at in spans:
        if starts_at < ends_at:
            yield Away(row.id, row.name, row.kind, starts_at, ends_at)


@cache
def with_absences() -> Select[*tuple[Any, ...]]:
    """Everybody who works here, a row for each absence and busy time, or one without any."""
    begins, ends = (bindparam(name, type_=UtcDateTime()) for name in ("begins", "ends"))
    away = union_all(
        *(
            select(of.staff_id, kind.label("kind"), of.starts_at, of.ends_at).where(
                of.starts_at < ends, of.ends_at > begins
            )
            for of, kind in AWAY.items()
        )
    ).subquery("away")
    return (
        select(
            Staff.id, Staff.name, Staff.hours, Staff.base_postcode, Staff.takes_visits,
            Postcode.latitude, Postcode.longitude, away.c.kind, away.c.starts_at, away.c.ends_at,
            LAST_READ.label("last_read"),
        )
        .outerjoin(Postcode, Postcode.postcode == Staff.base_postcode)
        .outerjoin(OwnCalendar, OwnCalendar.staff_id == Staff.id)
        .outerjoin(away, away.c.staff_id == Staff.id)
        .where(Staff.left_at.is_(None))
        .order_by(Staff.name, Staff.id)
    )  # fmt: skip
