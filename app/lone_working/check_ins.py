"""Checking in, staying longer, checking out: by the worker's button or text, or for them by
somebody who has spoken to them. Pressing twice does it once. `how` is one of words.HOWS.
"""

from datetime import datetime, timedelta
from typing import Any

from app.audit.record import actor, record
from app.db import hold
from app.errors import DomainError
from app.lone_working.models import Watch
from app.lone_working.stand_down import stand_down
from app.settings import store
from app.times import staff_time

ANY_TIME = timedelta(days=1)


def check_in(watch: Watch, *, how: str, by: Any, at: datetime) -> bool:
    """The worker is at the place and well; True where that is new.

    At most `check_in_early_minutes` before the start; late is better than never.
    """
    hold(watch)
    if watch.checked_in_at is not None:
        return False
    refuse_closed(watch)
    first = watch.due_in - timedelta(minutes=store.current().check_in_early_minutes)
    if at < first:
        start, early = staff_time(watch.due_in), staff_time(first)
        raise DomainError(f"This visit starts at {start}. Check in from {early}.")
    watch.checked_in_at, watch.checked_in_how = at, how
    note("watch:checked_in", watch, how, by, at)
    return True


def extend(
    watch: Watch, *, how: str, by: Any, at: datetime, minutes: int | None = None
) -> datetime:
    """Stay longer, once, by `extend_minutes` or fewer; answers when they are due out now.

    Saying so also says that they are there: who had not checked in is. Refused where the longer
    time would be over already: then only a check-out or a person helps.
    """
    hold(watch)
    refuse_closed(watch)
    most = store.current().extend_minutes
    wanted = most if minutes is None else minutes
    if watch.extended:
        raise DomainError(
            f"This visit was made longer once already. Check out by {staff_time(watch.due_out)}, "
            "or ring the person on duty."
        )
    if not 1 <= wanted <= most:
        raise DomainError(f"A visit can be made longer by up to {most} minutes. Ring for more.")
    if watch.due_out + timedelta(minutes=wanted) <= at:
        raise DomainError(
            f"{wanted} minutes more would be over by now. Check out, or ring the person on duty."
        )
    if watch.checked_in_at is None:
        watch.checked_in_at, watch.checked_in_how = at, how
        note("watch:checked_in", watch, how, by, at)
    watch.due_out += timedelta(minutes=wanted)
    watch.extended = True
    note("watch:extended", watch, how, by, at)
    return watch.due_out


def check_out(watch: Watch, *, how: str, by: Any, at: datetime) -> bool:
    """The worker has left and is well: the watch ends, and whoever was alarmed hears of it. True
    where that is new."""
    hold(watch)
    if watch.checked_out_at is not None:
        return False
    refuse_closed(watch)
    watch.checked_out_at, watch.checked_out_how = at, how
    watch.closed_at, watch.closed_by = at, actor(by)
    note("watch:checked_out", watch, how, by, at)
    stand_down(watch, at=at)
    return True


def refuse_closed(watch: Watch) -> None:
    if watch.closed_at is not None:
        raise DomainError("This visit is over: nobody watches it any more.")


def note(tag: str, watch: Watch, how: str, by: Any, at: datetime) -> None:
    record(tag, watch, by=by, at=at, how=how)
