"""Who is told of an appointment, when: rows for the outbox, made in the act's own transaction.

Rows hold whom and what about; whether it is still wanted and its words are settled in the claim
(`text_purposes.py`). A change drops what waits and queues afresh, so nobody gets a reminder of an
old time.
"""

from datetime import datetime
from typing import Any

from app.clock import london
from app.messaging import registry
from app.messaging.outbox import drop_waiting, queue_text
from app.messaging.schedule import Planned, text_at_once, texts_for
from app.messaging.wordings import FULL
from app.scheduling.invitations.inviting import invite
from app.scheduling.models import Appointment
from app.scheduling.unheard import Unheard, heard_of, unheard
from app.settings import store
from app.tasks.open import open_task
from app.times import for_staff
from app.working_days import evening_after, is_working_day

REMINDERS = (
    "reminder_early",
    "reminder",
    "conversation_reminder_early",
    "conversation_reminder",
)
NEWS = (
    "booked",
    "moved",
    "cancelled",
    "conversation_booked",
    "conversation_moved",
    "conversation_cancelled",
)
WHO_COMES = "Their texts may not say who comes or where."
EVENTS = {
    "booked": "is booked",
    "moved": "was moved",
    "changed": "stays, and that who comes or where has changed",
    "cancelled": "was cancelled",
}
WHAT_DROPS = {
    "moved": "The appointment was moved before this went.",
    "moved_quietly": "The appointment was moved before this went.",
    "cancelled": "The appointment was cancelled before this went.",
    "cancelled_quietly": "The appointment was cancelled before this went.",
}


def tell(
    appointment: Appointment, what: str, *, by: Any, at: datetime, was: datetime | None = None
) -> None:
    """Queue what follows from a change: 'booked', 'moved', 'cancelled', or the same '_quietly'.

    A provisional appointment tells nobody. `was` is the old time of a move; where the time stays
    and who comes or where has changed, only full wording may say so, and others are rung. A move
    of what somebody has not heard of yet is told them as a booking (`unheard.py`).
    """
    waiting: Unheard = unheard([appointment.id], hold=True) if what == "moved" else {}
    if what in WHAT_DROPS:
        drop_waiting(
            ("appointment", appointment.id), purposes=(*REMINDERS, *NEWS),
            reason=WHAT_DROPS[what], at=at,
        )  # fmt: skip
    invite(appointment, at=at)
    if appointment.status == "provisional" or not appointment.tell:
        return
    event, _, quietly = what.partition("_")
    for person in told_people(appointment):
        heard = heard_of(appointment, person, was, waiting)
        told = "booked" if event == "moved" and heard is None else event
        plan_for(appointment, person, told, bool(quietly), at, heard)


def told_people(appointment: Appointment) -> list[tuple[str, int]]:
    """Whom texts about it go to: the carer it concerns, and the peer parent of a conversation."""
    people: list[tuple[str, int]] = []
    if appointment.carer_id is not None:
        people.append(("carer", appointment.carer_id))
    if appointment.peer_id is not None:
        people.append(("peer", appointment.peer_id))
    return people


def plan_for(
    appointment: Appointment,
    person: tuple[str, int],
    event: str,
    quietly: bool,
    at: datetime,
    was: datetime | None,
) -> None:
    """Queue one person's texts; where none may go, ask somebody to ring instead."""
    recipient = registry.recipient(*person)
    if recipient is None:
        return
    rules = store.current()
    unsaid = None if quietly else what_no_text_says(appointment, recipient, was)
    if event == "cancelled":
        purpose = cancelled_purpose(appointment)
        limits = (appointment.starts_at, recipient.safe_times, rules, is_working_day)
        planned = [] if quietly else [text_at_once(purpose, at, *limits)]
    else:
        planned = texts_for(
            appointment.starts_at,
            at,
            kind=appointment.kind,
            rules=rules,
            safe_times=recipient.safe_times,
            is_working_day=is_working_day,
            was=was,
            announce=not quietly and unsaid is None,
        )
    for text in planned:
        if text.cannot is None:
            queue(appointment, person, recipient, text, at, was)
    if recipient.refusal and not recipient.by_email and not quietly:
        ring_instead(appointment, recipient, event, recipient.refusal, at)
    elif cannot := unsaid or next((f"{text.cannot}." for text in planned if text.cannot), None):
        ring_instead(appointment, recipient, "changed" if unsaid else event, cannot, at)


def what_no_text_says(
    appointment: Appointment, recipient: registry.Recipient, was: datetime | None
) -> str | None:
    """Why somebody is rung about a change that left the time: who comes, and where, stands in texts
    of full wording only."""
    return WHO_COMES if was == appointment.starts_at and recipient.wording != FULL else None


def cancelled_purpose(appointment: Appointment) -> str:
    return "conversation_cancelled" if appointment.kind == "conversation" else "cancelled"


def queue(
    appointment: Appointment,
    person: tuple[str, int],
    recipient: registry.Recipient,
    text: Planned,
    at: datetime,
    was: datetime | None,
) -> None:
    purpose = text.purpose
    queue_text(
        purpose,
        about=("appointment", appointment.id),
        to=person,
        due_at=text.due_at,
        expires_at=text.expires_at,
        dedupe=f"appointment:{appointment.id}:{purpose}:{appointment.sequence}:{person[0]}:{person[1]}",
        at=at,
        payload={
            "sequence": appointment.sequence,
            "was": was.isoformat() if was else None,
        },
        person=recipient,
    )


def ring_instead(
    appointment: Appointment,
    recipient: registry.Recipient,
    event: str,
    why: str,
    at: datetime,
) -> None:
    """No text may go to them: a person tells them, today if it is soon."""
    words = EVENTS[event]
    open_task(
        "ring",
        f"{why} Tell {recipient.name} that the appointment on "
        f"{for_staff(appointment.starts_at)} {words}.",
        about=("appointment", appointment.id), whom=(recipient.kind, recipient.id),
        due_at=min(appointment.starts_at, next_day(at)), at=at, family_id=recipient.family_id,
        peer_id=recipient.peer_id,
    )  # fmt: skip


def next_day(at: datetime) -> datetime:
    """17:00 on the next working day: when a call that is not urgent should have been made."""
    return evening_after(london(at).date(), 1)
