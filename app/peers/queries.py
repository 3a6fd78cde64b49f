"""Reads of peer parents: who may see them, one by its number, search by name or phone."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from app.access import ARRANGERS, User
from app.db import db
from app.families.names import folded
from app.forms import tidy
from app.peers.models import Peer
from app.phones import search_key

LEAST_DIGITS = 4  # of a phone number, so that "12" does not find everybody
LONGEST_SEARCH = 100


def visible_to(user: User) -> Select[Peer]:
    """Coordinators and managers see all peer parents, practitioners none."""
    rows = select(Peer)
    return rows if user.role in ARRANGERS else rows.where(false())


def peer_by_id(user: User, peer_id: int) -> Peer | None:
    return db.session.scalars(
        visible_to(user).where(Peer.id == peer_id).execution_options(populate_existing=True)
    ).one_or_none()


def matching(words: str) -> ColumnElement[bool] | None:
    """Peer parents whose name or number holds what was typed; None for nothing."""
    typed = str(tidy(words))[:LONGEST_SEARCH]
    if not typed:
        return None
    ways: list[ColumnElement[bool]] = []
    if names := folded(typed).split():
        every = [Peer.search_name.contains(name, autoescape=True) for name in names]
        ways.append(and_(*every))
    digits = search_key(typed)
    if len(digits) >= LEAST_DIGITS:
        ways.append(Peer.mobile.contains(digits, autoescape=True))
    return or_(*ways) if ways else false()


def find_peers(user: User, words: str, *, most: int = 20) -> Sequence[Peer]:
    """The peer parents that a search of everything finds."""
    hit = matching(words)
    if hit is None:
        return []
    return db.session.scalars(
        visible_to(user).where(hit).order_by(Peer.search_name, Peer.id).limit(most)
    ).all()
