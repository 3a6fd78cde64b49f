"""Cancelling: everything held is let go, what waits is dropped, and who should know is told.

A cancelled appointment stays on the work list until it is booked again or explained.
"""

from datetime import datetime
from typing import Any

from app.audit.record import record
from app.errors import DomainError
from app.scheduling.kinds import kinds
from app.scheduling.let_go.time_let_go import note_let_go
from app.scheduling.models import CANCEL_REASONS, Appointment
from app.scheduling.reservations import let_go, lock_subjects, subjects_of
from app.scheduling.settle import needed
from app.scheduling.telling import tell
from app.scheduling.versions import refresh, touch
from app.tasks.open import close_about


def cancel(
    appointment: Appointment,
    reason: str,
    *,
    by: Any,
    at: datetime,
    words: str | None = None,
    tell_family: bool = True,
    settled: str | None = None,
    opened_at: int | None = None,
) -> Appointment:
    """Cancel a live appointment for one of `CANCEL_REASONS`.

    `settled` says why it need not be booked again; without it, it waits on the work list. Nobody
    is told of one whose time has come already.
    """
    if reason not in CANCEL_REASONS:
        raise DomainError("Choose why it is cancelled.", "reason")
    lock_subjects(subjects_of(appointment))
    refresh(appointment, opened_at)
    if not appointment.live:
        raise DomainError("This appointment no longer stands, so there is nothing to cancel.")
    let_go(appointment)
    if reason != "weather":  # nobody else should drive then either
        note_let_go(
            appointment, appointment.staff_id, appointment.starts_at, appointment.ends_at, at=at
        )
    was_told = appointment.status != "provisional"
    appointment.status = "cancelled"
    appointment.cancel_reason, appointment.cancel_words = reason, words
    appointment.change_asked_at = appointment.change_words = None
    if settled is not None:
        appointment.settled_at, appointment.settled_words = at, needed(settled, "settled")
    touch(appointment, told_at=at)
    kinds[appointment.kind].changed(appointment, "cancelled", by, at)
    close_about(("appointment", appointment.id), "Cancelled", by=by, at=at)
    record(
        "appointment:cancelled", appointment, by=by, at=at, family_id=appointment.family_id,
        reason=reason,
    )  # fmt: skip
    quietly = not (tell_family and was_told and appointment.starts_at > at)
    tell(appointment, "cancelled_quietly" if quietly else "cancelled", by=by, at=at)
    return appointment
