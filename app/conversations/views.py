"""The pages of this package: importing them hangs them on the blueprint."""

from app.conversations import conversation_views, match_views, offer_views
from app.conversations.blueprint import conversations

__all__ = ["conversation_views", "conversations", "match_views", "offer_views"]
