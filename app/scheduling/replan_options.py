"""What could become of each visit of a day that breaks: who could take it when.

Pure. The finder's own masks decide what is lawful (`survey.py`); this file says whom to ask for,
near which dates, and how much a change moves the family.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
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
from app.scheduling.replan_cases import Case, Taker, against, barred, to_ask
from app.scheduling.replan_table import Option
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
    """One start of one way, and how far it is from the old hour in minutes (before it, double)."""

    added: int
    off: int
    bit: int
    way: Way


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
    found = [*make.at_the_same_time(), *make.at_other_times()]
    return tuple(dict.fromkeys(option for option in found if make.suits(option)))


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

    def at_the_same_time(self) -> Iterator[Option]:
        for place_id, wanted in ((self.case.place_id, self.case.wanted), *self.case.elsewhere):
            wanted = replace(wanted, two_workers=self.two)
            grid = one_start(minute_of(self.case.starts_at), wanted.minutes)
            terms = self.terms._replace(relax=self.terms.relax | AGREED)
            leads = self.workers if place_id == self.case.place_id else self.own
            seconds = self.workers if self.two else ()
            made = survey_on(grid, wanted, leads, seconds, terms, alone=not self.two)
            best: dict[int, Way] = {}
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
        made = survey(wanted, leads, self.workers, self.terms)
        ways = list(ways_of(made))
        dates = sorted(made.grid.days, key=lambda day: distance(self.old_day, day.day))
        for day in dates:
            found = self.best_of(day, made.grid, ways)
            for start in found:
                yield from self.options(start.way, start.bit, made.grid, self.case.place_id, wanted)
            most -= bool(found)
            if not most:
                return

    def best_of(self, day: GridDay, grid: Grid, ways: Sequence[Way]) -> list[Start]:
        """A few starts of one date: of each person least driving first, then nearest to the old
        hour, in the morning and in the afternoon; of several people those who know the family."""
        of: dict[int, list[Start]] = defaultdict(list)
        for way in ways:
            for half in self.halves(day, grid, way):
                bit = min(half, key=lambda bit: (self.off(grid, bit), bit))
                of[way.lead.id].append(Start(way.added, self.off(grid, bit), bit, way))
        if set(of) == {self.case.staff_id}:
            return sorted(of[self.case.staff_id], key=lambda one: one[:3])[:STARTS_A_DAY]
        best = [min(starts, key=lambda one: one[:3]) for starts in of.values()]
        best.sort(key=lambda one: (one.way.lead.id not in self.case.knows, *one[:3]))
        return best[:OTHERS_A_DAY]

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
        kind = self.kind_of(starts_at, way.lead.id)
        new = [person for person in (way.lead.id, second) if person and person not in case.people]
        questions = [asked for person in new for asked in to_ask(case.wishes, self.takers[person])]
        if starts_at != case.starts_at:
            questions += asks(wanted)
        stranger = any(person not in case.knows for person in new)
        table = REVIEW_POINTS if case.kind == "shared_review" else POINTS
        points = table[kind] + STRANGER * stranger + ASK_FIRST * bool(questions)
        for room_id in rooms:
            day = clock.london(starts_at).date()
            yield Option(
                starts_at, starts_at + timedelta(minutes=wanted.minutes), way.lead.id, second,
                place_id, room_id, kind if place_id == case.place_id else "place", points,
                way.added, int(distance(case.starts_at, starts_at) / MINUTE),
                tuple((person, day) for person in (way.lead.id, second) if person),
                (*self.relation(way.lead.id, kind), *way_words(way, wanted)), tuple(questions),
            )  # fmt: skip

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
