"""Who leaves the team hands over the conversations and offers that they would hold."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update

from app.accounts.hooks import Held
from app.accounts.models import Staff
from app.conversations.models import Conversation, Offer
from app.db import db


def hosted_by(staff: Staff) -> ColumnElement[bool]:
    return (Conversation.host_id == staff.id) & Conversation.closed_at.is_(None)


def offered_by(staff: Staff) -> ColumnElement[bool]:
    return (Offer.host_id == staff.id) & Offer.state.in_(("draft", "sent"))


def conversations_of(staff: Staff, at: datetime) -> Held:
    """The conversations that they would hold and the offers for one, that are not over."""
    number = 0
    for model, theirs in ((Conversation, hosted_by(staff)), (Offer, offered_by(staff))):
        number += db.session.scalar(select(func.count()).select_from(model).where(theirs)) or 0
    return Held(f"{number} {'conversation' if number == 1 else 'conversations'}", number)


def hand_over(staff: Staff, hand_to: Staff | None, by: Any, at: datetime) -> None:
    """Whoever takes over holds them; what is booked waits for a person, like every appointment."""
    if hand_to is None:
        return
    for model, theirs in ((Conversation, hosted_by(staff)), (Offer, offered_by(staff))):
        db.session.execute(
            update(model).where(theirs).values(host_id=hand_to.id, version=model.version + 1)
        )
