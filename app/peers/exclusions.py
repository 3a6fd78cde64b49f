"""Pairs that must never meet. Coordinators may add one; only managers read why, and lift it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.access import MANAGER, User
from app.audit.record import record
from app.db import db
from app.errors import DomainError
from app.families.models import Family
from app.families.particulars import called
from app.families.queries import may_see
from app.peers import hooks
from app.peers.models import Exclusion, Peer

REASON_LEAST = 10  # characters, as for every decision about safety (reference/matching.md 3.5)


@dataclass(frozen=True)
class Shown:
    """A pair as one reader may see it; `reason` is None for all but managers."""

    id: int
    reference: str
    by: str
    at: datetime
    reason: str | None


def exclude(peer: Peer, family: Family, reason: str, *, by: Any, at: datetime) -> Exclusion:
    """Keep a peer parent and a family apart from now on; needs a reason of 10 characters or more.

    The same pair twice is refused by the database.
    """
    words = reason.strip()
    if len(words) < REASON_LEAST:
        raise DomainError(f"Write why, in {REASON_LEAST} characters or more.", "reason")
    pair = Exclusion(peer_id=peer.id, family_id=family.id, reason=words, by=called(by), at=at)
    db.session.add(pair)
    record("exclusion:added", pair, by=by, at=at)  # no family: its history is read by others
    for follow in hooks.on_exclusion.values():
        follow(peer, family, by, at)
    return pair


def lift(pair: Exclusion, *, by: Any, at: datetime) -> None:
    """The two may be brought together again: a manager decides."""
    if getattr(by, "role", None) != MANAGER:
        raise DomainError("Only a manager can lift this.")
    record("exclusion:lifted", pair, by=by, at=at)
    db.session.delete(pair)
    db.session.flush()


def exclusions_of(peer: Peer, user: User) -> Sequence[Shown]:
    """The pairs of a peer parent: a manager reads all with why, others only families they may see,
    without why."""
    rows = db.session.execute(
        select(Exclusion, Family.reference)
        .join(Family, Family.id == Exclusion.family_id)
        .where(Exclusion.peer_id == peer.id, may_see(user))
        .order_by(Exclusion.id)
    )
    manager = user.role == MANAGER
    return [
        Shown(pair.id, reference, pair.by, pair.at, pair.reason if manager else None)
        for pair, reference in rows
    ]
