"""What waits, as rows of one shape, so that the whole work list is read in few statements.

A package says with a `Cause` which rows make something wait and what each row asks a person to do.
All causes are read by one UNION ALL; a package alone reads its own the same way. SQL narrows
coarsely, the items are made in Python.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    CompoundSelect,
    Date,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    literal,
    null,
    union_all,
)
from sqlalchemy.types import TypeEngine

from app import clock
from app.db import Json, UtcDateTime, plain_rows
from app.prepared import built_once
from app.tasks.waiting import Item

# The columns of every row, by the names that a task has for them; `day`, `until` and `third` are
# dates whose meaning each cause gives them. What a cause does not give is NULL.
COLUMNS: dict[str, TypeEngine[Any]] = {
    "id": Integer(),
    "kind": Text(),
    "words": Text(),
    "about_kind": Text(),
    "about_id": Integer(),
    "family_id": Integer(),
    "peer_id": Integer(),
    "owner_id": Integer(),
    "reference": Text(),
    "due_at": UtcDateTime(),
    "created_at": UtcDateTime(),
    "urgent": Boolean(),
    "day": Date(),
    "until": Date(),
    "third": Date(),
    "more": Json,
}

Rows = Sequence[Any]

# What the statements may ask of the instant for which they are read.
AT = bindparam("at", type_=UtcDateTime())
DAY_AGO = bindparam("day_ago", type_=UtcDateTime())
TODAY = bindparam("today", type_=Date())
IN_30_DAYS = bindparam("in_30_days", type_=Date())


@dataclass(frozen=True)
class Cause:
    """`rows()` is a select of `columns(...)`, `items(rows, at)` what its rows ask for.

    The statement is built once, so the instant comes in as `AT`, `TODAY` and the others.
    """

    name: str
    rows: Callable[[], Select[Any]]
    items: Callable[[Rows, datetime], Iterable[Item]]


def columns(**given: Any) -> list[Any]:
    """The columns of a cause's rows in their order, those not given as NULL of their type."""
    if unknown := given.keys() - COLUMNS.keys():
        raise KeyError(f"no such column: {', '.join(sorted(unknown))}")
    return [
        (given[name] if name in given else cast(null(), kind)).label(name)
        for name, kind in COLUMNS.items()
    ]


def items_of(causes: Sequence[Cause], at: datetime) -> list[Item]:
    """Everything that waits by these causes, read in one statement."""
    found: dict[str, list[Any]] = {cause.name: [] for cause in causes}
    today = clock.london(at).date()
    instants: dict[str, Any] = {
        AT.key: at,
        DAY_AGO.key: at - timedelta(days=1),
        TODAY.key: today,
        IN_30_DAYS.key: today + timedelta(days=30),
    }
    for row in plain_rows(reading(tuple(causes)), **instants):
        found[row.cause].append(row)
    return [item for cause in causes for item in cause.items(found[cause.name], at)]


@built_once
def reading(causes: tuple[Cause, ...]) -> CompoundSelect[Any]:
    """The one statement of these causes, each row with the name of its cause."""
    return union_all(
        *(cause.rows().add_columns(literal(cause.name, Text()).label("cause")) for cause in causes)
    )
