"""Looking for texts that came to Twilio and never to us.

Twilio tries to deliver a text for fifteen seconds (reference/messaging.md 1.4): while the site is
away for longer a STOP, or a call for help, would be lost. So the provider is asked now and then
what came since the last look, and what is not stored yet is stored as the webhook does it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from app.db import db, transact
from app.errors import DomainError
from app.health.beats import last_beat, record_beat
from app.messaging import channels
from app.messaging.send import transports
from app.messaging.transports import Came
from app.messaging.webhooks import keep_text, kept, what_came

EVERY_SECONDS = 300
LOOK = "replies looked for"  # the beat of the last look that had an answer
OVERLAP = timedelta(minutes=15)
FIRST = timedelta(days=1)
LONGEST = timedelta(days=7)
# The webhook's own delivery comes first: it knows Twilio's word on a STOP.
SETTLED = timedelta(minutes=2)


def look_for_lost(*, at: datetime) -> None:
    """Store what came in since the last look; nothing is asked while the channel rests."""
    since = transact(lambda: since_when(at))
    if since is None:
        return
    found = transports()["text"].came_in(since)
    keep(found, at)
    transact(lambda: record_beat(LOOK, at=at))


def since_when(at: datetime) -> datetime | None:
    channel = channels.channel("text")
    if channel is not None and channel.rests_until > at:
        return None
    last = last_beat(LOOK)
    if last is None or last > at:
        return at - FIRST
    return max(last - OVERLAP, at - LONGEST)


def keep(found: Sequence[Came], at: datetime) -> None:
    for came in sorted(found, key=lambda came: came.at):
        if came.at <= at - SETTLED and came.sid:
            try:
                transact(partial(store, came))
            except DomainError:
                db.session.rollback()  # the webhook has stored it at this moment


def store(came: Came) -> None:
    keep_text(
        kept(came.sid, 64),
        sender=kept(came.sender, 40),
        to=kept(came.to, 40),
        body=what_came(kept(came.body), kept(came.media, 10)),
        at=came.at,
    )
