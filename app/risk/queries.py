"""Reads of assessments and of the rota for pages and lists."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.db import db
from app.families.models import Family
from app.places.models import Place
from app.risk.levels import assessments_of
from app.risk.models import Assessment, Duty
from app.risk.standing import standing_of


def waiting_for_yes() -> list[tuple[Assessment, int, str]]:
    """(assessment, family id, reference) of each present home whose newest assessment waits for a
    manager's yes: two statements."""
    newest = select(func.max(Assessment.id)).group_by(Assessment.place_id)
    rows = db.session.execute(
        select(Assessment.place_id, Family.id, Family.reference)
        .join(Place, Place.id == Assessment.place_id)
        .join(Family, Family.home_id == Place.id)
        .where(
            Assessment.id.in_(newest),
            Assessment.approved_at.is_(None),
            Place.closed_at.is_(None),
            Family.ended_on.is_(None),
            Family.merged_into_id.is_(None),
        )
        .order_by(Assessment.id)
    ).all()
    known = assessments_of([place_id for place_id, _, _ in rows]) if rows else {}
    found = []
    for place_id, family_id, reference in rows:
        _, waits = standing_of(known[place_id])
        if waits is not None:
            found.append((waits, family_id, reference))
    return found


def homes_of(family_id: int) -> Sequence[Place]:
    """Every home that a family has had here, newest first."""
    return db.session.scalars(
        select(Place)
        .where(Place.family_id == family_id, Place.kind == "home")
        .order_by(Place.id.desc())
    ).all()


def duty_by_id(duty_id: int) -> Duty | None:
    return db.session.get(Duty, duty_id)
