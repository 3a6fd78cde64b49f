"""Two appointments of one person on one day share each reminder.

The row that is claimed first speaks for both and notes the other appointment in its payload
(`also`, `also_sequence`); when the other's own row is claimed it is not wanted any more. Settled in
the claim and not when the rows are made, so that a move or a cancellation in between needs no
thought: it drops its own row as ever, and the one that is left speaks for itself.
"""

from collections.abc import Callable, Iterable, Sequence

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
    return said_by(beside(row), appointment)


def said_by(siblings: Iterable[Outbox], appointment: Appointment) -> bool:
    return any(
        other.state in HANDED_OVER
        and payload(other, "also") == appointment.id
        and payload(other, "also_sequence") == appointment.sequence
        for other in siblings
    )


def other_of(row: Outbox, appointment: Appointment) -> Appointment | None:
    """The appointment of the same day whose reminder waits, or waited until this row spoke for
    it; the earliest where there are several.
    """
    return other_among(row, appointment, beside(row), by_id)


def other_among(
    row: Outbox,
    appointment: Appointment,
    siblings: Iterable[Outbox],
    read: Callable[[int], Appointment | None],
) -> Appointment | None:
    """The same among these reminders of this person, whose appointments `read` gives."""
    spoken_for = payload(row, "also")
    found = [
        other
        for sibling in siblings
        if sibling.state == "ready" or (sibling.about_id == spoken_for and sibling.reason == SAID)
        if (other := shares_day(sibling, appointment, read)) is not None
    ]
    return min(found, key=lambda other: other.starts_at, default=None)


def shares_day(
    sibling: Outbox, appointment: Appointment, read: Callable[[int], Appointment | None]
) -> Appointment | None:
    """What a reminder is about, where it would go and is on the same day."""
    other = read(sibling.about_id)
    if other is None or not stands(other) or payload(sibling, "sequence") != other.sequence:
        return None
    return other if day_of(other) == day_of(appointment) else None


def shared_with(
    row: Outbox,
    appointment: Appointment,
    siblings: Iterable[Outbox],
    read: Callable[[int], Appointment | None],
    *,
    now: bool = False,
) -> tuple[Appointment | None, bool]:
    """With which appointment a waiting reminder will be said in one text, and whether by its own
    row: the row that is due first (or that a person sends `now`) speaks for the earliest other,
    then the next that is left.
    """
    if row.state != "ready" and not now:  # held back: by then the other has gone
        return None, True
    left = [(row, appointment)]
    for sibling in siblings:
        if sibling.state == "ready" and (other := shares_day(sibling, appointment, read)):
            left.append((sibling, other))
    left.sort(key=lambda one: (not (now and one[0] is row), one[0].due_at, one[0].id))
    while left:
        speaker = left.pop(0)
        other_one = min(left, key=lambda one: one[1].starts_at, default=None)
        if speaker[0] is row:
            return (other_one[1] if other_one else None), True
        if other_one and other_one[0] is row:
            return speaker[1], False
        if other_one:
            left.remove(other_one)
    raise AssertionError("the row itself is among them")


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
