"""What peer parents leave waiting for a person: checks or training that run out within 30 days."""

from datetime import date, datetime

from sqlalchemy import select

from app import clock
from app.db import db
from app.peers.listing import SOON, runs_out
from app.peers.models import Peer
from app.tasks.waiting import Item
from app.times import staff_date
from app.windows import instant


def waiting(at: datetime) -> list[Item]:
    """One item for each active peer parent, due on the day the first of the two ends."""
    today = clock.london(at).date()
    rows = db.session.scalars(select(Peer).where(Peer.status == "active", runs_out(today))).all()
    return [checks_due(peer, today) for peer in rows]


def checks_due(peer: Peer, today: date) -> Item:
    day = min(
        [
            d
            for d in (peer.checks_until, peer.training_until)
            if d is not None and d - today <= SOON
        ],
        default=None,
    )
    return Item(
        kind="checks_due",
        why=" ".join(sentences(peer, today)),
        due_at=instant(day, 17 * 60) if day else None,
        since=clock.midnight(day - SOON) if day else peer.created_at,
        endpoint="peers.peer",
        values={"peer_id": peer.id},
        button="Open",
        peer_id=peer.id,
    )


def sentences(peer: Peer, today: date) -> list[str]:
    """What has ended, ends soon, or is not on record."""
    said = []
    for what, until in (("Checks", peer.checks_until), ("Training", peer.training_until)):
        if until is not None and until - today <= SOON:
            word = "ended" if until < today else "end" if what == "Checks" else "ends"
            said.append(f"{what} {word} {staff_date(until, today)}.")
    if peer.checks_until is None:
        said.append("No checks are on record.")
    if peer.trained_on is None:
        said.append("No training is on record.")
    return said
