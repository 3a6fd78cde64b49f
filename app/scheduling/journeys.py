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
from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from app.places.travel import NOWHERE, Drive, Drives, Spot, estimates
from app.scheduling.conditions import Terms
from app.scheduling.grid import Grid, GridDay, minute_after, minute_of, stretches_on
from app.scheduling.wanted import Wanted, Worker
from app.windows import ALL_WEEK, DAY, Minutes, Window, Windows

# Start and end in minutes, and where a visit is; None for an absence or what is not travelled to.
Taken = tuple[int, int, Spot | None]
IN_ORDER = itemgetter(0, 1)
NO_DRIVE = Drive(0, True)
ALWAYS = Windows(tuple(Window(weekday, 0, DAY) for weekday in ALL_WEEK))


class Leg(NamedTuple):
    """Starts that share their drives: from the visit before or base (`first`), to the visit after
    or base (`last`), and the driving that they add to the day. Of one date; or of every date on
    which the worker has nothing else, and only drives from base and back."""

    starts: int
    before: int
    after: int
    added: int
    first: bool
    last: bool
    known: bool


class Reach(NamedTuple):
    """One worker on a grid: what each rule allows, and the legs."""

    worker: Worker
    allowed: dict[str, int]
    legs: list[Leg]

    def free(self, full: int) -> int:
        """The starts that every rule about this worker allows."""
        mask = full
        for allowed in self.allowed.values():
            mask &= allowed
        return mask


