"""What a conversation adds to booking: it needs no yes to VIG, but both sides' agreement, and its
link where it is by video.
"""

from datetime import datetime
from typing import Any

from app import clock
from app.conversations.models import Conversation
from app.db import db
from app.scheduling.kinds import Kind, Reason
from app.scheduling.models import Appointment


def provisional(appointment: Appointment) -> list[Reason]:
    """Nobody is told before a peer parent is named and has agreed, and a video has its link."""
    reasons: list[Reason] = []
    if appointment.peer_id is None:
        reasons.append(("no_peer", "No peer parent is named for this conversation."))
    elif appointment.conversation_id is None:
        reasons.append(("no_offer", "The peer parent has not agreed to it: send an offer first."))
    if appointment.how == "video" and not appointment.video_link:
        reasons.append(("no_link", "The conversation is by video and has no link yet."))
    return reasons


def changed(appointment: Appointment, what: str, by: Any, at: datetime) -> None:
    """An appointment that was done is a conversation that was held; how it was is asked next."""
    if what != "done" or appointment.conversation_id is None:
        return
    conversation = db.session.get(Conversation, appointment.conversation_id, populate_existing=True)
    if conversation is None or conversation.outcome is not None:
        return
    conversation.outcome = "held"
    conversation.held_on = clock.london(appointment.starts_at).date()
    conversation.version += 1


CONVERSATION = Kind(needs_yes=False, provisional=provisional, changed=changed)
