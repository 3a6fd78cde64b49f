"""The list of families: search, stages, sorting, pages. Sorted only by columns named here."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from app.access import User
from app.accounts.models import Staff
from app.db import db
from app.families import hooks
from app.families.models import Carer, Family
from app.families.names import folded
from app.families.queries import visible_to
from app.forms import tidy
from app.phones import search_key

PAGE = 50
LEAST_DIGITS = 4  # of a phone number, so that "12" does not find everybody
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Asked:
    """What a person asked the list for, as typed: anything unknown is ignored."""

    words: str = ""
    stage: str = ""
    sort: str = ""
    page: int = 1


@dataclass(frozen=True)
class Listed:
    """One page of the list with its counts. `cells` is column name -> family id -> what it says."""

    families: Sequence[Family]
    asked: Asked
    total: int
    counts: Mapping[str, int]
    cells: Mapping[str, Mapping[int, hooks.Cell]] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        return max(1, math.ceil(self.total / PAGE))


def first_name() -> ColumnElement[str]:
    return (
        select(Carer.search_name)
        .where(Carer.family_id == Family.id, Carer.left_on.is_(None))
        .order_by(Carer.position, Carer.id)
        .limit(1)
        .correlate(Family)
        .scalar_subquery()
    )


def sorts() -> Mapping[str, Sequence[ColumnElement[Any]]]:
    practitioner = (
        select(Staff.name)
        .where(Staff.id == Family.practitioner_id)
        .correlate(Family)
        .scalar_subquery()
    )
    return {
        "name": [first_name()],
        "reference": [func.length(Family.reference), Family.reference.expression],
        "practitioner": [func.coalesce(practitioner, "")],
        "came": [Family.came_on.expression],
    }


def matching(words: str) -> ColumnElement[bool] | None:
    """Families whose reference, whose carer's name or number holds what was typed; None for
    nothing.
    """
    typed = str(tidy(words))[:LONGEST_SEARCH]
    if not typed:
        return None
    ways: list[ColumnElement[bool]] = [Family.reference.contains(typed.upper(), autoescape=True)]
    if names := folded(typed).split():
        ways.append(a_carer(*(Carer.search_name.contains(n, autoescape=True) for n in names)))
    digits = search_key(typed)
    if len(digits) >= LEAST_DIGITS:
        ways.append(
            a_carer(
                or_(
                    Carer.mobile.contains(digits, autoescape=True),
                    Carer.landline.contains(digits, autoescape=True),
                )
            )
        )
    return or_(*ways)


def a_carer(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(and_(Carer.family_id == Family.id, *conditions))


def list_families(user: User, asked: Asked, *, at: datetime) -> Listed:
    """A page of the families this user may see, newest first unless sorted; three statements and
    one a column.

    A search looks through all stages; counts are of all that the user may see.
    """
    scope = visible_to(user)
    found = scope
    if (hit := matching(asked.words)) is not None:
        found = found.where(hit)
    elif asked.stage in hooks.stages:
        found = found.where(Family.id.in_(hooks.stages[asked.stage].ids()))
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    page = min(max(1, asked.page), max(1, math.ceil(total / PAGE)))
    rows = db.session.scalars(
        ordered(found, asked.sort)
        .options(selectinload(Family.carers), joinedload(Family.practitioner))
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    ).all()
    ids = [family.id for family in rows]
    return Listed(
        families=rows,
        asked=Asked(asked.words, asked.stage, asked.sort, page),
        total=total,
        counts=stage_counts(scope),
        cells={name: hooks.columns[name].cells(ids, at) for name in hooks.columns} if ids else {},
    )


def ordered(found: Select[Family], sort: str) -> Select[Family]:
    columns = sorts().get(sort.removeprefix("-"))
    if columns is None:
        return found.order_by(Family.came_on.desc(), Family.id.desc())
    turned = [c.desc() for c in columns] if sort.startswith("-") else [c.asc() for c in columns]
    return found.order_by(*turned, Family.id)


def stage_counts(scope: Select[Family]) -> dict[str, int]:
    """How many of the visible families stand in each stage ('' for all), in one statement."""
    all_of_them = select(literal("").label("stage"), func.count().label("number")).select_from(
        scope.subquery()
    )
    by_stage = [
        select(literal(name), func.count()).select_from(
            scope.where(Family.id.in_(hooks.stages[name].ids())).subquery()
        )
        for name in hooks.stages
    ]
    return {name: number for name, number in db.session.execute(union_all(all_of_them, *by_stage))}


def ended() -> Select[int]:
    return select(Family.id).where(Family.ended_on.is_not(None))


ENDED = hooks.Stage("Ended", "No family has ended. They come here when a programme ends.", ended)
