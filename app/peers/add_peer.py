"""A new peer parent: typed in, imported, or a carer whose own VIG is behind them."""

from datetime import datetime
from typing import Any, Unpack

from app.audit.record import record
from app.db import db, hold
from app.errors import DomainError
from app.families.change_family import change_family
from app.families.models import Carer, Family
from app.peers.models import Peer
from app.peers.particulars import PeerParticulars, fitting_peer


def add_peer(
    *, by: Any, at: datetime, status: str = "active", **given: Unpack[PeerParticulars]
) -> Peer:
    """A peer parent with at least a first name. Nothing about texting is assumed."""
    if status not in ("active", "paused", "left"):
        raise DomainError("Choose one of the answers shown.", "status")
    given.setdefault("first_name", "")
    peer = Peer(status=status, created_at=at, **fitting_peer(given))
    db.session.add(peer)
    record("peer:added", peer, by=by, at=at)
    return peer


def become_peer(carer: Carer, *, by: Any, at: datetime, **given: Unpack[PeerParticulars]) -> Peer:
    """A carer becomes a peer parent, and their family's record is closed to those who match.

    One carer is one peer parent at a time; names and gender are the carer's unless given.
    """
    family = db.session.get(Family, carer.family_id)
    assert family is not None, "a carer belongs to a family"
    hold(family)
    known = db.session.query(Peer).filter_by(family_id=family.id, first_name=carer.first_name)
    known = known.filter(Peer.status != "left")
    if db.session.query(known.exists()).scalar():
        raise DomainError(f"{carer.first_name} is a peer parent already.", "first_name")
    given.setdefault("first_name", carer.first_name)
    given.setdefault("surname", carer.surname)
    given.setdefault("gender", carer.gender)
    given.setdefault("carer_type", carer.carer_type)
    given["family_id"] = family.id
    peer = add_peer(by=by, at=at, **given)
    change_family(family, by=by, at=at, closed_to_matchers=True)
    return peer
