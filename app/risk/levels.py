"""The risk level of homes, derived: the assessment in force, else *not assessed*."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy import bindparam, select

from app.db import db, plain_rows
from app.risk.models import Assessment
from app.risk.standing import NEEDS_APPROVAL, in_force

__all__ = ["NEEDS_APPROVAL", "NOT_ASSESSED", "assessments_of", "current_assessments", "level_of"]

NOT_ASSESSED = "not_assessed"
LOOKS = (
    select(Assessment.level, Assessment.look_again_on, Assessment.approved_at)
    .where(Assessment.place_id == bindparam("place_id"))
    .order_by(Assessment.id)
)


def assessments_of(place_ids: Iterable[int]) -> dict[int, list[Assessment]]:
    """Every assessment of each home, oldest first, in one statement."""
    found: dict[int, list[Assessment]] = defaultdict(list)
    rows = db.session.scalars(
        select(Assessment)
        .where(Assessment.place_id.in_(list(place_ids)))
        .order_by(Assessment.id)
        .execution_options(populate_existing=True)
    )
    for row in rows:
        found[row.place_id].append(row)
    return found


def current_assessments(place_ids: Iterable[int], *, on: date) -> dict[int, Assessment]:
    """The assessment in force for each home on a date (`standing.in_force`), in one statement."""
    rows = assessments_of(place_ids)
    held = {place_id: in_force(rows[place_id], on) for place_id in rows}
    return {place_id: row for place_id, row in held.items() if row is not None}


def level_of(place_id: int | None, *, on: date) -> str:
    """The risk level of a home on a date; not assessed where there is none."""
    if place_id is None:
        return NOT_ASSESSED
    found = in_force(plain_rows(LOOKS, place_id=place_id), on)
    return found.level if found else NOT_ASSESSED
