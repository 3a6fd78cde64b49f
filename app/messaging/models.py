"""What is to be sent, what came back, calls, and numbers that must not be texted."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Double, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.db import Json, Model
from app.messaging.states import STATES, check

# The lanes in which rows wait, each in the order of its times: alarms have senders of their own;
# what tells of a change goes before reminders; e-mails hold up no text.
LANES = ALARM, NEWS, REMINDER, EMAIL = ("alarm", "news", "reminder", "email")


class Outbox(Model):
    """One thing to send to one person once. `dedupe` makes a second row for it impossible."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("channel IN ('text', 'email')", name="channel"),
        CheckConstraint(
            f"state IN ({', '.join(repr(state) for state in STATES)})",
            name="state",
        ),
        CheckConstraint(f"lane IN ({', '.join(repr(lane) for lane in LANES)})", name="lane"),
        Index("uq_outbox_dedupe", "dedupe", unique=True),
        Index("ix_outbox_due", "state", "lane", "due_at", "id"),
        Index("ix_outbox_state", "state", "due_at"),
        Index("ix_outbox_lease", "state", "lease_until"),
        Index("ix_outbox_recipient", "recipient_kind", "recipient_id", "id"),
        Index("ix_outbox_about", "about_kind", "about_id"),
        Index("ix_outbox_provider_id", "provider_id"),
        Index("ix_outbox_to_address", "to_address"),
        Index("ix_outbox_sent_at", "sent_at"),
        Index("ix_outbox_final_at", "final_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(6))
    purpose: Mapped[str] = mapped_column(String(40))
    about_kind: Mapped[str] = mapped_column(String(20))
    about_id: Mapped[int]
    recipient_kind: Mapped[str] = mapped_column(String(10))
    recipient_id: Mapped[int]
    dedupe: Mapped[str] = mapped_column(String(160))
    payload: Mapped[dict[str, Any] | None] = mapped_column(Json)
    lane: Mapped[str] = mapped_column(String(8), default=NEWS)
    state: Mapped[str] = mapped_column(String(12), default="ready")
    reason: Mapped[str | None] = mapped_column(Text)
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]
    # Filled in the claim, kept as sent.
    to_address: Mapped[str | None] = mapped_column(String(255))
    body: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(5))  # of the body, where a text chose it
    segments: Mapped[int | None]
    attempt: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None]
    provider_id: Mapped[str | None] = mapped_column(String(64))
    error_code: Mapped[str | None] = mapped_column(String(12))
    sent_at: Mapped[datetime | None]
    final_at: Mapped[datetime | None]

    @validates("state")
    def moves(self, _key: str, to: str) -> str:
        """Every change of a row in hand goes by the table of states."""
        if self.state is not None:
            check(self.state, to)
        return to


class Reply(Model):
    """A text that came in, stored before anything is done with it; Twilio's id makes a repeat
    harmless.
    """

    __tablename__ = "reply"
    __table_args__ = (
        Index("uq_reply_provider_id", "provider_id", unique=True),
        Index("ix_reply_from_number", "from_number", "id"),
        Index("ix_reply_unread", "read_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(String(64))
    from_number: Mapped[str] = mapped_column(String(40))
    to_number: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    opt_out_type: Mapped[str | None] = mapped_column(String(10))
    received_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    # What the service made of it, in words, and whom it knew the number to be.
    reader: Mapped[str | None] = mapped_column(String(40))
    outcome: Mapped[str | None] = mapped_column(Text)
    person_kind: Mapped[str | None] = mapped_column(String(10))
    person_id: Mapped[int | None]
    about_kind: Mapped[str | None] = mapped_column(String(20))
    about_id: Mapped[int | None]


class Call(Model):
    """A telephone call with somebody, written down by staff."""

    __tablename__ = "call"
    __table_args__ = (Index("ix_call_person", "person_kind", "person_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_kind: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[int]
    family_id: Mapped[int | None] = mapped_column(index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(120))
    outcome: Mapped[str] = mapped_column(String(20))
    words: Mapped[str | None] = mapped_column(Text)


CALL_OUTCOMES = {
    "spoke": "Spoke to them",
    "no_answer": "No answer",
    "message": "Left a message",
    "wrong_person": "Somebody else answered",
    "they_rang": "They rang us",
}


class NumberBlock(Model):
    """A phone that no text may go to: it said stop, is somebody else's, or Twilio stopped it."""

    __tablename__ = "number_block"
    __table_args__ = (
        CheckConstraint("kind IN ('stop', 'quarantine', 'twilio')", name="kind"),
        Index("ix_number_block_number", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = mapped_column(String(120))


class SimulatedMessage(Model):
    """What the simulator's phones and mailbox received: the provider's side, for development."""

    __tablename__ = "simulated_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(6))
    to_address: Mapped[str] = mapped_column(String(255), index=True)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    outbox_id: Mapped[int | None]
    attempt: Mapped[int | None]
    status_sent: Mapped[bool] = mapped_column(default=False)


class Channel(Model):
    """A way to send that rests: slowed by its provider, or stopped because it does not know us.

    Rows stay ready meanwhile. A stopped channel is tried with one row each time its rest ends, so
    that it resumes by itself once the cause is mended.
    """

    __tablename__ = "channel"

    name: Mapped[str] = mapped_column(String(6), primary_key=True)
    rests_until: Mapped[datetime]
    stopped: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Pace(Model):
    """When the account may send its next text, in seconds since 1970: every sender of every
    process passes here.

    The machine's (or PostgreSQL's) own seconds, whatever the service's clock was moved to.
    """

    __tablename__ = "pace"

    name: Mapped[str] = mapped_column(String(6), primary_key=True)
    next_at: Mapped[float] = mapped_column(Double)
