"""Families that may be the same as one that just came in. A person decides; nothing joins by
itself.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import selectinload

from app.db import db
from app.families.models import Carer, Family
from app.families.names import folded
from app.places.models import Place
from app.places.travel import outcode_of


class Twin(NamedTuple):
    """A family that may be the same, and why, the surest reason first."""

    family: Family
    why: str


SAME_NUMBER = "the same phone number"
SAME_NAME_AND_HOME = "the same name and postcode"
SAME_NAME = "the same name"


def possible_duplicates(
    *,
    first_name: str | None = None,
    surname: str | None = None,
    mobile: str | None = None,
    landline: str | None = None,
    postcode: str | None = None,
    but: Sequence[int] = (),
    within: Select[Family] | None = None,
) -> list[Twin]:
    """Families with this number or this carer's whole name; those with both name and postcode
    before a name alone.

    `but` are families left out, `within` the families that may be looked at (default: all that
    stand).
    """
    name = folded(f"{first_name or ''} {surname or ''}") if first_name and surname else ""
    numbers = [number for number in (mobile, landline) if number]
    wanted: list[ColumnElement[bool]] = []
    if numbers:
        wanted += [Carer.mobile.in_(numbers), Carer.landline.in_(numbers)]
    if name:
        wanted.append(Carer.search_name == name)
    if not wanted:
        return []
    scope = select(Family).where(Family.merged_into_id.is_(None)) if within is None else within
    rows = db.session.execute(
        scope.add_columns(Carer, Place.postcode)
        .join(Carer, Carer.family_id == Family.id)
        .outerjoin(Place, Place.id == Family.home_id)
        .where(or_(*wanted), Carer.same_as_id.is_(None), Family.id.not_in(but))
        .options(selectinload(Family.carers))
        .order_by(Family.id.desc())
        .limit(20)
    ).all()
    found: dict[int, tuple[int, Twin]] = {}
    for family, carer, home in rows:
        rank, why = 2, SAME_NAME
        if numbers and ({carer.mobile, carer.landline} & set(numbers)):
            rank, why = 0, SAME_NUMBER
        elif outcode_of(postcode) and outcode_of(postcode) == outcode_of(home):
            rank, why = 1, SAME_NAME_AND_HOME
        if family.id not in found or rank < found[family.id][0]:
            found[family.id] = (rank, Twin(family, why))
    return [twin for _, twin in sorted(found.values(), key=lambda ranked: ranked[0])]
