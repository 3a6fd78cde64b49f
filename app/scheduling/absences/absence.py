"""When staff are away. Leave laid over appointments leaves them standing, "in doubt" on the work
list: the list is derived, so a visit that is moved or an absence that is taken away settles it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.access import ARRANGERS, User
from app.accounts.models import Staff
from app.audit.record import actor, record
from app.db import db, hold
from app.errors import DomainError
from app.scheduling.in_doubt import is_explained
from app.scheduling.models import LIVE, Absence, Appointment
from app.scheduling.queries import with_people
from app.times import for_staff

KINDS = {"leave": "Leave", "sickness": "Sickness", "training": "Training", "other": "Other work"}


def visible_to(user: User) -> Select[Absence]:
    """The absences whose kind a user may read and change: everybody's for those who arrange, else
    one's own. Others see only that somebody is away.
    """
    rows = select(Absence)
    return rows if user.role in ARRANGERS else rows.where(Absence.staff_id == user.id)


def absence_for(user: User, absence_id: int) -> Absence | None:
    """One absence with whose it is, if this user may change it."""
    return db.session.scalars(
        visible_to(user).where(Absence.id == absence_id).options(joinedload(Absence.staff))
    ).one_or_none()


def add_absence(
    staff: Staff, kind: str, starts_at: datetime, ends_at: datetime, *, by: Any, at: datetime
) -> Absence:
    """Somebody is away from one instant to another. Raises DomainError for an end that does not
    come after the start, and where they are away for part of it already.
    """
    hold(staff)
    check_absence(staff, kind, starts_at, ends_at)
    absence = Absence(
        staff_id=staff.id, kind=kind, starts_at=starts_at, ends_at=ends_at,
        created_by=actor(by), created_at=at,
    )  # fmt: skip
    db.session.add(absence)
    record("absence:added", absence, by=by, at=at, kind=kind)
    return absence


def change_absence(
    absence: Absence,
    kind: str,
    starts_at: datetime,
    ends_at: datetime,
    *,
    by: Any,
    at: datetime,
    expect_version: int | None = None,
) -> None:
    """Give an absence another kind or time. Raises Stale, and DomainError as adding does."""
    staff = db.session.get_one(Staff, absence.staff_id)
    hold(staff)
    hold(absence, expect_version, "This absence")
    check_absence(staff, kind, starts_at, ends_at, besides=absence.id)
    absence.kind, absence.starts_at, absence.ends_at = kind, starts_at, ends_at
    absence.version += 1
    record("absence:changed", absence, by=by, at=at, kind=kind)


def remove_absence(absence: Absence, *, by: Any, at: datetime) -> None:
    """Take an absence away: they work after all. Raises Gone."""
    hold(absence, what="This absence")
    record("absence:removed", absence, by=by, at=at)
    db.session.delete(absence)


def check_absence(
    staff: Staff, kind: str, starts_at: datetime, ends_at: datetime, *, besides: int | None = None
) -> None:
    """Raise DomainError for an absence of no known kind, with no length, of somebody who has left,
    or over another of theirs (but the one of number `besides`).
    """
    if kind not in KINDS:
        raise DomainError("Choose what kind of absence it is.", "kind")
    if ends_at <= starts_at:
        raise DomainError("The absence must end after it begins.", "last")
    if staff.left_at:
        raise DomainError(f"{staff.name} has left the team.", "who")
    same = select(Absence).where(
        Absence.staff_id == staff.id, Absence.starts_at < ends_at, Absence.ends_at > starts_at
    )
    if besides is not None:
        same = same.where(Absence.id != besides)
    other = db.session.scalars(same.order_by(Absence.starts_at)).first()
    if other is not None:
        raise DomainError(
            f"{staff.first_name} is away already from {for_staff(other.starts_at)} to "
            f"{for_staff(other.ends_at)}. Change that absence instead.",
            "first",
        )


def coming_absences(*, after: datetime) -> Sequence[tuple[Absence, int, int]]:
    """Everybody's absences that have not ended, soonest first, with whose they are, how many
    appointments that have not ended are booked then, and how many of these nobody has explained.
    One statement.
    """
    booked = (
        select(func.count())
        .select_from(Appointment)
        .where(
            Appointment.status.in_(LIVE),
            Appointment.starts_at < Absence.ends_at,
            Appointment.ends_at > Absence.starts_at,
            Appointment.ends_at > after,
            (Appointment.staff_id == Absence.staff_id)
            | (Appointment.second_id == Absence.staff_id),
        )
        .correlate(Absence)
    )
    in_doubt = booked.where(~is_explained("away", Absence.id))
    rows = db.session.execute(
        select(Absence, booked.scalar_subquery(), in_doubt.scalar_subquery())
        .join(Absence.staff)
        .where(Absence.ends_at > after, Staff.left_at.is_(None))
        .options(joinedload(Absence.staff))
        .order_by(Absence.starts_at, Absence.id)
    )
    return [(absence, number, doubts) for absence, number, doubts in rows]


def booked_then(
    staff_id: int, starts_at: datetime, ends_at: datetime, *, after: datetime
) -> Sequence[Appointment]:
    """Their live appointments in a span that have not ended: somebody must take or move each."""
    return db.session.scalars(
        select(Appointment)
        .where(
            Appointment.status.in_(LIVE),
            Appointment.starts_at < ends_at,
            Appointment.ends_at > max(starts_at, after),
            (Appointment.staff_id == staff_id) | (Appointment.second_id == staff_id),
        )
        .options(*with_people())
        .order_by(Appointment.starts_at)
    ).all()
