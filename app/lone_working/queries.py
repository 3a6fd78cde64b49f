"""Reads of watches with everything that a board, a text or a page says about them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Staff
from app.db import db
from app.families.models import Family
from app.lone_working.ladder import Sight
from app.lone_working.models import Alarm, Watch
from app.paging import Asked, Part, part_of
from app.scheduling.models import Appointment


def with_visit() -> Select[Watch]:
    """Watches with their worker, appointment, place, family and alarms, in one statement: rows to
    be made `unique()`."""
    visit = joinedload(Watch.appointment)
    return select(Watch).options(
        joinedload(Watch.staff),
        joinedload(Watch.alarms).joinedload(Alarm.acknowledged_by).load_only(Staff.name),
        visit.joinedload(Appointment.place),
        visit.joinedload(Appointment.family).load_only(Family.reference, Family.practitioner_id),
    )


def open_ones(*, until: datetime | None = None, inside: bool = False) -> Sequence[Watch]:
    """Every open watch, those to come out first. `until` leaves out those that start later, but not
    (with `inside`) where somebody has checked in already."""
    rows = with_visit().where(Watch.closed_at.is_(None)).order_by(Watch.due_out, Watch.id)
    if until is not None:
        begun = Watch.due_in <= until
        rows = rows.where(begun | Watch.checked_in_at.is_not(None) if inside else begun)
    return db.session.scalars(rows).unique().all()


def one(watch_id: int) -> Watch | None:
    rows = with_visit().where(Watch.id == watch_id).execution_options(populate_existing=True)
    return db.session.scalars(rows).unique().one_or_none()


def past(asked: Asked, *, staff_id: int | None = None) -> Part[Watch]:
    """A page of the closed watches of one person or of all, newest first unless sorted; found by
    the worker's name or the family's reference.
    """
    rows = with_visit().join(Watch.staff).where(Watch.closed_at.is_not(None))
    if staff_id is not None:
        rows = rows.where(Watch.staff_id == staff_id)
    if asked.words:
        named = (
            select(Appointment.id)
            .join(Appointment.family)
            .where(Family.reference.icontains(asked.words, autoescape=True))
        )
        rows = rows.where(
            Staff.name.icontains(asked.words, autoescape=True) | Watch.appointment_id.in_(named)
        )
    newest = (Watch.due_in.desc(), Watch.id.desc())
    orders: dict[str, tuple[Any, ...]] = {
        "when": (Watch.due_in, Watch.id),
        "who": (Staff.name, *newest),
        "-who": (Staff.name.desc(), *newest),
    }
    return part_of(rows.order_by(*orders.get(asked.sort, newest)), asked.page)


def alarms_of(watch_ids: Iterable[int]) -> dict[int, list[Alarm]]:
    """The alarms of watches with who took them, oldest first: one statement."""
    ids = list(watch_ids)
    found: dict[int, list[Alarm]] = defaultdict(list)
    if not ids:
        return found
    rows = db.session.scalars(
        select(Alarm)
        .where(Alarm.watch_id.in_(ids))
        .options(joinedload(Alarm.acknowledged_by).load_only(Staff.name))
        .order_by(Alarm.raised_at, Alarm.id)
        .execution_options(populate_existing=True)
    )
    for row in rows:
        found[row.watch_id].append(row)
    return found


def sight(watch: Watch, alarms: Iterable[Alarm]) -> Sight:
    """A watch as the ladder sees it."""
    return Sight(
        level=watch.level,
        due_in=watch.due_in,
        due_out=watch.due_out,
        checked_in_at=watch.checked_in_at,
        closed=watch.closed_at is not None,
        raised=frozenset((alarm.step, alarm.expected) for alarm in alarms),
    )


def current_of(
    staff_id: int, at: datetime, early: timedelta, *, arriving: bool = False
) -> Watch | None:
    """The visit at which somebody is or should be now: one that they are checked in to, else the
    last that has started or is about to. For somebody who is `arriving`: one that they are not
    checked in to, the one whose start is nearest."""
    rows = (
        db.session.scalars(
            with_visit()
            .where(
                Watch.staff_id == staff_id, Watch.closed_at.is_(None), Watch.due_in <= at + early
            )
            .order_by(Watch.due_in.desc())
            .execution_options(populate_existing=True)
        )
        .unique()
        .all()
    )
    if arriving:
        ahead = sorted(rows, key=lambda row: (row.checked_in_at is not None, abs(row.due_in - at)))
    else:
        ahead = sorted(rows, key=lambda row: row.checked_in_at is None)
    return ahead[0] if ahead else None
