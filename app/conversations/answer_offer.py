"""A peer parent answers an offer: yes with times, or not this time; by link, by text, or by phone
through staff.

No reason is asked or kept, and the family is never told of a no.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.audit.record import record
from app.conversations import shown
from app.conversations.end_offer import after_no, over
from app.conversations.family_texts import ask_for_time
from app.conversations.models import Conversation, Offer
from app.conversations.standing import check_still_stands, lock_pair
from app.db import db, hold
from app.errors import DomainError
from app.messaging.outbox import drop_waiting
from app.tasks.open import close_about

HOWS = ("link", "text", "phone")
PASSED = "The time to answer has passed. Thank you."
NO_LONGER = "We no longer need you for this one. Thank you."
ANSWERED = "You have answered already. Thank you."
TICK_ONE = "Tick at least one time, or ring us and say when you can."


def accept_offer(
    offer: Offer,
    times: Sequence[datetime],
    *,
    by: Any,
    at: datetime,
    how: str,
    opened_at: int | None = None,
) -> Conversation:
    """The peer says yes to some of the offered times; a conversation is to be arranged.

    At least one time, where times were offered. Closed and safety rules are asked again. A repeated
    yes is the same yes. The family is asked to pick a time, by link where that is safe.
    """
    lock_pair(offer.family_id, offer.peer_id)
    hold(offer, opened_at, "This offer")
    if offer.state == "accepted":
        return conversation_of(offer)
    check_open(offer, at)
    offered = shown.as_times(offer.times)
    if any(start not in offered for start in times) or (offered and not times):
        raise DomainError("Choose at least one of the times offered.", "times", family=TICK_ONE)
    check_still_stands(offer, at=at)
    offer.state, offer.open_peer = "accepted", None
    offer.chosen_times = list(shown.as_stored(times))
    settle_answer(offer, how, at)
    count = db.session.query(Conversation).filter_by(family_id=offer.family_id).count()
    conversation = Conversation(
        family_id=offer.family_id, peer_id=offer.peer_id, offer_id=offer.id,
        host_id=offer.host_id, number=count + 1, created_at=at,
    )  # fmt: skip
    db.session.add(conversation)
    record("offer:accepted", offer, by=by, at=at, family_id=offer.family_id, how=how)
    ask_for_time(conversation, offer, at=at)
    return conversation


def decline_offer(
    offer: Offer, *, by: Any, at: datetime, how: str, opened_at: int | None = None
) -> None:
    """The peer says not this time. The next ranked peer stands ready. Repeating is harmless."""
    lock_pair(offer.family_id, offer.peer_id)
    hold(offer, opened_at, "This offer")
    if offer.state == "declined":
        return
    check_open(offer, at)
    over(offer, "declined")
    settle_answer(offer, how, at)
    record("offer:declined", offer, by=by, at=at, family_id=offer.family_id, how=how)
    after_no(offer, at=at)


def check_open(offer: Offer, at: datetime) -> None:
    """Raises DomainError unless the offer can still be answered."""
    if offer.state == "expired" or (
        offer.state == "sent" and offer.answer_by is not None and offer.answer_by <= at
    ):
        raise DomainError("The time to answer this offer has passed.", family=PASSED)
    if offer.state in ("accepted", "declined"):
        raise DomainError("This offer was answered already.", family=ANSWERED)
    if offer.state != "sent":
        raise DomainError("This offer is not open.", family=NO_LONGER)


def settle_answer(offer: Offer, how: str, at: datetime) -> None:
    if how not in HOWS:
        raise DomainError("Choose how they answered.", "how")
    offer.answered_at, offer.answered_how = at, how
    offer.version += 1
    drop_waiting(("offer", offer.id), reason="They had answered.", at=at)
    close_about(("offer", offer.id), "They answered", by="job:offers", at=at)


def conversation_of(offer: Offer) -> Conversation:
    """The conversation that an accepted offer led to: the latest of the two."""
    return db.session.scalars(
        select(Conversation)
        .where(Conversation.offer_id == offer.id)
        .order_by(Conversation.id.desc())
        .limit(1)
    ).one()
