"""Peer parents among what a search of everything finds; its callers leave practitioners out."""

from collections.abc import Sequence

from flask import url_for

from app.access import User
from app.desk.search import MOST, Hit
from app.peers.queries import find_peers


def peer_hits(user: User, words: str) -> Sequence[Hit]:
    """Peer parents by name or phone: first name and letter, and where they open."""
    return [
        Hit("Peer parent", peer.short_name, "", url_for("peers.peer", peer_id=peer.id))
        for peer in find_peers(user, words, most=MOST)
    ]
