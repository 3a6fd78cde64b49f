"""What has happened with a family, newest first: choices, appointments, texts, replies, calls,
notes.

Built from an allow-list of audit tags and the rows of messaging; a statement for each source.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from app.accounts import queries as accounts
from app.audit.models import AuditEntry
from app.db import db
from app.enquiries.models import STEPS, Choice
from app.families.models import Family, FamilyNote
from app.messaging.models import CALL_OUTCOMES, STATE_WORDS, Call, Outbox, Reply
from app.messaging.registry import purposes
from app.scheduling.models import CANCEL_REASONS, KINDS, Appointment
from app.times import for_staff

MOST = 60
FILTERS = {
    "": "Everything",
    "texts": "Texts and calls",
    "appointments": "Appointments",
    "choice": "Choice",
    "changes": "Changes to the record",
}


@dataclass(frozen=True)
class Event:
    """One thing that happened: what, by whom, when; `said` is quoted; `held` was not sent."""

    kind: str
    title: str
    by: str
    at: datetime
    more: str = ""
    said: str = ""
    held: bool = False
    appointment_id: int | None = None


# Audit tag -> words. What is not listed is not shown here.
CHANGES: dict[str, str] = {
    "family:added": "Family added",
    "family:changed": "Family’s record changed",
    "family:merged": "Merged with another record",
    "family:ended": "Ended",
    "carer:added": "Carer added",
    "carer:changed": "Carer’s record changed",
    "carer:contact_changed": "How to reach a carer changed",
    "carer:left": "Carer left the family",
    "child:added": "Child added",
    "child:changed": "Child’s record changed",
    "consent:recorded": "Consent recorded",
    "consent:withdrawn": "Consent taken back",
    "programme:started": "Programme started",
    "programme:changed": "Programme changed",
    "programme:ended": "Programme ended",
    "goal:set": "Goal set",
    "goal:rated": "Goal rated",
    "goal:closed": "Goal closed",
    "cycle:clips_chosen": "Clips chosen",
    "cycle:reviewed": "Cycle reviewed",
    "assessment:recorded": "Home looked at",
    "assessment:approved": "Home’s level approved",
}
ACTS: dict[str, str] = {
    "appointment:booked": "booked",
    "appointment:moved": "moved",
    "appointment:cancelled": "cancelled",
    "appointment:confirmed": "confirmed",
    "appointment:change_asked": "change asked",
    "appointment:outcome": "recorded",
    "letter:printed": "letter printed",
}


def actor_words(actor: str, names: dict[int, str]) -> str:
    """Who did it, in words: a member of staff by name, the family, a peer parent, or the
    service.
    """
    kind, _, number = actor.partition(":")
    if kind == "staff" and number.isdigit():
        return names.get(int(number), "somebody who left")
    return {"carer": "the family", "peer": "the peer parent"}.get(kind, "the service")


def timeline(
    family_id: int,
    carer_ids: list[int],
    appointments: Sequence[Appointment],
    choices: Sequence[Choice],
    *,
    show: str = "",
    most: int = MOST,
) -> list[Event]:
    """The newest events of a family, of all kinds or of one filter; `appointments` and `choices`
    are the family's, read already."""
    names = accounts.names()
    recorded = audited(family_id) if show in ("", "appointments", "changes") else []
    wanted: dict[str, Callable[[], Iterable[Event]]] = {
        "texts": lambda: [*texts(carer_ids), *replies(carer_ids), *calls(carer_ids)],
        "appointments": lambda: appointment_events(recorded, appointments, names),
        "choice": lambda: choice_events(choices, names),
        "changes": lambda: [*changes(recorded, names), *notes(family_id)],
    }
    kinds = [show] if show in wanted else list(wanted)
    events = [event for kind in kinds for event in wanted[kind]()]
    return sorted(events, key=lambda event: event.at, reverse=True)[:most]


def audited(family_id: int) -> Sequence[AuditEntry]:
    """The newest entries about a family, and of a record that was joined with it, that this page
    may show.
    """
    records = select(Family.id).where(
        or_(Family.id == family_id, Family.merged_into_id == family_id)
    )
    return db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.family_id.in_(records), AuditEntry.tag.in_([*ACTS, *CHANGES]))
        .order_by(AuditEntry.id.desc())
        .limit(2 * MOST)
    ).all()


