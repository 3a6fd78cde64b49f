"""Whether a way to send rests: slowed for a while by its provider, or stopped until somebody mends
it.

Knows nothing of rows and people; the claim asks `resting`, the recording of an outcome calls the
rest.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.db import db
from app.messaging.models import Channel
from app.tasks.open import close_about, open_task

STOP_FOR = timedelta(minutes=10)  # a stopped channel is tried with one row this often
NUMBERS = {"text": 1, "email": 2}  # a task's `about` needs a number
WORDS = {"text": "texts", "email": "e-mails"}


def channel(name: str) -> Channel | None:
    return db.session.get(Channel, name, populate_existing=True)


def resting(at: datetime) -> list[str]:
    """The names of the channels that rest at `at`."""
    return list(db.session.scalars(select(Channel.name).where(Channel.rests_until > at)))


def slow(name: str, wait: timedelta, reason: str, *, at: datetime) -> None:
    """The provider asked the whole account to wait: nothing goes by this channel until then."""
    _rest(name, at + wait, reason, stopped=False, at=at)


def stop(name: str, reason: str, *, at: datetime) -> None:
    """The provider refuses us, not a recipient: rows stay ready, one task tells a person."""
    _rest(name, at + STOP_FOR, reason, stopped=True, at=at)
    open_task(
        "other",
        f"No {WORDS[name]} go out since {reason}. They go by themselves once it is mended.",
        about=("channel", NUMBERS[name]),
        due_at=at,
        at=at,
        urgent=True,
    )


def resume(name: str, *, by: object, at: datetime) -> None:
    """The channel works again, or somebody asks to try it now."""
    row = channel(name)
    if row is None:
        return
    db.session.delete(row)
    if row.stopped:
        close_about(("channel", NUMBERS[name]), "It works again.", by=by, at=at)


def _rest(name: str, until: datetime, reason: str, *, stopped: bool, at: datetime) -> None:
    row = channel(name)
    if row is None:
        row = Channel(name=name, rests_until=until, stopped=stopped, reason=reason, at=at)
        db.session.add(row)
        db.session.flush()
    row.rests_until, row.stopped, row.reason, row.at = until, stopped or row.stopped, reason, at
