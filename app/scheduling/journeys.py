"""What one worker can reach: working time, what is held, and the drives to fit in between.

The rule of drives: every drive, from and to base at both ends of the day included, lies in one
free stretch of working time, that is, within working hours, outside absence and clear of every
appointment. A first visit therefore begins no earlier than the hours begin plus the drive from
base. A drive between two visits takes `between_visits_minutes` more; where there is no drive
(the same place) nothing is added and an end may touch a start. Someone who does not travel for
an appointment (phone, video) is where the visit before was and still has to reach the next in time.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from app.places.travel import NOWHERE, Drive, Spot, minutes_between
from app.scheduling.conditions import Terms
from app.scheduling.grid import (
    Grid,
    GridDay,
    instant_of,
    minute_after,
    minute_of,
    stretches_on,
)
from app.scheduling.wanted import Stop, Wanted, Worker
from app.windows import DAY, Minutes, merged

# Start and end in minutes, and the stop; None for an absence.
Taken = tuple[int, int, Stop | None]
NO_DRIVE = Drive(0, True)


class Visit(NamedTuple):
    """A held appointment that somebody travels to, in minutes."""

    start: int
    end: int
    spot: Spot


class Leg(NamedTuple):
    """Starts of one date that share their drives: from the visit before or base (`first`), to the
    visit after or base (`last`), and the driving that they add to the day. Bit 0 of `starts` is the
    date's first start."""

    starts: int
    before: int
    after: int
    added: int
    first: bool
    last: bool
    known: bool


class DayReach(NamedTuple):
    """One worker on one date: the starts within working hours, those that a leg reaches (bit 0 is
    the date's first start), the legs, and whether one more visit would be too many."""

    hours: int
    reached: int
    legs: tuple[Leg, ...]
    full: bool


class Reach(NamedTuple):
    """One worker on a grid: what each rule allows, and the legs of each date."""

    worker: Worker
    allowed: dict[str, int]
    legs: list[tuple[Leg, ...]]

    def free(self, full: int) -> int:
        """The starts that every rule about this worker allows."""
        mask = full
        for allowed in self.allowed.values():
            mask &= allowed
        return mask


class Journeys:
    """Makes the reach of workers for one appointment that is wanted, on one grid.

    Drives are estimated once for each pair of spots; dates on which a worker has nothing are alike
    where the hours are, and worked out once.
    """

    def __init__(self, wanted: Wanted, grid: Grid, terms: Terms) -> None:
        self.wanted, self.grid = wanted, grid
        self.rules, self.relax, self.overrides = terms.rules, terms.relax, terms.overrides
        self.spot = wanted.spot or NOWHERE
        self.begins = instant_of(grid.days[0].midnight)
        self.ends = instant_of(grid.days[-1].next_midnight)
        self.midnights = [day.midnight for day in grid.days]
        self.shapes = [shape_of(day, grid) for day in grid.days]
        self.drives: dict[tuple[Spot, Spot], Drive] = {}

    def reach(self, worker: Worker) -> Reach:
        """What each rule about the worker allows: hours, absence, held, visits_a_day, travel."""
        grid = self.grid
        away = self.near((start, end, None) for start, end in worker.absences)
        stops = self.near((stop.starts_at, stop.ends_at, stop) for stop in worker.stops)
        taken = self.by_day(stops + away)
        alike: dict[tuple[object, ...], DayReach] = {}
        hours = reached = too_many = 0
        legs: list[tuple[Leg, ...]] = []
        for number, (day, shape) in enumerate(zip(grid.days, self.shapes, strict=True)):
            if number in taken or shape is None:
                that_day = self.on_day(worker, day, taken.get(number, []))
            else:
                key = (shape, worker.hours.on(day.day))
                if key not in alike:
                    alike[key] = self.on_day(worker, day, [])
                that_day = alike[key]
            hours |= that_day.hours << day.lo
            reached |= that_day.reached << day.lo
            legs.append(that_day.legs)
            if that_day.full:
                too_many |= day.bits
        allowed = {
            "hours": hours,
            "absence": grid.clear_of((start, end) for start, end, _ in away),
            "held": grid.clear_of((start, end) for start, end, _ in stops),
            "visits_a_day": grid.full & ~too_many,
            "travel": reached,
        }
        return Reach(worker, allowed, legs)

    def near(self, things: Iterable[tuple[datetime, datetime, Stop | None]]) -> list[Taken]:
        """What touches the grid's dates, in minutes, in order."""
        found = [
            (minute_of(start), minute_after(end), stop)
            for start, end, stop in things
            if start < self.ends and end > self.begins
        ]
        return sorted(found, key=itemgetter(0, 1))

    def by_day(self, taken: list[Taken]) -> dict[int, list[Taken]]:
        """What is taken on each of the grid's dates that has any, in order of start."""
        days: dict[int, list[Taken]] = defaultdict(list)
        for one in taken:
            first = max(0, bisect_right(self.midnights, one[0]) - 1)
            for number in range(first, bisect_left(self.midnights, one[1])):
                days[number].append(one)
        return days

    def on_day(self, worker: Worker, day: GridDay, taken: list[Taken]) -> DayReach:
        """One worker on one date, among what is taken then."""
        opened = self.opened(worker, day)
        visits = [Visit(s, e, x.spot or NOWHERE) for s, e, x in taken if x and x.travels]
        free = without(opened, merged((s, e) for s, e, _ in taken)) if taken else opened
        legs = tuple(self.day_legs(day, free, visits, worker.base)) if free else ()
        hours = reached = 0
        for start, end in opened:
            hours |= self.between(day, start, end - self.grid.minutes)
        for leg in legs:
            reached |= leg.starts
        return DayReach(hours, reached, legs, self.full_day(visits, day))

    def opened(self, worker: Worker, day: GridDay) -> list[Minutes]:
        """The worker's hours on a date; the whole day where the rule is set aside."""
        if "hours" in self.relax:
            return [(day.midnight, day.next_midnight)]
        return stretches_on(worker.hours, day)

    def full_day(self, visits: list[Visit], day: GridDay) -> bool:
        """Whether one more visit would be more than `visits_a_day`; calls are no visits."""
        if not self.wanted.travels or "visits_a_day" in self.relax:
            return False
        most = self.rules.visits_a_day
        return len(visits) >= most and sum(v.start >= day.midnight for v in visits) >= most

    def day_legs(
        self, day: GridDay, free: list[Minutes], visits: list[Visit], base: Spot
    ) -> Iterator[Leg]:
        """The legs of one date, for each gap between two visits, or a visit and base."""
        travels, minutes = self.wanted.travels, self.grid.minutes
        for before, after in pairwise([None, *visits, None]):
            lo = before.end if before else free[0][0]
            hi = after.start if after else free[-1][1]
            if hi - lo < minutes:
                continue
            gap = [(max(a, lo), min(b, hi)) for a, b in free if a < hi and b > lo]
            here, there = before.spot if before else base, after.spot if after else base
            come = leave = direct = NO_DRIVE
            if travels:
                come, leave = self.drive(here, self.spot), self.drive(self.spot, there)
            elif before or after:
                direct = self.drive(here, there)
            if "travel" in self.relax:
                ranges = [(lo, hi - minutes)]
            elif travels:
                ranges = visit_starts(
                    gap, minutes, self.need(come, before), self.need(leave, after)
                )
            else:
                ranges = list(call_starts(gap, minutes, self.need(direct, before and after)))
            starts = 0
            for earliest, latest in ranges:
                starts |= self.between(day, earliest, latest)
            if not starts:
                continue
            added = 0
            if travels:
                around = self.drive(here, there).minutes if before or after else 0
                added = max(0, come.minutes + leave.minutes - around)
            yield Leg(
                starts, come.minutes, leave.minutes, added,
                before is None, after is None, come.known and leave.known,
            )  # fmt: skip

    def between(self, day: GridDay, earliest: int, latest: int) -> int:
        """The date's starts from `earliest` to `latest`, both included; bit 0 is its first."""
        first = bisect_left(self.grid.starts, earliest, day.lo, day.hi)
        end = bisect_right(self.grid.starts, latest, day.lo, day.hi)
        return (1 << (end - day.lo)) - (1 << (first - day.lo)) if first < end else 0

    def drive(self, a: Spot, b: Spot) -> Drive:
        found = self.drives.get((a, b))
        if found is None:
            found = self.drives[a, b] = minutes_between(a, b, self.rules, self.overrides)
        return found

    def need(self, drive: Drive, visit: Visit | None) -> int:
        """Minutes to keep for a drive; more where it joins two visits and there is one at all."""
        if visit is None or drive.minutes == 0:
            return drive.minutes
        return drive.minutes + self.rules.between_visits_minutes


