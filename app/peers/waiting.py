"""What peer parents leave waiting for a person: checks or training that run out within 30 days."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from app import clock
from app.peers.listing import SOON, runs_out_before
from app.peers.models import Peer
from app.tasks.causes import IN_30_DAYS, Cause, Rows, columns, items_of
from app.tasks.waiting import Item
from app.times import staff_date
from app.working_days import evening


def waiting(at: datetime) -> list[Item]:
    """One item for each active peer parent, due on the day the first of the two ends."""
    return items_of(CAUSES, at)


def running_out() -> Select[Any]:
    return select(
        *columns(
            peer_id=Peer.id, created_at=Peer.created_at, day=Peer.checks_until,
            until=Peer.training_until, third=Peer.trained_on,
        )
    ).where(Peer.status == "active", runs_out_before(IN_30_DAYS))  # fmt: skip


def checks_due(rows: Rows, at: datetime) -> Iterator[Item]:
    today = clock.london(at).date()
    for row in rows:
        ends = [day for day in (row.day, row.until) if day is not None and day - today <= SOON]
        day = min(ends, default=None)
        yield Item(
            kind="checks_due",
            why=" ".join(sentences(row.day, row.until, row.third, today)),
            due_at=evening(day) if day else None,
            since=clock.midnight(day - SOON) if day else row.created_at,
            endpoint="peers.peer",
            values={"peer_id": row.peer_id},
            button="Open",
            peer_id=row.peer_id,
        )


def sentences_of(peer: Peer, today: date) -> list[str]:
    return sentences(peer.checks_until, peer.training_until, peer.trained_on, today)


def sentences(
    checks_until: date | None, training_until: date | None, trained_on: date | None, today: date
) -> list[str]:
    """What has ended, ends soon, or is not on record."""
    said = []
    for what, until in (("Checks", checks_until), ("Training", training_until)):
        if until is not None and until - today <= SOON:
            word = "ended" if until < today else "end" if what == "Checks" else "ends"
            said.append(f"{what} {word} {staff_date(until, today)}.")
    if checks_until is None:
        said.append("No checks are on record.")
    if trained_on is None:
        said.append("No training is on record.")
    return said


CAUSES = (Cause("checks", running_out, checks_due),)
