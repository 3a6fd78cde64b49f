"""What the simulated phones and the mailbox hold, and the reply that one of them sends."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import requests
from flask import current_app
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator

from app.db import db
from app.errors import DomainError
from app.messaging import registry
from app.messaging.models import Outbox, Reply, SimulatedMessage
from app.messaging.replies import twilio_word
from app.messaging.transports import simulated_token
from app.scheduling.models import LIVE, Appointment

MOST_PHONES = 24
MOST_TEXTS = 12
MOST_MAILS = 50
WEBHOOK = "/webhooks/twilio/sms"
SECONDS = 10


@dataclass(frozen=True)
class Bubble:
    """One text on a phone: `theirs` was written on it. `open_id` is one whose delivery can be
    chosen.
    """

    at: datetime
    body: str
    theirs: bool
    open_id: int | None = None


@dataclass(frozen=True)
class Phone:
    number: str
    who: str
    bubbles: Sequence[Bubble]


@dataclass(frozen=True)
class Part:
    """One part of an e-mail that is not its plain words: an invitation, say."""

    number: int
    name: str
    kind: str
    content: bytes


def phones() -> list[Phone]:
    """The phones that got or sent a text, the latest first, each with its last texts."""
    got = select(SimulatedMessage.to_address.label("number"), SimulatedMessage.at).where(
        SimulatedMessage.channel == "text"
    )
    wrote = select(Reply.from_number, Reply.received_at)
    both = got.union_all(wrote).subquery()
    latest = (
        select(both.c.number)
        .group_by(both.c.number)
        .order_by(func.max(both.c.at).desc())
        .limit(MOST_PHONES)
    )
    return [phone(number) for number in db.session.scalars(latest)]


def phone(number: str) -> Phone:
    texts = db.session.scalars(
        select(SimulatedMessage)
        .where(SimulatedMessage.to_address == number, SimulatedMessage.channel == "text")
        .order_by(SimulatedMessage.id.desc())
        .limit(MOST_TEXTS)
    )
    replies = db.session.scalars(
        select(Reply).where(Reply.from_number == number).order_by(Reply.id.desc()).limit(MOST_TEXTS)
    )
    bubbles = [
        *(Bubble(t.at, t.body, False, None if t.status_sent else t.id) for t in texts),
        *(Bubble(reply.received_at, reply.body, True) for reply in replies),
    ]
    names = ", ".join(owner[2] for owner in registry.owners_of(number))
    return Phone(number, names, sorted(bubbles, key=lambda b: b.at)[-MOST_TEXTS:])


def post_reply(number: str, body: str, *, host: str) -> None:
    """Send a text from a phone to the service, as Twilio would: signed, over HTTP, to our webhook.

    `host` is the address of this server as the browser knows it; what is signed is PUBLIC_URL.
    Raises DomainError.
    """
    form = {
        "MessageSid": f"SIMIN{secrets.token_hex(14)}",
        "AccountSid": current_app.config["SERVICE"].twilio_account_sid,
        "From": number,
        "To": "+447700900000",
        "Body": body,
        "NumMedia": "0",
    }
    if word := twilio_word(body):
        form["OptOutType"] = word
    token = simulated_token(current_app.config["SECRET_KEY"])
    url = current_app.config["PUBLIC_URL"] + WEBHOOK
    signature = RequestValidator(token).compute_signature(url, form)
    try:
        answer = requests.post(
            host.rstrip("/") + WEBHOOK,
            data=form,
            headers={"X-Twilio-Signature": signature},
            timeout=SECONDS,
        )
    except requests.RequestException:
        raise DomainError("The webhook could not be reached.", "body") from None
    if not answer.ok:
        raise DomainError(f"The webhook answered {answer.status_code}.", "body")


def mails() -> Sequence[SimulatedMessage]:
    """The e-mails in the mailbox, the newest first."""
    return db.session.scalars(
        select(SimulatedMessage)
        .where(SimulatedMessage.channel == "email")
        .order_by(SimulatedMessage.id.desc())
        .limit(MOST_MAILS)
    ).all()


def mail(mail_id: int) -> SimulatedMessage | None:
    found = db.session.get(SimulatedMessage, mail_id)
    return found if found and found.channel == "email" else None


def opened(row: SimulatedMessage) -> EmailMessage:
    """The e-mail from its stored bytes."""
    message = message_from_bytes(row.body.encode("latin-1"), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def plain_words(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    return str(body.get_content()) if body else ""


def parts(message: EmailMessage) -> list[Part]:
    """Every part but the plain words, in order; what is in base64 is decoded."""
    found = []
    for number, part in enumerate(message.walk(), start=1):
        if part.is_multipart() or part.get_content_type() == "text/plain":
            continue
        raw = part.get_payload(decode=True)
        name = part.get_filename() or f"part-{number}.{part.get_content_subtype()[:8]}"
        content = raw if isinstance(raw, bytes) else b""
        found.append(Part(number, name, part.get_content_type(), content))
    return found


def next_text_at() -> datetime | None:
    """When the next text or e-mail that waits is due."""
    return db.session.scalar(select(func.min(Outbox.due_at)).where(Outbox.state == "ready"))


def next_appointment_at(at: datetime) -> datetime | None:
    """When the next appointment that stands begins."""
    return db.session.scalar(
        select(func.min(Appointment.starts_at)).where(
            Appointment.starts_at > at, Appointment.status.in_(LIVE)
        )
    )
