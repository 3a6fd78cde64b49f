"""Free times as bit masks: the common times of a family and 1,500 peers in a millisecond.

A conversation fits into the time that two people share exactly when it fits into the time of
each. So a mask has one bit for each time on the booking grid, in three weeks of London wall time
from a Monday: set where somebody is free for the whole conversation. `Windows` stays the rule for
what is free; masks become instants again only for the few that are shown.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from app import clock
from app.settings.rules import Rules
from app.windows import DAY, Minutes, Span, Windows, days, instant

DAYS_SHOWN = 14
DAYS_LAID_OUT = 21  # from the Monday before, 14 days from any day of that week
NOON, EVENING = 12 * 60, 17 * 60

PARTS_OF_A_DAY: tuple[tuple[str, Minutes], ...] = (
    ("mornings", (0, NOON)),
    ("afternoons", (NOON, EVENING)),
    ("evenings", (EVENING, DAY)),
)
ROUGH_LEAST = 30  # minutes of a part of the day that make it worth naming


@dataclass(frozen=True)
class Horizon:
    """The fourteen days in which a time is looked for, for conversations of `minutes`.

    One begins on the booking grid, after the notice that a booking needs, and ends on the same day;
    none is in the small hours of a night when the clocks change. `open_starts` is what remains.
    """

    monday: date
    minutes: int
    grid: int
    open_starts: int

    @property
    def starts_a_day(self) -> int:
        return -(-DAY // self.grid)

    def stretches(self, starts: int) -> int:
        """How many separate times these starts make."""
        return separate(starts)

    def spans(self, starts: int) -> Iterator[Span]:
        """The separate times as instants, soonest first."""
        while starts:
            first = (starts & -starts).bit_length() - 1
            run = 1
            while starts >> (first + run) & 1:
                run += 1
            starts &= ~(((1 << run) - 1) << first)
            yield self._instant(first), self._instant(first + run - 1, self.minutes)

    def ends_by(self, minutes: int) -> int:
        """The mask of the conversations that end by a wall time, on every day."""
        each = _fitting(((0, minutes),), self.minutes, self.grid)
        return sum(each << (n * self.starts_a_day) for n in range(DAYS_LAID_OUT))

    def starts_before(self, minutes: int) -> int:
        """The mask of the conversations that begin before a wall time, on every day."""
        return self.ends_by(minutes + self.minutes - 1)

    def _instant(self, start: int, later: int = 0) -> datetime:
        day, place = divmod(start, self.starts_a_day)
        return instant(self.monday + timedelta(days=day), place * self.grid + later)


@lru_cache(maxsize=4096)
def separate(starts: int) -> int:
    """How many separate times these starts make: neighbours on the grid are one."""
    return (starts ^ (starts & (starts << 1))).bit_count()


@dataclass(frozen=True)
class FreeTimes:
    """When somebody is free, and the masks made of it so far. Make it with `of` or `free_times`."""

    windows: Windows
    _dated: bool = field(init=False, repr=False, compare=False)
    _masks: dict[tuple[int, int, date | None], int] = field(
        init=False, repr=False, compare=False, hash=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        dated = any(w.valid_from or w.valid_until for w in self.windows.windows)
        object.__setattr__(self, "_dated", dated or bool(self.windows.exceptions))

    @classmethod
    def of(cls, windows: Windows | None) -> "FreeTimes | None":
        """The same times ready for matching; None (unknown: ask) stays None."""
        return None if windows is None else cls(windows)

    def starts(self, within: Horizon) -> int:
        """The mask of the times at which a conversation of that length could begin."""
        key = (within.minutes, within.grid, within.monday if self._dated else None)
        mask = self._masks.get(key)
        if mask is None:
            lay_out = _by_date if self._dated else _every_week
            mask = lay_out(self.windows, within)
            if len(self._masks) > 8:
                self._masks.clear()  # days pass: no more than a few are asked about at once
            self._masks[key] = mask
        return mask

    def rough_words(self) -> tuple[str, ...]:
        """Parts of the week with half an hour or more in them: 'weekday mornings', 'evenings'."""
        return tuple(_rough(self.windows))


@lru_cache(maxsize=4096)
def free_times(stored: str | None) -> FreeTimes | None:
    """Free times from `Windows.to_json` as text. Kept by the text itself, so never out of date."""
    if stored is None or stored == "null":
        return None
    return FreeTimes(Windows.from_json(json.loads(stored)))


def horizon(at: datetime, rules: Rules, minutes: int) -> Horizon:
    """The fourteen days from `at`, for conversations of `minutes`."""
    today = clock.london(at).date()
    monday = today - timedelta(days=today.weekday())
    grid = rules.grid_minutes
    opens = _place(at + timedelta(hours=rules.notice_hours), monday, grid)
    ends = _place(at + timedelta(days=DAYS_SHOWN), monday, grid)
    within = (1 << ends) - (1 << opens) if ends > opens else 0
    return Horizon(monday, minutes, grid, _usual_starts(monday, minutes, grid) & within)


def _place(at: datetime, monday: date, grid: int) -> int:
    """The bit of the first time on the grid at or after an instant."""
    there = clock.london(at)
    minutes = there.hour * 60 + there.minute + (1 if there.second or there.microsecond else 0)
    starts_a_day = -(-DAY // grid)
    return (there.date() - monday).days * starts_a_day + min(-(-minutes // grid), starts_a_day)


@lru_cache(maxsize=64)
def _usual_starts(monday: date, minutes: int, grid: int) -> int:
    def on(day: date) -> tuple[Minutes, ...]:
        return ((3 * 60, DAY),) if _clocks_change(day) else ((0, DAY),)

    return _by_day((on(monday + timedelta(days=n)) for n in range(DAYS_LAID_OUT)), minutes, grid)


def _clocks_change(day: date) -> bool:
    tomorrow = clock.midnight(day + timedelta(days=1))
    return tomorrow - clock.midnight(day) != timedelta(days=1)


def _by_date(windows: Windows, within: Horizon) -> int:
    last = within.monday + timedelta(days=DAYS_LAID_OUT - 1)
    stretches = (windows.on(day) for day in days(within.monday, last))
    return _by_day(stretches, within.minutes, within.grid)


def _every_week(windows: Windows, within: Horizon) -> int:
    """The same for times that hold every week: one week, laid out three times."""
    week = _by_day(
        (windows.on(day) for day in days(within.monday, within.monday + timedelta(days=6))),
        within.minutes,
        within.grid,
    )
    return sum(week << (n * 7 * within.starts_a_day) for n in range(DAYS_LAID_OUT // 7))


def _by_day(stretches: Iterable[tuple[Minutes, ...]], minutes: int, grid: int) -> int:
    starts_a_day = -(-DAY // grid)
    return sum(_fitting(on, minutes, grid) << (n * starts_a_day) for n, on in enumerate(stretches))


def _fitting(stretches: Iterable[Minutes], minutes: int, grid: int) -> int:
    """One day's mask: where `minutes` fit whole into a stretch, beginning on the grid."""
    mask = 0
    for start, end in stretches:
        first, last = -(-start // grid), (end - minutes) // grid
        if last >= first:
            mask |= ((1 << (last - first + 1)) - 1) << first
    return mask


def _rough(windows: Windows) -> Iterator[str]:
    for part, (start, end) in PARTS_OF_A_DAY:
        on = {
            w.weekday < 5
            for w in windows.windows
            if min(w.end, end) - max(w.start, start) >= ROUGH_LEAST
        }
        if on == {True, False}:
            yield part
        elif on:
            yield f"weekday {part}" if True in on else f"weekend {part}"
