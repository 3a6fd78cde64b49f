"""The mail that carries an invitation: made in the claim, from what its person was told last.

Checked before it is sent: a broken one stays here and is a task.
"""

from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage

from flask import current_app
from sqlalchemy import select

from app import times
from app.calendars.checks import Broken, check
from app.calendars.invitations import Method, invitation
from app.calendars.mail import Envelope, invitation_mail
from app.db import db
from app.messaging import wordings
from app.messaging.follow_up import ring_by
from app.messaging.models import Outbox
from app.messaging.registry import Message, Purpose, Recipient, Unfit, payload
from app.scheduling.invitations.inviting import OVERTAKEN
from app.scheduling.invitations.models import Invitation
from app.scheduling.models import KINDS, Appointment
from app.scheduling.queries import by_id
from app.scheduling.text_purposes import where_phrase
from app.settings import store
from app.settings.rules import Rules
from app.tasks.open import open_task


def unwanted(row: Outbox, recipient: Recipient, at: datetime) -> str | None:
    """Why an invitation should not go any more."""
    db.session.get(Appointment, row.about_id, populate_existing=True)
    appointment, told = by_id(row.about_id), told_of(row)
    if appointment is None or told is None:
        return "The appointment is no longer on record."
    if told.sequence != payload(row, "sequence"):
        return OVERTAKEN
    if told.method == "REQUEST" and not appointment.live:
        return "The appointment no longer stands."
    return None


def told_of(row: Outbox) -> Invitation | None:
    """What this row tells, unless something newer was told since."""
    return db.session.scalars(
        select(Invitation).where(Invitation.uid == str(payload(row, "uid"))),
        execution_options={"populate_existing": True},
    ).one_or_none()


def make(row: Outbox, recipient: Recipient, at: datetime) -> Message:
    """The mail as bytes; its calendar is the same however often it is made.

    One that calendars would not read stays here, and a person is asked to tell. Whatever fails in
    the writing fails alone: the reason names a kind of fault, never what was typed.
    """
    appointment, told = by_id(row.about_id), told_of(row)
    assert appointment is not None, "unwanted() has looked"
    assert told is not None, "unwanted() has looked"
    try:
        mail = mail_for(appointment, told, recipient, at).as_bytes()
    except Broken as fault:
        why = str(fault)
    except (ValueError, TypeError, LookupError, MessageError) as error:
        why = f"it could not be written ({type(error).__name__})"
    else:
        return Message(shown_to(recipient, appointment).summary, email=mail)
    reason = f"It would have been a broken invitation: {why}."
    open_task(
        "not_sent",
        f"Tell {recipient.name} yourself: a calendar invitation did not go. {reason} "
        "This is a fault of the service.",
        about=("appointment", appointment.id), whom=(recipient.kind, recipient.id),
        due_at=max(at, min(appointment.starts_at, ring_by(at))), at=at,
        family_id=recipient.family_id,
    )  # fmt: skip
    raise Unfit(reason)


def mail_for(
    appointment: Appointment, told: Invitation, recipient: Recipient, at: datetime
) -> EmailMessage:
    """The mail to one person, checked. Raises Broken, or ValueError where an address is none."""
    assert recipient.email is not None, "messaging refuses a recipient without an address"
    shown = shown_to(recipient, appointment)
    name, mailbox, phone = sender_of(recipient, shown, store.current())
    method: Method = "CANCEL" if told.method == "CANCEL" else "REQUEST"
    calendar = invitation(
        uid=told.uid,
        sequence=told.sequence,
        starts_at=told.starts_at,
        ends_at=told.ends_at,
        summary=shown.summary,
        organiser_name=name,
        organiser_email=mailbox,
        attendee_email=recipient.email,
        attendee_name=recipient.name,
        # Somebody who was withdrawn learns nothing of where the others meet now.
        location=None if method == "CANCEL" else shown.location,
        stamp=told.at,
        method=method,
        tentative=appointment.status == "provisional",
        rsvp=bool(current_app.config["SERVICE"].imap_url),
    )
    check(calendar, method)
    envelope = Envelope(
        sender_name=name,
        sender_email=mailbox,
        to_name=recipient.name,
        to_email=recipient.email,
        subject=subject_of(appointment, told) + shown.summary,
        message_id=f"<invitation.{told.uid}.{told.sequence}@{mailbox.partition('@')[2]}>",
        at=at,
    )
    text = mail_text(appointment, told, shown, phone, discreet=recipient.kind != "staff")
    return invitation_mail(envelope, text, calendar, method)


@dataclass(frozen=True)
class Shown:
    """What an invitation shows: discreet for families, the reference only for staff."""

    summary: str
    location: str | None


def shown_to(recipient: Recipient, appointment: Appointment) -> Shown:
    """A family sees 'Appointment' (and where, in full wording); staff see kind, reference and
    town.
    """
    if recipient.kind != "staff":
        full = recipient.wording == wordings.FULL
        return Shown("Appointment", where_phrase(appointment, recipient.kind) if full else None)
    tentative = " (provisional)" if appointment.status == "provisional" else ""
    place = appointment.place
    where = "Home" if place and place.kind == "home" else place.name if place else None
    return Shown(f"{KINDS[appointment.kind]}: {appointment.family.reference}{tentative}", where)


def sender_of(recipient: Recipient, shown: Shown, rules: Rules) -> tuple[str, str, str | None]:
    """Whom an invitation is from, its mailbox, and whom to ring. What a family gets names neither
    the service nor the council, wherever the mail is read; strict wording names nobody.
    """
    if recipient.kind == "staff":
        return rules.service_name, rules.service_email, rules.service_phone
    if recipient.wording == wordings.STRICT:
        return shown.summary, rules.neutral_email, None
    return rules.neutral_name, rules.neutral_email, rules.service_phone


def subject_of(appointment: Appointment, told: Invitation) -> str:
    if told.method == "REQUEST":
        return ""
    return "Cancelled: " if appointment.status == "cancelled" else "Out of your calendar: "


def mail_text(
    appointment: Appointment, told: Invitation, shown: Shown, phone: str | None, *, discreet: bool
) -> str:
    """The words above an invitation: when and where, as its reader's times are written. What goes
    on without this person, or at a time to be agreed, is not called cancelled."""
    ring = f"\n\nQuestions? Ring {phone}." if phone else ""
    if discreet:
        when = times.for_family(told.starts_at)
    else:
        when = f"{times.for_staff(told.starts_at)} to {times.staff_time(told.ends_at)}"
    if told.method == "REQUEST":
        where = f"\nWhere: {shown.location}" if shown.location else ""
        return f"{shown.summary}\nWhen: {when}{where}{ring}"
    if appointment.status == "cancelled":
        return f"{shown.summary}, {when}, is cancelled.{ring}"
    return f"Please take this out of your calendar: {shown.summary}, {when}.{ring}"


INVITATION = Purpose(unwanted=unwanted, make=make, words="calendar invitation")
