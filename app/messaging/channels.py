"""Whether a way to send rests: slowed for a while by its provider, or stopped until somebody mends
it.

Knows nothing of rows and people; the claim asks `resting`, the recording of an outcome calls the
rest.
"""

from datetime import datetime, timedelta

from sqlalchemy import case, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from app.db import db, plain_rows
from app.messaging.models import Channel
from app.tasks.open import close_about, open_task

STOP_FOR = timedelta(minutes=10)  # a stopped channel is tried with one row this often
NUMBERS = {"text": 1, "email": 2}  # a task's `about` needs a number
WORDS = {"text": "texts", "email": "e-mails"}
RESTS = select(Channel.name, Channel.rests_until)


def channel(name: str) -> Channel | None:
    return db.session.get(Channel, name, populate_existing=True)


def rests() -> dict[str, datetime]:
    """Until when each channel rests that was slowed or stopped, and has not been found to work
    again since: that may be over.
    """
    return {name: until for name, until in plain_rows(RESTS)}


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


def resume(name: str, *, by: object, at: datetime, since: datetime | None = None) -> None:
    """The channel works again, or somebody asks to try it now.

    A send that was handed over at `since` proves nothing about a rest that began after it. Many
    senders find at once that it works: the row goes once.
    """
    works = delete(Channel).where(Channel.name == name)
    if since is not None:
        works = works.where(Channel.at < since)
    stopped = db.session.scalars(
        works.returning(Channel.stopped), execution_options={"synchronize_session": False}
    ).first()
    if stopped:
        close_about(("channel", NUMBERS[name]), "It works again.", by=by, at=at)


def _rest(name: str, until: datetime, reason: str, *, stopped: bool, at: datetime) -> None:
    """Eight senders are told the same at one moment: one row, the longest rest."""
    given = {"rests_until": until, "stopped": stopped, "reason": reason, "at": at}
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    fresh = insert(Channel).values(name=name, **given)
    wanted = fresh.excluded
    longer = case(
        (Channel.rests_until > wanted.rests_until, Channel.rests_until), else_=wanted.rests_until
    )
    db.session.execute(
        fresh.on_conflict_do_update(
            index_elements=[Channel.name],
            set_={**given, "rests_until": longer, "stopped": or_(Channel.stopped, wanted.stopped)},
        ),
        execution_options={"synchronize_session": False},
    )
