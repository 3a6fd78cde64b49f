"""Sending and finding texts with Twilio's own client.

Twilio takes no idempotency key, so only an answer that says so counts as *not sent*
(reference/messaging.md 1.1 to 1.3, each row tried against a stand-in). Our row's number stands in
the callback's path: a callback tells us the text's id even where the answer was lost.
"""

import logging
import ssl
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from app import clock
from app.config import Config
from app.messaging.failures import failure
from app.messaging.transports import Came, Lost, Outcome, Parcel, Trace

logging.getLogger("twilio.http_client").setLevel(logging.WARNING)  # it prints numbers at INFO

TIMEOUT = 30.0  # seconds; Twilio itself gives up at about 26
ALARM_TIMEOUT = 10.0  # an alarm may go twice: it is better sent again than waited for
LONGEST_VALIDITY = 36_000  # seconds
SHORTEST_VALIDITY = 60
MOST_LISTED = 200
MOST_CAME = 1000
# How far Twilio's clock may be from ours, whatever was put right in between: a text is known by its
# number and words, and by nobody else's having its id. Looking too far back loses none of ours;
# looking not far enough would send it again.
CLOCKS_APART = timedelta(days=1)
# Retry every failure of ours five times; the fragment is neither sent nor signed.
RETRIES = "#ct=3000&rt=5000&rc=5&rp=all"
BEFORE_ANYTHING_LEFT = {
    "CERTIFICATE_VERIFY_FAILED",
    "WRONG_VERSION_NUMBER",
    "UNSUPPORTED_PROTOCOL",
    "SSLV3_ALERT_HANDSHAKE_FAILURE",
    "TLSV1_ALERT_PROTOCOL_VERSION",
}
SLOWED = timedelta(seconds=30)
MOST_WAIT = timedelta(minutes=10)


class BaseAddress(TwilioHttpClient):
    """Twilio's client against another base address, with a timeout, keeping what the last answer of
    a thread asked for.

    A fresh connection for every call: one that was kept open and then closed by the other side
    looks the same as an answer lost after sending.
    """

    def __init__(self, base: str):
        super().__init__(pool_connections=False, timeout=TIMEOUT)
        self.base = urlsplit(base) if base else None
        self.last = threading.local()

    def request(self, method: str, url: str, *args: Any, **named: Any) -> Response:
        if self.base:
            asked = urlsplit(url)
            url = urlunsplit((self.base.scheme, self.base.netloc, asked.path, asked.query, ""))
            named["headers"] = {**(named.get("headers") or {}), "X-Original-Host": asked.netloc}
        self.last.retry_after = None
        # None: the client's own, TIMEOUT
        named["timeout"] = getattr(self.last, "patience", None)
        answer = super().request(method, url, *args, **named)
        self.last.retry_after = (answer.headers or {}).get("Retry-After")
        return answer


