"""Reads of places that are nobody's home."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.db import db
from app.places.models import Place


def place_by_id(place_id: int) -> Place | None:
    """A place with its rooms; a family's home is not found here."""
    return db.session.scalars(
        select(Place)
        .where(Place.id == place_id, Place.kind != "home")
        .options(selectinload(Place.rooms))
        .execution_options(populate_existing=True)
    ).one_or_none()


def list_places(words: str = "", *, closed: bool = False) -> Sequence[Place]:
    """Open places (or closed ones) by name, whose name or postcode holds what was typed."""
    places = (
        select(Place)
        .where(
            Place.kind != "home",
            Place.closed_at.is_not(None) if closed else Place.closed_at.is_(None),
        )
        .options(joinedload(Place.rooms))
        .order_by(Place.name, Place.id)
    )
    if words:
        places = places.where(
            or_(
                Place.name.icontains(words, autoescape=True),
                Place.postcode.icontains(words, autoescape=True),
            )
        )
    return db.session.scalars(places).unique().all()


def open_places() -> Sequence[Place]:
    """Where something may be booked that is nobody's home, by name."""
    return list_places()
