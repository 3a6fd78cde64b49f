"""What follows for conversations when a family decides: not now, no, or stopping ends what is under
way, kindly, and nobody is told why.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.conversations.after_conversation import close
from app.conversations.book_conversation import has_begun, live_appointment
from app.conversations.end_offer import take_back
from app.conversations.models import Conversation, Offer
from app.conversations.send_offer import remove_drafts
from app.conversations.standing import lock_pair
from app.db import db, hold
from app.enquiries.models import Choice
from app.families.models import Family
from app.messaging.outbox import drop_waiting
from app.scheduling.cancel import cancel
from app.tasks.open import close_about
from app.times import for_staff

ENDS = ("not_now", "no", "withdrew")
DECIDED = "The family decided"


def follow_choice(family: Family, choice: Choice, by: Any, at: datetime) -> None:
    """Not now, no and stopping take back an open offer and cancel a conversation to come. One that
    has begun waits for somebody to say how it went.
    """
    if choice.step not in ENDS:
        return
    remove_drafts(family.id)
    close_about(
        ("family", family.id), DECIDED, by=by, at=at, kinds=("unanswered_offer", "next_offer")
    )
    for offer in sent_offers(family.id):
        take_back(offer, by=by, at=at)
    for conversation in live_conversations(family.id):
        lock_pair(conversation.family_id, conversation.peer_id)
        hold(conversation)
        if has_begun(conversation, at):
            continue
        appointment = live_appointment(conversation)
        if appointment is not None:
            reason = "withdrew" if choice.step == "withdrew" else "family_asked"
            cancel(appointment, reason, by=by, at=at, settled=DECIDED)
        conversation.outcome = "not_held"
        drop_waiting(("conversation", conversation.id), reason=f"{DECIDED}.", at=at)
        close(conversation, by=by, at=at)


def stops(family: Family, at: datetime) -> list[str]:
    """What stopping would end, one sentence each, shown before anybody saves it."""
    sentences = [
        "The offer to a peer parent is taken back, with thanks." for _ in sent_offers(family.id)
    ]
    for conversation in live_conversations(family.id):
        appointment = live_appointment(conversation)
        if has_begun(conversation, at):
            continue
        if appointment is None:
            sentences.append("The conversation with a peer parent is not arranged.")
        else:
            sentences.append(
                f"The conversation on {for_staff(appointment.starts_at)} is cancelled; both are "
                "told kindly, without a reason."
            )
    return sentences


def sent_offers(family_id: int) -> list[Offer]:
    return list(
        db.session.scalars(select(Offer).where(Offer.family_id == family_id, Offer.state == "sent"))
    )


def live_conversations(family_id: int) -> list[Conversation]:
    return list(
        db.session.scalars(
            select(Conversation).where(
                Conversation.family_id == family_id, Conversation.closed_at.is_(None)
            )
        )
    )
