"""What a peer parent's page shows of their offers and conversations: of families the reader may
see.
"""

from collections.abc import Sequence

from app.access import User
from app.conversations.models import HELD, OFFER_STATES, Conversation
from app.conversations.queries import WITH_PEOPLE, offers_of_peer, visible_to
from app.db import db
from app.peers.hooks import Happened
from app.peers.models import Peer


def happened(user: User, peer: Peer) -> Sequence[Happened]:
    """Offers and conversations, newest first; never what a family decided."""
    offers = [
        Happened(
            at=offer.sent_at or offer.made_at,
            words=f"Offer: {OFFER_STATES[offer.state].lower()}",
            about=offer.family.reference,
            endpoint="conversations.offer",
            values={"offer_id": offer.id},
        )
        for offer in offers_of_peer(user, peer.id)
    ]
    rows = db.session.scalars(
        visible_to(user).where(Conversation.peer_id == peer.id).options(*WITH_PEOPLE)
    )
    conversations = [
        Happened(
            at=conversation.created_at,
            words=f"Conversation: {conversation_words(conversation)}",
            about=conversation.family.reference,
            endpoint="conversations.conversation",
            values={"conversation_id": conversation.id},
        )
        for conversation in rows.unique()
    ]
    return sorted([*offers, *conversations], key=lambda line: line.at, reverse=True)


def conversation_words(conversation: Conversation) -> str:
    if conversation.dropped_out_at is not None:
        return "they could not come"
    if conversation.outcome is not None:
        return HELD[conversation.outcome].lower()
    return "over" if conversation.closed_at is not None else "being arranged"
