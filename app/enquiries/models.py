"""Enquiries, referrals and the choice log."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Json, Model

STEPS = {
    "told_by_referrer": "Told by the referrer",
    "willing": "Willing to think about change",
    "wants_to_talk": "Wants to talk to a parent",
    "thinking": "Thinking",
    "yes": "Said yes",
    "not_now": "Not now",
    "no": "No",
    "withdrew": "Stopped",
}
DECIDED = ("yes", "not_now", "no", "withdrew")


class Enquiry(Model):
    """A professional rang or wrote about a family that may want to talk to another parent first."""

    __tablename__ = "enquiry"

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"), index=True)
    received_at: Mapped[datetime]
    worker_name: Mapped[str | None] = mapped_column(String(120))
    worker_role: Mapped[str | None] = mapped_column(String(80))
    worker_contact: Mapped[str | None] = mapped_column(String(255))
    words: Mapped[str | None] = mapped_column(Text)
    taken_by: Mapped[str] = mapped_column(String(120))


class Referral(Model):
    """What a referrer sent, kept as sent. It becomes a family when it is taken up, or joins one."""

    __tablename__ = "referral"
    __table_args__ = (
        CheckConstraint("state IN ('new', 'taken_up', 'not_taken_up')", name="state"),
        Index("uq_referral_reference", "reference", unique=True),
        Index("uq_referral_once", "once", unique=True),
        Index("ix_referral_state", "state", "received_at"),
        Index("ix_referral_address", "address_digest", "received_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(12))
    received_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(14), default="new")
    referrer_name: Mapped[str] = mapped_column(String(120))
    referrer_role: Mapped[str] = mapped_column(String(80))
    referrer_team: Mapped[str | None] = mapped_column(String(120))
    referrer_email: Mapped[str | None] = mapped_column(String(255))
    referrer_phone: Mapped[str | None] = mapped_column(String(20))
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"), index=True)
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None] = mapped_column(String(120))
    reason: Mapped[str | None] = mapped_column(String(20))
    reason_words: Mapped[str | None] = mapped_column(Text)
    # A form's own number (a double click sends one), and where it came from, keyed and shortened.
    once: Mapped[str | None] = mapped_column(String(40))
    address_digest: Mapped[str | None] = mapped_column(String(64))


class Choice(Model):
    """One step of a family's own choice: what, when, how it was said, who recorded it."""

    __tablename__ = "choice"
    __table_args__ = (Index("ix_choice_family_id", "family_id", "on", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))
    step: Mapped[str] = mapped_column(String(20))
    on: Mapped[date]
    ask_again_on: Mapped[date | None]
    how: Mapped[str] = mapped_column(String(20))
    words: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(String(120))
    recorded_at: Mapped[datetime]