def texts(carer_ids: list[int]) -> Iterable[Event]:
    rows = db.session.scalars(
        select(Outbox)
        .where(
            Outbox.recipient_kind == "carer",
            Outbox.recipient_id.in_(carer_ids),
            Outbox.state != "ready",
        )
        .order_by(Outbox.id.desc())
        .limit(MOST)
    )
    for row in rows:
        what = "Text" if row.channel == "text" else "E-mail"
        words = purposes[row.purpose].words if row.purpose in purposes else ""
        if row.state == "not_sent":
            yield Event(
                "texts", f"{what} not sent", "by the service", row.final_at or row.due_at,
                more=f"{words.capitalize()}. {row.reason or ''}".strip(), held=True,
            )  # fmt: skip
        else:
            state = STATE_WORDS[row.state].lower()
            yield Event(
                "texts", f"{what} {state}", "by the service", row.sent_at or row.due_at,
                more=words.capitalize(), said=row.body or "" if row.channel == "text" else "",
            )  # fmt: skip


def replies(carer_ids: list[int]) -> Iterable[Event]:
    rows = db.session.scalars(
        select(Reply)
        .where(Reply.person_kind == "carer", Reply.person_id.in_(carer_ids))
        .order_by(Reply.id.desc())
        .limit(MOST)
    )
    for row in rows:
        yield Event(
            "texts",
            "They replied",
            "by text",
            row.received_at,
            more=row.outcome or "",
            said=row.body,
        )


def calls(carer_ids: list[int]) -> Iterable[Event]:
    rows = db.session.scalars(
        select(Call)
        .where(Call.person_kind == "carer", Call.person_id.in_(carer_ids))
        .order_by(Call.id.desc())
        .limit(MOST)
    )
    for row in rows:
        yield Event(
            "texts", f"Call: {CALL_OUTCOMES.get(row.outcome, row.outcome).lower()}",
            f"by {row.by}", row.at, more=row.words or "",
        )  # fmt: skip


def choice_events(choices: Sequence[Choice], names: dict[int, str]) -> Iterable[Event]:
    for row in choices:
        again = f"Ask again on {row.ask_again_on:%-d %B %Y}." if row.ask_again_on else ""
        yield Event(
            "choice", STEPS[row.step], f"recorded by {actor_words(row.recorded_by, names)}",
            row.recorded_at, more=again, said=row.words or "",
        )  # fmt: skip


def notes(family_id: int) -> Iterable[Event]:
    rows = db.session.scalars(
        select(FamilyNote).where(FamilyNote.family_id == family_id).order_by(FamilyNote.id.desc())
    )
    for row in rows:
        yield Event("changes", "Note", f"by {row.by}", row.at, more=row.words)


def appointment_events(
    recorded: Sequence[AuditEntry], appointments: Sequence[Appointment], names: dict[int, str]
) -> Iterable[Event]:
    """What was done with each appointment, from the audit, with the appointment's own words."""
    by_subject = {f"appointment:{row.id}": row for row in appointments}
    rows = [(e, by_subject[e.subject]) for e in recorded if e.subject in by_subject]
    for entry, appointment in rows:
        if entry.tag not in ACTS:
            continue
        what = ACTS[entry.tag]
        if entry.tag == "appointment:outcome":
            what = str(entry.detail.get("status", "")).replace("_", " ")
        reason = ""
        if entry.tag == "appointment:cancelled":
            reason = f"Reason: {CANCEL_REASONS.get(entry.detail.get('reason', ''), '').lower()}."
        if entry.tag == "appointment:moved":
            start = datetime.fromisoformat(entry.detail["from_start"])
            reason = f"It was on {for_staff(start)}."
        yield Event(
            "appointments", f"{KINDS[appointment.kind]} {what}",
            f"by {actor_words(entry.by, names)}", entry.at,
            more=f"{for_staff(appointment.starts_at)}. {reason}".strip(),
            appointment_id=appointment.id,
        )  # fmt: skip


def changes(recorded: Sequence[AuditEntry], names: dict[int, str]) -> Iterable[Event]:
    for row in recorded:
        if row.tag in CHANGES:
            fields = row.detail.get("fields")
            more = ", ".join(fields).replace("_", " ") if fields else ""
            by = f"by {actor_words(row.by, names)}"
            yield Event("changes", CHANGES[row.tag], by, row.at, more=more)
