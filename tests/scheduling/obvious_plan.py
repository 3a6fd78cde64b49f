"""The obvious, slow planner that the tests compare with: every plan there is, and the cheapest.

`SlowDays` says what fits together minute by minute, with nothing of the finder's but the values.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import product

from app.places.travel import NOWHERE, minutes_between
from app.scheduling.replan.cases import Case
from app.scheduling.replan.table import Cost, Option, Pick, Picks, Together
from app.scheduling.wanted import Stop, Worker
from tests.scheduling.obvious_slots import RULES, Person

Visits = Sequence[Sequence[Option]]
Chosen = Sequence[int | None]


def obvious(visits: Visits, together: Together) -> Cost:
    """The least cost of any plan every part of which stands by itself: all are looked at."""
    costs = [
        cost
        for chosen in product(*([*range(len(options)), None] for options in visits))
        if (cost := cost_of(visits, together, chosen)) is not None
    ]
    return min(costs)


def cost_of(visits: Visits, together: Together, chosen: Chosen) -> Cost | None:
    """The cost of one plan, None where some part of it does not stand by itself."""
    picks = [(v, o) for v, o in enumerate(chosen) if o is not None]
    if any(together.clash(a, b) for n, a in enumerate(picks) for b in picks[:n]):
        return None
    driving = 0
    for key in {key for v, o in picks for key in visits[v][o].days}:
        here = [pick for pick in picks if key in visits[pick[0]][pick[1]].days]
        dearest = 0
        for mask in range(1, 2 ** len(here)):
            part = frozenset(pick for n, pick in enumerate(here) if mask >> n & 1)
            minutes = together.driving(*key, part)
            if minutes is None:
                return None
            dearest = max(dearest, minutes)
        driving += dearest
    options = [visits[v][o] for v, o in picks]
    return Cost(
        len(chosen) - len(picks), sum(o.points for o in options), driving,
        sum(o.away for o in options),
    )  # fmt: skip


class SlowDays:
    """Whether visits of one broken day fit together, looked at minute by minute."""

    def __init__(self, cases: Sequence[Case], options: Visits, workers: dict[int, Worker]) -> None:
        self.cases, self.options, self.workers = cases, options, workers
        self.known: dict[tuple[int, date, Picks], int | None] = {}

    def related(self, one: int, other: int) -> bool:
        return True

    def clash(self, one: Pick, other: Pick) -> bool:
        a, b = self.options[one[0]][one[1]], self.options[other[0]][other[1]]
        at_once = a.starts_at < b.ends_at and b.starts_at < a.ends_at
        same_room = a.room_id is not None and a.room_id == b.room_id
        return at_once and same_room

    def driving(self, who: int, day: date, picks: Picks) -> int | None:
        key = who, day, picks
        if key not in self.known:
            self.known[key] = self.looked_at(who, day, picks)
        return self.known[key]

    def looked_at(self, who: int, day: date, picks: Picks) -> int | None:
        old = [
            (c.starts_at, c.ends_at) for c in (self.cases[v] for v, _ in picks) if who in c.people
        ]
        worker = self.workers[who]
        left = [stop for stop in worker.stops if (stop.starts_at, stop.ends_at) not in old]
        new = {pick: self.stop(pick) for pick in picks}
        for pick in picks:
            others = [stop for other, stop in new.items() if other != pick]
            person = Person(replace(worker, stops=(*left, *others)), day)
            option, case = self.options[pick[0]][pick[1]], self.cases[pick[0]]
            if not person.can((option.starts_at, option.ends_at), case.wanted):
                return None
        return max(0, self.route(worker, [*left, *new.values()]) - self.route(worker, left))

    def stop(self, pick: Pick) -> Stop:
        option, wanted = self.options[pick[0]][pick[1]], self.cases[pick[0]].wanted
        return Stop(option.starts_at, option.ends_at, wanted.spot, wanted.travels)

    def route(self, worker: Worker, stops: Sequence[Stop]) -> int:
        here, total = worker.base, 0
        visits = sorted((s for s in stops if s.travels), key=lambda stop: stop.starts_at)
        for visit in visits:
            there = visit.spot or NOWHERE
            total += minutes_between(here, there, RULES).minutes
            here = there
        return total + minutes_between(here, worker.base, RULES).minutes if visits else 0
