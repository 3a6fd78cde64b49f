"""How it went: done, or not seen. Nothing is held any longer either way."""

from datetime import datetime
from typing import Any

from app.audit.record import record
from app.errors import DomainError
from app.messaging.outbox import drop_waiting
from app.scheduling.kinds import kinds
from app.scheduling.models import NOT_SEEN_REASONS, Appointment
from app.scheduling.reservations import let_go, lock_subjects, subjects_of
from app.scheduling.versions import refresh, touch
from app.tasks.open import close_about

OUTCOMES = {"done": "Done", "not_seen": "Not seen"}


def record_outcome(
    appointment: Appointment,
    status: str,
    *,
    by: Any,
    at: datetime,
    minutes: int | None = None,
    reason: str | None = None,
    words: str | None = None,
    opened_at: int | None = None,
) -> None:
    """Record that an appointment happened or that nobody was seen, once it has begun.

    `reason` is why nobody was seen (a code of NOT_SEEN_REASONS), where somebody said.
    Not seen is no blame: it waits on the work list until it is booked again or explained.
    """
    if status not in OUTCOMES:
        raise DomainError("Choose how it went.", "status")
    lock_subjects(subjects_of(appointment))
    refresh(appointment, opened_at)
    if not appointment.live:
        raise DomainError("How this appointment went is recorded already.")
    if appointment.starts_at > at:
        raise DomainError("This appointment has not begun yet. Cancel or move it instead.")
    if reason is not None and reason not in NOT_SEEN_REASONS:
        raise DomainError("Choose why nobody was seen.", "why")
    let_go(appointment)
    appointment.status = status
    appointment.minutes_spent = minutes
    appointment.cancel_reason = reason if status == "not_seen" else None
    appointment.settled_words = words
    touch(appointment)
    drop_waiting(("appointment", appointment.id), reason="The appointment is over.", at=at)
    close_about(("appointment", appointment.id), "It is over", by=by, at=at)
    kinds[appointment.kind].changed(appointment, status, by, at)
    record(
        "appointment:outcome", appointment, by=by, at=at, family_id=appointment.family_id,
        status=status, reason=appointment.cancel_reason,
    )  # fmt: skip
