"""The one source of time, and London wall time.

`now()` is aware UTC. `CLOCK_FILE` (never in production) holds a number of seconds that every
process adds, so that a demonstration or a test of the whole system can move the day.
"""

import os
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def offset() -> timedelta:
    """How far the service's clock is moved from the machine's; zero without `CLOCK_FILE`."""
    path = os.environ.get("CLOCK_FILE")
    if not path:
        return timedelta(0)
    try:
        return timedelta(seconds=float(Path(path).read_text(encoding="ascii").strip() or 0))
    except (OSError, ValueError):
        return timedelta(0)


def move(by: timedelta) -> None:
    """Move the service's clock by `by` from where it stands now (needs `CLOCK_FILE`)."""
    path = Path(os.environ["CLOCK_FILE"])
    seconds = (offset() + by).total_seconds()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(str(seconds), encoding="ascii")
    fresh.replace(path)


def now() -> datetime:
    """This instant, aware UTC, to the second."""
    return (datetime.now(UTC) + offset()).replace(microsecond=0)  # noqa: TID251


def today() -> date:
    """The date in London now."""
    return london(now()).date()


def london(at: datetime) -> datetime:
    """The same instant on a London clock."""
    return at.astimezone(LONDON)


def exists(day: date, wall: time) -> bool:
    """Whether London clocks show `wall` on `day`: false in the hour that spring skips."""
    there = datetime.combine(day, wall, LONDON)
    return there.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) == datetime.combine(
        day, wall
    )


@lru_cache(maxsize=8192)
def at_london(day: date, wall: time, *, fold: int = 0) -> datetime:
    """The instant (aware UTC) at which London clocks show `wall` on `day`.

    In autumn's repeated hour `fold` 0 is the first and 1 the second. A time that spring skips
    raises ValueError: nobody can be asked to come at a time that does not exist.
    """
    if not exists(day, wall):
        raise ValueError(f"{wall:%H:%M} does not exist on {day:%d %B %Y}: the clocks go forward")
    return datetime.combine(day, wall, LONDON).replace(fold=fold).astimezone(UTC)


def midnight(day: date) -> datetime:
    """The instant at which `day` begins in London."""
    return at_london(day, time(0))
