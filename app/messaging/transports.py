"""What every way to send has in common: a parcel goes in, an outcome comes out, nothing raises.

A transport never touches the outbox. `Outcome.kind` is what is *known*: accepted, again (certainly
not sent), refused (will never go), stopped (they refuse us), or unknown, which is anything else.
"""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from flask import current_app
from sqlalchemy import select

from app.db import db, transact
from app.messaging.models import SimulatedMessage

Kind = Literal["accepted", "again", "refused", "stopped", "unknown"]


@dataclass(frozen=True)
class Parcel:
    """One attempt at one row, as the claim committed it."""

    row_id: int
    attempt: int
    owner: str
    channel: str
    to: str
    body: str
    email: bytes | None
    handed_over_at: datetime
    expires_at: datetime
    alarm: bool = False  # better twice than never, and soon
    slowed: bool = False  # its channel was said to rest, and it may show that it works again
    begin_by: float = float("inf")  # by `elapsed`: later it is not sent any more


def elapsed() -> float:
    """Seconds since this machine started, those in which it slept included: a clock that nobody
    puts back.
    """
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(frozen=True)
class Outcome:
    """What is known after an attempt. `wait` is the provider's wish, for `whole_channel` or this
    row.
    """

    kind: Kind
    words: str = ""
    sid: str | None = None
    code: str | None = None
    wait: timedelta | None = None
    whole_channel: bool = False


@dataclass(frozen=True)
class Trace:
    """What the provider says about an attempt whose answer we never had."""

    kind: Literal["found", "absent", "unsure"]
    sid: str | None = None
    status: str | None = None
    code: str | None = None
    words: str = ""


@dataclass(frozen=True)
class Lost:
    """An attempt to look for. `known` are the provider's ids of texts that are accounted for."""

    row_id: int
    attempt: int
    channel: str
    to: str
    body: str
    handed_over_at: datetime
    known: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Came:
    """A text that came in, as the provider keeps it. `media`: how many pictures, in its words."""

    sid: str
    sender: str
    to: str
    body: str
    media: str
    at: datetime


class Transport(Protocol):
    @property
    def paced(self) -> bool:
        """Whether the account behind it may send only so many texts a second."""

    def send(self, parcel: Parcel) -> Outcome: ...

    def find(self, lost: Lost) -> Trace: ...

    def ask(self, provider_id: str) -> Trace: ...

    def came_in(self, since: datetime) -> Sequence[Came]:
        """The texts that came in since then; raises where the provider cannot say."""


class Simulator:
    """Phones and a mailbox in a table, in development only."""

    paced = False

    def send(self, parcel: Parcel) -> Outcome:
        email = parcel.email
        message = SimulatedMessage(
            channel=parcel.channel,
            to_address=parcel.to,
            # latin-1 keeps every byte of an e-mail as it is
            body=parcel.body if email is None else email.decode("latin-1"),
            at=parcel.handed_over_at,
            outbox_id=parcel.row_id,
            attempt=parcel.attempt,
        )
        transact(lambda: db.session.add(message))
        return Outcome("accepted", sid=simulated_sid(message.id))

    def find(self, lost: Lost) -> Trace:
        message = db.session.scalars(
            select(SimulatedMessage).where(
                SimulatedMessage.outbox_id == lost.row_id,
                SimulatedMessage.attempt == lost.attempt,
            )
        ).first()
        if message is None:
            return Trace("absent")
        return Trace("found", sid=simulated_sid(message.id), status="sent")

    def ask(self, provider_id: str) -> Trace:
        """Its network tells the end of every text by itself (deliveries.py)."""
        return Trace("unsure", words="the simulator tells by itself")

    def came_in(self, since: datetime) -> Sequence[Came]:
        return ()


def simulated_sid(message_id: int) -> str:
    return f"SIM{message_id}"


def simulated_token(secret_key: str) -> str:
    """The key with which the simulator's phones sign what they post to our webhooks."""
    return hashlib.sha256(b"simulator\0" + secret_key.encode()).hexdigest()


def signing_tokens() -> tuple[str, ...]:
    """The keys that a webhook's signature may be made with: two while a token is being changed."""
    service = current_app.config["SERVICE"]
    if service.sms_transport == "simulator":
        return (simulated_token(service.secret_key),)
    return tuple(service.twilio_auth_tokens)
