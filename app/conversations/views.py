"""The pages of this package: importing them hangs them on the blueprint."""

from app.conversations import match_views, offer_views, talk_views
from app.conversations.blueprint import conversations

__all__ = ["conversations", "match_views", "offer_views", "talk_views"]
