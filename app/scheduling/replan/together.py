"""What options of different visits mean for one another, by the finder's own rules. Pure.

A person's date holds several planned visits where each of them is lawful with the others in it:
held time, drives, the number of visits and base at both ends of the day.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property

from app import clock
from app.places.travel import NOWHERE, Drives, estimates
from app.scheduling.conditions import Terms
from app.scheduling.grid import Grid, minute_of, one_start
from app.scheduling.journeys import Journeys
from app.scheduling.replan.cases import Case, Event, keeps_order
from app.scheduling.replan.options import AGREED, Team, leaving
from app.scheduling.replan.table import Option, Pick, Picks
from app.scheduling.wanted import Stop, Wanted, Worker


class Days:
    """Answers `table.Together` for the visits of one broken day."""

    def __init__(
        self, cases: Sequence[Case], options: Sequence[Sequence[Option]], team: Team, terms: Terms
    ) -> None:
        self.cases, self.options, self.team, self.terms = cases, options, team, terms
        self.grids: dict[tuple[int, int], Grid] = {}

    @cached_property
    def drives(self) -> Drives:
        return estimates(self.terms.rules, self.terms.overrides)

    def option(self, pick: Pick) -> Option:
        return self.options[pick[0]][pick[1]]

    def wanted(self, pick: Pick) -> Wanted:
        return self.cases[pick[0]].wanted_at(self.option(pick).place_id)

    def stop(self, pick: Pick) -> Stop:
        option, wanted = self.option(pick), self.wanted(pick)
        return Stop(option.starts_at, option.ends_at, wanted.spot, wanted.travels)

    def related(self, one: int, other: int) -> bool:
        """Whether two visits have a family, an interpreter, a peer parent or a room in common."""
        a, b = self.cases[one], self.cases[other]
        return bool(
            a.family_id == b.family_id
            or (a.interpreter_id is not None and a.interpreter_id == b.interpreter_id)
            or (a.peer_id is not None and a.peer_id == b.peer_id)
            or self.rooms[one] & self.rooms[other]
        )

    @cached_property
    def rooms(self) -> list[set[int]]:
        return [
            {option.room_id for option in options if option.room_id is not None}
            for options in self.options
        ]

    def clash(self, one: Pick, other: Pick) -> bool:
        """Whether two visits need one room, interpreter, peer parent or family at a time, carers
        who must not meet would, or a family's course would lose its order."""
        a, b = self.cases[one[0]], self.cases[other[0]]
        x, y = self.option(one), self.option(other)
        at_once = x.starts_at < y.ends_at and y.starts_at < x.ends_at
        shared = (
            x.room_id is not None and x.room_id == y.room_id,
            a.interpreter_id is not None and a.interpreter_id == b.interpreter_id,
            a.peer_id is not None and a.peer_id == b.peer_id,
            a.family_id == b.family_id,
        )
        if at_once and any(shared):
            return True
        return a.family_id == b.family_id and not self.family_keeps(a, x, b, y)

    def family_keeps(self, a: Case, x: Option, b: Case, y: Option) -> bool:
        rules = self.terms.rules
        if a.carers_keep_apart and a.carer_id != b.carer_id:
            margin = timedelta(minutes=rules.keep_apart_minutes)
            if x.starts_at < y.ends_at + margin and y.starts_at < x.ends_at + margin:
                return False
        now, then = (
            Event(case.kind, case.cycle_id, option.starts_at, option.ends_at)
            for case, option in ((a, x), (b, y))
        )
        return keeps_order(a.event, now, b.event, then, rules.review_least_working_days)

    def driving(self, who: int, day: date, picks: Picks) -> int | None:
        """The driving that these add to one person's date, None where one of them does not fit."""
        worker = self.team.workers[who]
        for visit, _ in picks:
            if who in self.cases[visit].people:
                worker = leaving(worker, self.cases[visit])
        stops = {pick: self.stop(pick) for pick in picks}
        for pick in picks:
            others = tuple(stop for other, stop in stops.items() if other != pick)
            if not self.fits(pick, replace(worker, stops=(*worker.stops, *others))):
                return None
        with_them = replace(worker, stops=(*worker.stops, *stops.values()))
        return max(0, self.route(with_them, day) - self.route(worker, day))

    def fits(self, pick: Pick, worker: Worker) -> bool:
        option, wanted = self.option(pick), self.wanted(pick)
        kept = option.starts_at == self.cases[pick[0]].starts_at
        terms = self.terms._replace(relax=AGREED) if kept else self.terms
        grid = self.grid(minute_of(option.starts_at), wanted.minutes)
        return bool(Journeys(wanted, grid, terms).reach(worker).free(grid.full))

    def grid(self, start: int, minutes: int) -> Grid:
        if (start, minutes) not in self.grids:
            self.grids[start, minutes] = one_start(start, minutes)
        return self.grids[start, minutes]

    def route(self, worker: Worker, day: date) -> int:
        """Minutes of driving on one date: from base through its visits and back."""
        visits = [
            stop
            for stop in worker.stops
            if stop.travels and clock.london(stop.starts_at).date() == day
        ]
        if not visits:
            return 0
        visits.sort(key=lambda stop: stop.starts_at)
        spots = [worker.base, *(stop.spot or NOWHERE for stop in visits), worker.base]
        return sum(self.drives[a, b].minutes for a, b in zip(spots, spots[1:], strict=False))
