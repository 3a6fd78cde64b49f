"""Why the visits of a day cannot take place as they are booked, and which they are.

Somebody is away, a place is closed, or the weather keeps everybody from driving. Nothing is stored
of it but the absence or the closing itself: a visit that was moved is not affected any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from app.access import User
from app.db import db
from app.families import queries as families
from app.scheduling.models import LIVE, LONGEST, Appointment
from app.scheduling.queries import with_people
from app.windows import Span

ABSENCE, PLACE_CLOSED, WEATHER = "absence", "place", "weather"
# What a cancelled visit says, as `CANCEL_REASONS` has it.
CANCELLED_FOR = {ABSENCE: "we_asked", PLACE_CLOSED: "place_closed", WEATHER: "weather"}
NO_END = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Broken:
    """What happened from one instant to another, in words for staff ("Tamsin Nance is away"), and
    whose or which place's number it is about; of a place, which `room` where only that is closed.
    """

    kind: str
    why: str
    since: datetime
    until: datetime
    about: int | None = None
    room: int | None = None

    @property
    def span(self) -> Span:
        return self.since, self.until

    def touches(self, row: Appointment) -> bool:
        """Whether an appointment (with its place read) cannot take place as it is booked."""
        if not row.live or row.starts_at >= self.until or row.ends_at <= self.since:
            return False
        if self.kind == ABSENCE:
            return self.about in (row.staff_id, row.second_id)
        if self.kind == PLACE_CLOSED:
            return row.place_id == self.about and self.room in (None, row.room_id)
        return self.at_a_home(row)

    def at_a_home(self, row: Appointment) -> bool:
        return row.how == "in_person" and row.place is not None and row.place.kind == "home"

    def spoiled(self, row: Appointment) -> tuple[Span, ...]:
        """The times in which an affected one cannot be where it is booked, whoever goes. Where only
        a room is closed, another may be free: the rooms' own closures tell."""
        return () if self.kind == ABSENCE or self.room is not None else (self.span,)

    def narrowing(self) -> ColumnElement[bool]:
        """The same coarsely, for a statement about appointments."""
        if self.kind == ABSENCE:
            return or_(Appointment.staff_id == self.about, Appointment.second_id == self.about)
        if self.kind == PLACE_CLOSED:
            if self.room is not None:
                return Appointment.room_id == self.room
            return Appointment.place_id == self.about
        return Appointment.how == "in_person"


def affected(broken: Broken, user: User, *, at: datetime) -> tuple[list[Appointment], int]:
    """The appointments that have not ended and cannot take place as booked, soonest first, as far
    as this user may open them, with everybody they name; and how many more there are."""
    rows: Sequence[Any] = db.session.execute(
        select(Appointment, families.may_see(user).label("seen"))
        .join(Appointment.family)
        .where(
            Appointment.status.in_(LIVE),
            Appointment.starts_at < broken.until,
            Appointment.starts_at > broken.since - LONGEST,
            Appointment.ends_at > max(broken.since, at),
            broken.narrowing(),
        )
        .options(*with_people())
        .order_by(Appointment.starts_at, Appointment.id)
        .execution_options(populate_existing=True)
    ).all()
    touched = [(row, seen) for row, seen in rows if broken.touches(row)]
    mine = [row for row, seen in touched if seen or user.id in (row.staff_id, row.second_id)]
    return mine, len(touched) - len(mine)


def affected_of_family(broken: Broken, family_id: int, *, at: datetime) -> set[int]:
    """The numbers of one family's appointments that this is likely to concern."""
    return set(
        db.session.scalars(
            select(Appointment.id).where(
                Appointment.family_id == family_id,
                Appointment.status.in_(LIVE),
                Appointment.starts_at < broken.until,
                Appointment.ends_at > max(broken.since, at),
                broken.narrowing(),
            )
        )
    )
