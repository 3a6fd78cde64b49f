"""What could become of each visit of a day that breaks: who could take it when.

Pure. The finder's own masks decide what is lawful (`survey.py`); this file says whom to ask for,
near which dates, and how much a change moves the family.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import NamedTuple, TypeVar

from app import clock
from app.scheduling.conditions import Terms, free_rooms
from app.scheduling.grid import (
    MINUTE,
    Grid,
    GridDay,
    instant_of,
    minute_of,
    one_start,
    set_bits,
    wall_of,
)
from app.scheduling.ranking import Way, asks, way_words, ways_of
from app.scheduling.replan.cases import Case, Taker, against, barred, to_ask
from app.scheduling.replan.table import Option
from app.scheduling.survey import survey, survey_on
from app.scheduling.wanted import Wanted, Worker

# What the family and others agreed to with the time that it keeps: not asked again of whoever goes
# instead. Nobody's drive or number of visits is among them.
AGREED = frozenset(
    {"notice", "horizon", "bank_holiday", "grid", "family_times", "other_times"}
)  # fmt: skip

# How much a change moves a family. A family that keeps its time with somebody else is moved less
# than one that gets another time; somebody who has met it is less of a change than a stranger. A
# review rather waits for the same practitioner, who has the clips. Policy, not measured.
POINTS = {"second": 0, "place": 1, "person": 2, "time": 5, "both": 8}
REVIEW_POINTS = {"second": 0, "place": 1, "person": 4, "time": 2, "both": 8}
STRANGER = 1
ASK_FIRST = 1

AROUND = timedelta(days=14)  # how far from the old date others are looked for
OWN_DAYS, OTHER_DAYS = 8, 4  # the nearest dates with a free start that are offered
OTHERS_A_DAY = 3
STARTS_A_DAY = 3
ROOMS_OFFERED = 2
NOON = 12 * 60
Moment = TypeVar("Moment", date, datetime)


@dataclass(frozen=True)
class Team:
    """Who could go: everybody's days, and what is known of each."""

    workers: Mapping[int, Worker]
    takers: Mapping[int, Taker]

    def without(self, case: Case) -> tuple[Worker, ...]:
        """Everybody's days as they are once this visit gives its time up."""
        return tuple(
            leaving(worker, case) if worker.id in case.people else worker
            for worker in self.workers.values()
        )


class Start(NamedTuple):
    """One start of one way: how many people are new to the visit, the driving added, and how far it
    is from the old hour in minutes (before it, double)."""

    new: int
    added: int
    off: int
    bit: int
    grid: Grid
    way: Way


IN_ORDER = itemgetter(slice(4))  # of starts: all but the grid and the way


def leaving(worker: Worker, case: Case) -> Worker:
    old = (case.starts_at, case.ends_at)
    stops = tuple(s for s in worker.stops if (s.starts_at, s.ends_at) != old)
    return replace(worker, stops=stops)


def options_for(
    case: Case, team: Team, terms: Terms, first: date, last: date
) -> tuple[Option, ...]:
    """Everything that is offered for one visit from `first` to `last`: its time with whoever else
    is free then, or elsewhere; the next times with the same practitioner; other times with others,
    near the old date. Each is lawful by itself as the diary stands now."""
    make = Maker(case, team, terms, first, last)
    return tuple(dict.fromkeys([*make.at_the_same_time(), *make.at_other_times()]))


