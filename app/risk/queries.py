"""Reads of assessments and of the rota for pages and lists."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import Select, select

from app.db import db
from app.families.models import Family
from app.places.models import Place
from app.risk.models import Assessment, Duty
from app.risk.standing import standing_of
from app.tasks.causes import columns


def waiting_for_yes() -> list[tuple[Assessment, int, str]]:
    """(assessment, family id, reference) of each present home whose newest assessment waits for a
    manager's yes: one statement."""
    rows = db.session.execute(
        of_homes_that_may_wait(select(Assessment, Family.id, Family.reference)).order_by(
            Assessment.place_id, Assessment.id
        )
    ).all()
    found = []
    for _, of_home in groupby(rows, key=lambda row: row[0].place_id):
        known = list(of_home)
        _, waits = standing_of(row[0] for row in known)
        if waits is not None:
            found.append((waits, known[0][1], known[0][2]))
    return sorted(found, key=lambda one: one[0].id)


def homes_that_may_wait() -> Select[Any]:
    """The same assessments as rows of the work list: `standing_of` them says which wait."""
    rows: Select[Any] = of_homes_that_may_wait(
        select(
            *columns(
                id=Assessment.id, about_id=Assessment.place_id, kind=Assessment.level,
                due_at=Assessment.approved_at, created_at=Assessment.created_at,
                day=Assessment.look_again_on, family_id=Family.id, reference=Family.reference,
            )
        )
    )  # fmt: skip
    return rows


def of_homes_that_may_wait(rows: Any) -> Any:
    """Every assessment of the present homes that were ever found to be more than *standard*: no
    other waits for anybody."""
    other = select(Assessment.place_id).where(Assessment.level != "standard")
    return (
        rows.select_from(Assessment)
        .join(Place, Place.id == Assessment.place_id)
        .join(Family, Family.home_id == Place.id)
        .where(
            Assessment.place_id.in_(other),
            Place.closed_at.is_(None),
            Family.ended_on.is_(None),
            Family.merged_into_id.is_(None),
        )
    )


def homes_of(family_id: int) -> Sequence[Place]:
    """Every home that a family has had here, newest first."""
    return db.session.scalars(
        select(Place)
        .where(Place.family_id == family_id, Place.kind == "home")
        .order_by(Place.id.desc())
    ).all()


def duty_by_id(duty_id: int) -> Duty | None:
    return db.session.get(Duty, duty_id)