class Journeys:
    """Makes the reach of workers for one appointment that is wanted, on one grid.

    Dates on which a worker has nothing are worked out once for all that have the same hours; the
    others one by one.
    """

    def __init__(self, wanted: Wanted, grid: Grid, terms: Terms) -> None:
        self.grid, self.minutes, self.travels = grid, grid.minutes, wanted.travels
        self.rules, self.relax = terms.rules, terms.relax
        self.spot = wanted.spot or NOWHERE
        self.midnights = [day.midnight for day in grid.days]
        self.begins, self.ends = grid.days[0].midnight, grid.days[-1].next_midnight
        self.drives = (
            Drives(terms.rules, terms.overrides) if terms.overrides else estimates(terms.rules)
        )

    def reach(self, worker: Worker) -> Reach:
        """What each rule about the worker allows: hours, absence, held, visits_a_day, travel."""
        grid = self.grid
        hours = ALWAYS if "hours" in self.relax else worker.hours
        stops = self.near(
            (stop.starts_at, stop.ends_at, (stop.spot or NOWHERE) if stop.travels else None)
            for stop in worker.stops
        )
        away = self.near((start, end, None) for start, end in worker.absences)
        working, quiet = self.quiet_dates(hours, worker.base)
        too_many = busy = 0
        legs: list[Leg] = []
        for number, taken in self.by_date(sorted(stops + away, key=IN_ORDER)).items():
            day = grid.days[number]
            busy |= day.bits
            if self.is_full(day, taken):
                too_many |= day.bits
            legs += self.legs_of(day, stretches_on(hours.on(day.day), day), taken, worker.base)
        legs += [leg._replace(starts=leg.starts & ~busy) for leg in quiet]
        reached = 0
        for leg in legs:
            reached |= leg.starts
        allowed = {
            "hours": working,
            "absence": grid.clear_of((start, end) for start, end, _ in away),
            "held": grid.clear_of((start, end) for start, end, _ in stops),
            "visits_a_day": grid.full & ~too_many,
            "travel": reached,
        }
        return Reach(worker, allowed, legs)

    def near(self, things: Iterable[tuple[datetime, datetime, Spot | None]]) -> list[Taken]:
        """What touches the grid's dates, in minutes, in order."""
        found = [(minute_of(start), minute_after(end), spot) for start, end, spot in things]
        found = [one for one in found if one[0] < self.ends and one[1] > self.begins]
        found.sort(key=IN_ORDER)
        return found

    def by_date(self, taken: list[Taken]) -> dict[int, list[Taken]]:
        """What is taken on each of the grid's dates that has any, by the date's number."""
        days: dict[int, list[Taken]] = defaultdict(list)
        for one in taken:
            first = max(0, bisect_right(self.midnights, one[0]) - 1)
            for number in range(first, bisect_left(self.midnights, one[1])):
                days[number].append(one)
        return days

    def quiet_dates(self, hours: Windows, base: Spot) -> tuple[int, list[Leg]]:
        """The starts within the hours, and the legs of the dates on which there is nothing else."""
        working = 0
        legs = []
        for alike in self.grid.alike(hours):
            opened = stretches_on(alike.open, alike.day)
            working |= alike.everywhere(self.grid.within(opened))
            for leg in self.legs_of(alike.day, opened, [], base):
                legs.append(leg._replace(starts=alike.everywhere(leg.starts)))
        return working, legs

    def is_full(self, day: GridDay, taken: list[Taken]) -> bool:
        """Whether one more visit would be more than `visits_a_day`; calls are no visits."""
        if not self.travels or "visits_a_day" in self.relax:
            return False
        visits = sum(spot is not None and start >= day.midnight for start, _, spot in taken)
        return visits >= self.rules.visits_a_day

    def legs_of(
        self, day: GridDay, opened: list[Minutes], taken: list[Taken], base: Spot
    ) -> list[Leg]:
        """The legs of one date, for each gap between two visits, or a visit and base."""
        free = without(opened, taken) if taken else opened
        if not free:
            return []
        legs: list[Leg] = []
        before, lo = None, free[0][0]
        for start, end, spot in [one for one in taken if one[2] is not None] + [
            (free[-1][1], 0, None)
        ]:
            if start - lo >= self.minutes:
                self.add_leg(legs, free, (lo, start), (before, spot), base)
            before, lo = spot, end
        return legs

    def add_leg(
        self,
        legs: list[Leg],
        free: list[Minutes],
        between: Minutes,
        visits: tuple[Spot | None, Spot | None],
        base: Spot,
    ) -> None:
        """The starts in one gap, if there are any; where there is no visit, base is."""
        (lo, hi), (before, after) = between, visits
        here, there = before or base, after or base
        gap = [(max(a, lo), min(b, hi)) for a, b in free if a < hi and b > lo]
        come = leave = NO_DRIVE
        added = 0
        if self.travels:
            come, leave = self.drives[here, self.spot], self.drives[self.spot, there]
            around = self.drives[here, there].minutes if before or after else 0
            added = max(0, come.minutes + leave.minutes - around)
        if "travel" in self.relax:
            ranges = [(lo, hi - self.minutes)]
        elif self.travels:
            ranges = visit_starts(
                gap, self.minutes, self.need(come, before), self.need(leave, after)
            )
        else:
            drive = self.drives[here, there] if before or after else NO_DRIVE
            ranges = call_starts(gap, self.minutes, self.need(drive, before and after))
        starts = 0
        for earliest, latest in ranges:
            starts |= self.grid.between(earliest, latest)
        if starts:
            legs.append(
                Leg(
                    starts, come.minutes, leave.minutes, added,
                    before is None, after is None, come.known and leave.known,
                )
            )  # fmt: skip

    def need(self, drive: Drive, visit: Spot | None) -> int:
        """Minutes to keep for a drive; more where it joins two visits and there is one at all."""
        if visit is None or drive.minutes == 0:
            return drive.minutes
        return drive.minutes + self.rules.between_visits_minutes


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


def call_starts(gap: list[Minutes], minutes: int, need: int) -> list[Minutes]:
    """Earliest and latest start of a call such that the drive through the gap still fits whole."""
    found: list[Minutes] = []
    for number, (start, end) in enumerate(gap):
        latest = end - minutes
        elsewhere = any(b - a >= need for n, (a, b) in enumerate(gap) if n != number)
        if elsewhere or need == 0 or start + need <= latest - need:
            found.append((start, latest))
        else:
            found += [(start, latest - need), (start + need, latest)]
    return found


def without(opened: list[Minutes], taken: list[Taken]) -> list[Minutes]:
    """The parts of `opened` that are not taken; both in order, what is taken may overlap."""
    free: list[Minutes] = []
    for start, end in opened:
        for begins, until, _ in taken:
            if until <= start or begins >= end:
                continue
            if begins > start:
                free.append((start, begins))
            start = until
        if start < end:
            free.append((start, end))
    return free
