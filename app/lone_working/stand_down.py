"""Closing an alarm: somebody knows that the worker is safe, and everybody who was alarmed hears
it.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.audit.record import actor, record
from app.db import db, hold
from app.errors import DomainError
from app.lone_working.models import Watch
from app.lone_working.told import PURPOSES
from app.messaging.models import Outbox
from app.messaging.outbox import drop_waiting, queue_text
from app.messaging.states import HANDED_OVER

# How somebody knows that the worker is safe.
CONFIRMED = {
    "spoke": "I spoke to them",
    "seen": "Somebody I trust has seen them",
    "not_there": "The visit did not take place, and I know where they are",
    "help_came": "Help came: they are with the police, a colleague or in hospital",
}
OF_USE = timedelta(hours=2)


def close_watch(watch: Watch, confirmed: str, words: str | None, *, by: Any, at: datetime) -> None:
    """Close a visit's watch with how welfare was confirmed (one of CONFIRMED).

    Not by the person whom it is about: they check out. "Help came" asks for words.
    """
    hold(watch)
    if watch.closed_at is not None:
        raise DomainError("This is closed already.")
    if actor(by) == f"staff:{watch.staff_id}":
        raise DomainError("It is about you. Check out instead.", "confirmed")
    if confirmed not in CONFIRMED:
        raise DomainError("Choose how you know that they are safe.", "confirmed")
    if confirmed == "help_came" and not (words or "").strip():
        raise DomainError("Write what happened and where they are.", "words")
    watch.closed_at, watch.closed_by = at, actor(by)
    watch.closed_words = ". ".join(filter(None, [CONFIRMED[confirmed], (words or "").strip()]))
    record("watch:closed", watch, by=by, at=at)
    stand_down(watch, at=at)


def stand_down(watch: Watch, *, at: datetime) -> None:
    """What waits about this watch does not go; who was alarmed is told that it is over."""
    about = ("watch", watch.id)
    drop_waiting(about, purposes=list(ALARM_TEXTS), reason="They are known to be safe.", at=at)
    alarmed = db.session.scalars(
        select(Outbox.recipient_id)
        .where(
            Outbox.about_kind == "watch",
            Outbox.about_id == watch.id,
            Outbox.purpose.in_(PURPOSES.values()),
            Outbox.state.in_(HANDED_OVER),
        )
        .distinct()
    )
    for staff_id in alarmed.all():
        queue_text(
            "stood_down", about=about, to=("staff", staff_id), due_at=at, expires_at=at + OF_USE,
            dedupe=f"watch:{watch.id}:stood_down:{staff_id}", at=at,
        )  # fmt: skip


ALARM_TEXTS = (*PURPOSES.values(), "check_in_asked", "check_out_reminder")
