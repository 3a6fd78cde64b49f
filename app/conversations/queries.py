"""Reads of offers and conversations: who may see which, with their people."""

from collections.abc import Sequence

from sqlalchemy import Select, false, select
from sqlalchemy.orm import joinedload, selectinload

from app.access import ARRANGERS, User
from app.conversations.models import Conversation, Offer
from app.db import db
from app.families.models import Family
from app.families.queries import may_see

WITH_PEOPLE = (
    joinedload(Conversation.peer),
    joinedload(Conversation.family).joinedload(Family.carers),
)


def visible_to(user: User) -> Select[Conversation]:
    """The conversations this member of staff may see: of families they may see, for those who
    arrange.
    """
    rows = select(Conversation).join(Family, Family.id == Conversation.family_id)
    return rows.where(may_see(user) if user.role in ARRANGERS else false())


def conversation_by_id(user: User, conversation_id: int) -> Conversation | None:
    rows = db.session.scalars(
        visible_to(user)
        .where(Conversation.id == conversation_id)
        .options(*WITH_PEOPLE)
        .execution_options(populate_existing=True)
    )
    return rows.unique().one_or_none()


def offer_by_id(user: User, offer_id: int) -> Offer | None:
    """An offer with its people, if this member of staff may see its family."""
    if user.role not in ARRANGERS:
        return None
    return db.session.scalars(
        select(Offer)
        .join(Family, Family.id == Offer.family_id)
        .where(Offer.id == offer_id, may_see(user))
        .options(
            joinedload(Offer.peer),
            joinedload(Offer.family).selectinload(Family.carers),
        )
        .execution_options(populate_existing=True)
    ).one_or_none()


def offers_of_peer(user: User, peer_id: int) -> Sequence[Offer]:
    """A peer parent's offers that were sent, newest first, of families this user may see."""
    return db.session.scalars(
        select(Offer)
        .join(Family, Family.id == Offer.family_id)
        .where(Offer.peer_id == peer_id, Offer.state != "draft", may_see(user))
        .options(selectinload(Offer.family).selectinload(Family.carers))
        .order_by(Offer.id.desc())
    ).all()


def draft_for(family_id: int) -> Offer | None:
    """The peer who stands ready next for a family."""
    return db.session.scalars(
        select(Offer)
        .where(Offer.family_id == family_id, Offer.state == "draft")
        .options(selectinload(Offer.peer))
        .order_by(Offer.id.desc())
        .limit(1)
    ).first()


def last_held(family_id: int) -> Conversation | None:
    """A family's latest conversation that took place, with the peer."""
    return db.session.scalars(
        select(Conversation)
        .where(Conversation.family_id == family_id, Conversation.outcome == "held")
        .options(joinedload(Conversation.peer))
        .order_by(Conversation.id.desc())
        .limit(1)
    ).one_or_none()
