"""Sending e-mails, made elsewhere as bytes, through the SMTP server that SMTP_URL names.

An e-mail may go twice after a crash: the same Message-ID, UID and SEQUENCE make the second one
harmless. So what is not known here is tried again.
"""

import smtplib
import ssl
from collections.abc import Sequence
from datetime import datetime, timedelta
from email import message_from_bytes
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from app.messaging.transports import Came, Lost, Outcome, Parcel, Trace

TIMEOUT = 30.0
LATER = timedelta(minutes=5)  # greylisting servers want minutes
PERMANENT = 500
LOCAL = ("127.0.0.1", "::1", "localhost")


class Smtp:
    """The transport for e-mails."""

    paced = False

    def __init__(self, url: str):
        parts = urlsplit(url)
        self.secure = parts.scheme == "smtps"
        self.host = parts.hostname or "localhost"
        self.port = parts.port or (465 if self.secure else 587)
        self.user = unquote(parts.username or "")
        self.password = unquote(parts.password or "")

    def send(self, parcel: Parcel) -> Outcome:
        email = parcel.email or b""
        sender = parseaddr(str(message_from_bytes(email)["From"] or ""))[1]
        try:
            with self.connected() as server:
                refused = server.sendmail(sender, [parcel.to], email)
        except smtplib.SMTPRecipientsRefused as error:
            return answered(*next(iter(error.recipients.values())))
        except smtplib.SMTPAuthenticationError as error:
            return Outcome(
                "stopped", "the mail server does not accept our sign-in", code=str(error.smtp_code)
            )
        except smtplib.SMTPSenderRefused as error:
            return Outcome(
                "stopped", "the mail server does not accept our sender", code=str(error.smtp_code)
            )
        except smtplib.SMTPResponseException as error:
            return answered(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            return Outcome(
                "again", f"the mail server could not be reached ({type(error).__name__})"
            )
        if refused:
            return answered(*next(iter(refused.values())))
        return Outcome("accepted")

    def connected(self) -> smtplib.SMTP:
        """A connection that is encrypted, and signed in where the address says so.

        A password never crosses a network in the clear: without TLS it is sent to this machine
        only.
        """
        if self.secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        try:
            self.prepare(server)
        except BaseException:
            server.close()
            raise
        return server

    def prepare(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        if not self.secure and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif not self.secure and self.user and self.host not in LOCAL:
            raise smtplib.SMTPException("no TLS")
        if self.user:
            server.login(self.user, self.password)

    def find(self, lost: Lost) -> Trace:
        """An e-mail cannot be looked for; sending it again is harmless."""
        return Trace("absent")

    def ask(self, provider_id: str) -> Trace:
        """Nothing more is ever heard of an e-mail."""
        return Trace("unsure", words="a mail server cannot be asked")

    def came_in(self, since: datetime) -> Sequence[Came]:
        return ()


def answered(code: int, words: bytes | str) -> Outcome:
    """4xx: later. 5xx: never; the address is wrong or refuses us."""
    if code < PERMANENT:
        return Outcome(
            "again", f"the mail server asked us to wait ({code})", code=str(code), wait=LATER
        )
    return Outcome("refused", f"the mail server refused the address ({code})", code=str(code))
