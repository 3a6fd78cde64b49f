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
from functools import reduce
from operator import itemgetter, or_
from typing import NamedTuple

from app.places.travel import NOWHERE, Drives, Spot, estimates
from app.scheduling.conditions import Terms
from app.scheduling.grid import (
    FOR_EVER,
    Grid,
    GridDay,
    minute_after,
    minute_of,
    open_starts,
    opened_on,
)
from app.scheduling.wanted import Wanted, Worker
from app.windows import ALL_WEEK, DAY, Minutes, Window, Windows

# Start and end in minutes, and where a visit is; None for an absence or what is not travelled to.
Taken = tuple[int, int, Spot | None]
IN_ORDER = itemgetter(0, 1)
STARTS = itemgetter(0)
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
        self.in_no_time = "travel" in terms.relax
        self.between_visits = terms.rules.between_visits_minutes
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
        taken = sorted(stops + away, key=IN_ORDER) if away else stops
        opened = opened_on(grid, hours)
        busy = too_many = 0
        legs: list[Leg] = []
        for number, todays in self.by_date(taken).items():
            day = grid.days[number]
            busy |= day.bits
            if self.is_full(day, todays):
                too_many |= day.bits
            legs += self.legs_of(without(opened[number], todays), todays, worker.base)
        legs.append(self.quiet_leg(hours, worker.base, busy))
        allowed = {
            "hours": open_starts(grid, hours),
            "absence": grid.clear_of((start, end) for start, end, _ in away),
            "held": grid.clear_of((start, end) for start, end, _ in stops),
            "visits_a_day": grid.full & ~too_many,
            "travel": grid.full if self.in_no_time else reduce(or_, map(STARTS, legs)),
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

    def is_full(self, day: GridDay, todays: list[Taken]) -> bool:
        """Whether one more visit would be more than `visits_a_day`; calls are no visits."""
        if not self.travels or "visits_a_day" in self.relax:
            return False
        most = self.rules.visits_a_day
        visits = [start for start, _, spot in todays if spot is not None]
        return len(visits) >= most and sum(start >= day.midnight for start in visits) >= most

    def legs_of(self, free: list[Minutes], todays: list[Taken], base: Spot) -> list[Leg]:
        """The legs of one date, for each gap between two visits, or a visit and base."""
        if not free:
            return []
        legs = []
        before, lo = None, free[0][0]
        visits = [one for one in todays if one[2] is not None]
        for hi, until, after in (*visits, (free[-1][1], FOR_EVER, None)):
            if hi - lo >= self.minutes:
                gap = [stretch for stretch in free if lo <= stretch[0] < hi]
                leg = self.leg(gap, before, after, base)
                if leg.starts:
                    legs.append(leg)
            before, lo = after, until
        return legs

    def leg(self, gap: list[Minutes], before: Spot | None, after: Spot | None, base: Spot) -> Leg:
        """What can be reached of one gap, with its drives; where there is no visit, base is."""
        here, there = before or base, after or base
        around = self.drives[here, there].minutes if before or after else 0
        if not self.travels:
            starts = self.call_starts(gap, self.keep(around, before and after))
            return Leg(starts, 0, 0, 0, before is None, after is None, True)
        come, come_known = self.drives[here, self.spot]
        leave, leave_known = self.drives[self.spot, there]
        starts = self.grid.reached(gap, self.keep(come, before), self.keep(leave, after))
        return Leg(
            starts, come, leave, max(0, come + leave - around),
            before is None, after is None, come_known and leave_known,
        )  # fmt: skip

    def quiet_leg(self, hours: Windows, base: Spot, busy: int) -> Leg:
        """The dates on which a worker has nothing else: all but the busy ones."""
        if not self.travels:
            return Leg(open_starts(self.grid, hours) & ~busy, 0, 0, 0, True, True, True)
        come, known = self.drives[base, self.spot]
        leave, _ = self.drives[self.spot, base]
        starts = open_starts(self.grid, hours, self.keep(come, None), self.keep(leave, None))
        return Leg(starts & ~busy, come, leave, come + leave, True, True, known)

    def keep(self, drive: int, visit: Spot | None) -> int:
        """Minutes to keep for a drive; more where it joins two visits and there is one at all."""
        if self.in_no_time:
            return 0
        return drive + self.between_visits if drive and visit else drive

    def call_starts(self, gap: list[Minutes], need: int) -> int:
        """The starts of a call in a gap such that the drive through it still fits whole."""
        starts = 0
        for number, (start, end) in enumerate(gap):
            latest = end - self.minutes
            elsewhere = any(b - a >= need for n, (a, b) in enumerate(gap) if n != number)
            if elsewhere or start + need <= latest - need:
                starts |= self.grid.between(start, latest)
            else:
                starts |= self.grid.between(start, latest - need)
                starts |= self.grid.between(start + need, latest)
        return starts


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