class Maker:
    """Makes the options of one visit."""

    def __init__(self, case: Case, team: Team, terms: Terms, first: date, last: date) -> None:
        self.case, self.takers, self.terms = case, team.takers, terms
        self.two = case.second_id is not None or case.wanted.needs_two
        self.workers = tuple(
            worker
            for worker in team.without(case)
            if worker.id in case.people or not barred(case.wishes, team.takers[worker.id])
        )
        self.own = tuple(worker for worker in self.workers if worker.id == case.staff_id)
        self.others = tuple(worker for worker in self.workers if worker.id != case.staff_id)
        self.old_day = clock.london(case.starts_at).date()
        self.dates = (first, last)
        self.hour = wall_of(minute_of(case.starts_at))

    def suits(self, option: Option) -> bool:
        people = [person for person, _ in option.days]
        least = self.terms.rules.review_least_working_days
        why_not = against(
            self.case, people, option.starts_at, option.ends_at, option.place_id, self.takers, least
        )
        return why_not is None

    def seconds_in_turn(self) -> list[tuple[Worker, ...]]:
        """Who may come along: who comes along now, else anybody; nobody where one is enough."""
        if not self.two:
            return [()]
        kept = tuple(worker for worker in self.workers if worker.id == self.case.second_id)
        return [kept, self.workers] if kept else [self.workers]

    def at_the_same_time(self) -> Iterator[Option]:
        for place_id, wanted in ((self.case.place_id, self.case.wanted), *self.case.elsewhere):
            wanted = replace(wanted, two_workers=self.two)
            grid = one_start(minute_of(self.case.starts_at), wanted.minutes)
            terms = self.terms._replace(relax=self.terms.relax | AGREED)
            leads = self.workers if place_id == self.case.place_id else self.own
            best: dict[int, Way] = {}
            for seconds in self.seconds_in_turn():
                made = survey_on(grid, wanted, leads, seconds, terms, alone=not self.two)
                for way in sorted(ways_of(made), key=lambda way: way.added):
                    best.setdefault(way.lead.id, way)
            for way in best.values():
                yield from self.options(way, 0, grid, place_id, wanted)

    def at_other_times(self) -> Iterator[Option]:
        first, last = self.dates
        yield from self.near(self.own, first, last, OWN_DAYS)
        yield from self.near(
            self.others, max(first, self.old_day - AROUND), min(last, self.old_day + AROUND),
            OTHER_DAYS,
        )  # fmt: skip

    def near(
        self, leads: tuple[Worker, ...], first: date, last: date, most: int
    ) -> Iterator[Option]:
        """The best starts on the dates nearest to the old one on which there is any."""
        if not leads or first > last:
            return
        wanted = replace(self.case.wanted, first=first, last=last, two_workers=self.two)
        found = [survey(wanted, leads, seconds, self.terms) for seconds in self.seconds_in_turn()]
        days = [{day.day: day for day in made.grid.days} for made in found]
        ways = [list(ways_of(made)) for made in found]
        for day in sorted(set().union(*days), key=lambda day: distance(self.old_day, day)):
            todays = [
                (made.grid, of[day], way)
                for made, of, those in zip(found, days, ways, strict=True)
                for way in those
                if day in of and way.starts & of[day].bits
            ]
            options = [
                option
                for start in self.best_of(todays)
                for option in self.options(
                    start.way, start.bit, start.grid, self.case.place_id, wanted
                )
            ]
            yield from options
            most -= bool(options)
            if not most:
                return

    def best_of(self, ways: Sequence[tuple[Grid, GridDay, Way]]) -> list[Start]:
        """A few starts of one date: of each person whom the family knows first, then least driving,
        then nearest to the old hour, in the morning and in the afternoon."""
        of: dict[int, list[Start]] = defaultdict(list)
        for grid, day, way in ways:
            for half in self.halves(day, grid, way):
                bit = min(half, key=lambda bit: (self.off(grid, bit), bit))
                new = len(self.new_people(way))
                of[way.lead.id].append(Start(new, way.added, self.off(grid, bit), bit, grid, way))
        if set(of) == {self.case.staff_id}:
            return sorted(of[self.case.staff_id], key=IN_ORDER)[:STARTS_A_DAY]
        best = [min(starts, key=IN_ORDER) for starts in of.values()]
        best.sort(key=lambda one: (one.way.lead.id not in self.case.knows, IN_ORDER(one)))
        return best[:OTHERS_A_DAY]

    def new_people(self, way: Way) -> list[int]:
        """Who comes and did not come before."""
        people = (way.lead.id, way.second.id if way.second else None)
        return [person for person in people if person and person not in self.case.people]

    def halves(self, day: GridDay, grid: Grid, way: Way) -> list[list[int]]:
        bits = list(set_bits(way.starts & day.bits))
        noon = day.midnight + NOON
        halves = (
            [bit for bit in bits if (grid.starts[bit] < noon) is early] for early in (True, False)
        )
        return [half for half in halves if half]

    def off(self, grid: Grid, bit: int) -> int:
        later = wall_of(grid.starts[bit]) - self.hour
        return later if later >= 0 else -2 * later

    def options(
        self, way: Way, bit: int, grid: Grid, place_id: int | None, wanted: Wanted
    ) -> Iterator[Option]:
        """One start of one way as options: one for each room that is free, if rooms are held."""
        case, starts_at = self.case, instant_of(grid.starts[bit])
        rooms: list[int | None] = [None]
        if wanted.rooms is not None:
            free = [room for room, starts in free_rooms(wanted.rooms, grid) if starts >> bit & 1]
            rooms = [*free[:ROOMS_OFFERED]]
        second = way.second.id if way.second else None
        kind = "place"
        if place_id == case.place_id:
            kind = self.kind_of(starts_at, way.lead.id)
        new = self.new_people(way)
        questions = [asked for person in new for asked in to_ask(case.wishes, self.takers[person])]
        if starts_at != case.starts_at:
            questions += asks(wanted)
        stranger = any(person not in case.knows for person in new)
        table = REVIEW_POINTS if case.kind == "shared_review" else POINTS
        points = table[kind] + STRANGER * stranger + ASK_FIRST * bool(questions)
        for room_id in rooms:
            day = clock.london(starts_at).date()
            option = Option(
                starts_at, starts_at + timedelta(minutes=wanted.minutes), way.lead.id, second,
                place_id, room_id, kind, points, way.added,
                int(distance(case.starts_at, starts_at) / MINUTE),
                tuple((person, day) for person in (way.lead.id, second) if person),
                (*self.relation(way.lead.id, kind), *way_words(way, wanted)), tuple(questions),
            )  # fmt: skip
            if self.suits(option):
                yield option

    def kind_of(self, starts_at: datetime, lead: int) -> str:
        same_time, same_person = starts_at == self.case.starts_at, lead == self.case.staff_id
        if same_time:
            return "second" if same_person else "person"
        return "time" if same_person else "both"

    def relation(self, lead: int, kind: str) -> Iterator[str]:
        if kind in ("person", "both"):
            known = lead in self.case.knows
            yield "Has met the family" if known else "Has not met the family"


def distance(old: Moment, new: Moment) -> timedelta:
    """How far a moment is from an old one; one before it counts double, as it leaves the family
    less time to get ready."""
    return new - old if new >= old else (old - new) * 2
