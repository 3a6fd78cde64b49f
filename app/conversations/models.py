"""Offers and conversations."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Json, Model, say
from app.families.models import Family
from app.peers.models import Peer

OFFER_STATES = {
    "draft": "Draft",
    "sent": "Sent",
    "accepted": "Said yes",
    "declined": "Not this time",
    "expired": "Ran out",
    "taken_back": "Taken back",
}
HELD = {
    "held": "They talked",
    "family_absent": "The family could not talk",
    "peer_absent": "The peer parent could not talk",
    "not_held": "It did not happen",
}


class Offer(Model):
    """A match put to a peer parent.

    `open_peer` is set while the peer has not answered, `open_family` until the conversation it led
    to is over: both are unique. `host_id` is who would hold the conversation; `overridden` are the
    codes of the rules that somebody chose against.
    """

    __tablename__ = "offer"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'sent', 'accepted', 'declined', 'expired', 'taken_back')",
            name="state",
        ),
        Index("uq_offer_open_peer", "open_peer", unique=True),
        Index("uq_offer_open_family", "open_family", unique=True),
        Index("ix_offer_family_id", "family_id"),
        Index("ix_offer_peer_id", "peer_id"),
        Index("ix_offer_state", "state", "answer_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))
    peer_id: Mapped[int] = mapped_column(ForeignKey("peer.id"))
    state: Mapped[str] = mapped_column(String(12))
    open_peer: Mapped[int | None]
    open_family: Mapped[int | None]
    shown: Mapped[dict[str, Any]] = mapped_column(Json)  # the allow-listed view the peer gets
    times: Mapped[list[Any]] = mapped_column(Json, default=list)  # offered starts, ISO, UTC
    chosen_times: Mapped[list[Any]] = mapped_column(Json, default=list)
    points: Mapped[int | None]
    override_reason: Mapped[str | None] = mapped_column(Text)
    overridden: Mapped[list[str]] = mapped_column(Json, default=list)
    host_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    made_by: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime]
    sent_by: Mapped[str | None] = mapped_column(String(120))
    sent_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_how: Mapped[str | None] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1)

    family: Mapped[Family] = relationship(lazy="raise")
    peer: Mapped[Peer] = relationship(lazy="raise")


class Conversation(Model):
    """A conversation between a peer and a family: its appointment, whether it was held, and how it
    was.

    It is over when `closed_at` is set: held, not held, or one side could not. A next one of the
    same two is a row of its own under the same offer.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        Index("ix_conversation_family_id", "family_id"),
        Index("ix_conversation_peer_id", "peer_id", "held_on"),
        Index("ix_conversation_closed_at", "closed_at"),
        Index("ix_conversation_held_on", "held_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    family_id: Mapped[int] = mapped_column(ForeignKey("family.id"))
    peer_id: Mapped[int] = mapped_column(ForeignKey("peer.id"))
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offer.id"), index=True)
    host_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    number: Mapped[int] = mapped_column(default=1)
    outcome: Mapped[str | None] = mapped_column(String(16))
    held_on: Mapped[date | None]
    how_family: Mapped[str | None] = mapped_column(Text)
    how_peer: Mapped[str | None] = mapped_column(Text)
    wants_another: Mapped[bool | None]
    debriefed_at: Mapped[datetime | None]
    dropped_out_at: Mapped[datetime | None]
    family_told_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    family: Mapped[Family] = relationship(lazy="raise")
    peer: Mapped[Peer] = relationship(lazy="raise")


say(
    "uq_offer_open_peer",
    "This peer parent has an open offer. Wait for the answer, or choose the next.",
)
say("uq_offer_open_family", "Somebody has just sent an offer for this family.")
