"""The starts that a search looks at, as bits of one integer.

Each bit is a start on the clock, so a rule is a mask of the starts that it allows, rules are
joined by `&`, and what a rule removes is counted by its bits. Minutes are whole minutes since 1970
in UTC, so nothing here sees a clock change but the making of a grid.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from math import gcd
from typing import Any, NamedTuple

from app import clock
from app.windows import DAY, Minutes, Span, Windows, days, instant

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FOR_EVER = 1 << 40
MINUTE = timedelta(minutes=1)


class GridDay(NamedTuple):
    """A London date: its midnights in minutes, its starts' first bit and the bit after its last,
    and the bits of all of them."""

    day: date
    midnight: int
    next_midnight: int
    lo: int
    hi: int
    bits: int


class Alike(NamedTuple):
    """Dates whose starts lie alike: one of them, what is open on it (minutes since midnight), and
    the first bit of each, so that a mask of the one becomes a mask of all by `everywhere`."""

    day: GridDay
    open: tuple[Minutes, ...]
    firsts: int

    def everywhere(self, mask: int) -> int:
        return (mask >> self.day.lo) * self.firsts


@dataclass(frozen=True, eq=False)
class Grid:
    """Starts in order, the dates they fall on, and the minutes that each appointment takes.

    One that was made is kept for who looks at the same starts, and so is what is found on it."""

    starts: tuple[int, ...]
    days: tuple[GridDay, ...]
    minutes: int

    @cached_property
    def full(self) -> int:
        return (1 << len(self.starts)) - 1

    def between(self, earliest: int, latest: int) -> int:
        """The starts from `earliest` to `latest`, both included."""
        lo = bisect_left(self.starts, earliest)
        hi = bisect_right(self.starts, latest, lo)
        return (1 << hi) - (1 << lo)

    def within(self, stretches: Iterable[Minutes]) -> int:
        """The starts whose whole appointment lies in one of the stretches; ends may touch."""
        mask = 0
        for start, end in stretches:
            mask |= self.between(start, end - self.minutes)
        return mask

    def clear_of(self, stretches: Iterable[tuple[Any, ...]], margin: int = 0) -> int:
        """The starts whose appointment keeps `margin` minutes from every stretch; it may touch."""
        starts, before, taken = self.starts, self.minutes + margin, 0
        for start, end, *_ in stretches:
            lo = bisect_right(starts, start - before)
            hi = bisect_left(starts, end + margin, lo)
            taken |= (1 << hi) - (1 << lo)
        return self.full & ~taken

    def reached(self, free: list[Minutes], come: int = 0, leave: int = 0) -> int:
        """The starts between two drives: the first of `come` minutes that fits whole into one of
        the free stretches before the appointment, and the last of `leave` minutes after it. Whether
        the appointment itself lies in a stretch is not asked."""
        for arrive, end in free:
            if end - arrive >= come:
                break
        else:
            return 0
        for start, depart in reversed(free):
            if depart - start >= leave:
                break
        else:
            return 0
        earliest, latest = arrive + come, depart - leave - self.minutes
        return self.between(earliest, latest) if earliest <= latest else 0

    def reached_by_call(self, free: list[Minutes], need: int) -> int:
        """The starts such that a drive of `need` minutes fits whole into one of the free stretches,
        before the call or after it. Whether the call lies in a stretch is not asked."""
        roomy = [(start, end) for start, end in free if end - start >= need]
        if not roomy:
            return 0
        starts = self.between(free[0][0], free[-1][1] - self.minutes)
        if len(roomy) == 1:
            start, end = roomy[0]
            late, soon = end - need - self.minutes, start + need
            starts &= ~self.between(max(start, late + 1), min(end - self.minutes, soon - 1))
        return starts

    def from_another(self, other: "Grid", mask: int) -> int:
        """The starts that another grid's mask has, as far as this grid looks at them."""
        if other is self or not mask:
            return mask
        if other.days[-1].day < self.days[0].day or other.days[0].day > self.days[-1].day:
            return 0
        here = {day.day: day for day in self.days}
        found = 0
        for there in other.days:
            todays = (mask & there.bits) >> there.lo
            day = here.get(there.day)
            if not todays or day is None:
                continue
            if self.starts[day.lo : day.hi] == other.starts[there.lo : there.hi]:
                found |= todays << day.lo
            else:
                for bit in set_bits(todays, there.lo):
                    found |= self.between(other.starts[bit], other.starts[bit])
        return found

    def alike(self, times: Windows) -> list[Alike]:
        """The dates by what is open on them; those without a start or an open hour are left out."""
        days: dict[tuple[Minutes, tuple[Minutes, ...]], GridDay] = {}
        firsts: dict[tuple[Minutes, tuple[Minutes, ...]], int] = {}
        for shape, day, bits in self.weekdays if times.same_every_week else self.dates:
            if stretches := times.on(day.day):
                kind = shape, stretches
                days.setdefault(kind, day)
                firsts[kind] = firsts.get(kind, 0) | bits
        return [Alike(day, kind[1], firsts[kind]) for kind, day in days.items()]

    @cached_property
    def midnights(self) -> list[int]:
        """Of every date, and the one after the last."""
        return [*(day.midnight for day in self.days), self.days[-1].next_midnight]

    @cached_property
    def dates(self) -> list[tuple[Minutes, GridDay, int]]:
        """Each date that has a start: how its starts lie, the date, and its first bit."""
        return [
            (shape_of(day, self.starts), day, 1 << day.lo) for day in self.days if day.lo < day.hi
        ]

    @cached_property
    def weekdays(self) -> list[tuple[Minutes, GridDay, int]]:
        """The same for weeks that are alike: the first of each weekday, and the bits of all."""
        found: dict[tuple[Minutes, int], tuple[Minutes, GridDay, int]] = {}
        for shape, day, first in self.dates:
            key = shape, day.day.weekday()
            _, one, before = found.get(key, (shape, day, 0))
            found[key] = shape, one, before | first
        return list(found.values())


