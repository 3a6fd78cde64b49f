"""Where a family lives. Every new address is a new place, so what was found at the old one stays
with it.
"""

from datetime import datetime
from typing import Any

from app.audit.record import record
from app.db import db, hold
from app.errors import DomainError
from app.families import hooks
from app.families.models import Family
from app.places.models import Place
from app.places.postcodes import tidy_postcode


def new_home(family: Family, address: str | None, postcode: str | None, *, at: datetime) -> Place:
    home = Place(
        kind="home",
        name="Home",
        address=address or None,
        postcode=tidy_postcode(postcode),
        family_id=family.id,
        created_at=at,
    )
    db.session.add(home)
    db.session.flush()
    return home


def move_home(
    family: Family,
    *,
    address: str | None,
    postcode: str | None,
    by: Any,
    at: datetime,
    expect_version: int | None = None,
) -> Place:
    """The family lives somewhere else now: a new place, *not assessed*; the old one is closed.

    Assessments and what was reported stay with the old address. The same address again changes
    nothing. Who booked something at the old address is told through `hooks.on_move`.
    """
    hold(family, expect_version, "This family")
    if not (address or postcode):
        raise DomainError("Enter the new address, or at least its postcode.", "address")
    before = db.session.get(Place, family.home_id) if family.home_id else None
    if before and (before.address, before.postcode) == (address or None, tidy_postcode(postcode)):
        return before
    home = new_home(family, address, postcode, at=at)
    family.home_id = home.id
    family.version += 1
    if before:
        before.closed_at = at
        record("place:changed", before, by=by, at=at, family_id=family.id, fields=["closed_at"])
    record("place:added", home, by=by, at=at, family_id=family.id, kind="home")
    record("family:changed", family, by=by, at=at, family_id=family.id, fields=["home"])
    for follow in hooks.on_move.values():
        follow(family, before, home, by, at)
    return home
