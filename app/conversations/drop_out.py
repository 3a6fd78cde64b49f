"""The peer parent cannot come after all, or goes on a break or away: the family is rung, never
texted, and the next peer stands ready.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.audit.record import record
from app.conversations.after_talk import close
from app.conversations.answer_offer import decline_offer
from app.conversations.book_talk import has_begun, live_appointment
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
INSTEAD = "Offer a talk with one of us, or with another parent. Do not text."


def peer_drops_out(
    talk: Conversation, *, by: Any, at: datetime, opened_at: int | None = None
) -> Offer | None:
    """The peer parent cannot talk: what is booked is cancelled without a text to anybody.

    A talk within a day puts "ring the family" at the top of the work list; a later one asks for a
    call on the next working day. The next ranked peer stands ready and is returned.
    """
    lock_pair(talk.family_id, talk.peer_id)
    hold(talk, opened_at, "This talk")
    if talk.closed_at is not None:
        raise DomainError("This talk is over already.")
    if has_begun(talk, at):
        raise DomainError("This talk has begun. Record how it went instead.")
    appointment = live_appointment(talk)
    drop_waiting(("conversation", talk.id), reason="The peer parent cannot talk.", at=at)
    if appointment is not None:
        cancel(
            appointment, "peer_dropped_out", by=by, at=at, tell_family=False,
            settled="Another peer parent is asked",
        )  # fmt: skip
    talk.dropped_out_at = at
    close(talk, by=by, at=at)
    record("conversation:peer_dropped_out", talk, by=by, at=at, family_id=talk.family_id)
    ask_to_ring(talk, appointment, at)
    return ready_next(talk.family_id, host_id=talk.host_id, by=SERVICE, at=at)


def ask_to_ring(talk: Conversation, appointment: Appointment | None, at: datetime) -> None:
    if appointment is None:
        why, urgent = "The peer parent who said yes cannot talk after all. ", False
    else:
        why = (
            f"The talk on {for_staff(appointment.starts_at)} cannot take place: "
            "the peer parent cannot come. "
        )
        urgent = appointment.starts_at - at <= SOON
    open_task(
        "ring",
        f"{RING_NOW if urgent else 'Ring the family. '}{why}{INSTEAD}",
        about=("conversation", talk.id),
        due_at=at if urgent else next_day(at), at=at, family_id=talk.family_id, urgent=urgent,
    )  # fmt: skip


def family_told(talk: Conversation, *, by: Any, at: datetime) -> None:
    """Somebody has rung the family; the task goes. Repeating is harmless."""
    hold(talk)
    if talk.dropped_out_at is None:
        raise DomainError("Nothing has to be told: the talk stands, or took place.")
    if talk.family_told_at is not None:
        return
    talk.family_told_at = at
    talk.version += 1
    close_about(("conversation", talk.id), "The family was rung", by=by, at=at, kinds=("ring",))
    record("conversation:family_told", talk, by=by, at=at, family_id=talk.family_id)


def follow_away(peer: Peer, what: str, by: Any, at: datetime) -> None:
    """A peer parent goes on a break or leaves: an unanswered offer is a no; a talk to come waits
    for somebody to ask (a break), or is given up (leaving). One that has begun is left to whoever
    records how it went."""
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
    for talk in db.session.scalars(
        select(Conversation).where(
            Conversation.peer_id == peer.id, Conversation.closed_at.is_(None)
        )
    ).all():
        if has_begun(talk, at):
            continue
        if what == "left":
            peer_drops_out(talk, by=by, at=at)
        else:
            open_task(
                "to_check",
                f"{peer.short_name} is on a break now. Ask them whether they keep this talk.",
                about=("conversation", talk.id), due_at=next_day(at), at=at,
                family_id=talk.family_id,
            )  # fmt: skip


def follow_exclusion(peer: Peer, family: Family, by: Any, at: datetime) -> None:
    """Two people are kept apart from now on: what is open between them ends, and a talk to come
    waits for a person at once. The words give no reason away."""
    pair = (Offer.peer_id == peer.id, Offer.family_id == family.id)
    for offer in db.session.scalars(
        select(Offer).where(*pair, Offer.state.in_(("sent", "draft")))
    ).all():
        if offer.state == "draft":
            remove_drafts(family.id)
        else:
            take_back(offer, by=by, at=at)
    for talk in db.session.scalars(
        select(Conversation).where(
            Conversation.peer_id == peer.id,
            Conversation.family_id == family.id,
            Conversation.closed_at.is_(None),
        )
    ).all():
        open_task(
            "to_check",
            "This talk must be looked at again before it takes place. Ask a manager.",
            about=("conversation", talk.id), due_at=at, at=at, family_id=family.id, urgent=True,
        )  # fmt: skip
