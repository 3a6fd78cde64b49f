"""Adding, changing and closing places and rooms. Homes are families' own: they are made and
closed there.
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import select

from app.audit.record import record
from app.db import db, hold
from app.errors import DomainError
from app.phones import UnclearPhone, read_phone
from app.places.models import KINDS, TRAVELLED_TO, Place, Room
from app.places.postcodes import tidy_postcode
from app.windows import Windows

OFFERED = {kind: words for kind, words in KINDS.items() if kind != "home"}
SIGNALS = {"good": "Good", "patchy": "Patchy", "none": "None"}
MOST_ROOMS = 50


class PlaceParticulars(TypedDict, total=False):
    """What is kept of a place. `hours` None means always open; `step_free` None not known."""

    kind: str
    name: str
    address: str | None
    postcode: str | None
    hours: Windows | None
    step_free: bool | None
    signal: str | None
    phone: str | None
    notes: str | None
    import_id: int | None


def add_place(
    *, by: Any, at: datetime, rooms: Sequence[str] = (), **given: Unpack[PlaceParticulars]
) -> Place:
    """A venue, school, hospital, video link or phone, with its rooms. No two open ones share a
    name.
    """
    place = Place(created_at=at, **fitting({"kind": "", "name": "", **given}))
    refuse_double(place)
    db.session.add(place)
    db.session.flush()
    for name in rooms:
        db.session.add(new_room(place, name))
    record("place:added", place, by=by, at=at, kind=place.kind)
    return place


def change_place(
    place: Place,
    *,
    by: Any,
    at: datetime,
    expect_version: int | None = None,
    **given: Unpack[PlaceParticulars],
) -> list[str]:
    """Change what is known of a place; returns the names of what changed. Raises Stale."""
    hold(place, expect_version, "This place")
    clean = fitting({"kind": place.kind, **given})
    changed = sorted(name for name, value in clean.items() if getattr(place, name) != value)
    if not changed:
        return []
    for name in changed:
        setattr(place, name, clean[name])
    refuse_double(place)
    place.version += 1
    record("place:changed", place, by=by, at=at, fields=changed)
    return changed


def close_place(place: Place, *, by: Any, at: datetime) -> None:
    """Nothing new is booked there; what is booked stays until somebody moves it."""
    hold(place)
    if place.closed_at:
        raise DomainError(f"{place.name} is closed already.")
    place.closed_at = at
    place.version += 1
    record("place:changed", place, by=by, at=at, fields=["closed_at"])


def reopen_place(place: Place, *, by: Any, at: datetime) -> None:
    hold(place)
    if place.closed_at is None:
        raise DomainError(f"{place.name} is open already.")
    place.closed_at = None
    refuse_double(place)
    place.version += 1
    record("place:changed", place, by=by, at=at, fields=["closed_at"])


def add_room(place: Place, name: str, *, by: Any, at: datetime) -> Room:
    """A room that holds one appointment at a time; one that was closed under this name opens
    again.
    """
    hold(place)
    words = " ".join(name.split())
    same = db.session.scalars(
        select(Room).where(Room.place_id == place.id, Room.name == words)
    ).first()
    if same is not None and same.closed_at is None:
        raise DomainError("This place has a room of that name already.", "name")
    room = same or new_room(place, words)
    room.closed_at = None
    db.session.add(room)
    place.version += 1
    record("place:changed", place, by=by, at=at, fields=["rooms"])
    return room


def close_room(place: Place, room: Room, *, by: Any, at: datetime) -> None:
    """Nothing new is booked into the room; what is booked stays until somebody moves it."""
    hold(place)
    if room.closed_at:
        raise DomainError(f"{room.name} is closed already.")
    room.closed_at = at
    place.version += 1
    record("place:changed", place, by=by, at=at, fields=["rooms"])


def new_room(place: Place, name: str) -> Room:
    words = " ".join(name.split())
    if not words:
        raise DomainError("Enter the room’s name.", "name")
    if len(words) > 80:
        raise DomainError("Use 80 characters or fewer.", "name")
    return Room(place_id=place.id, name=words)


def fitting(given: PlaceParticulars) -> dict[str, Any]:
    """Particulars as they are stored; raises DomainError beside the field that does not fit."""
    clean: dict[str, Any] = dict(given)
    if clean["kind"] not in OFFERED:
        raise DomainError("Choose what kind of place it is.", "kind")
    if "name" in clean:
        clean["name"] = " ".join(str(clean["name"] or "").split())
        if not clean["name"]:
            raise DomainError("Enter the place’s name.", "name")
        if len(clean["name"]) > 120:
            raise DomainError("Use 120 characters or fewer.", "name")
    if clean.get("signal") not in (None, *SIGNALS):
        raise DomainError("Choose one of the answers shown.", "signal")
    if clean["kind"] not in TRAVELLED_TO:
        clean |= {"postcode": None, "address": None}
    elif "postcode" in clean:
        clean["postcode"] = tidy_postcode(clean["postcode"])
    if clean.get("phone"):
        try:
            clean["phone"] = read_phone(clean["phone"]).e164
        except UnclearPhone as error:
            raise DomainError(f"{error}.", "phone") from None
    return clean


def refuse_double(place: Place) -> None:
    with db.session.no_autoflush:
        others = db.session.scalars(
            select(Place).where(Place.kind != "home", Place.closed_at.is_(None))
        ).all()
    for other in others:
        if other.id != place.id and same_name(other.name, place.name):
            raise DomainError("There is a place of this name already.", "name")


def same_name(one: str, other: str) -> bool:
    return unicodedata.normalize("NFKC", one).casefold() == (
        unicodedata.normalize("NFKC", other).casefold()
    )
