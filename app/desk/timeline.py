"""What has happened with a family, newest first: choices, appointments, texts, replies, calls,
notes.

Built from an allow-list of audit tags and the rows of messaging that `timeline_rows` read.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.audit.record import actor_words
from app.desk.timeline_rows import MOST, Rows
from app.enquiries.models import STEPS, Choice
from app.links.tokens import without_tokens
from app.messaging.models import CALL_OUTCOMES
from app.messaging.registry import purposes
from app.messaging.states import NOT_SENT, STATE_WORDS
from app.scheduling.models import CANCEL_REASONS, KINDS, Appointment
from app.times import for_staff

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
    "programme:dated": "Dates planned",
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


def timeline(
    rows: Rows, appointments: Sequence[Appointment], choices: Sequence[Choice], *, show: str = ""
) -> list[Event]:
    """The newest events of a family, of all kinds or of one filter, made of rows read already."""
    wanted: dict[str, Callable[[], Iterable[Event]]] = {
        "texts": lambda: [*texts(rows.texts), *replies(rows.replies), *calls(rows.calls)],
        "appointments": lambda: appointment_events(rows.recorded, appointments, rows.names),
        "choice": lambda: choice_events(choices, rows.names),
        "changes": lambda: [*changes(rows.recorded, rows.names), *notes(rows.notes)],
    }
    kinds = [show] if show in wanted else list(wanted)
    events = [event for kind in kinds for event in wanted[kind]()]
    return sorted(events, key=lambda event: event.at, reverse=True)[:MOST]


def texts(rows: Iterable[Any]) -> Iterator[Event]:
    for row in rows:
        what = "Text" if row.by == "text" else "E-mail"
        words = purposes[row.what].words if row.what in purposes else ""
        if row.state in NOT_SENT:
            yield Event(
                "texts", f"{what} not sent", "by the service", row.at,
                more=f"{words.capitalize()}. {row.more or ''}".strip(), held=True,
            )  # fmt: skip
        else:
            state = STATE_WORDS[row.state].lower()
            yield Event(
                "texts", f"{what} {state}", "by the service", row.at,
                more=words.capitalize(),
                said=without_tokens(row.words or "") if row.by == "text" else "",
            )  # fmt: skip


def replies(rows: Iterable[Any]) -> Iterator[Event]:
    for row in rows:
        yield Event("texts", "They replied", "by text", row.at, more=row.more or "", said=row.words)


def calls(rows: Iterable[Any]) -> Iterator[Event]:
    for row in rows:
        outcome = CALL_OUTCOMES.get(row.what, row.what).lower()
        yield Event("texts", f"Call: {outcome}", f"by {row.by}", row.at, more=row.words or "")


def recorder(by: str, names: Mapping[int, str]) -> str:
    """Who wrote down what a family said: kept as a whole name, else as the job that took it."""
    return by if " " in by else actor_words(by, names)


def choice_events(choices: Sequence[Choice], names: Mapping[int, str]) -> Iterable[Event]:
    for row in choices:
        again = f"Ask again on {row.ask_again_on:%-d %B %Y}." if row.ask_again_on else ""
        yield Event(
            "choice", STEPS[row.step], f"recorded by {recorder(row.recorded_by, names)}",
            row.recorded_at, more=again, said=row.words or "",
        )  # fmt: skip


def notes(rows: Iterable[Any]) -> Iterator[Event]:
    for row in rows:
        yield Event("changes", "Note", f"by {row.by}", row.at, more=row.words)


def appointment_events(
    recorded: Sequence[Any], appointments: Sequence[Appointment], names: Mapping[int, str]
) -> Iterable[Event]:
    """What was done with each appointment, from the audit, with the appointment's own words."""
    by_subject = {f"appointment:{row.id}": row for row in appointments}
    rows = [(e, by_subject[e.subject]) for e in recorded if e.subject in by_subject]
    for entry, appointment in rows:
        if entry.what not in ACTS:
            continue
        what = ACTS[entry.what]
        if entry.what == "appointment:outcome":
            what = str(entry.detail.get("status", "")).replace("_", " ")
        reason = ""
        if entry.what == "appointment:cancelled":
            reason = f"Reason: {CANCEL_REASONS.get(entry.detail.get('reason', ''), '').lower()}."
        if entry.what == "appointment:moved":
            start = datetime.fromisoformat(entry.detail["from_start"])
            reason = f"It was on {for_staff(start)}."
        yield Event(
            "appointments", f"{KINDS[appointment.kind]} {what}",
            f"by {actor_words(entry.by, names)}", entry.at,
            more=f"{for_staff(appointment.starts_at)}. {reason}".strip(),
            appointment_id=appointment.id,
        )  # fmt: skip


def changes(recorded: Sequence[Any], names: Mapping[int, str]) -> Iterable[Event]:
    for row in recorded:
        if row.what in CHANGES:
            fields = row.detail.get("fields")
            more = ", ".join(fields).replace("_", " ") if fields else ""
            by = f"by {actor_words(row.by, names)}"
            yield Event("changes", CHANGES[row.what], by, row.at, more=more)
