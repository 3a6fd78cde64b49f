"""The family and the places that a search is about, as plain rows: one statement for each, always
as they are stored now.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Executable, bindparam, select

from app.db import plain_rows
from app.families.models import Carer, Family
from app.places.models import TRAVELLED_TO, Place, Postcode, Room
from app.places.travel import Point, Spot, spot_for
from app.windows import Windows

VENUES = tuple(kind for kind in TRAVELLED_TO if kind != "home")


class FamilyRow(NamedTuple):
    """A family; `carer_ids` are those who have not left it, first carer first."""

    id: int
    free_times: Windows | None
    carers_keep_apart: bool
    preferred_place_id: int | None
    carer_ids: tuple[int, ...]


class PlaceRow(NamedTuple):
    """A place; `room_ids` are the rooms that are open, `exact` where its full postcode lies."""

    id: int
    kind: str
    name: str
    postcode: str | None
    family_id: int | None
    hours: Windows | None
    closed_at: datetime | None
    exact: Point | None
    room_ids: tuple[int, ...]

    @property
    def spot(self) -> Spot:
        return spot_for(self.postcode, self.id, self.exact)


def point(latitude: float | None, longitude: float | None) -> Point | None:
    """Where a full postcode lies, as the columns of an outer join have it."""
    return None if latitude is None or longitude is None else (latitude, longitude)


def read_family(family_id: int) -> FamilyRow | None:
    rows = plain_rows(family_and_carers(), id=family_id)
    if not rows:
        return None
    carer_ids = tuple(carer_id for *_, carer_id in rows if carer_id is not None)
    return FamilyRow._make((*rows[0][:-1], carer_ids))


@cache
def family_and_carers() -> Executable:
    return (
        select(
            Family.id, Family.free_times, Family.carers_keep_apart, Family.preferred_place_id,
            Carer.id.label("carer_id"),
        )
        .outerjoin(Carer, (Carer.family_id == Family.id) & Carer.left_on.is_(None))
        .where(Family.id == bindparam("id"))
        .order_by(Carer.position, Carer.id)
    )  # fmt: skip


def read_places(place_id: int | None, *, venues: bool) -> list[PlaceRow]:
    """The place of this number and, with `venues`, every open one that is nobody's home."""
    return with_their_rooms(plain_rows(places_and_rooms(venues), id=place_id))


def read_places_among(ids: Iterable[int], *, venues: bool) -> list[PlaceRow]:
    """The same for the places of several numbers."""
    return with_their_rooms(plain_rows(many_places_and_rooms(venues), ids=list(ids)))


def with_their_rooms(rows: Iterable[Any]) -> list[PlaceRow]:
    found: dict[int, PlaceRow] = {}
    for *about, latitude, longitude, room_id in rows:
        exact = point(latitude, longitude)
        place = found.get(about[0]) or PlaceRow._make((*about, exact, ()))
        rooms = place.room_ids if room_id is None else (*place.room_ids, room_id)
        found[place.id] = place._replace(room_ids=rooms)
    return list(found.values())


@cache
def places_and_rooms(venues: bool) -> Executable:
    return rooms_of_places(Place.id == bindparam("id"), venues)


@cache
def many_places_and_rooms(venues: bool) -> Executable:
    return rooms_of_places(Place.id.in_(bindparam("ids", expanding=True)), venues)


def rooms_of_places(wanted: ColumnElement[bool], venues: bool) -> Executable:
    if venues:
        wanted = wanted | (Place.kind.in_(VENUES) & Place.closed_at.is_(None))
    return (
        select(
            Place.id, Place.kind, Place.name, Place.postcode, Place.family_id, Place.hours,
            Place.closed_at, Postcode.latitude, Postcode.longitude, Room.id.label("room_id"),
        )
        .outerjoin(Postcode, Postcode.postcode == Place.postcode)
        .outerjoin(Room, (Room.place_id == Place.id) & Room.closed_at.is_(None))
        .where(wanted)
        .order_by(Place.name, Place.id, Room.id)
    )  # fmt: skip
