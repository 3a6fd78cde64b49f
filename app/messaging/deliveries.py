"""The simulator's network: what its phones received is reported as delivered a moment later.

The status goes by the same way as one that Twilio posts, so that everything after the webhook is
what runs in production.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.db import db, transact
from app.messaging.models import SimulatedMessage
from app.messaging.outcomes import apply_status
from app.messaging.transports import simulated_sid

TAKES = timedelta(seconds=5)


def deliver_simulated(*, at: datetime) -> bool:
    """Report one simulated text as delivered, five seconds after it came; False for none."""
    return transact(lambda: deliver_next(at))


def deliver_next(at: datetime) -> bool:
    message = db.session.scalars(
        select(SimulatedMessage)
        .where(
            SimulatedMessage.channel == "text",
            SimulatedMessage.status_sent.is_(False),
            SimulatedMessage.at <= at - TAKES,
        )
        .order_by(SimulatedMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if message is None:
        return False
    report(message, "delivered", None, at=at)
    return True


def report(message: SimulatedMessage, status: str, code: str | None, *, at: datetime) -> None:
    """The network's report about one simulated text: delivered, or undelivered with a code."""
    message.status_sent = True
    apply_status(
        message.outbox_id or 0,
        message.attempt or 0,
        status,
        sid=simulated_sid(message.id),
        code=code,
        at=at,
    )
