"""What a diary needs to know of places: which are closed on its dates, and the drives that somebody
measured. One statement.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Integer, String, bindparam, cast, null, select, union_all

from app import clock
from app.db import UtcDateTime, plain_rows
from app.places.models import Closure, MeasuredDrive, Place, Room
from app.places.travel import Overrides
from app.times import span_on


def row_of_room(room_id: int) -> str:
    """The row that a room has in the picture."""
    return f"room-{room_id}"


@dataclass(frozen=True)
class Closed:
    """A place, or one room of it, that is closed: which row of the picture it has, and when."""

    place_id: int
    room_id: int | None
    name: str
    why: str
    starts_at: datetime
    ends_at: datetime

    @property
    def row(self) -> str:
        return row_of_room(self.room_id) if self.room_id else f"place-{self.place_id}"

    def touches(self, day: date, next_day: date) -> bool:
        return self.starts_at < clock.midnight(next_day) and self.ends_at > clock.midnight(day)


class Places(NamedTuple):
    closed: list[Closed]
    drives: Overrides

    def closed_on(self, day: date, next_day: date) -> Iterator[tuple[str, str, str]]:
        """What is closed on a date, why, and when: '13:00–14:00', or 'all day'."""
        for one in self.closed:
            if one.touches(day, next_day):
                when = span_on(one.starts_at, one.ends_at, day, next_day)
                yield one.name, f"Closed ({one.why})", when


def places_between(first: date, last: date) -> Places:
    """The closures that touch the dates from `first` to before `last`, and every measured drive."""
    closed: list[Closed] = []
    drives: dict[tuple[int, int], int] = {}
    given = {"begins": clock.midnight(first), "ends": clock.midnight(last)}
    for row in plain_rows(closures_and_drives(), **given):
        if row.minutes is not None:
            drives[row.place_id, row.room_id] = row.minutes
            continue
        name = f"{row.place}, {row.room}" if row.room else row.place
        closed.append(Closed(row.place_id, row.room_id, name, row.why, row.starts_at, row.ends_at))
    return Places(sorted(closed, key=lambda one: (one.name, one.starts_at)), drives)


@cache
def closures_and_drives() -> CompoundSelect[*tuple[Any, ...]]:
    begins, ends = (bindparam(name, type_=UtcDateTime()) for name in ("begins", "ends"))
    no_words, never = cast(null(), String), cast(null(), UtcDateTime())
    closed = (
        select(
            Closure.place_id, Closure.room_id, Place.name.label("place"), Room.name.label("room"),
            Closure.why, Closure.starts_at, Closure.ends_at,
            cast(null(), Integer).label("minutes"),
        )
        .join(Place, Place.id == Closure.place_id)
        .outerjoin(Room, Room.id == Closure.room_id)
        .where(Closure.starts_at < ends, Closure.ends_at > begins)
    )  # fmt: skip
    drives = select(
        MeasuredDrive.from_id, MeasuredDrive.to_id, no_words, no_words, no_words, never, never,
        MeasuredDrive.minutes,
    )  # fmt: skip
    return union_all(closed, drives)
