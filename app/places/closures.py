"""When a place, or one room of it, is closed for a time: works, holidays, a flood.

No appointment is offered or booked there then. What is booked already stands, and is in doubt on
the work list until somebody moves or explains it: the list is derived, so a closure that is taken
away settles it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.audit.record import actor, record
from app.db import db, hold
from app.errors import DomainError
from app.places.models import Closure, Place, Room
from app.times import for_staff


def add_closure(
    place: Place,
    room: Room | None,
    starts_at: datetime,
    ends_at: datetime,
    why: str,
    *,
    by: Any,
    at: datetime,
) -> Closure:
    """Close a place (no `room`) or one of its rooms. Raises DomainError for an end that does not
    come after the start or has passed, and where it is closed for part of that time already.
    """
    hold(place)
    check_closure(place, room, starts_at, ends_at, at=at)
    closure = Closure(
        place_id=place.id, room_id=room.id if room else None, starts_at=starts_at,
        ends_at=ends_at, why=reason(why), created_by=actor(by), created_at=at,
    )  # fmt: skip
    db.session.add(closure)
    record("closure:added", closure, by=by, at=at)
    return closure


def change_closure(
    closure: Closure,
    room: Room | None,
    starts_at: datetime,
    ends_at: datetime,
    why: str,
    *,
    by: Any,
    at: datetime,
    expect_version: int | None = None,
) -> None:
    """Close something else of the place, or at another time. Raises Stale, and DomainError as
    adding does."""
    place = db.session.get_one(Place, closure.place_id)
    hold(place)
    hold(closure, expect_version, "This closure")
    check_closure(place, room, starts_at, ends_at, at=at, besides=closure.id)
    closure.room_id = room.id if room else None
    closure.starts_at, closure.ends_at, closure.why = starts_at, ends_at, reason(why)
    closure.version += 1
    record("closure:changed", closure, by=by, at=at)


def remove_closure(closure: Closure, *, by: Any, at: datetime) -> None:
    """It is open then after all. Raises Gone."""
    hold(closure, what="This closure")
    record("closure:removed", closure, by=by, at=at)
    db.session.delete(closure)


def reason(why: str) -> str:
    """Why it is closed, in one line of at most 200 characters; raises DomainError."""
    words = " ".join(why.split())
    if not words:
        raise DomainError("Say why it is closed.", "why")
    if len(words) > 200:
        raise DomainError("Use 200 characters or fewer.", "why")
    return words


def check_closure(
    place: Place,
    room: Room | None,
    starts_at: datetime,
    ends_at: datetime,
    *,
    at: datetime,
    besides: int | None = None,
) -> None:
    """Raise DomainError for what is not closed here, an end before the start or in the past, and a
    time that meets another closure of the same (but the one of number `besides`).
    """
    if place.kind == "home":
        raise DomainError("A family’s home is not closed here. Assess it instead.")
    if room is not None and room.place_id != place.id:
        raise DomainError("Choose a room of this place.", "room")
    if ends_at <= starts_at:
        raise DomainError("It must open again after it closes.", "last")
    if ends_at <= at:
        raise DomainError("That time has passed.", "last")
    same = select(Closure).where(
        Closure.place_id == place.id,
        Closure.room_id.is_not_distinct_from(room.id if room else None),
        Closure.starts_at < ends_at,
        Closure.ends_at > starts_at,
    )
    if besides is not None:
        same = same.where(Closure.id != besides)
    other = db.session.scalars(same.order_by(Closure.starts_at)).first()
    if other is not None:
        raise DomainError(
            f"{room.name if room else place.name} is closed already from "
            f"{for_staff(other.starts_at)} to {for_staff(other.ends_at)}. Change that instead.",
            "first",
        )


def coming_closures(*, after: datetime, place_id: int | None = None) -> Sequence[Closure]:
    """The closures that have not ended (of one place), soonest first, with what is closed."""
    rows = select(Closure).where(Closure.ends_at > after).options(*with_what())
    if place_id is not None:
        rows = rows.where(Closure.place_id == place_id)
    return db.session.scalars(rows.order_by(Closure.starts_at, Closure.id)).all()


def closure_by_id(closure_id: int) -> Closure | None:
    """A closure as it is stored now, with its place and room."""
    return db.session.scalars(
        select(Closure)
        .where(Closure.id == closure_id)
        .options(*with_what())
        .execution_options(populate_existing=True)
    ).one_or_none()


def with_what() -> list[Any]:
    """Loader options for a closure with its place and room."""
    return [joinedload(Closure.place).selectinload(Place.rooms), joinedload(Closure.room)]