class Twilio:
    """The transport for texts in production."""

    paced = True

    def __init__(self, service: Config):
        self.public_url = service.public_url
        self.sender: dict[str, str] = (
            {"messaging_service_sid": service.twilio_messaging_service_sid}
            if service.twilio_messaging_service_sid
            else {"from_": service.twilio_from}
        )
        self.http = BaseAddress(service.twilio_api_url)
        self.client = Client(
            service.twilio_account_sid, service.twilio_auth_tokens[0], http_client=self.http
        )

    def send(self, parcel: Parcel) -> Outcome:
        left = int((parcel.expires_at - parcel.handed_over_at).total_seconds())
        self.http.last.patience = min(ALARM_TIMEOUT, TIMEOUT) if parcel.alarm else None
        callback = f"{self.public_url}/webhooks/twilio/status/{parcel.row_id}/{parcel.attempt}"
        try:
            made = self.client.messages.create(
                to=parcel.to,
                body=parcel.body,
                status_callback=callback + RETRIES,
                validity_period=max(SHORTEST_VALIDITY, min(LONGEST_VALIDITY, left)),
                **self.sender,
            )
        except (TwilioException, requests.RequestException, ValueError) as error:
            return self.outcome(error)
        except (
            Exception
        ) as error:  # an answer in a shape that nobody foresaw: it may have been sent
            return Outcome("unknown", f"Twilio’s answer could not be read ({type(error).__name__})")
        if not made.sid:
            return Outcome("unknown", "Twilio’s answer names no text")
        return Outcome("accepted", sid=made.sid)

    def outcome(self, error: Exception) -> Outcome:
        """What an exception of the client tells us: only a clear no counts as not sent."""
        status = getattr(error, "status", None)
        if status is None:
            if never_left(error):
                return Outcome("again", "Twilio could not be reached", whole_channel=True)
            return Outcome("unknown", f"no answer from Twilio ({type(error).__name__})")
        if status == requests.codes.too_many_requests:
            return Outcome(
                "again", "Twilio asked us to slow down", code="20429",
                wait=self.asked_wait(), whole_channel=True,
            )  # fmt: skip
        if not 400 <= status < 500 or status == requests.codes.request_timeout:
            return Outcome("unknown", f"Twilio answered {status}")
        code = str(getattr(error, "code", "") or status)
        meaning = failure(code)
        if meaning.kind == "us":
            return Outcome("stopped", meaning.words, code=code)
        if code == str(status):  # not Twilio's own words: a proxy's, or a wrong address
            return Outcome("stopped", f"Twilio’s address answered {status}", code=code)
        return Outcome("refused", meaning.words, code=code)

    def asked_wait(self) -> timedelta:
        """The Retry-After of the last answer, in either of its two forms, at most ten minutes."""
        asked = getattr(self.http.last, "retry_after", None) or ""
        wait = SLOWED
        if asked.isdigit():
            wait = timedelta(seconds=int(asked))
        elif asked:
            try:
                wait = parsedate_to_datetime(asked) - (clock.now() - clock.offset())
            except (TypeError, ValueError):
                wait = SLOWED
        return min(max(wait, timedelta(seconds=1)), MOST_WAIT)

    def find(self, lost: Lost) -> Trace:
        """Look for an attempt among the newest texts to its number, by its words and its time.

        Not by date_sent: a text that is still queued has none. Any failure leaves it unsure.
        """
        # Twilio's clock knows nothing of a moved one of ours.
        since = lost.handed_over_at - clock.offset() - CLOCKS_APART
        try:
            texts = self.client.messages.list(to=lost.to, limit=MOST_LISTED)
            ours = [text for text in texts if is_it(text, lost, since)]
            ends = len(texts) < MOST_LISTED or made_at(texts[-1]) < since
        except Exception as error:
            return Trace(
                "unsure", words=f"Twilio’s list could not be read ({type(error).__name__})"
            )
        if not ours:
            if not ends:
                return Trace("unsure", words="Twilio’s list for this number is too long to be read")
            return Trace("absent")
        first = min(ours, key=lambda text: text.date_created)
        code = str(first.error_code) if first.error_code else None
        return Trace("found", sid=first.sid, status=str(first.status), code=code)

    def ask(self, provider_id: str) -> Trace:
        """What has become of a text that Twilio accepted. Any failure leaves it unsure."""
        try:
            text = self.client.messages(provider_id).fetch()
            code = str(text.error_code) if text.error_code else None
            return Trace("found", sid=provider_id, status=str(text.status), code=code)
        except Exception as error:
            return Trace("unsure", words=f"Twilio could not be asked ({type(error).__name__})")

    def came_in(self, since: datetime) -> Sequence[Came]:
        """The texts to our number, or to any of the account's where a Messaging Service has them.

        The client's serializer drops the zone of a time (reference/messaging.md 0.3): UTC goes in.
        """
        since -= clock.offset()
        ours = {"to": self.sender["from_"]} if "from_" in self.sender else {}
        texts = self.client.messages.list(
            date_sent_after=since.astimezone(UTC), limit=MOST_CAME, **ours
        )
        return [
            Came(
                sid=text.sid or "",
                sender=text.from_ or "",
                to=text.to or "",
                body=text.body or "",
                media=str(text.num_media or ""),
                at=made_at(text) + clock.offset(),
            )
            for text in texts
            if text.direction == "inbound" and made_at(text) >= since
        ]


def made_at(text: Any) -> datetime:
    made: datetime = text.date_created
    return made if made.tzinfo else made.replace(tzinfo=UTC)


def is_it(text: Any, lost: Lost, since: datetime) -> bool:
    return (
        text.sid not in lost.known
        and made_at(text) >= since
        and str(text.direction or "").startswith("outbound")
        and str(text.body or "").strip().endswith(lost.body.strip())
    )


def never_left(error: Exception) -> bool:
    """Whether the request certainly did not reach Twilio: refused, no such host, no TLS."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    if not isinstance(error, requests.ConnectionError) or not error.args:
        return False
    cause: Any = error.args[0]
    reason: Any = cause.reason if isinstance(cause, MaxRetryError) else cause
    if isinstance(reason, NewConnectionError | ConnectTimeoutError):
        return True
    inner = reason.args[0] if getattr(reason, "args", None) else None
    return isinstance(inner, ssl.SSLError) and inner.reason in BEFORE_ANYTHING_LEFT
