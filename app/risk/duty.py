"""Duty cover: who is the duty manager when, and the spans in which somebody is.

A rota row says who; on working days without any row the default cover holds, by the manager named
in the settings' place: the one who has been a manager longest.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from app import clock
from app.accounts.models import Staff
from app.db import db
from app.risk.models import Duty
from app.settings.rules import Rules
from app.windows import Span, days, instant
from app.working_days import is_working_day


def rota(first: date, last: date) -> Sequence[Duty]:
    """The rota rows that touch the dates from `first` to `last`, in order."""
    return db.session.scalars(
        select(Duty)
        .where(Duty.ends_at > instant(first, 0), Duty.starts_at < instant(last, 1440))
        .order_by(Duty.starts_at)
    ).all()


def default_manager() -> Staff | None:
    """Who covers when the rota says nobody."""
    return db.session.scalars(
        select(Staff)
        .where(Staff.role == "manager", Staff.left_at.is_(None))
        .order_by(Staff.id)
        .limit(1)
    ).first()


def cover(first: date, last: date, rules: Rules) -> tuple[Span, ...]:
    """The spans from `first` to `last` in which a duty manager covers (two statements)."""
    rows = rota(first, last)
    has_default = default_manager() is not None
    spans: list[Span] = []
    for day in days(first, last):
        start, end = instant(day, 0), instant(day, 1440)
        of_day = [
            (max(row.starts_at, start), min(row.ends_at, end))
            for row in rows
            if row.starts_at < end and row.ends_at > start
        ]
        if not of_day and has_default and is_working_day(day):
            of_day = [(instant(day, rules.cover_from), instant(day, rules.cover_until))]
        # A row that spans days still covers only the hours of cover.
        cover_from, until = instant(day, rules.cover_from), instant(day, rules.cover_until)
        spans += [
            (max(s, cover_from), min(e, until)) for s, e in of_day if s < until and e > cover_from
        ]
    return tuple(spans)


Pair = tuple[Staff | None, Staff | None]


def covering(at: datetime, rules: Rules) -> Pair:
    """The duty manager and the buddy who answer for alarms at an instant; None where nobody does.

    The rota, at whatever hour; where it is silent the default manager, but only in the default
    cover: of an evening nobody has promised to look at a phone, so all managers must be told.
    """
    return covering_at([at], rules)[0]


def covering_at(times: Sequence[datetime], rules: Rules) -> list[Pair]:
    """The same for many instants, in a few statements."""
    if not times:
        return []
    rows = rota(clock.london(min(times)).date(), clock.london(max(times)).date())
    default = default_manager()
    return [covered_by(row_of(rows, at), default, at, rules) for at in times]


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
    manager = db.session.get(Staff, row.manager_id)
    buddy = db.session.get(Staff, row.buddy_id) if row.buddy_id else None
    return (
        manager if manager and manager.active else None,
        buddy if buddy and buddy.active else None,
    )
