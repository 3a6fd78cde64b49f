"""How a cancelled or not seen appointment leaves the work list: booked again, or explained."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.audit.record import record
from app.db import db
from app.errors import DomainError
from app.scheduling.models import FELL_THROUGH, Appointment
from app.scheduling.versions import refresh, touch
from app.times import for_staff


def settle(appointment: Appointment, words: str, *, by: Any, at: datetime) -> None:
    """Say why a cancelled or not-seen appointment need not be booked again; it leaves the work
    list. Raises DomainError without words, and for one that is off the list already.
    """
    refresh(appointment, None)
    if appointment.status not in FELL_THROUGH:
        raise DomainError("Only a cancelled or not seen appointment can be explained.")
    if appointment.settled_at:
        raise DomainError("This is off the list already.")
    appointment.settled_at, appointment.settled_words = at, needed(words, "words")
    touch(appointment)
    record("appointment:settled", appointment, by=by, at=at, family_id=appointment.family_id)


def needed(words: str, field: str) -> str:
    """Why one need not be booked again, or DomainError where nothing is said."""
    said = words.strip()
    if not said:
        raise DomainError("Say why it need not be booked again.", field)
    return said


def settle_earlier(appointment: Appointment, *, by: Any, at: datetime) -> None:
    """A new appointment takes off the list what fell through before it: the same kind, in the same
    cycle or conversation of the same family.
    """
    earlier = db.session.scalars(
        select(Appointment).where(
            Appointment.family_id == appointment.family_id,
            Appointment.kind == appointment.kind,
            Appointment.cycle_id.is_not_distinct_from(appointment.cycle_id),
            Appointment.conversation_id.is_not_distinct_from(appointment.conversation_id),
            Appointment.status.in_(FELL_THROUGH),
            Appointment.settled_at.is_(None),
        )
    ).all()
    for row in earlier:
        settle(row, f"Booked again for {for_staff(appointment.starts_at)}", by=by, at=at)
