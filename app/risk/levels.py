"""The risk level of homes: the newest approved assessment that is still current, else *not
assessed*.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select

from app.db import db
from app.risk.models import Assessment

NOT_ASSESSED = "not_assessed"
NEEDS_APPROVAL = ("raised", "high")


def current_assessments(place_ids: Iterable[int], *, on: date) -> dict[int, Assessment]:
    """The assessment in force for each home on a date, in one statement.

    In force is the newest one, if its time to look again has not passed; a raised or high one that
    no manager has approved leaves the home not assessed.
    """
    newest = (
        select(func.max(Assessment.id))
        .where(Assessment.place_id.in_(list(place_ids)))
        .group_by(Assessment.place_id)
    )
    rows = db.session.scalars(select(Assessment).where(Assessment.id.in_(newest)))
    return {
        row.place_id: row
        for row in rows
        if row.look_again_on >= on and (row.level not in NEEDS_APPROVAL or row.approved_at)
    }


def level_of(place_id: int | None, *, on: date) -> str:
    """The risk level of a home on a date; not assessed where there is none."""
    if place_id is None:
        return NOT_ASSESSED
    found = current_assessments([place_id], on=on).get(place_id)
    return found.level if found else NOT_ASSESSED
