"""What is known of one appointment for its page: who changed it and when, and every text and
invitation about it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts import queries as accounts
from app.audit.models import AuditEntry
from app.audit.record import actor_words, history
from app.db import db, once_a_page
from app.links.tokens import without_tokens
from app.messaging.coming import Coming, coming
from app.messaging.models import Outbox
from app.messaging.registry import purposes
from app.messaging.states import STATE_WORDS, WAITING
from app.scheduling.models import CANCEL_REASONS, NOT_SEEN_REASONS, STATUSES, Appointment
from app.times import for_staff

WORDS = {
    "appointment:booked": "Booked",
    "appointment:confirmed": "Kept",
    "appointment:moved": "Moved",
    "appointment:cancelled": "Cancelled",
    "appointment:change_asked": "Another time asked for",
    "appointment:settled": "Explained",
    "appointment:explained": "Said why it stands",
    "appointment:outcome": "How it went recorded",
    "appointment:reasons_changed": "Looked at again",
    "letter:printed": "Letter printed",
}
HOWS = {"link": "by the link", "text": "by text", "phone": "by phone"}


@dataclass(frozen=True)
class Event:
    """One change: what, by whom, when."""

    title: str
    by: str
    at: datetime
    more: str = ""


@dataclass(frozen=True)
class Sent:
    """One text or invitation: to whom, what, in which state, and why where it did not go."""

    to: str
    what: str
    how: str
    at: datetime
    state: str
    why: str
    body: str
    language: str | None = None


@dataclass(frozen=True)
class Told:
    """What will be sent about an appointment, and what was sent or was not."""

    coming: Sequence[Coming]
    sent: Sequence[Sent]


def events_of(appointment: Appointment) -> list[Event]:
    """Who changed an appointment and when, newest first."""
    names = accounts.names()
    return [
        Event(WORDS.get(entry.tag, entry.tag), actor_words(entry.by, names), entry.at, more(entry))
        for entry in recorded(appointment)
    ]


def more(entry: AuditEntry) -> str:
    detail = entry.detail
    if entry.tag == "appointment:moved":
        was, now = (datetime.fromisoformat(detail[key]) for key in ("from_start", "to_start"))
        why = CANCEL_REASONS.get(detail.get("reason") or "", "")
        return f"From {for_staff(was)} to {for_staff(now)}" + (f": {why.lower()}" if why else "")
    if entry.tag == "appointment:cancelled":
        return CANCEL_REASONS.get(detail["reason"], "")
    if entry.tag in ("appointment:confirmed", "appointment:change_asked"):
        return HOWS.get(detail["how"], "")
    if entry.tag == "appointment:outcome":
        why = NOT_SEEN_REASONS.get(detail.get("reason") or "", "")
        return STATUSES.get(detail["status"], "") + (f": {why.lower()}" if why else "")
    if entry.tag == "appointment:booked" and detail["status"] == "provisional":
        return STATUSES["provisional"]
    return ""


def told_about(appointment: Appointment, at: datetime) -> Told:
    """Every text, invitation and printed letter about it: what waits as it would go, and the rest
    in the order of their times.
    """
    rows: Sequence[Outbox] = db.session.scalars(
        select(Outbox)
        .where(Outbox.about_kind == "appointment", Outbox.about_id == appointment.id)
        .order_by(Outbox.due_at, Outbox.id)
    ).all()
    staff = accounts.names() if rows else {}
    found = [sent(row, appointment, staff) for row in rows if row.state not in WAITING]
    letters = [letter_sent(e, appointment) for e in recorded(appointment) if is_letter(e)]
    return Told(
        coming=coming([row for row in rows if row.state in WAITING], at),
        sent=sorted([*found, *letters], key=lambda one: one.at),
    )


@once_a_page
def recorded(appointment: Appointment) -> Sequence[AuditEntry]:
    """What was recorded about it, newest first: changes and letters are both told from this."""
    return history(appointment)


def is_letter(entry: AuditEntry) -> bool:
    return entry.tag == "letter:printed"


def letter_sent(entry: AuditEntry, appointment: Appointment) -> Sent:
    carers = {carer.id: carer.name for carer in appointment.family.carers}
    return Sent(
        to=carers.get(entry.detail["carer_id"], "the family"),
        what=f"letter, {entry.detail['wording']} wording",
        how="letter",
        at=entry.at,
        state="Printed",
        why="",
        body="",
    )


def sent(row: Outbox, appointment: Appointment, staff: dict[int, str]) -> Sent:
    purpose = purposes[row.purpose].words if row.purpose in purposes else row.purpose
    return Sent(
        to=recipient_words(row, appointment, staff),
        what=purpose,
        how="text" if row.channel == "text" else "e-mail",
        at=row.sent_at or row.final_at or row.due_at,
        state=STATE_WORDS[row.state],
        why=row.reason or "",
        body=without_tokens(row.body or "") if row.purpose != "invitation" else "",
        language=row.language,
    )


def recipient_words(row: Outbox, appointment: Appointment, staff: dict[int, str]) -> str:
    if row.recipient_kind == "staff":
        return staff.get(row.recipient_id, "somebody who left")
    if row.recipient_kind == "peer" and appointment.peer:
        return appointment.peer.short_name
    carers = {carer.id: carer.name for carer in appointment.family.carers}
    return carers.get(row.recipient_id, "the family")
