"""What appointments follow when two records of a family become one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import aliased

from app.db import db
from app.errors import DomainError
from app.families.models import Carer, Family
from app.scheduling.models import FAMILY, KINDS, Appointment, Reservation
from app.scheduling.reservations import lock_subjects
from app.times import for_staff


def join_appointments(duplicate: Family, into: Family, by: Any, at: datetime) -> None:
    """Appointments move with the duplicate, and what holds the family's time with them.

    Where both hold one time, nothing is joined before a person has moved or cancelled one: the
    family cannot be in two places. An appointment with a carer whom both knew is with the row that
    stays, so that its texts still go.
    """
    lock_subjects([(FAMILY, duplicate.id), (FAMILY, into.id)])
    db.session.flush()
    if clash := first_clash(duplicate, into):
        raise DomainError(
            f"Both have an appointment at one time ({KINDS[clash.kind].lower()} on "
            f"{for_staff(clash.starts_at)}). Move or cancel one of them first.",
            "into",
        )
    db.session.execute(
        update(Reservation)
        .where(Reservation.kind == FAMILY, Reservation.subject_id == duplicate.id)
        .values(subject_id=into.id)
    )
    db.session.execute(
        update(Appointment)
        .where(Appointment.family_id == duplicate.id)
        .values(family_id=into.id, version=Appointment.version + 1)
    )
    known_twice = select(Carer.id, Carer.same_as_id).where(
        Carer.family_id == into.id, Carer.same_as_id.is_not(None)
    )
    for carer_id, kept_id in db.session.execute(known_twice).all():
        db.session.execute(
            update(Appointment).where(Appointment.carer_id == carer_id).values(carer_id=kept_id)
        )


def first_clash(duplicate: Family, into: Family) -> Appointment | None:
    """The first appointment of the duplicate in whose time the other record holds one too."""
    theirs, ours = aliased(Reservation), aliased(Reservation)
    return db.session.scalars(
        select(Appointment)
        .join(theirs, theirs.appointment_id == Appointment.id)
        .join(
            ours,
            (ours.kind == theirs.kind)
            & (ours.starts_at < theirs.ends_at)
            & (theirs.starts_at < ours.ends_at),
        )
        .where(
            theirs.kind == FAMILY,
            theirs.subject_id == duplicate.id,
            ours.subject_id == into.id,
        )
        .order_by(Appointment.starts_at)
        .limit(1)
    ).first()


def appointments_held(family: Family, at: datetime) -> str:
    """How many appointments a record has, for the page that joins it."""
    rows: Sequence[datetime] = db.session.scalars(
        select(Appointment.starts_at)
        .where(
            Appointment.family_id == family.id,
            or_(Appointment.status != "cancelled", Appointment.settled_at.is_(None)),
        )
        .order_by(Appointment.starts_at)
    ).all()
    coming = [start for start in rows if start > at]
    if not rows:
        return "None"
    soon = f", the next on {for_staff(coming[0])}" if coming else ""
    return f"{len(rows)}, {len(coming)} to come{soon}"
