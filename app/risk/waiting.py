"""What homes leave waiting for a manager: raised and high levels that need a yes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from app.risk.models import LEVELS
from app.risk.queries import homes_that_may_wait
from app.risk.standing import standing_of
from app.tasks.causes import Cause, Rows, items_of
from app.tasks.waiting import Item


@dataclass(frozen=True)
class Known:
    """An assessment made of a row of the work list."""

    level: str
    look_again_on: date
    approved_at: datetime | bool | None  # when, or whether
    row: Any = None


def waiting(at: datetime) -> list[Item]:
    """Assessments that wait for a manager's yes: until then nobody visits the home alone."""
    return items_of(CAUSES, at)


def by_home(rows: Iterable[Any]) -> Iterator[tuple[int, list[Known]]]:
    """Each home (`about_id`) with its assessments, oldest first."""
    ordered = sorted(rows, key=lambda row: (row.about_id, row.id))
    for place_id, of_home in groupby(ordered, key=lambda row: row.about_id):
        yield place_id, [Known(row.kind, row.day, row.due_at, row) for row in of_home]


def to_approve(rows: Rows, at: datetime) -> Iterator[Item]:
    for _, known in by_home(rows):
        _, waits = standing_of(known)
        if waits is not None:
            yield Item(
                kind="approve",
                why=f"{LEVELS[waits.level]} home: until a manager agrees, nobody visits alone.",
                due_at=None,
                since=waits.row.created_at,
                endpoint="risk.home",
                button="Look and agree",
                values={"reference": waits.row.reference},
                family_id=waits.row.family_id,
            )


CAUSES = (Cause("homes to approve", homes_that_may_wait, to_approve),)
