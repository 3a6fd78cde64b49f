"""The mail that carries an invitation: made in the claim, from what its person was told last."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from app import times
from app.calendars.invitations import Method, invitation
from app.calendars.mail import Envelope, invitation_mail
from app.db import db
from app.messaging import wordings
from app.messaging.models import Outbox
from app.messaging.registry import Message, Purpose, Recipient, payload
from app.scheduling.models import KINDS, Appointment
from app.scheduling.queries import by_id
from app.scheduling.text_purposes import where_phrase
from app.settings import store
from app.settings.rules import Rules


def invitation_unwanted(row: Outbox, recipient: Recipient, at: datetime) -> str | None:
    appointment = db.session.get(Appointment, row.about_id, populate_existing=True)
    if appointment is None:
        return "The appointment is no longer on record."
    if payload(row, "method") == "REQUEST" and not appointment.live:
        return "The appointment no longer stands."
    return None


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


def make_invitation(row: Outbox, recipient: Recipient, at: datetime) -> Message:
    """The invitation e-mail as bytes, made from the appointment as it is now."""
    appointment = by_id(row.about_id)
    assert appointment is not None, "invitation_unwanted() has looked"
    assert recipient.email is not None, "messaging refuses a recipient without an address"
    rules = store.current()
    shown = shown_to(recipient, appointment)
    discreet = recipient.kind != "staff"
    name, mailbox, phone = sender_of(recipient, shown, rules)
    method: Method = "CANCEL" if payload(row, "method") == "CANCEL" else "REQUEST"
    calendar = invitation(
        uid=str(payload(row, "uid")),
        sequence=int(payload(row, "sequence")),
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        summary=shown.summary,
        organiser_name=name,
        organiser_email=mailbox,
        attendee_email=recipient.email,
        attendee_name=recipient.name,
        location=shown.location,
        stamp=at,
        method=method,
    )
    envelope = Envelope(
        sender_name=name,
        sender_email=mailbox,
        to_name=recipient.name,
        to_email=recipient.email,
        subject=("Cancelled: " if method == "CANCEL" else "") + shown.summary,
        message_id=f"<{row.dedupe.replace(':', '.')}@{current_app.config['SERVICE'].host}>",
        at=at,
    )
    text = mail_text(method, appointment, shown, phone, discreet=discreet)
    mail = invitation_mail(envelope, text, calendar, method)
    return Message(shown.summary, email=mail.as_bytes())


def sender_of(recipient: Recipient, shown: Shown, rules: Rules) -> tuple[str, str, str | None]:
    """Whom an invitation is from, its mailbox, and whom to ring. What a family gets names neither
    the service nor the council, wherever the mail is read; strict wording names nobody.
    """
    if recipient.kind == "staff":
        return rules.service_name, rules.service_email, rules.service_phone
    if recipient.wording == wordings.STRICT:
        return shown.summary, rules.neutral_email, None
    return rules.neutral_name, rules.neutral_email, rules.service_phone


def mail_text(
    method: Method, appointment: Appointment, shown: Shown, phone: str | None, *, discreet: bool
) -> str:
    """The words above an invitation: when and where, as its reader's times are written."""
    ring = f"\n\nQuestions? Ring {phone}." if phone else ""
    if discreet:
        when = f"{times.for_family(appointment.starts_at)}"
    else:
        when = (
            f"{times.for_staff(appointment.starts_at)} to {times.staff_time(appointment.ends_at)}"
        )
    if method == "CANCEL":
        return f"{shown.summary}, {when}, is cancelled.{ring}"
    where = f"\nWhere: {shown.location}" if shown.location else ""
    return f"{shown.summary}\nWhen: {when}{where}{ring}"


INVITATION = Purpose(
    unwanted=invitation_unwanted, make=make_invitation, words="calendar invitation"
)
