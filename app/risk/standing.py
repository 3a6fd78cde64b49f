"""Which of a home's assessments is in force, and which waits for a manager's yes.

Pure: assessments come in oldest first, as anything with their columns.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol, TypeVar

from app.risk.proposals import is_lower

NEEDS_APPROVAL = ("raised", "high")
HELD_FROM = "high"  # from this level on, going lower needs a manager too


class Assessed(Protocol):
    @property
    def level(self) -> str: ...

    @property
    def look_again_on(self) -> date: ...

    @property
    def approved_at(self) -> datetime | bool | None: ...


Row = TypeVar("Row", bound=Assessed)


def standing_of(rows: Iterable[Row]) -> tuple[Row | None, Row | None]:
    """(the newest assessment that needs no yes or has it, a newer one that waits for a yes)."""
    approved: Row | None = None
    waits: Row | None = None
    for row in rows:
        if row.approved_at or not needs_yes(row.level, approved.level if approved else None):
            approved, waits = row, None
        else:
            waits = row
    return approved, waits


def needs_yes(level: str, before: str | None) -> bool:
    """Whether a manager must agree: to raised and high, and to anything lower than high or *no home
    visits* before it."""
    if level in NEEDS_APPROVAL:
        return True
    return before is not None and not is_lower(before, HELD_FROM) and is_lower(level, before)


def in_force(rows: Iterable[Row], on: date) -> Row | None:
    """The assessment by which a home may be visited on a date, or None: *not assessed*.

    None while a newer one waits for a yes and from the day on which somebody should have looked
    again. Only *no home visits* stays until a later one is in force: its lapse would allow two
    workers.
    """
    approved, waits = standing_of(rows)
    if approved is None or approved.level == "no_home_visits":
        return approved
    return None if waits is not None or approved.look_again_on < on else approved
