"""What one worker can reach: working time, what is held, and the drives to fit in between.

The rule of drives: every drive, from and to base at both ends of the day included, lies in one
free stretch of working time, that is, within working hours, outside absence and clear of every
appointment and of what their own calendar holds. A first visit therefore begins no earlier than
the hours begin plus the drive from base. A drive between two visits takes `between_visits_minutes`
more; where there is no drive (the same place) nothing is added and an end may touch a start.
Someone who does not travel for an appointment (phone, video) is where the visit before was and
still has to reach the next in time.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import reduce
from operator import itemgetter, or_
from typing import NamedTuple

from app.places.travel import NOWHERE, Spot, estimates
from app.scheduling.conditions import Terms
from app.scheduling.grid import (
    Grid,
    GridDay,
    minute_after,
    minute_of,
    open_starts,
    opened_on,
)
from app.scheduling.wanted import Wanted, Worker
from app.windows import ALL_WEEK, DAY, Minutes, Window, Windows

# Start and end in minutes, and where a visit is; None for an absence, a busy time of an
# own calendar, or what is not travelled to.
Taken = tuple[int, int, Spot | None]
# What is free between two visits, and where these are; None where it is base.
Gap = tuple[list[Minutes], Spot | None, Spot | None]
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
        self.grid, self.travels = grid, wanted.travels
        self.rules, self.relax = terms.rules, terms.relax
        self.in_no_time = "travel" in terms.relax
        self.between_visits = terms.rules.between_visits_minutes
        self.spot = wanted.spot or NOWHERE
        self.midnights = [day.midnight for day in grid.days]
        self.drives = estimates(terms.rules, terms.overrides)

    def reach(self, worker: Worker) -> Reach:
        """What each rule about the worker allows: hours, absence, busy, held, visits_a_day and
        travel."""
        grid = self.grid
        hours = ALWAYS if "hours" in self.relax else worker.hours
        stops = self.near(
            (stop.starts_at, stop.ends_at, (stop.spot or NOWHERE) if stop.travels else None)
            for stop in worker.stops
        )
        away = self.near((start, end, None) for start, end in worker.absences)
        own_times = () if "busy" in self.relax else worker.busy
        own = self.near((start, end, None) for start, end in own_times)
        taken = sorted(stops + away + own, key=IN_ORDER) if away or own else stops
        opened = opened_on(grid, hours)
        legs_in = self.visit_legs if self.travels else self.call_legs
        busy = too_many = 0
        legs: list[Leg] = []
        for number, todays in self.by_date(taken).items():
            day = grid.days[number]
            busy |= day.bits
            if self.is_full(day, todays):
                too_many |= day.bits
            legs += legs_in(gaps_of(without(opened[number], todays), todays), worker.base)
        legs.append(self.quiet_leg(hours, worker.base, busy))
        allowed = {
            "hours": open_starts(grid, hours),
            "absence": grid.clear_of((start, end) for start, end, _ in away),
            "busy": grid.clear_of((start, end) for start, end, _ in own),
            "held": grid.clear_of((start, end) for start, end, _ in stops),
            "visits_a_day": grid.full & ~too_many,
            "travel": grid.full if self.in_no_time else reduce(or_, map(STARTS, legs)),
        }
        return Reach(worker, allowed, legs)

    def near(self, things: Iterable[tuple[datetime, datetime, Spot | None]]) -> list[Taken]:
        """What touches the grid's dates, in minutes, in order."""
        begins, ends = self.grid.days[0].midnight, self.grid.days[-1].next_midnight
        found = [
            (first, until, spot)
            for start, end, spot in things
            if (first := minute_of(start)) < ends and (until := minute_after(end)) > begins
        ]
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

    def visit_legs(self, gaps: Iterable[Gap], base: Spot) -> Iterator[Leg]:
        """What a visit can reach of each gap; where there is no visit before or after, base is."""
        grid, drives, more = self.grid, self.drives, self.between_visits
        for gap, before, after in gaps:
            here, there = before or base, after or base
            come, come_known = drives[here, self.spot]
            leave, leave_known = drives[self.spot, there]
            if self.in_no_time:
                starts = grid.within(gap)
            else:
                starts = grid.reached(
                    gap,
                    come + more if before and come else come,
                    leave + more if after and leave else leave,
                )
            if starts:
                around = drives[here, there].minutes if before or after else 0
                yield Leg(
                    starts, come, leave, max(0, come + leave - around),
                    before is None, after is None, come_known and leave_known,
                )  # fmt: skip

    def call_legs(self, gaps: Iterable[Gap], base: Spot) -> Iterator[Leg]:
        """What a call can reach of each gap, such that the drive through the gap still fits."""
        for gap, before, after in gaps:
            need = 0
            if (before or after) and not self.in_no_time:
                need = self.drives[before or base, after or base].minutes
                need += self.between_visits if before and after and need else 0
            if starts := self.grid.reached_by_call(gap, need):
                yield Leg(starts, 0, 0, 0, before is None, after is None, True)

    def quiet_leg(self, hours: Windows, base: Spot, busy: int) -> Leg:
        """The dates on which a worker has nothing else: all but the busy ones."""
        if not self.travels:
            return Leg(open_starts(self.grid, hours) & ~busy, 0, 0, 0, True, True, True)
        come, known = self.drives[base, self.spot]
        leave, _ = self.drives[self.spot, base]
        keep = (0, 0) if self.in_no_time else (come, leave)
        starts = open_starts(self.grid, hours, *keep)
        return Leg(starts & ~busy, come, leave, come + leave, True, True, known)


def gaps_of(free: list[Minutes], taken: list[Taken]) -> Iterator[Gap]:
    """What is free of one date between two visits, before the first and after the last."""
    before, since = None, 0
    for start, end, visit in taken:
        if visit is not None:
            if gap := [stretch for stretch in free if since <= stretch[0] < start]:
                yield gap, before, visit
            before, since = visit, end
    if gap := [stretch for stretch in free if since <= stretch[0]]:
        yield gap, before, None


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
