"""What would go out if an appointment were booked, moved or cancelled now: the exact words, to
whom and when, and what will not go and why. Nothing is queued.

The same functions plan and word the texts as when the act is done (`telling.py`,
`text_purposes.py`), so the page cannot promise anything else.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from app.accounts.models import Staff
from app.messaging import registry, said
from app.messaging.languages import ENGLISH
from app.messaging.registry import Message, Recipient
from app.messaging.schedule import Planned, text_at_once, texts_for
from app.pages import public_address
from app.places.models import Place
from app.scheduling.mail_words import mail_words
from app.scheduling.models import KINDS, Appointment
from app.scheduling.telling import cancelled_purpose, told_people, what_no_text_says
from app.scheduling.text_purposes import facts_of, takes_links
from app.scheduling.unheard import Unheard, heard_of, unheard
from app.settings import store
from app.working_days import is_working_day

LINK = "x" * 22  # as long as a link's token, so that the text is fitted as it will be
INVITED = "calendar invitation"


@dataclass(frozen=True)
class Line:
    """One row of "what will be sent". `due_at` None: it is not sent. `news` goes only if the family
    is to be told by text now. `language` is that of a text's words."""

    due_at: datetime | None
    to: str
    what: str
    how: str = "text"
    news: bool = False
    language: str | None = None


def lines_for(
    appointment: Appointment, event: str, *, at: datetime, was: datetime | None = None
) -> list[Line]:
    """What follows a change ('booked', 'moved' or 'cancelled') of an appointment that need not be
    stored: it must name its people."""
    waiting: Unheard = unheard([appointment.id]) if event == "moved" else {}
    found = [
        line
        for person in told_people(appointment)
        if (recipient := registry.recipient(*person)) is not None
        for line in texts(
            appointment, recipient, event, at, heard_of(appointment, person, was, waiting)
        )
    ]
    return found + invitations(appointment, event, at)


def as_moved(
    row: Appointment,
    starts_at: datetime,
    ends_at: datetime,
    *,
    staff: Staff,
    second: Staff | None,
    place: Place | None,
    how: str | None = None,
) -> Appointment:
    """An appointment as a move would leave it, with whom it names, and never added to the session.
    No `how` is the same way."""
    moved = Appointment(
        id=row.id, kind=row.kind,
        family_id=row.family_id, carer_id=row.carer_id, peer_id=row.peer_id,
        staff_id=staff.id, how=how or row.how, status=row.status,
        starts_at=starts_at, ends_at=ends_at,
    )  # fmt: skip
    moved.family, moved.carer = row.family, row.carer
    if row.peer_id is not None:  # the only people who need not have been read
        moved.peer = row.peer
    moved.staff, moved.second, moved.place = staff, second, place
    return moved


def texts(
    appointment: Appointment,
    recipient: Recipient,
    event: str,
    at: datetime,
    was: datetime | None,
    *,
    in_words: bool = True,
) -> list[Line]:
    """One person's texts; without their words only who is told when, for a page of many choices."""
    if appointment.status == "provisional":
        what = KINDS[appointment.kind].lower()
        return [Line(None, recipient.name, f"Nothing about the {what} while it is provisional.")]
    if recipient.refusal and not recipient.by_email:
        return [Line(None, recipient.name, f"{recipient.refusal} Somebody is asked to ring.")]
    lines: list[Line] = []
    foreign = False
    unsaid = what_no_text_says(appointment, recipient, was)
    if unsaid:
        lines.append(Line(None, recipient.name, f"{unsaid} Somebody is asked to ring.", news=True))
    for planned in plan(appointment, recipient, event, at, was, announce=unsaid is None):
        if planned.cannot:
            lines.append(Line(None, recipient.name, f"{planned.cannot}."))
        else:
            first = not (recipient.introduced or any(line.due_at for line in lines))
            link = event != "cancelled" and takes_links(recipient)
            message = (
                worded(appointment, recipient, planned, was, first=first, linked=link)
                if in_words
                else Message("")
            )
            if message.foreign and not foreign:
                foreign = True
                lines.append(Line(None, recipient.name, foreign_words(recipient), news=True))
            news = not planned.purpose.endswith(("reminder", "reminder_early"))
            how = "e-mail" if recipient.by_email else "text"
            line = Line(planned.due_at, recipient.name, message.body, how, news=news)
            lines.append(replace(line, language=message.language))
    return lines


def foreign_words(recipient: Recipient) -> str:
    return (
        f"No text in {recipient.language} is approved: it goes in English, and somebody is asked "
        "to ring."
    )


def plan(
    appointment: Appointment,
    recipient: Recipient,
    event: str,
    at: datetime,
    was: datetime | None,
    *,
    announce: bool = True,
) -> list[Planned]:
    rules = store.current()
    if event == "cancelled":
        limits = (appointment.starts_at, recipient.safe_times, rules, is_working_day)
        return [text_at_once(cancelled_purpose(appointment), at, *limits)]
    return texts_for(
        appointment.starts_at, at,
        kind=appointment.kind, rules=rules, safe_times=recipient.safe_times,
        is_working_day=is_working_day, was=was, announce=announce,
    )  # fmt: skip


def worded(
    appointment: Appointment,
    recipient: Recipient,
    planned: Planned,
    was: datetime | None,
    *,
    first: bool,
    linked: bool,
) -> Message:
    """The words as they will go, but for the link, which each text gets new."""
    link = public_address("appointment_links.show", token=LINK) if linked else None
    facts = facts_of(appointment, recipient, planned.due_at, was=was, link=link)
    if recipient.by_email:
        subject, text = mail_words(planned.purpose, recipient.wording, facts)
        message = Message(
            f"{subject}\n{text}", language=ENGLISH, foreign=not recipient.reads_english
        )
    else:
        message = said.message(planned.purpose, recipient, facts, first=first)
    return replace(message, body=message.body.replace(LINK, "…"))


def invitations(appointment: Appointment, event: str, at: datetime) -> list[Line]:
    """Calendar invitations: staff who want them, and a carer who gave an address and asked."""
    gone = event == "cancelled"
    tentative = " (provisional)" if appointment.status == "provisional" else ""
    what = f"{KINDS[appointment.kind]}: {appointment.family.reference}{tentative}"
    words = f"Cancelled: {what}" if gone else what
    people: list[Staff] = [p for p in (appointment.staff, appointment.second) if p]
    lines = [Line(at, p.first_name, words, INVITED) for p in people if p.wants_invitations]
    carer = appointment.carer
    if carer and carer.email and carer.wants_invitations and not tentative:
        lines.append(Line(at, carer.name, "Cancelled" if gone else "Appointment", INVITED))
    return lines
