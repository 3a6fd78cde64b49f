"""Two appointments of one person on one day share each reminder.

The row that is claimed first speaks for both and notes the other appointment in its payload
(`also`, `also_sequence`); when the other's own row is claimed it is not wanted any more. Settled in
the claim and not when the rows are made, so that a move or a cancellation in between needs no
thought: it drops its own row as ever, and the one that is left speaks for itself.
"""

from collections.abc import Sequence

from sqlalchemy import select

from app import clock
from app.db import db, lock
from app.messaging.models import Outbox
from app.messaging.registry import Recipient, payload
from app.messaging.states import HANDED_OVER
from app.scheduling.models import LIVE, Appointment
from app.scheduling.queries import by_id

SAID = "Said in one text with another appointment of that day."
LOCKS = {"carer": 101, "peer": 102}  # beside the kinds of reservations, which are below 100


def own_turn(recipient: Recipient) -> None:
    """Hold this person's reminders until the claim commits: two workers that have one row each
    would both speak for both.
    """
    lock([(LOCKS[recipient.kind], recipient.id)])


def is_said(row: Outbox, appointment: Appointment) -> bool:
    """Whether another reminder that has gone speaks for this appointment as it is."""
    return any(
        other.state in HANDED_OVER
        and payload(other, "also") == appointment.id
        and payload(other, "also_sequence") == appointment.sequence
        for other in beside(row)
    )


def other_of(row: Outbox, appointment: Appointment) -> Appointment | None:
    """The appointment of the same day whose reminder waits, or waited until this row spoke for
    it; the earliest where there are several.
    """
    spoken_for = payload(row, "also")
    found = [
        other
        for sibling in beside(row)
        if sibling.state == "ready" or (sibling.about_id == spoken_for and sibling.reason == SAID)
        if (other := by_id(sibling.about_id)) is not None
        if stands(other) and payload(sibling, "sequence") == other.sequence
        if day_of(other) == day_of(appointment)
    ]
    return min(found, key=lambda other: other.starts_at, default=None)


def speak_for(row: Outbox, other: Appointment) -> None:
    row.payload = {**(row.payload or {}), "also": other.id, "also_sequence": other.sequence}


def give_back(row: Outbox) -> None:
    """A row that spoke for another, and did not go after all, leaves it its own reminder."""
    for sibling in beside(row):
        if sibling.about_id == payload(row, "also") and sibling.reason == SAID:
            sibling.state, sibling.reason, sibling.final_at = "ready", None, None


def beside(row: Outbox) -> Sequence[Outbox]:
    """The same reminder of the same person about other appointments."""
    base = row.purpose.removeprefix("conversation_")
    return db.session.scalars(
        select(Outbox).where(
            Outbox.recipient_kind == row.recipient_kind,
            Outbox.recipient_id == row.recipient_id,
            Outbox.purpose.in_((base, f"conversation_{base}")),
            Outbox.about_kind == "appointment",
            Outbox.about_id != row.about_id,
        ),
        execution_options={"populate_existing": True},
    ).all()


def stands(appointment: Appointment) -> bool:
    """Whether a reminder of it would go: it stands for the family, and no change was asked."""
    told = appointment.status in LIVE and appointment.status != "provisional"
    return told and appointment.change_asked_at is None


def day_of(appointment: Appointment) -> object:
    return clock.london(appointment.starts_at).date()
