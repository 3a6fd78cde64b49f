"""When staff are away. Leave laid over appointments leaves them standing, and on the work list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.accounts.models import Staff
from app.audit.record import actor, record
from app.db import db
from app.errors import DomainError
from app.scheduling.models import LIVE, Absence, Appointment

KINDS = {"leave": "Leave", "sickness": "Sickness", "training": "Training", "other": "Other work"}


def add_absence(
    staff: Staff, kind: str, starts_at: datetime, ends_at: datetime, *, by: Any, at: datetime
) -> Absence:
    """Somebody is away from one instant to another; the end must come after the start."""
    if kind not in KINDS:
        raise DomainError("Choose what kind of absence it is.", "kind")
    if ends_at <= starts_at:
        raise DomainError("The absence must end after it begins.", "until")
    absence = Absence(
        staff_id=staff.id, kind=kind, starts_at=starts_at, ends_at=ends_at,
        created_by=actor(by), created_at=at,
    )  # fmt: skip
    db.session.add(absence)
    record("absence:added", absence, by=by, at=at, kind=kind)
    return absence


def remove_absence(absence: Absence, *, by: Any, at: datetime) -> None:
    """Take an absence back."""
    record("absence:removed", absence, by=by, at=at)
    db.session.delete(absence)


def absences_of(staff_id: int, *, after: datetime) -> Sequence[Absence]:
    """Absences that have not ended, soonest first."""
    return db.session.scalars(
        select(Absence)
        .where(Absence.staff_id == staff_id, Absence.ends_at > after)
        .order_by(Absence.starts_at)
    ).all()


def appointments_under(absence: Absence) -> Sequence[Appointment]:
    """The live appointments that fall into an absence: somebody must take or move each."""
    return db.session.scalars(
        select(Appointment)
        .where(
            Appointment.status.in_(LIVE),
            Appointment.starts_at < absence.ends_at,
            Appointment.ends_at > absence.starts_at,
            (Appointment.staff_id == absence.staff_id)
            | (Appointment.second_id == absence.staff_id),
        )
        .order_by(Appointment.starts_at)
    ).all()
