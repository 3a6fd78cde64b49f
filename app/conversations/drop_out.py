"""The peer parent cannot come after all, or goes on a break or away: the family is rung, never
texted, and the next peer stands ready.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.audit.record import record
from app.conversations.after_conversation import close
from app.conversations.answer_offer import decline_offer
from app.conversations.book_conversation import has_begun, live_appointment
from app.conversations.end_offer import take_back
from app.conversations.models import Conversation, Offer
from app.conversations.send_offer import SERVICE, ready_next, remove_drafts
from app.conversations.standing import lock_pair
from app.db import db, hold
from app.errors import DomainError
from app.families.models import Family
from app.messaging.outbox import drop_waiting
from app.peers.models import Peer
from app.scheduling.cancel import cancel
from app.scheduling.models import Appointment
from app.scheduling.telling import next_day
from app.tasks.open import close_about, open_task
from app.times import for_staff

SOON = timedelta(days=1)
RING_NOW = "Ring the family now. "
INSTEAD = "Offer a conversation with one of us, or with another parent. Do not text."


def peer_drops_out(
    conversation: Conversation, *, by: Any, at: datetime, opened_at: int | None = None
) -> Offer | None:
    """The peer parent cannot talk: what is booked is cancelled without a text to anybody.

    A conversation within a day puts "ring the family" at the top of the work list; a later one asks
    for a call on the next working day. The next ranked peer stands ready and is returned.
    """
    lock_pair(conversation.family_id, conversation.peer_id)
    hold(conversation, opened_at, "This conversation")
    if conversation.closed_at is not None:
        raise DomainError("This conversation is over already.")
    if has_begun(conversation, at):
        raise DomainError("This conversation has begun. Record how it went instead.")
    appointment = live_appointment(conversation)
    drop_waiting(("conversation", conversation.id), reason="The peer parent cannot talk.", at=at)
    if appointment is not None:
        cancel(
            appointment, "peer_dropped_out", by=by, at=at, tell_family=False,
            settled="Another peer parent is asked",
        )  # fmt: skip
    conversation.dropped_out_at = at
    close(conversation, by=by, at=at)
    record(
        "conversation:peer_dropped_out",
        conversation,
        by=by,
        at=at,
        family_id=conversation.family_id,
    )
    ask_to_ring(conversation, appointment, at)
    return ready_next(conversation.family_id, host_id=conversation.host_id, by=SERVICE, at=at)


def ask_to_ring(conversation: Conversation, appointment: Appointment | None, at: datetime) -> None:
    if appointment is None:
        why, urgent = "The peer parent who said yes cannot talk after all. ", False
    else:
        why = (
            f"The conversation on {for_staff(appointment.starts_at)} cannot take place: "
            "the peer parent cannot come. "
        )
        urgent = appointment.starts_at - at <= SOON
    open_task(
        "ring",
        f"{RING_NOW if urgent else 'Ring the family. '}{why}{INSTEAD}",
        about=("conversation", conversation.id),
        due_at=at if urgent else next_day(at),
        at=at,
        family_id=conversation.family_id,
        urgent=urgent,
    )


def family_told(conversation: Conversation, *, by: Any, at: datetime) -> None:
    """Somebody has rung the family; the task goes. Repeating is harmless."""
    hold(conversation)
    if conversation.dropped_out_at is None:
        raise DomainError("Nothing has to be told: the conversation stands, or took place.")
    if conversation.family_told_at is not None:
        return
    conversation.family_told_at = at
    conversation.version += 1
    close_about(
        ("conversation", conversation.id), "The family was rung", by=by, at=at, kinds=("ring",)
    )
    record("conversation:family_told", conversation, by=by, at=at, family_id=conversation.family_id)


def follow_away(peer: Peer, what: str, by: Any, at: datetime) -> None:
    """A peer parent goes on a break or leaves: an unanswered offer is a no; a conversation to come
    waits for somebody to ask (a break), or is given up (leaving). One that has begun is left to
    whoever records how it went.
    """
    for offer in db.session.scalars(
        select(Offer).where(Offer.peer_id == peer.id, Offer.state == "sent")
    ).all():
        how = "link" if isinstance(by, str) else "phone"
        if offer.answer_by is not None and offer.answer_by > at:
            decline_offer(offer, by=by, at=at, how=how)
    for draft in db.session.scalars(
        select(Offer).where(Offer.peer_id == peer.id, Offer.state == "draft")
    ).all():
        db.session.delete(draft)
    for conversation in db.session.scalars(
        select(Conversation).where(
            Conversation.peer_id == peer.id, Conversation.closed_at.is_(None)
        )
    ).all():
        if has_begun(conversation, at):
            continue
        if what == "left":
            peer_drops_out(conversation, by=by, at=at)
        else:
            open_task(
                "to_check",
                f"{peer.short_name} is on a break now. Ask whether they keep this conversation.",
                about=("conversation", conversation.id),
                due_at=next_day(at),
                at=at,
                family_id=conversation.family_id,
            )


def follow_exclusion(peer: Peer, family: Family, by: Any, at: datetime) -> None:
    """Two people are kept apart from now on: what is open between them ends, and a conversation to
    come waits for a person at once. The words give no reason away.
    """
    pair = (Offer.peer_id == peer.id, Offer.family_id == family.id)
    for offer in db.session.scalars(
        select(Offer).where(*pair, Offer.state.in_(("sent", "draft")))
    ).all():
        if offer.state == "draft":
            remove_drafts(family.id)
        else:
            take_back(offer, by=by, at=at)
    for conversation in db.session.scalars(
        select(Conversation).where(
            Conversation.peer_id == peer.id,
            Conversation.family_id == family.id,
            Conversation.closed_at.is_(None),
        )
    ).all():
        open_task(
            "to_check",
            "This conversation must be looked at again before it takes place. Ask a manager.",
            about=("conversation", conversation.id),
            due_at=at,
            at=at,
            family_id=family.id,
            urgent=True,
        )
