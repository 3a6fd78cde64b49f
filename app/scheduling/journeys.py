"""What one worker can reach: working time, what is held, and the drives to fit in between.

The rule of drives: every drive, from and to base at both ends of the day included, lies in one
free stretch of working time, that is, within working hours, outside absence and clear of every
appointment. A first visit therefore begins no earlier than the hours begin plus the drive from
base. A drive between two visits takes `between_visits_minutes` more; where there is no drive
(the same place) nothing is added and an end may touch a start. Someone who does not travel for
an appointment (phone, video) is where the visit before was and still has to reach the next in time.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
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
from app.windows import Minutes, merged

# Start and end in minutes, and the stop; None for an absence.
Taken = tuple[int, int, Stop | None]


class Visit(NamedTuple):
    """A held appointment that somebody travels to, in minutes."""

    start: int
    end: int
    spot: Spot


class Leg(NamedTuple):
    """Starts `lo` to before `hi` that share their drives: from the visit before or base (`first`),
    to the visit after or base (`last`), and the driving that they add to the day."""

    lo: int
    hi: int
    before: int
    after: int
    added: int
    first: bool
    last: bool
    known: bool


@dataclass(frozen=True)
class Reach:
    """One worker on a grid: what each rule allows, and the legs of each date."""

    worker: Worker
    allowed: dict[str, int]
    legs: list[list[Leg]]

    def free(self, full: int) -> int:
        """The starts that every rule about this worker allows."""
        mask = full
        for allowed in self.allowed.values():
            mask &= allowed
        return mask


class Journeys:
    """Makes the reach of workers for one appointment that is wanted, on one grid."""

    def __init__(self, wanted: Wanted, grid: Grid, terms: Terms) -> None:
        self.wanted, self.grid = wanted, grid
        self.rules, self.relax, self.overrides = terms.rules, terms.relax, terms.overrides
        self.spot = wanted.spot or NOWHERE

    def reach(self, worker: Worker) -> Reach:
        """What each rule about the worker allows: hours, absence, held, visits_a_day, travel."""
        grid = self.grid
        away = self.near((start, end, None) for start, end in worker.absences)
        stops = self.near((stop.starts_at, stop.ends_at, stop) for stop in worker.stops)
        hours: list[Minutes] = []
        legs: list[list[Leg]] = []
        few = grid.full
        for day, todays in zip(grid.days, self.by_day(stops + away), strict=True):
            opened = self.opened(worker, day)
            hours += opened
            visits = [Visit(s, e, x.spot or NOWHERE) for s, e, x in todays if x and x.travels]
            if self.full_day(visits, day):
                few &= ~day.bits
            free = without(opened, merged((s, e) for s, e, _ in todays)) if todays else opened
            legs.append(list(self.day_legs(day, free, visits, worker.base)) if free else [])
        reached = 0
        for leg in (leg for days_legs in legs for leg in days_legs):
            reached |= (1 << leg.hi) - (1 << leg.lo)
        allowed = {
            "hours": grid.within(hours),
            "absence": grid.clear_of((start, end) for start, end, _ in away),
            "held": grid.clear_of((start, end) for start, end, _ in stops),
            "visits_a_day": few,
            "travel": reached,
        }
        return Reach(worker, allowed, legs)

    def near(self, things: Iterable[tuple[datetime, datetime, Stop | None]]) -> list[Taken]:
        """What touches the grid's dates, in minutes, in order."""
        begins = instant_of(self.grid.days[0].midnight)
        ends = instant_of(self.grid.days[-1].next_midnight)
        found = [
            (minute_of(start), minute_after(end), stop)
            for start, end, stop in things
            if start < ends and end > begins
        ]
        return sorted(found, key=lambda taken: taken[:2])

    def by_day(self, taken: list[Taken]) -> list[list[Taken]]:
        """What is taken on each of the grid's dates, in order of start."""
        begin = [day.midnight for day in self.grid.days]
        days: list[list[Taken]] = [[] for _ in begin]
        for one in taken:
            first = max(0, bisect_right(begin, one[0]) - 1)
            for number in range(first, bisect_left(begin, one[1])):
                days[number].append(one)
        return days

    def opened(self, worker: Worker, day: GridDay) -> list[Minutes]:
        """The worker's hours on a date; the whole day where the rule is set aside."""
        if "hours" in self.relax:
            return [(day.midnight, day.next_midnight)]
        return stretches_on(worker.hours, day)

    def full_day(self, visits: list[Visit], day: GridDay) -> bool:
        """Whether one more visit would be more than `visits_a_day`; calls are no visits."""
        if not self.wanted.travels or "visits_a_day" in self.relax:
            return False
        return sum(v.start >= day.midnight for v in visits) >= self.rules.visits_a_day

    def day_legs(
        self, day: GridDay, free: list[Minutes], visits: list[Visit], base: Spot
    ) -> Iterator[Leg]:
        """The legs of one date, for each gap between two visits, or a visit and base."""
        for before, after in pairwise([None, *visits, None]):
            lo = before.end if before else free[0][0]
            hi = after.start if after else free[-1][1]
            gap = [(max(a, lo), min(b, hi)) for a, b in free if a < hi and b > lo]
            here, there = before.spot if before else base, after.spot if after else base
            direct = self.drive(here, there) if before or after else Drive(0, True)
            if self.wanted.travels:
                come, leave = self.drive(here, self.spot), self.drive(self.spot, there)
            else:
                come, leave = Drive(0, True), Drive(0, True)
            added = max(0, come.minutes + leave.minutes - direct.minutes)
            trip = Leg(
                0, 0, come.minutes, leave.minutes, added if self.wanted.travels else 0,
                before is None, after is None, come.known and leave.known,
            )  # fmt: skip
            if "travel" in self.relax:
                ranges = [(lo, hi - self.grid.minutes)]
            elif self.wanted.travels:
                needs = self.need(come, before), self.need(leave, after)
                ranges = list(visit_starts(gap, self.grid.minutes, *needs))
            else:
                need = self.need(direct, before and after)
                ranges = list(call_starts(gap, self.grid.minutes, need))
            for earliest, latest in ranges:
                first = bisect_left(self.grid.starts, earliest, day.lo, day.hi)
                end = bisect_right(self.grid.starts, latest, day.lo, day.hi)
                if first < end:
                    yield trip._replace(lo=first, hi=end)

    def drive(self, a: Spot, b: Spot) -> Drive:
        return minutes_between(a, b, self.rules, self.overrides)

    def need(self, drive: Drive, visit: Visit | None) -> int:
        """Minutes to keep for a drive; more where it joins two visits and there is one at all."""
        if visit is None or drive.minutes == 0:
            return drive.minutes
        return drive.minutes + self.rules.between_visits_minutes


def visit_starts(
    gap: list[Minutes], minutes: int, come: int, leave: int
) -> Iterator[tuple[int, int]]:
    """Earliest and latest start in each free stretch of a gap, such that the drive there fits into
    one stretch before the visit and the drive on into one after it."""
    for number, (start, end) in enumerate(gap):
        driven = any(b - a >= come for a, b in gap[:number])
        drives_later = any(b - a >= leave for a, b in gap[number + 1 :])
        earliest = start if driven else start + come
        latest = end - minutes - (0 if drives_later else leave)
        if earliest <= latest:
            yield earliest, latest


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
