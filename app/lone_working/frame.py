"""What the watch says on every page: the red strip, the number beside Lone working, the footer.

Read once a request: the beat, and the visits that have begun and are open.
"""

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from flask_login import current_user
from sqlalchemy import ScalarSelect

from app import clock
from app.db import db, once_a_page
from app.health.beats import last_beat_read
from app.lone_working import queries
from app.lone_working.models import Watch
from app.lone_working.words import Line, line_of
from app.pages import Strip, small_read
from app.settings import store

WATCH = "watch"


@once_a_page
def lines_now(at: datetime) -> list[Line]:
    """Every visit that has begun (or that its worker has checked in to) and is open, those that are
    red first, then by when they are due out: one statement."""
    begun = [
        watch
        for watch in watches(at)
        if watch.closed_at is None and (watch.due_in <= at or watch.checked_in_at is not None)
    ]
    return lines_of(begun, at)


def watches(at: datetime) -> Sequence[Watch]:
    """Every open watch and those of today: what the frame and a worker's own day are made of. A
    page reads them once."""
    midnight = clock.midnight(clock.london(at).date())
    return watches_since(midnight)


@once_a_page
def watches_since(midnight: datetime) -> Sequence[Watch]:
    rows = queries.with_visit().where(Watch.closed_at.is_(None) | (Watch.due_in >= midnight))
    return db.session.scalars(rows.order_by(Watch.due_out, Watch.id)).unique().all()


def lines_of(watches: Sequence[Watch], at: datetime) -> list[Line]:
    """Watches in words, red ones first."""
    rules = store.current()
    made = [
        line_of(watch, watch.alarms, queries.sight(watch, watch.alarms), rules, at)
        for watch in watches
    ]
    return sorted(made, key=lambda line: (not line.red, line.missed_at))


def overdue(at: datetime) -> list[Line]:
    return [line for line in lines_now(at) if line.red]


def out_now() -> list[Line]:
    """Who is out, for the page that includes it."""
    return lines_now(clock.now())


def stale(at: datetime) -> bool:
    """Whether the watch has not run for `watch_stale_seconds`; one that never ran is stale too. A
    beat from the future (the clock was moved back) counts for no longer than that."""
    last = beat()
    within = store.current().watch_stale_seconds
    return last is None or abs((at - last).total_seconds()) > within


def beat() -> datetime | None:
    found: datetime | None = small_read("watch_beat")
    return found


def beat_read() -> ScalarSelect[datetime]:
    return last_beat_read(WATCH)


def strip() -> Strip | None:
    """The red strip: the watch has stopped, or somebody is overdue.

    Nobody who is at a family's home sees it, nor the person it is about: the family may see the
    screen.
    """
    at = clock.now()
    lines = lines_now(at)
    if any(line.staff_id == current_user.id and not line.red for line in lines):
        return None
    others = [line for line in lines if line.red and line.staff_id != current_user.id]
    own = len([line for line in lines if line.red]) - len(others)
    href = url_for("lone_working.board")
    if stale(at) and not own:
        return Strip(
            "The watch on visits is not running.",
            "No alarm will be raised: ring whoever is out.",
            href,
            "Lone working",
        )
    if own or not others:
        return None
    first, more = others[0], len(others) - 1
    also = f" And {more} more." if more else ""
    return Strip(
        f"{first.who} {first.state_words}.", f"{first.taken_words}{also}", href, "Lone working"
    )


def badge() -> tuple[int, str]:
    number = len(overdue(clock.now()))
    return number, "alarm" if number == 1 else "alarms"


def watch_words() -> str:
    """'The watch on visits last ran at 10:42 and 11 seconds.', for signed-in staff."""
    if not current_user or not current_user.is_authenticated:
        return ""
    last = beat()
    if last is None:
        return "The watch on visits has not run yet."
    there = clock.london(last)
    return f"The watch on visits last ran at {there:%H:%M} and {there.second} seconds."
