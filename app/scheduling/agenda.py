"""One worker's days on a grid, whatever is wanted there: what is taken, and the gaps in between.

It is the same for every place that a search considers, so it is worked out once and kept with the
worker.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from operator import itemgetter
from typing import NamedTuple

from app.places.travel import NOWHERE, Spot
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
from app.scheduling.wanted import Worker
from app.windows import ALL_WEEK, DAY, Minutes, Span, Window, Windows

# Start and end in minutes, and where a visit is; None for an absence, a busy time of an
# own calendar, or what is not travelled to.
Taken = tuple[int, int, Spot | None]
# What is free between two visits, and where these are; None where it is base.
Gap = tuple[list[Minutes], Spot | None, Spot | None]
IN_ORDER = itemgetter(0, 1)
AT_LAST: Taken = (FOR_EVER, FOR_EVER, None)
ALWAYS = Windows(tuple(Window(weekday, 0, DAY) for weekday in ALL_WEEK))


class Agenda(NamedTuple):
    """What the worker's rules allow, each as starts: within hours, clear of absences, of the own
    calendar and of what is held, and on dates with fewer visits than may be.

    Then the dates by what is on them. `empty` has the starts of those on which nothing is taken,
    `without_visit` of all that have no visit. `broken` is what is free on each date on which
    something is taken that is no visit, `gaps` what is free between visits.
    """

    hours: int
    absence: int
    busy: int
    held: int
    visits_a_day: int
    empty: int
    without_visit: int
    broken: list[list[Minutes]]
    gaps: list[Gap]


class InMinutes(NamedTuple):
    """What takes a worker's time, each in order."""

    stops: list[Taken]
    absences: list[Taken]
    busy: list[Taken]


def agenda_of(worker: Worker, grid: Grid, terms: Terms) -> Agenda:
    """The worker's days on a grid, without their hours or their own calendar where "hours" or
    "busy" are set aside."""
    key = grid, terms.rules.visits_a_day, "hours" in terms.relax, "busy" in terms.relax
    found = worker.worked_out.get(key)
    if found is None:
        found = worker.worked_out[key] = _work_out(worker, *key)
    return found


def _work_out(worker: Worker, grid: Grid, most: int, any_hour: bool, over_busy: bool) -> Agenda:
    hours = ALWAYS if any_hour else worker.hours
    stops, away, own = (near(grid, things) for things in in_minutes(worker))
    if over_busy:
        own = []
    taken = sorted(stops + away + own, key=IN_ORDER) if away or own else stops
    opened = opened_on(grid, hours)
    touched = visited = full = 0
    broken: list[list[Minutes]] = []
    gaps: list[Gap] = []
    for number, todays in by_date(grid, taken).items():
        day = grid.days[number]
        touched |= day.bits
        if len(todays) >= most and visits_on(day, todays) >= most:
            full |= day.bits
        found = gaps_of(opened[number], todays)
        if not found and any(spot is not None for _, _, spot in todays):
            visited |= day.bits
        for gap in found:
            free, before, after = gap
            if before or after:
                visited |= day.bits
                gaps.append(gap)
            else:
                broken.append(free)
    return Agenda(
        open_starts(grid, hours), grid.clear_of(away), grid.clear_of(own), grid.clear_of(stops),
        grid.full & ~full, grid.full & ~touched, grid.full & ~visited, broken, gaps,
    )  # fmt: skip


def in_minutes(worker: Worker) -> InMinutes:
    """What takes a worker's time, worked out once."""
    found = worker.worked_out.get(InMinutes)
    if found is None:
        stops = [
            (
                minute_of(stop.starts_at),
                minute_after(stop.ends_at),
                (stop.spot or NOWHERE) if stop.travels else None,
            )
            for stop in worker.stops
        ]
        stops.sort(key=IN_ORDER)
        away, own = _in_order(worker.absences), _in_order(worker.busy)
        found = worker.worked_out[InMinutes] = InMinutes(stops, away, own)
    return found


def _in_order(spans: Iterable[Span]) -> list[Taken]:
    found: list[Taken] = [(minute_of(start), minute_after(end), None) for start, end in spans]
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


def visits_on(day: GridDay, taken: list[Taken]) -> int:
    """How many visits begin on a date; calls are no visits."""
    return sum(start >= day.midnight for start, _, spot in taken if spot is not None)


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
