"""How an offer ends without a conversation: taken back, run out, or said no to; and what stands
ready then.

A no, silence and a taking back are never shown to the family.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.audit.record import record
from app.conversations.models import Offer
from app.conversations.offer_texts import tell_taken_back
from app.conversations.send_offer import SERVICE, ready_next, refused_since
from app.conversations.standing import lock_pair
from app.db import db, hold, transact
from app.errors import DomainError
from app.messaging.outbox import drop_waiting
from app.peers.models import Peer
from app.scheduling.telling import next_day
from app.tasks.open import close_about, open_task

JOB = "job:offers"
ENOUGH = 2  # after so many without a yes a person thinks again (reference/domain.md 2.3)


def take_back(offer: Offer, *, by: Any, at: datetime, opened_at: int | None = None) -> None:
    """Staff take back an offer that is not answered; who has its text is thanked."""
    lock_pair(offer.family_id, offer.peer_id)
    hold(offer, opened_at, "This offer")
    if offer.state == "taken_back":
        return
    if offer.state not in ("sent", "draft"):
        raise DomainError("Only an offer that is not answered can be taken back.")
    over(offer, "taken_back")
    close_about(("offer", offer.id), "Taken back", by=by, at=at)
    record("offer:taken_back", offer, by=by, at=at, family_id=offer.family_id)
    tell_taken_back(offer, at=at)


def expire_next(*, at: datetime) -> bool:
    """The worker’s job: end one offer whose time to answer has passed; False: there is none."""

    def act() -> bool:
        offer = db.session.scalars(
            select(Offer)
            .where(Offer.state == "sent", Offer.answer_by <= at)
            .order_by(Offer.answer_by, Offer.id)
            .limit(1)
        ).first()  # not locked here: `expire` takes the pair's lock first, as every act does
        if offer is None:
            return False
        expire(offer, at=at)
        return True

    return transact(act)


def expire(offer: Offer, *, at: datetime) -> None:
    """It ran out: the next peer stands ready, and a task says so."""
    lock_pair(offer.family_id, offer.peer_id)
    hold(offer)
    if offer.state != "sent" or offer.answer_by is None or offer.answer_by > at:
        return
    over(offer, "expired")
    drop_waiting(("offer", offer.id), reason="The time to answer had passed.", at=at)
    close_about(("offer", offer.id), "It ran out", by=JOB, at=at)
    record("offer:expired", offer, by=JOB, at=at, family_id=offer.family_id)
    after_no(offer, at=at)


def over(offer: Offer, state: str) -> None:
    offer.state = state
    offer.open_peer = offer.open_family = None
    offer.version += 1


def after_no(offer: Offer, *, at: datetime) -> None:
    """The next ranked peer stands ready as a draft. A task, where it ran out, where two in a row
    said no or nothing, or where nobody is left."""
    db.session.flush()
    following = ready_next(offer.family_id, host_id=offer.host_id, by=SERVICE, at=at)
    tried = refused_since(offer.family_id)
    if offer.state != "expired" and tried < ENOUGH and following is not None:
        return
    open_task(
        "unanswered_offer",
        task_words(offer, following, tried),
        about=("family", offer.family_id), due_at=next_day(at), at=at,
        family_id=offer.family_id,
    )  # fmt: skip


def task_words(offer: Offer, following: Offer | None, tried: int) -> str:
    said = f"{named(offer.peer_id)} "
    said += "did not answer in time." if offer.state == "expired" else "cannot this time."
    if tried >= ENOUGH:
        said += f" That makes {tried} in a row: see what would open more, or tell the family."
    if following is None:
        return f"{said} Nobody else can be asked now: tell the family."
    return f"{said} {named(following.peer_id)} stands ready: check and send."


def named(peer_id: int) -> str:
    peer = db.session.get(Peer, peer_id)
    return peer.short_name if peer else "The peer parent"
