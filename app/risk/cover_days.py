"""The days of the rota in order: who holds when, and the gaps with what they prevent.

Pure: the rota's rows (anything with id, starts_at, ends_at), cover and rules come in as values.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from app.settings.rules import Rules
from app.times import staff_time
from app.windows import Span, instant
from app.working_days import is_working_day


class Turn(NamedTuple):
    """One stretch of a day with the row that holds then (the one set last where two overlap)."""

    starts_at: datetime
    ends_at: datetime
    row: Any


@dataclass(frozen=True)
class Gap:
    """A stretch of the hours of cover in which nobody is duty manager."""

    day: date
    starts_at: datetime
    ends_at: datetime
    prevents: str


def turns(day: date, rows: Iterable[Any]) -> list[Turn]:
    """Who holds when on a date, in order."""
    start, end = instant(day, 0), instant(day, 1440)
    taken: list[Turn] = []
    for row in sorted(rows, key=lambda row: row.id, reverse=True):
        free = [(max(row.starts_at, start), min(row.ends_at, end))]
        for turn in taken:
            free = [part for span in free for part in without(span, turn[:2])]
        taken += [Turn(s, e, row) for s, e in free if s < e]
    return sorted(taken, key=lambda turn: turn.starts_at)


def without(span: Span, hole: Span) -> list[Span]:
    """What is left of a stretch outside another."""
    parts = [(span[0], min(span[1], hole[0])), (max(span[0], hole[1]), span[1])]
    return [(start, end) for start, end in parts if start < end]


def gaps(days: Iterable[date], covered: Sequence[Span], rules: Rules) -> list[Gap]:
    """Where cover is missing on working days within the hours of cover, in order."""
    found = []
    for day in days:
        if not is_working_day(day):
            continue
        left = [(instant(day, rules.cover_from), instant(day, rules.cover_until))]
        for span in covered:
            left = [part for rest in left for part in without(rest, span)]
        found += [Gap(day, s, e, prevents(day, (s, e), rules)) for s, e in left]
    return found


def prevents(day: date, gap: Span, rules: Rules) -> str:
    """What a gap keeps from being booked: home visits in it, and those that end shortly before."""
    until = gap[0] - timedelta(minutes=rules.home_visits_end_before_cover)
    all_day = gap[0] <= instant(day, rules.cover_from) and gap[1] >= instant(day, rules.cover_until)
    if all_day:
        return "no home visits that day"
    if gap[1] >= instant(day, rules.cover_until):
        return f"no home visits that end after {staff_time(until)}"
    if gap[0] <= instant(day, rules.cover_from):
        return f"no home visits before {staff_time(gap[1])}"
    return f"no home visits between {staff_time(until)} and {staff_time(gap[1])}"
