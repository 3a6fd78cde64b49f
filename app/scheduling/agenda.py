"""One worker's days on a grid, whatever is wanted there: what is taken, and the gaps in between.

It is the same for every place that a search considers, so it is worked out once and kept with the
worker.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from app.places.travel import NOWHERE, Spot
from app.scheduling.grid import FOR_EVER, Grid, minute_after, minute_of, open_starts, opened_on
from app.scheduling.wanted import Worker
from app.windows import ALL_WEEK, DAY, Minutes, Window, Windows

# Start and end in minutes, and where a visit is; None for an absence, a busy time of an
# own calendar, or what is not travelled to.
Taken = tuple[int, int, Spot | None]
# What is free between two visits, and where these are; None where it is base.
Gap = tuple[list[Minutes], Spot | None, Spot | None]
IN_ORDER = itemgetter(0, 1)
AT_LAST: Taken = (FOR_EVER, FOR_EVER, None)
ALWAYS = Windows(tuple(Window(weekday, 0, DAY) for weekday in ALL_WEEK))


class Agenda(NamedTuple):
    """The starts that keep to the hours, and are clear of absences, of the own calendar and of what
    is held; then the dates by what is on them.

    `empty` are all starts of the dates on which nothing is taken, `without_visit` of those and of
    the dates with no visit; what is free on each of the latter stands in `broken`. `begun` has the
    starts of each date with visits and how many visits begin on it, `gaps` what is free between.
    """

    hours: int
    absence: int
    busy: int
    held: int
    empty: int
    without_visit: int
    broken: list[list[Minutes]]
    begun: list[tuple[int, int]]
    gaps: list[Gap]


class InMinutes(NamedTuple):
    """What takes a worker's time, each in order."""

    stops: list[Taken]
    absences: list[Taken]
    busy: list[Taken]


def agenda_of(worker: Worker, grid: Grid, relax: frozenset[str]) -> Agenda:
    """The worker's days on a grid, without their hours or their own calendar where "hours" or
    "busy" are set aside."""
    key = grid, "hours" in relax, "busy" in relax
    found = worker.worked_out.get(key)
    if found is None:
        found = worker.worked_out[key] = _work_out(worker, *key)
    return found


def _work_out(worker: Worker, grid: Grid, at_any_hour: bool, over_busy: bool) -> Agenda:
    hours = ALWAYS if at_any_hour else worker.hours
    stops, away, own = (near(grid, things) for things in in_minutes(worker))
    if over_busy:
        own = []
    taken = sorted(stops + away + own, key=IN_ORDER) if away or own else stops
    opened = opened_on(grid, hours)
    touched = visited = 0
    broken: list[list[Minutes]] = []
    begun: list[tuple[int, int]] = []
    gaps: list[Gap] = []
    for number, todays in by_date(grid, taken).items():
        day = grid.days[number]
        touched |= day.bits
        found = gaps_of(opened[number], todays)
        visits = [start for start, _, spot in todays if spot is not None]
        if visits:
            visited |= day.bits
            begun.append((day.bits, sum([start >= day.midnight for start in visits])))
            gaps += found
        else:
            broken += [free for free, _, _ in found]
    return Agenda(
        open_starts(grid, hours), grid.clear_of(away), grid.clear_of(own), grid.clear_of(stops),
        grid.full & ~touched, grid.full & ~visited, broken, begun, gaps,
    )  # fmt: skip


def in_minutes(worker: Worker) -> InMinutes:
    found = worker.worked_out.get(InMinutes)
    if found is None:
        found = worker.worked_out[InMinutes] = InMinutes(
            _in_minutes(
                (stop.starts_at, stop.ends_at, (stop.spot or NOWHERE) if stop.travels else None)
                for stop in worker.stops
            ),
            _in_minutes((start, end, None) for start, end in worker.absences),
            _in_minutes((start, end, None) for start, end in worker.busy),
        )
    return found


def _in_minutes(things: Iterable[tuple[datetime, datetime, Spot | None]]) -> list[Taken]:
    found = [(minute_of(start), minute_after(end), spot) for start, end, spot in things]
    found.sort(key=IN_ORDER)
    return found


def near(grid: Grid, things: list[Taken]) -> list[Taken]:
    """What touches the grid's dates."""
    begins, ends = grid.days[0].midnight, grid.days[-1].next_midnight
    return [one for one in things if one[0] < ends and one[1] > begins]


def by_date(grid: Grid, taken: list[Taken]) -> dict[int, list[Taken]]:
    """What is taken on each of the grid's dates that has any, by the date's number."""
    days: dict[int, list[Taken]] = defaultdict(list)
    number, midnights = 0, grid.midnights
    for one in taken:
        while one[0] >= midnights[number + 1]:
            number += 1
        days[number].append(one)
        if one[1] > midnights[number + 1]:
            for later in range(number + 1, bisect_left(midnights, one[1], 0, len(grid.days))):
                days[later].append(one)
    return days


def gaps_of(opened: list[Minutes], taken: list[Taken]) -> list[Gap]:
    """What is free of one date between two visits, before the first and after the last. What is
    opened and what is taken are in order; what is taken may overlap."""
    gaps: list[Gap] = []
    free: list[Minutes] = []
    before, since = None, 0
    for start, end, visit in (*taken, AT_LAST):
        if since < start:
            for opens, closes in opened:
                if opens < start and since < closes:
                    free.append(
                        (opens if opens > since else since, closes if closes < start else start)
                    )
        if visit is not None:
            if free:
                gaps.append((free, before, visit))
            before, free = visit, []
        if end > since:
            since = end
    if free:
        gaps.append((free, before, None))
    return gaps
