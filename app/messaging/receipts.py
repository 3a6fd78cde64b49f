"""Asking the provider what became of the texts of which no callback told the end.

Callbacks get lost (reference/messaging.md 1.4): a text that is not final an hour after it went is
asked about, one a round, and again each time its age has doubled. After three days (GOV.UK Notify
waits 72 hours as well) nobody asks any more, and the row says so: `sent` may be the last word ever
heard of a text that arrived.

The instant of the next question stands in `lease_until`, which nothing else uses in these states;
a status that comes meanwhile empties it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update

from app.db import db, transact
from app.messaging import channels
from app.messaging.models import Outbox
from app.messaging.outcomes import apply_status
from app.messaging.send import transports
from app.messaging.states import ACCEPTED, SENT
from app.messaging.transports import Trace

FIRST = timedelta(hours=1)
LAST = timedelta(days=3)
NOT_OLDER = timedelta(days=30)  # a worker that was away for longer does not ask about all of it
NEVER_SAID = "The network never said whether this arrived."


@dataclass(frozen=True)
class Open:
    """A text of which no end is known, and when to ask again."""

    row_id: int
    attempt: int
    provider_id: str
    last: datetime
    again: datetime


def ask_one(*, at: datetime) -> None:
    """Ask about the oldest text that is due to be asked about.

    It answers nothing, so that the worker keeps its pace of one a second however many there are.
    Nothing is asked while the channel rests: it is the account that the provider slows or refuses.
    """
    one = transact(lambda: take(at))
    if one is None:
        return
    try:
        trace = transports()["text"].ask(one.provider_id)
    except Exception as error:
        trace = Trace("unsure", words=f"asking failed ({type(error).__name__})")
    transact(lambda: note(one, trace, at))


def take(at: datetime) -> Open | None:
    """The oldest that is due, put off for everybody else."""
    channel = channels.channel("text")
    if channel is not None and channel.rests_until > at:
        return None
    row = db.session.scalars(
        select(Outbox)
        .where(
            Outbox.channel == "text",
            Outbox.state.in_((ACCEPTED, SENT)),
            Outbox.final_at.is_(None),
            Outbox.provider_id.is_not(None),
            Outbox.sent_at <= at - FIRST,
            Outbox.sent_at > at - NOT_OLDER,
            or_(Outbox.lease_until.is_(None), Outbox.lease_until <= at),
        )
        .order_by(Outbox.sent_at, Outbox.id)
        .limit(1)
        .with_for_update(skip_locked=True),
        execution_options={"populate_existing": True},
    ).first()
    if row is None or row.sent_at is None or row.provider_id is None:
        return None
    last, doubled = row.sent_at + LAST, at + (at - row.sent_at)
    row.lease_until = min(doubled, last) if at < last else doubled
    return Open(row.id, row.attempt, row.provider_id, last, row.lease_until)


def note(one: Open, trace: Trace, at: datetime) -> None:
    """What the provider said, by the same way as a callback. A status on the way (queued, sent) is
    no reason to ask sooner; after three days nobody asks again.
    """
    if trace.kind == "found" and trace.status:
        sid = one.provider_id
        apply_status(one.row_id, one.attempt, trace.status, sid=sid, code=trace.code, at=at)
    left: dict[str, Any] = {"lease_until": one.again}
    if at >= one.last:
        left = {"lease_until": None, "final_at": at, "reason": NEVER_SAID}
    db.session.execute(
        update(Outbox)
        .where(
            Outbox.id == one.row_id,
            Outbox.provider_id == one.provider_id,
            Outbox.state.in_((ACCEPTED, SENT)),
        )
        .values(**left),
        execution_options={"synchronize_session": False},
    )
