"""E-mails ready to send: plain, or with an invitation that Outlook, Gmail and Apple Mail show.

Pure: who writes to whom and what it says comes in, with the Message-ID, which stays the same when
a mail is sent again. One recipient a mail, so that nobody learns of another. Lines end in CRLF,
and the calendar goes in as bytes: a policy that touched its lines would change them.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from app.calendars.invitations import Method, mailbox, one_line

_LINK = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)]")


@dataclass(frozen=True)
class Envelope:
    """Who writes to whom. `message_id` is '<…@…>', stable for one thing to send."""

    sender_name: str
    sender_email: str
    to_name: str | None
    to_email: str
    subject: str
    message_id: str
    at: datetime


def plain_mail(envelope: Envelope, text: str) -> EmailMessage:
    """A mail of plain text: a new password, a link again."""
    message = _message(envelope)
    message.set_content(_ended(text), cte="quoted-printable")
    return message


def invitation_mail(envelope: Envelope, text: str, calendar: bytes, method: Method) -> EmailMessage:
    """A mail that shows as an invitation: `method` must be the METHOD inside `calendar`.

    mixed(alternative(plain, html, calendar), invite.ics): the order of MS-OXCMAIL; the attachment
    is for those who read neither. From is the calendar's organiser, or nothing is shown.
    """
    if f"\r\nMETHOD:{method}\r\n".encode() not in calendar:
        raise ValueError(f"the calendar's own method is not {method}")
    message = plain_mail(envelope, text)
    message.add_alternative(_html(text), subtype="html", cte="quoted-printable")
    message.add_alternative(
        calendar,
        maintype="text",
        subtype="calendar",
        params={"charset": "utf-8", "method": method},
    )
    message.add_attachment(calendar, maintype="application", subtype="ics", filename="invite.ics")
    return message


def _message(envelope: Envelope) -> EmailMessage:
    if not re.fullmatch(r"<[^\s<>@]+@[^\s<>@]+>", envelope.message_id):
        raise ValueError("a Message-ID is <something@somewhere>")
    if envelope.at.tzinfo is None:
        raise ValueError("a time without its zone cannot go into a mail")
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(envelope.sender_name, envelope.sender_email)
    message["To"] = _address(envelope.to_name, envelope.to_email)
    message["Subject"] = _said(envelope.subject)
    message["Date"] = envelope.at
    message["Message-ID"] = envelope.message_id
    message["Auto-Submitted"] = "auto-generated"
    return message


def _address(name: str | None, email: str) -> Address:
    """A display name on one line and one address; the header registry quotes and checks both."""
    return Address(display_name=_said(name or ""), addr_spec=mailbox(email))


def _said(words: str) -> str:
    """Words for a header. What looks encoded already (RFC 2047) would be decoded by its reader."""
    return one_line(words).replace("=?", "= ?")


def _html(text: str) -> str:
    paragraphs = "".join(
        f"<p>{_LINK.sub(_linked, escape(part)).replace(chr(10), '<br>')}</p>"
        for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    )
    return f'<!DOCTYPE html><html lang="en"><body>{paragraphs}</body></html>\n'


def _linked(match: re.Match[str]) -> str:
    return f'<a href="{match[0]}">{match[0]}</a>'


def _ended(text: str) -> str:
    return text.replace("\r\n", "\n").rstrip("\n") + "\n"
