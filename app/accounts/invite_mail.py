"""The e-mail with a link to set a password; the log of what was sent never holds the link."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

from flask import current_app, render_template

from app import times
from app.accounts.invite import address_of, person_of
from app.messaging.models import Outbox
from app.messaging.registry import Message, Purpose, Recipient, payload
from app.settings import store


def unwanted(row: Outbox, recipient: Recipient, at: datetime) -> str | None:
    """Not sent where the link was used, ran out or was replaced, or the person left."""
    token = str(payload(row, "token", ""))
    return None if person_of(token, at=at) else "The link was used or replaced before it was sent."


def make(row: Outbox, recipient: Recipient, at: datetime) -> Message:
    rules = store.current()
    first = bool(payload(row, "first"))
    subject = f"{'Sign in to' if first else 'A new password for'} {rules.service_name}"
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["From"] = formataddr((rules.service_name, rules.service_email))
    mail["To"] = formataddr((recipient.name, recipient.email or ""))
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{row.dedupe.replace(':', '.')}@{current_app.config['SERVICE'].host}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(
        render_template(
            "accounts/link_mail.txt",
            name=recipient.name.split()[0],
            address=address_of(str(payload(row, "token"))),
            until=times.for_staff(row.expires_at),
            first=first,
            rules=rules,
        )
    )
    return Message(subject, email=mail.as_bytes())


ACCOUNT_LINK = Purpose(unwanted=unwanted, make=make, words="Link to set a password")