def shape_of(day: GridDay, grid: Grid) -> Minutes | None:
    """How a date's starts lie: the first in minutes from midnight, and how many there are. None
    for a date on which the clocks change, which is like no other."""
    if day.next_midnight - day.midnight != DAY or day.lo == day.hi:
        return None
    return grid.starts[day.lo] - day.midnight, day.hi - day.lo


def visit_starts(gap: list[Minutes], minutes: int, come: int, leave: int) -> list[Minutes]:
    """Earliest and latest start in each free stretch of a gap, such that the drive there fits into
    one stretch before the visit and the drive on into one after it. A pair may be empty, its latest
    before its earliest."""
    if len(gap) == 1:
        return [(gap[0][0] + come, gap[0][1] - minutes - leave)]
    drives_from = next((n for n, (a, b) in enumerate(gap) if b - a >= come), len(gap))
    leaves_until = max((n for n, (a, b) in enumerate(gap) if b - a >= leave), default=-1)
    found = []
    for number, (start, end) in enumerate(gap):
        earliest = start if drives_from < number else start + come
        found.append((earliest, end - minutes - (0 if leaves_until > number else leave)))
    return found


def call_starts(gap: list[Minutes], minutes: int, need: int) -> Iterator[tuple[int, int]]:
    """Earliest and latest start of a call such that the drive through the gap still fits whole."""
    for number, (start, end) in enumerate(gap):
        latest = end - minutes
        elsewhere = any(b - a >= need for n, (a, b) in enumerate(gap) if n != number)
        if elsewhere or need == 0 or start + need <= latest - need:
            ranges = [(start, latest)]
        else:
            ranges = [(start, latest - need), (start + need, latest)]
        yield from (both for both in ranges if both[0] <= both[1])


def without(opened: list[Minutes], busy: tuple[Minutes, ...]) -> list[Minutes]:
    """The parts of `opened` that `busy` leaves; both in order, `busy` without overlaps."""
    free: list[Minutes] = []
    for start, end in opened:
        for taken, until in busy:
            if until <= start or taken >= end:
                continue
            if taken > start:
                free.append((start, taken))
            start = max(start, until)
        if start < end:
            free.append((start, end))
    return free
