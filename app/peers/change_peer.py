"""Changing what is known of a peer parent; their breaks; their leaving."""

from datetime import date, datetime
from typing import Any, Unpack

from app import clock
from app.audit.record import record
from app.db import hold
from app.errors import DomainError
from app.links.tokens import revoke_links
from app.peers import hooks
from app.peers.models import Peer
from app.peers.particulars import PeerParticulars, fitting_peer

GONE = "They are not a peer parent now, so nothing about them can be changed."


def change_peer(
    peer: Peer,
    *,
    by: Any,
    at: datetime,
    expect_version: int | None = None,
    **given: Unpack[PeerParticulars],
) -> list[str]:
    """Change what is known; returns the names of what changed. Raises Stale and DomainError.

    Another number ends their links, because somebody else may hold the old phone by now.
    """
    hold(peer, expect_version, "This peer parent")
    if peer.status == "left":
        raise DomainError(GONE)
    clean = fitting_peer(given, peer)
    changed = sorted(name for name, value in clean.items() if getattr(peer, name) != value)
    for name in changed:
        setattr(peer, name, clean[name])
    if changed:
        peer.version += 1
        if "mobile" in changed:
            revoke_links(person=("peer", peer.id), at=at)
        record("peer:changed", peer, by=by, at=at, fields=changed)
    return changed


def pause_peer(peer: Peer, *, until: date | None, by: Any, at: datetime) -> None:
    """A break, until and including a day, or until they say (None). No reason is kept.

    An offer they have not answered is ended as if they had said no; a conversation to come waits
    for somebody to ask whether they keep it.
    """
    hold(peer)
    if peer.status == "left":
        raise DomainError(GONE)
    if until is not None and until < clock.london(at).date():
        raise DomainError("Enter the last day of the break; it cannot have passed.", "until")
    status = "paused" if until is None else "active"
    if (peer.status, peer.break_until) == (status, until):
        return
    peer.status, peer.break_until = status, until
    peer.version += 1
    record("peer:paused", peer, by=by, at=at)
    for follow in hooks.on_away.values():
        follow(peer, "break", by, at)


def resume_peer(peer: Peer, *, by: Any, at: datetime) -> None:
    """The break is over. Repeating is harmless."""
    hold(peer)
    if peer.status == "left":
        raise DomainError(GONE)
    if peer.status == "active" and peer.break_until is None:
        return
    peer.status, peer.break_until = "active", None
    peer.version += 1
    record("peer:resumed", peer, by=by, at=at)


def peer_leaves(peer: Peer, *, by: Any, at: datetime, expect_version: int | None = None) -> None:
    """They stop being a peer parent: their story and all free text go, counts and dates stay.

    Open offers and conversations to come end through `hooks.on_away`.
    """
    hold(peer, expect_version, "This peer parent")
    if peer.status == "left":
        raise DomainError("They have left already.")
    for follow in hooks.on_away.values():
        follow(peer, "left", by, at)
    peer.status, peer.break_until = "left", None
    peer.introduction = peer.notes = peer.children_now = peer.school = peer.postcode = None
    peer.circumstances, peer.may_be_told, peer.limits = [], [], []
    peer.free_times = peer.safe_times = None
    peer.safe_to_text = "no"
    peer.version += 1
    revoke_links(person=("peer", peer.id), at=at)
    record("peer:left", peer, by=by, at=at)