@lru_cache(maxsize=4096)
def open_starts(grid: Grid, times: Windows, come: int = 0, leave: int = 0) -> int:
    """The starts whose whole appointment lies in one stretch of weekly times, with drives of so
    many minutes before and after it, if any, in the same or another stretch of that date."""
    mask = 0
    for alike in grid.alike(times):
        stretches = stretches_on(alike.open, alike.day)
        mask |= alike.everywhere(grid.within(stretches) & grid.reached(stretches, come, leave))
    return mask


@lru_cache(maxsize=512)
def opened_on(grid: Grid, times: Windows) -> tuple[list[Minutes], ...]:
    """The stretches of weekly times on each of the grid's dates."""
    return tuple(stretches_on(times.on(day.day), day) for day in grid.days)


def shape_of(day: GridDay, starts: tuple[int, ...]) -> Minutes:
    """How a date's starts lie: the first in minutes from midnight, and how many there are. A date
    on which the clocks change is like no other, and has its own midnight."""
    if day.next_midnight - day.midnight != DAY:
        return day.midnight, 0
    return starts[day.lo] - day.midnight, day.hi - day.lo


def minute_of(at: datetime) -> int:
    """The whole minute in which an instant lies."""
    since = at - EPOCH
    return since.days * DAY + since.seconds // 60  # in half the time of dividing by a minute


def minute_after(at: datetime) -> int:
    """The first whole minute at or after an instant."""
    until = EPOCH - at
    return -(until.days * DAY + until.seconds // 60)


@lru_cache(maxsize=8192)
def instant_of(minute: int) -> datetime:
    return EPOCH + timedelta(minutes=minute)


def stretches_of(spans: Iterable[Span]) -> list[Minutes]:
    """Spans in minutes, in order, widened to whole minutes."""
    return sorted((minute_of(start), minute_after(end)) for start, end in spans)


def stretches_on(found: Iterable[Minutes], day: GridDay) -> list[Minutes]:
    """Stretches of wall times, in minutes since midnight, on one date."""
    if day.next_midnight - day.midnight == DAY:
        return [(day.midnight + start, day.midnight + end) for start, end in found]
    # A day on which the clocks change: a stretch that falls into the skipped hour is empty.
    both = [(minute_of(instant(day.day, s)), minute_of(instant(day.day, e))) for s, e in found]
    return [(start, end) for start, end in both if start < end]


@lru_cache(maxsize=2048)
def midnights(day: date) -> Minutes:
    """The minutes at which a London date begins and ends: 1440 apart but for the clock changes."""
    return minute_of(clock.midnight(day)), minute_of(clock.midnight(day + timedelta(days=1)))


@lru_cache(maxsize=64)
def make_grid(
    first: date,
    last: date,
    minutes: int,
    step: int,
    daytime: Minutes,
    bounds: Minutes | None = None,
) -> Grid:
    """Every start on the clock's `step` from `first` to `last` whose wall times lie in `daytime`,
    and which lies in `bounds` (both included) if there are any.

    "On the clock": the wall time in minutes since midnight is a multiple of `step`. A time that
    spring skips is not there; one that autumn repeats is there twice.
    """
    starts: list[int] = []
    grid_days: list[GridDay] = []
    for day in days(first, last):
        midnight, end = midnights(day)
        lo = len(starts)
        if end - midnight == DAY:
            begins, ends = midnight + daytime[0], midnight + daytime[1]
        else:
            begins, ends = (minute_of(instant(day, wall)) for wall in daytime)
        # At least one start a day, so that what is longer than anybody's day is refused, not
        # unseen.
        latest = max(ends - minutes, begins + step - 1)
        if end - midnight == DAY:
            earliest = midnight + -(-daytime[0] // step) * step
            todays = list(range(earliest, min(latest + 1, end), step))
        else:
            # London moves by whole hours, so starts keep to the common measure of step and hour.
            every = range(midnight, end, gcd(step, 60))
            todays = [s for s in every if begins <= s <= latest and wall_of(s) % step == 0]
        if bounds:
            todays = [start for start in todays if bounds[0] <= start <= bounds[1]]
        starts += todays
        grid_days.append(
            GridDay(day, midnight, end, lo, len(starts), (1 << len(starts)) - (1 << lo))
        )
    return Grid(tuple(starts), tuple(grid_days), minutes)


def one_start(start: int, minutes: int) -> Grid:
    """The grid of a single start, on whatever minute it is asked for."""
    day = clock.london(instant_of(start)).date()
    return Grid((start,), (GridDay(day, *midnights(day), 0, 1, 1),), minutes)


def wall_of(minute: int) -> int:
    """What London clocks show at a minute, in minutes since midnight."""
    there = clock.london(instant_of(minute))
    return there.hour * 60 + there.minute


def repeated(minute: int) -> str | None:
    """'first' or 'second' where clocks show this time twice that night, else None."""
    there = clock.london(instant_of(minute))
    other = there.replace(fold=1 - there.fold)
    if there.utcoffset() == other.utcoffset() or not clock.exists(there.date(), there.time()):
        return None
    return "second" if there.fold else "first"


def set_bits(mask: int, offset: int = 0) -> Iterator[int]:
    """The numbers of the bits that are set, in order, `offset` added to each."""
    while mask:
        low = mask & -mask
        yield offset + low.bit_length() - 1
        mask ^= low
