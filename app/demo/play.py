"""Playing the stories in the order of time, with the post between them.

A story is a generator: it yields the instant at which its next scene happens and is resumed then,
inside one transaction. Before each scene every text that was due by then is sent through the
outbox, at its own time, and reported as delivered. Scenes that lie after the end are not played.
"""

import hashlib
import heapq
from collections.abc import Generator, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import select

from app.db import db, transact
from app.messaging import deliveries, inbound, send
from app.messaging.models import Outbox
from app.messaging.webhooks import keep_text
from app.phones import read_phone

T = TypeVar("T")
Told = Generator[datetime, datetime, T]  # scenes that leave something for those that follow
Scenes = Told[None]
OWNER = "demo"
DELIVERED_AFTER = timedelta(seconds=8)
READ_AFTER = timedelta(seconds=2)
OUR_NUMBER = "+447700900100"
Waiting = list[tuple[datetime, int, Scenes]]


def play(stories: Iterable[Scenes], until: datetime) -> None:
    """Play every scene that lies at or before `until`, soonest first, then let the post go."""
    waiting: Waiting = []
    for order, story in enumerate(stories):
        go_on(waiting, order, story, None)
    while waiting and waiting[0][0] <= until:
        at, order, story = heapq.heappop(waiting)
        send_until(at)
        go_on(waiting, order, story, at)
        while inbound.read_next(at=at + READ_AFTER):
            pass
    send_until(until)


def go_on(waiting: Waiting, order: int, story: Scenes, at: datetime | None) -> None:
    """Tell one scene, in one transaction; the next is never before it."""

    def scene() -> datetime | None:
        try:
            return next(story) if at is None else story.send(at)
        except StopIteration:
            return None

    following = transact(scene)
    if following is not None:
        heapq.heappush(waiting, (max(following, at or following), order, story))


def send_until(until: datetime) -> None:
    """Send everything that was due by then, each at the time at which it was due."""
    at = None
    while (due := next_due(until)) is not None:
        at = max(due, at or due)
        if not send.send_next(OWNER, at=at):
            break
        deliveries.deliver_simulated(at=at + DELIVERED_AFTER)


def next_due(until: datetime) -> datetime | None:
    due = db.session.scalar(
        select(Outbox.due_at)
        .where(Outbox.state == "ready", Outbox.due_at <= until)
        .order_by(Outbox.due_at)
        .limit(1)
    )
    db.session.rollback()
    return due


def text_back(mobile: str, words: str, at: datetime) -> None:
    """A text from a phone comes in, as the provider's webhook stores it."""
    number = read_phone(mobile).e164
    sid = hashlib.sha256(f"{number} {at} {words}".encode()).hexdigest()[:32]
    keep_text(f"SM{sid}", sender=number, to=OUR_NUMBER, body=words, at=at)
