"""How sending goes: what waits too long, what is not known, what failed and why, which channel
rests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.db import db
from app.health.beats import last_beat
from app.messaging.models import Channel, Outbox
from app.messaging.states import NOT_REACHED, NOT_SENT_WORDS, STATE_WORDS

LOOKED_AT = timedelta(days=14)


@dataclass(frozen=True)
class Delivery:
    """`reasons` are (state, reason, how many) of the last two weeks, the most frequent first."""

    oldest_due: datetime | None
    due: int
    later: int
    unknown: int
    reasons: Sequence[tuple[str, str, int]]
    channels: Sequence[Channel]
    worker_ran_at: datetime | None


def delivery(at: datetime) -> Delivery:
    """The state of sending at `at`."""
    ready = select(func.count(), func.min(Outbox.due_at)).where(Outbox.state == "ready")
    due, oldest = db.session.execute(ready.where(Outbox.due_at <= at)).one()
    later, _ = db.session.execute(ready.where(Outbox.due_at > at)).one()
    unknown = select(func.count()).where(Outbox.state.in_(("unknown", "sending")))
    reasons = db.session.execute(
        select(Outbox.state, Outbox.reason, func.count())
        .where(Outbox.state.in_(NOT_REACHED), Outbox.final_at >= at - LOOKED_AT)
        .group_by(Outbox.state, Outbox.reason)
        .order_by(func.count().desc(), Outbox.reason)
    )
    return Delivery(
        oldest_due=oldest,
        due=due,
        later=later,
        unknown=db.session.scalar(unknown) or 0,
        reasons=[
            (
                NOT_SENT_WORDS.get(state) or STATE_WORDS[state],
                reason or "No reason is stored.",
                number,
            )
            for state, reason, number in reasons
        ],
        channels=db.session.scalars(select(Channel).order_by(Channel.name)).all(),
        worker_ran_at=last_beat("worker"),
    )
