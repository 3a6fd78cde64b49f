"""Duty cover: who is the duty manager when, and the spans in which somebody is.

A rota row says who; on working days without any row the default cover holds, by the manager named
in the settings' place: the one who has been a manager longest.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload

from app import clock
from app.accounts.models import Staff
from app.db import UtcDateTime, db, once_a_page, plain_rows
from app.risk.models import Duty
from app.settings.rules import Rules
from app.windows import Span, days, instant
from app.working_days import is_working_day

OF_PEOPLE = (Staff.name, Staff.mobile, Staff.role, Staff.left_at)
HOURS = (
    select(Duty.starts_at, Duty.ends_at)
    .where(Duty.ends_at > bindparam("begins"), Duty.starts_at < bindparam("ends"))
    .order_by(Duty.starts_at)
)
DEFAULT = select(Staff.id).where(Staff.role == "manager", Staff.left_at.is_(None)).limit(1)
AHEAD = timedelta(days=14)  # what a page reads at least, so that its parts share one statement


def rota(first: date, last: date) -> Sequence[Duty]:
    """The rota rows that touch the dates from `first` to `last` with their people, in order."""
    begin, end = instant(first, 0), instant(last, 1440)
    rows = rota_read(first, max(last, first + AHEAD))
    return [row for row in rows if row.ends_at > begin and row.starts_at < end]


@once_a_page
def rota_read(first: date, last: date) -> Sequence[Duty]:
    return db.session.scalars(
        with_people(), {"begins": instant(first, 0), "ends": instant(last, 1440)}
    ).all()


@cache
def with_people() -> Select[Duty]:
    """The rota rows between two instants, each with who is on it."""
    return (
        select(Duty)
        .where(
            Duty.ends_at > bindparam("begins", type_=UtcDateTime()),
            Duty.starts_at < bindparam("ends", type_=UtcDateTime()),
        )
        .options(
            joinedload(Duty.manager).load_only(*OF_PEOPLE),
            joinedload(Duty.buddy).load_only(*OF_PEOPLE),
        )
        .order_by(Duty.starts_at)
    )


@once_a_page
def default_manager() -> Staff | None:
    """Who covers when the rota says nobody."""
    return db.session.scalars(
        select(Staff)
        .where(Staff.role == "manager", Staff.left_at.is_(None))
        .order_by(Staff.id)
        .limit(1)
    ).first()


def cover(first: date, last: date, rules: Rules) -> tuple[Span, ...]:
    """The spans from `first` to `last` in which a duty manager covers (at most two statements)."""
    rows = [(row.starts_at, row.ends_at) for row in rota(first, last)]
    return covered(rows, first, last, rules, lambda: default_manager() is not None)


def hours_of_cover(first: date, last: date, rules: Rules) -> tuple[Span, ...]:
    """The same, for who does not ask by whom: reads no people."""
    rows = rota_hours(first, last)
    return covered(rows, first, last, rules, has_default)


@once_a_page
def rota_hours(first: date, last: date) -> Sequence[Span]:
    given = {"begins": instant(first, 0), "ends": instant(last, 1440)}
    return plain_rows(HOURS, **given)


@once_a_page
def has_default() -> bool:
    return bool(plain_rows(DEFAULT))


def covered(
    rota: Iterable[Span], first: date, last: date, rules: Rules, has_default: Callable[[], bool]
) -> tuple[Span, ...]:
    """When the rota of these dates, in order, and the default cover are in force. A row that spans
    days still covers only the hours of cover."""
    dates = cover_days(first, last, rules.cover_from, rules.cover_until)
    begins = [day.begins for day in dates]
    held: list[list[Span]] = [[] for _ in dates]
    for starts_at, ends_at in rota:
        number = max(0, bisect_right(begins, starts_at) - 1)
        while number < len(dates) and begins[number] < ends_at:
            held[number].append((starts_at, ends_at))
            number += 1
    silent = [day.working and not rows for day, rows in zip(dates, held, strict=True)]
    default = any(silent) and has_default()
    spans: list[Span] = []
    for (_, cover_from, until, _), rows, nobody in zip(dates, held, silent, strict=True):
        if nobody and default:
            spans.append((cover_from, until))
        for start, end in rows:
            if start < until and end > cover_from:
                spans.append((max(start, cover_from), min(end, until)))
    return tuple(spans)


class CoverDay(NamedTuple):
    """A date's midnight, its hours of cover, and whether it is a working day."""

    begins: datetime
    cover_from: datetime
    cover_until: datetime
    working: bool


@lru_cache(maxsize=256)
def cover_days(first: date, last: date, cover_from: int, until: int) -> tuple[CoverDay, ...]:
    return tuple(
        CoverDay(
            instant(day, 0), instant(day, cover_from), instant(day, until), is_working_day(day)
        )
        for day in days(first, last)
    )


Pair = tuple[Staff | None, Staff | None]


def covering(at: datetime, rules: Rules) -> Pair:
    """The duty manager and the buddy who answer for alarms at an instant; None where nobody does.

    The rota, at whatever hour; where it is silent the default manager, but only in the default
    cover: of an evening nobody has promised to look at a phone, so all managers must be told.
    """
    return covering_at([at], rules)[0]


def covering_at(times: Sequence[datetime], rules: Rules) -> list[Pair]:
    """The same for many instants, in at most two statements."""
    if not times:
        return []
    rows = rota(clock.london(min(times)).date(), clock.london(max(times)).date())
    held = [row_of(rows, at) for at in times]
    default = default_manager() if None in held else None
    return [covered_by(row, default, at, rules) for row, at in zip(held, times, strict=True)]


def row_of(rows: Sequence[Duty], at: datetime) -> Duty | None:
    """The rota's row at an instant: of two that overlap, the one set last."""
    held = [row for row in rows if row.starts_at <= at < row.ends_at]
    return max(held, key=lambda row: row.id, default=None)


def covered_by(row: Duty | None, default: Staff | None, at: datetime, rules: Rules) -> Pair:
    if row is None:
        there = clock.london(at)
        minute = there.hour * 60 + there.minute
        covered = rules.cover_from <= minute < rules.cover_until
        return (default if covered and is_working_day(there.date()) else None), None
    return (
        row.manager if row.manager.active else None,
        row.buddy if row.buddy and row.buddy.active else None,
    )
