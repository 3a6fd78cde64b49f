"""The blueprint that this package's pages for staff hang from."""

from flask import Blueprint, abort
from flask_login import current_user

from app.access import found
from app.conversations.models import Conversation, Offer
from app.conversations.queries import conversation_by_id, offer_by_id

conversations = Blueprint("conversations", __name__)


def this_conversation(conversation_id: int) -> Conversation:
    """The conversation of an address, or the 404 that a missing one and another's share."""
    conversation: Conversation = found(conversation_by_id(current_user, conversation_id))
    return conversation


def this_offer(offer_id: int) -> Offer:
    offer: Offer = found(offer_by_id(current_user, offer_id))
    if offer.state == "draft":
        abort(404)  # nobody's word yet: it is checked and sent from the family's page
    return offer
