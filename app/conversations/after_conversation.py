"""After the conversation: whether it took place, how it was for each, the debrief, the next one,
what the family decided.

A family's decision is recorded with its other choices and never shown to the peer parent.
"""

from datetime import date, datetime
from typing import Any

from app import clock
from app.audit.record import record
from app.conversations.book_conversation import live_appointment, offer_of
from app.conversations.models import HELD, Conversation
from app.conversations.send_offer import check_may_talk_more
from app.conversations.standing import check_no_open_offer, lock_pair
from app.db import db, hold
from app.errors import DomainError
from app.peers.change_peer import pause_peer
from app.peers.models import Peer
from app.scheduling.cancel import cancel
from app.scheduling.outcome import record_outcome
from app.scheduling.settle import settle
from app.tasks.open import close_about, open_task

WORRY = (
    "In a debrief a peer parent was worried about somebody. Ring them now. "
    "If somebody is in danger, ring 999 first. Write nothing about it in texts or e-mails."
)


def record_conversation(
    conversation: Conversation,
    outcome: str,
    *,
    by: Any,
    at: datetime,
    how_family: str | None = None,
    wants_another: bool = False,
    held_on: date | None = None,
    opened_at: int | None = None,
) -> Conversation | None:
    """Record whether the two talked (one of `HELD`), and how it was for the family.

    The appointment ends with it. `wants_another`: a next conversation of the same two is to be
    arranged, as far as there may be one for this family; it is returned.
    """
    if outcome not in HELD:
        raise DomainError("Choose whether they talked.", "outcome")
    lock_pair(conversation.family_id, conversation.peer_id)
    hold(conversation, opened_at, "This conversation")
    if conversation.closed_at is not None:
        raise DomainError("How this conversation went is recorded already.")
    appointment = live_appointment(conversation)
    if appointment is None and outcome == "held" and not conversation.outcome and held_on is None:
        raise DomainError("Enter the day on which they talked.", "held_on")
    today = clock.london(at).date()
    if held_on is not None and held_on > today:
        raise DomainError("Enter the day on which they talked; it cannot lie ahead.", "held_on")
    conversation.outcome = outcome
    if appointment is not None:
        end_appointment(conversation, appointment, outcome, by=by, at=at)
    if outcome == "held":
        day = clock.london(appointment.starts_at).date() if appointment else None
        conversation.held_on = held_on or day or conversation.held_on
    conversation.how_family = (how_family or "").strip() or conversation.how_family
    conversation.wants_another = wants_another
    close(conversation, by=by, at=at)
    record(
        "conversation:outcome",
        conversation,
        by=by,
        at=at,
        family_id=conversation.family_id,
        outcome=outcome,
    )
    return arrange_another(conversation, by=by, at=at) if wants_another else None


def end_appointment(
    conversation: Conversation, appointment: Any, outcome: str, *, by: Any, at: datetime
) -> None:
    """Held is done, somebody absent is not seen; one that has not begun is cancelled."""
    words = HELD[outcome]
    if appointment.starts_at > at:
        if outcome == "held":
            raise DomainError("This conversation has not begun yet.", "outcome")
        cancel(appointment, "other", by=by, at=at, words=words, settled=words)
        return
    record_outcome(
        appointment, "done" if outcome == "held" else "not_seen", by=by, at=at, words=words
    )
    if appointment.status == "not_seen":
        settle(appointment, words, by=by, at=at)


def close(conversation: Conversation, *, by: Any, at: datetime) -> None:
    """The conversation is over: the family may be matched again."""
    conversation.closed_at = at
    conversation.version += 1
    offer = offer_of(conversation)
    if offer is not None:
        offer.open_family = offer.open_peer = None
        offer.version += 1
    close_about(("conversation", conversation.id), "It is over", by=by, at=at)
    db.session.flush()


def arrange_another(conversation: Conversation, *, by: Any, at: datetime) -> Conversation:
    """A next conversation of the same two, within `conversations_most` held ones for the family."""
    check_may_talk_more(conversation.family_id)
    check_no_open_offer(conversation.family_id)
    following = Conversation(
        family_id=conversation.family_id,
        peer_id=conversation.peer_id,
        offer_id=conversation.offer_id,
        host_id=conversation.host_id,
        number=conversation.number + 1,
        created_at=at,
    )
    offer = offer_of(conversation)
    if offer is not None:
        offer.open_family = conversation.family_id
        offer.chosen_times = []
    db.session.add(following)
    db.session.flush()
    return following


def record_debrief(
    conversation: Conversation,
    *,
    by: Any,
    at: datetime,
    how_peer: str | None = None,
    worried: bool = False,
    needs_break: bool = False,
    break_until: date | None = None,
    opened_at: int | None = None,
) -> None:
    """How it was for the peer parent. A worry is not written here: somebody rings at once.

    A break begins at once, until a day or until they say.
    """
    hold(conversation, opened_at, "This conversation")
    if conversation.outcome is None:
        raise DomainError("Record first whether they talked.")
    conversation.how_peer = (how_peer or "").strip() or None
    conversation.debriefed_at = at
    conversation.version += 1
    close_about(("conversation", conversation.id), "Debriefed", by=by, at=at, kinds=("debrief",))
    if worried:
        open_task(
            "danger", WORRY, about=("conversation", conversation.id), due_at=at, at=at,
            peer_id=conversation.peer_id, urgent=True,
        )  # fmt: skip
    if needs_break:
        peer = db.session.get(Peer, conversation.peer_id)
        assert peer is not None, "a conversation has its peer parent"
        pause_peer(peer, until=break_until, by=by, at=at)
