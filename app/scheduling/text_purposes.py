"""What messages about an appointment say, and whether they are still wanted: asked in the claim.

Everything is read afresh: an appointment that was moved, cancelled or asked to change since its row
was queued makes the row unwanted, with the sentence that staff read.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

from app import clock
from app.db import db
from app.links.tokens import make_link
from app.messaging import said, wordings
from app.messaging.models import Outbox
from app.messaging.registry import Message, Purpose, Recipient, channel_of, payload
from app.pages import public_address
from app.scheduling import same_day
from app.scheduling.models import Appointment
from app.scheduling.news_mail import news_mail
from app.scheduling.queries import by_id
from app.settings import store

BASES = ("booked", "moved", "cancelled", "reminder_early", "reminder")
REMINDERS = ("reminder_early", "reminder")
LIVE_TO_TELL = ("booked", "confirmed")
WORDS = {
    "booked": "tells of the booking",
    "moved": "tells of the new time",
    "cancelled": "tells of the cancellation",
    "reminder_early": "early reminder",
    "reminder": "reminder",
}


def text_purposes() -> dict[str, Purpose]:
    """Each purpose of texts about appointments by its name, for wiring."""
    made = {}
    for base in BASES:
        for name in (base, f"conversation_{base}"):
            made[name] = Purpose(
                unwanted=partial(unwanted, base),
                make=partial(make_text, name),
                words=WORDS[base],
                by_email=True,
            )
            if base in REMINDERS:
                made[name] = replace(
                    made[name], unwanted=partial(reminder_unwanted, base),
                    make=partial(make_reminder, name), reminder=True,
                )  # fmt: skip
    made["link_again"] = Purpose(unwanted=link_unwanted, make=make_link_again, words="a new link")
    return made


def unwanted(base: str, row: Outbox, recipient: Recipient, at: datetime) -> str | None:
    """Why a text about an appointment should not go any more, or None."""
    appointment = db.session.get(Appointment, row.about_id, populate_existing=True)
    return why_unwanted(base, row, appointment, recipient, at)


def why_unwanted(
    base: str, row: Outbox, appointment: Appointment | None, recipient: Recipient, at: datetime
) -> str | None:
    """The same of an appointment that has been read."""
    if appointment is None:
        return "The appointment is no longer on record."
    if payload(row, "sequence") != appointment.sequence:
        return "The appointment was changed since."
    if base == "cancelled":
        return None if appointment.status == "cancelled" else "The appointment stands again."
    if appointment.status not in LIVE_TO_TELL:
        state = appointment.status.replace("_", " ")
        return f"The appointment is {state}."
    if appointment.starts_at <= at:
        return "The appointment has begun."
    if base in REMINDERS and appointment.change_asked_at:
        return "They had asked for a change."
    if (recipient.kind, recipient.id) not in (
        ("carer", appointment.carer_id),
        ("peer", appointment.peer_id),
    ):
        return "They no longer take part in this appointment."
    return None


def reminder_unwanted(base: str, row: Outbox, recipient: Recipient, at: datetime) -> str | None:
    """The same for a reminder, which may have been said with another of the same day."""
    same_day.own_turn(recipient)
    why = unwanted(base, row, recipient, at)
    if why:
        same_day.give_back(row)
        return why
    appointment = by_id(row.about_id)
    return same_day.SAID if appointment and same_day.is_said(row, appointment) else None


def make_reminder(name: str, row: Outbox, recipient: Recipient, at: datetime) -> Message:
    """One text for two appointments of one day; else the words of one."""
    appointment = by_id(row.about_id)
    assert appointment is not None, "unwanted() has looked"
    other = same_day.other_of(row, appointment)
    if other is None:
        return make_text(name, row, recipient, at)
    same_day.speak_for(row, other)
    return said_of_two(row, appointment, other, recipient, at)


def said_of_two(
    row: Outbox, appointment: Appointment, other: Appointment, recipient: Recipient, at: datetime
) -> Message:
    """What speaks for two appointments of one day, whatever way it goes."""
    first, second = sorted((appointment, other), key=lambda one: one.starts_at)
    facts = replace(
        facts_of(first, recipient, at, was=None, link=None), also=second.starts_at, other=None
    )
    if first.staff_id != second.staff_id or "conversation" in (first.kind, second.kind):
        facts = replace(facts, worker=None)
    if where_phrase(first, recipient.kind) != where_phrase(second, recipient.kind):
        facts = replace(facts, where=None)
    return in_words("reminder_two", row, recipient, facts, at)


def in_words(
    name: str, row: Outbox, recipient: Recipient, facts: wordings.Facts, at: datetime
) -> Message:
    """A text, or the e-mail in its place where this person is told so."""
    if channel_of(row, recipient) == "email":
        return news_mail(name, row, recipient, facts, at)
    return said.message(name, recipient, facts, first=not recipient.introduced)


def make_text(name: str, row: Outbox, recipient: Recipient, at: datetime) -> Message:
    """The words for this recipient, in the wording that they allow."""
    appointment = by_id(row.about_id)
    assert appointment is not None, "unwanted() has looked"
    link = link_for(appointment, recipient, at)
    return said_of(name, row, appointment, recipient, at, link)


def said_of(
    name: str,
    row: Outbox,
    appointment: Appointment,
    recipient: Recipient,
    at: datetime,
    link: str | None,
) -> Message:
    """What a text sent at `at` says, with this link where the person gets one."""
    was = payload(row, "was")
    facts = facts_of(
        appointment, recipient, at,
        was=datetime.fromisoformat(was) if was else None,
        link=link,
    )  # fmt: skip
    return in_words(name, row, recipient, facts, at)


def facts_of(
    appointment: Appointment,
    recipient: Recipient,
    at: datetime,
    *,
    was: datetime | None,
    link: str | None,
) -> wordings.Facts:
    """What a text sent at `at` may say of an appointment."""
    return wordings.Facts.of(
        store.current(),
        when=appointment.starts_at,
        was=was,
        sent_on=clock.london(at).date(),
        worker=appointment.staff.first_name,
        other=other_side(appointment, recipient),
        where=where_phrase(appointment, recipient.kind),
        link=link,
    )


def link_unwanted(row: Outbox, recipient: Recipient, at: datetime) -> str | None:
    """Why no new link should go by text: no page of theirs would open."""
    if recipient.wording != wordings.FULL or not recipient.link_ok:
        return "They do not get links any more."
    return unwanted("booked", row, recipient, at)


def make_link_again(row: Outbox, recipient: Recipient, at: datetime) -> Message:
    appointment = by_id(row.about_id)
    assert appointment is not None, "link_unwanted() has looked"
    facts = wordings.Facts.of(
        store.current(), when=appointment.starts_at, link=link_for(appointment, recipient, at)
    )
    return said.message("link_again", recipient, facts)


def other_side(appointment: Appointment, recipient: Recipient) -> str | None:
    """The first name of the other side of a conversation: both agreed before it could be booked."""
    if appointment.kind != "conversation":
        return None
    if recipient.kind == "peer":
        return appointment.carer.first_name if appointment.carer else None
    return appointment.peer.first_name if appointment.peer else None


def where_phrase(appointment: Appointment, reader: str) -> str:
    """Where it is, as a family or a peer parent may read it: never an address, nor whose home."""
    if appointment.how == "phone":
        return "by phone"
    if appointment.how == "video":
        return "online"
    if appointment.place is None:
        return "in person"
    if appointment.place.kind == "home":
        return "at your home" if reader == "carer" else "in person"
    return f"at {appointment.place.name}"


def takes_links(recipient: Recipient) -> bool:
    """Texts carry a link in full wording where the person said that this is fine, e-mails always
    but in strict wording.
    """
    if recipient.by_email:
        return recipient.wording != wordings.STRICT
    return recipient.wording == wordings.FULL and recipient.link_ok


def gets_link(appointment: Appointment, recipient: Recipient) -> bool:
    return takes_links(recipient) and appointment.live


def link_for(appointment: Appointment, recipient: Recipient, at: datetime) -> str | None:
    """A new link to the appointment's page, where the person allowed links (full wording only)."""
    if not gets_link(appointment, recipient):
        return None
    token = make_link(
        "a", appointment.id, recipient.kind, recipient.id, expires_at=appointment.ends_at, at=at
    )
    return public_address("appointment_links.show", token=token)
