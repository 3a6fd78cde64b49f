"""What one worker can reach: working time, what is held, and the drives to fit in between.

The rule of drives: every drive, from and to base at both ends of the day included, lies in one
free stretch of working time, that is, within working hours, outside absence and clear of every
appointment and of what their own calendar holds. A first visit therefore begins no earlier than
the hours begin plus the drive from base. A drive between two visits takes `between_visits_minutes`
more; where there is no drive (the same place) nothing is added and an end may touch a start.
Someone who does not travel for an appointment (phone, video) is where the visit before was and
still has to reach the next in time.
"""

from collections.abc import Iterable, Iterator
from functools import reduce
from operator import itemgetter, or_
from typing import NamedTuple

from app.places.travel import NOWHERE, Spot, estimates
from app.scheduling.agenda import ALWAYS, Agenda, Gap, agenda_of
from app.scheduling.conditions import Terms
from app.scheduling.grid import Grid, open_starts
from app.scheduling.wanted import Wanted, Worker

STARTS = itemgetter(0)


class Leg(NamedTuple):
    """Starts that share their drives: from the visit before or base (`first`), to the visit after
    or base (`last`), and the driving that they add to the day. Of one date; or of every date on
    which the worker has no visit, and only drives from base and back. Starts at which the worker
    is not at work, or busy, may be among them."""

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
        self.terms, self.relax = terms, terms.relax
        self.counts = self.travels and "visits_a_day" not in terms.relax  # calls are no visits
        self.in_no_time = "travel" in terms.relax
        self.between_visits = terms.rules.between_visits_minutes
        self.spot = wanted.spot or NOWHERE
        self.drives = estimates(terms.rules, terms.overrides)

    def reach(self, worker: Worker) -> Reach:
        """What each rule about the worker allows: hours, absence, busy, held, visits_a_day and
        travel."""
        full, agenda = self.grid.full, agenda_of(worker, self.grid, self.terms)
        legs_in = self.visit_legs if self.travels else self.call_legs
        legs = [self.leg_from_base(worker, agenda), *legs_in(agenda.gaps, worker.base)]
        allowed = {
            "hours": agenda.hours,
            "absence": agenda.absence,
            "busy": agenda.busy,
            "held": agenda.held,
            "visits_a_day": agenda.visits_a_day if self.counts else full,
            "travel": full if self.in_no_time else reduce(or_, map(STARTS, legs)),
        }
        return Reach(worker, allowed, legs)

    def leg_from_base(self, worker: Worker, agenda: Agenda) -> Leg:
        """The dates on which a worker has no visit."""
        if not self.travels:
            return Leg(agenda.without_visit, 0, 0, 0, True, True, True)
        come, known = self.drives[worker.base, self.spot]
        leave, _ = self.drives[self.spot, worker.base]
        keep = (0, 0) if self.in_no_time else (come, leave)
        hours = ALWAYS if "hours" in self.relax else worker.hours
        starts = agenda.empty & open_starts(self.grid, hours, *keep)
        for free in agenda.broken:
            starts |= self.grid.reached(free, *keep)
        return Leg(starts, come, leave, come + leave, True, True, known)

    def visit_legs(self, gaps: Iterable[Gap], base: Spot) -> Iterator[Leg]:
        """What a visit can reach of each gap; where there is no visit before or after, base is."""
        grid, drives, more = self.grid, self.drives, self.between_visits
        for free, before, after in gaps:
            if free[-1][1] - free[0][0] < grid.minutes:
                continue
            here, there = before or base, after or base
            come, come_known = drives[here, self.spot]
            leave, leave_known = drives[self.spot, there]
            if self.in_no_time:
                starts = grid.reached(free)
            else:
                starts = grid.reached(
                    free,
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
        for free, before, after in gaps:
            need = 0
            if (before or after) and not self.in_no_time:
                need = self.drives[before or base, after or base].minutes
                need += self.between_visits if before and after and need else 0
            if starts := self.grid.reached_by_call(free, need):
                yield Leg(starts, 0, 0, 0, before is None, after is None, True)
