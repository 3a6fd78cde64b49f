"""The e-mail that takes a text's place: who it is from, and its bytes, made in the claim."""

from datetime import datetime

from flask import current_app

from app.calendars.mail import Envelope, plain_mail
from app.messaging.languages import ENGLISH
from app.messaging.models import Outbox
from app.messaging.registry import Message, Recipient
from app.messaging.wordings import STRICT, Facts
from app.scheduling.mail_words import mail_words
from app.settings import store


def news_mail(name: str, row: Outbox, recipient: Recipient, facts: Facts, at: datetime) -> Message:
    """A plain mail from the mailbox that families' invitations come from: it names neither the
    service nor the council, in strict wording nobody. Made again it is the same mail.
    """
    subject, text = mail_words(name, recipient.wording, facts)
    return mail_to(recipient, subject, text, row, at)


def mail_to(recipient: Recipient, subject: str, text: str, row: Outbox, at: datetime) -> Message:
    """These words as a mail to somebody who is told by e-mail."""
    assert recipient.email is not None, "by_email says that there is one"
    rules = store.current()
    strict = recipient.wording == STRICT
    envelope = Envelope(
        sender_name="Appointment" if strict else rules.neutral_name,
        sender_email=rules.neutral_email,
        to_name=recipient.name,
        to_email=recipient.email,
        subject=subject,
        message_id=f"<{row.dedupe.replace(':', '.')}@{current_app.config['SERVICE'].host}>",
        at=at,
    )
    mail = plain_mail(envelope, text).as_bytes()
    words = f"{subject}\n{text}"
    return Message(words, mail, language=ENGLISH, foreign=not recipient.reads_english)
