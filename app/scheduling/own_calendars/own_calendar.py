"""The published address of somebody's own calendar: set, asked to be read again, removed.

Theirs to set, and those who arrange. The address is as good as a password: nothing of it is on a
page or in the audit but its host. Another address keeps the busy times of the one before until it
has been read, so that no time looks free in between.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, select

from app.access import ARRANGERS, User
from app.accounts.models import Staff
from app.audit.record import actor, record
from app.calendars.addresses import Address, Unreadable, read_address
from app.db import db, hold
from app.errors import DomainError
from app.hosts import read_hosts
from app.scheduling.own_calendars.models import BusyTime, OwnCalendar
from app.settings import store


def allowed_hosts() -> frozenset[str]:
    """The hosts that calendars are read from, as managers have set them."""
    return read_hosts(store.current().calendar_hosts)


def may_set(user: User, staff: Staff) -> bool:
    return user.id == staff.id or user.role in ARRANGERS


def of_staff(staff: Staff) -> OwnCalendar | None:
    return db.session.scalars(
        select(OwnCalendar).where(OwnCalendar.staff_id == staff.id)
    ).one_or_none()


def listed(user: User) -> Sequence[Any]:
    """Everybody who takes visits or has a calendar, whom this user may set one for: id, name,
    set_at, good_at and failure of theirs."""
    rows = (
        select(Staff.id, Staff.name, OwnCalendar.set_at, OwnCalendar.good_at, OwnCalendar.failure)
        .outerjoin(OwnCalendar, OwnCalendar.staff_id == Staff.id)
        .where(Staff.left_at.is_(None), Staff.takes_visits | OwnCalendar.id.is_not(None))
        .order_by(Staff.name, Staff.id)
    )
    if user.role not in ARRANGERS:
        rows = rows.where(Staff.id == user.id)
    return db.session.execute(rows).all()


def set_calendar(
    staff: Staff, typed: str, *, by: Any, at: datetime, expect_version: int | None = None
) -> OwnCalendar:
    """Read this address from now on. Raises DomainError for one that is not read at all, and
    Stale."""
    check_who(staff, by)
    hold(staff)
    if staff.left_at:
        raise DomainError(f"{staff.name} has left the team.")
    address = readable(typed)
    calendar = of_staff(staff)
    if calendar is None:
        calendar = OwnCalendar(staff_id=staff.id, version=0)
        db.session.add(calendar)
    else:
        hold(calendar, expect_version, "This calendar")
    calendar.address = address.url
    calendar.set_by, calendar.set_at, calendar.due_at = actor(by), at, at
    calendar.tried_at = calendar.good_at = calendar.worked_out_at = None
    calendar.failure = calendar.etag = calendar.modified = None
    calendar.version += 1
    record("staff:calendar_set", staff, by=by, at=at, host=address.host)
    return calendar


def read_again(staff: Staff, *, by: Any, at: datetime) -> None:
    """Let the worker read the calendar next, whenever it was read last."""
    check_who(staff, by)
    calendar = of_staff(staff)
    if calendar is None:
        raise DomainError("There is no calendar to read. Paste its address first.")
    hold(calendar, what="This calendar")
    calendar.due_at = at


def remove_calendar(staff: Staff, *, by: Any, at: datetime) -> None:
    """Forget the address and every busy time that was read from it."""
    check_who(staff, by)
    hold(staff)
    if of_staff(staff) is None:
        return
    forget(staff)
    record("staff:calendar_removed", staff, by=by, at=at)


def end_calendar(staff: Staff, _taker: Staff | None, _by: Any, _at: datetime) -> None:
    """Somebody leaves the team: what was read of their own life goes with them."""
    forget(staff)


def forget(staff: Staff) -> None:
    """The calendar first: a reading of it that is being recorded ends before its times are deleted,
    and none begins after."""
    for of in (OwnCalendar, BusyTime):
        db.session.execute(delete(of).where(of.staff_id == staff.id))


def check_who(staff: Staff, by: Any) -> None:
    if not may_set(by, staff):
        raise DomainError("Only they themselves, coordinators and managers may do this.")


def readable(typed: str) -> Address:
    try:
        return read_address(typed, allowed_hosts())
    except Unreadable as why:
        raise DomainError(str(why), "address") from None


def host_of(calendar: OwnCalendar) -> str:
    """All that a page shows of an address."""
    return urlsplit(calendar.address).hostname or ""
