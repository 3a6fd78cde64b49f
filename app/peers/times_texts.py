"""The text with a peer parent's own link, to their times and breaks."""

from datetime import datetime, timedelta

from app.db import db
from app.errors import DomainError
from app.links.tokens import make_link
from app.messaging import said, wordings
from app.messaging.models import Outbox
from app.messaging.outbox import queue_text
from app.messaging.registry import Message, Purpose, Recipient
from app.pages import public_address
from app.peers.models import Peer
from app.peers.recipient import text_refusal
from app.settings.store import current

LINK_LASTS = timedelta(days=90)
OF_USE = timedelta(days=3)


def times_unwanted(row: Outbox, recipient: Recipient, at: datetime) -> str | None:
    return None  # whether they may be texted is asked in every claim


def make_times(row: Outbox, recipient: Recipient, at: datetime) -> Message:
    facts = wordings.Facts.of(current(), link=times_address(recipient.id, at=at))
    first = not recipient.introduced
    return said.message("peer_times", recipient, facts, first=first)


PEER_TIMES = Purpose(unwanted=times_unwanted, make=make_times, words="the link to their times")


def times_address(peer_id: int, *, at: datetime) -> str:
    """A new address of their own page, for 90 days."""
    token = make_link("p", peer_id, "peer", peer_id, expires_at=at + LINK_LASTS, at=at)
    return public_address("peer_links.show", token=token)


def text_times(peer: Peer, *, at: datetime) -> None:
    """Text them the link to their own page; refused where no text may go. Once in a minute."""
    refusal = text_refusal(peer)
    if refusal:
        raise DomainError(refusal)
    db.session.flush()
    queue_text(
        "peer_times", about=("peer", peer.id), to=("peer", peer.id), due_at=at,
        expires_at=at + OF_USE, dedupe=f"peer_times:{peer.id}:{at:%Y%m%d%H%M}", at=at,
    )  # fmt: skip
