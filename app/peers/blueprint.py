"""The blueprint that this package's pages for staff hang from."""

from flask import Blueprint
from flask_login import current_user

from app.access import found
from app.peers.models import Peer
from app.peers.queries import peer_by_id

peers = Blueprint("peers", __name__, url_prefix="/peers")


def this_peer(peer_id: int) -> Peer:
    """The peer parent of an address, or the 404 that a missing one and a forbidden one share."""
    peer: Peer = found(peer_by_id(current_user, peer_id))
    return peer
