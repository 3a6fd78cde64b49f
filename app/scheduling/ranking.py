"""The slots of a survey, best first, each with why it is good."""

from collections.abc import Iterator
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from app.scheduling.conditions import free_rooms
from app.scheduling.grid import MINUTE, Grid, instant_of, open_starts, repeated, set_bits
from app.scheduling.journeys import Leg, Reach
from app.scheduling.made import MadeWhenAsked
from app.scheduling.reasons import LIKED
from app.scheduling.survey import Survey
from app.scheduling.wanted import Slot, Wanted, Worker
from app.windows import DAY


class Way(NamedTuple):
    """How one worker, or two, come to the starts in `starts`, and what driving they add."""

    added: int
    starts: int
    lead: Worker
    leg: Leg
    second: Worker | None = None
    second_leg: Leg | None = None


ADDED = itemgetter(0)


class Slots(MadeWhenAsked[Slot]):
    """The slots of a search, best first."""

    def __init__(self, survey: Survey, wanted: Wanted, ways: list[Way]) -> None:
        self._survey, self._wanted, self._ways = survey, wanted, ways
        self._number = sum(way.starts.bit_count() for way in ways)
        self._made: list[Slot] = []
        self._coming = self._make()

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[Slot]:
        for number in range(self._number):
            if number == len(self._made):
                self._made += next(self._coming)
            yield self._made[number]

    def make(self, number: int) -> Slot:
        while number >= len(self._made):
            self._made += next(self._coming)
        return self._made[number]

    def _make(self) -> Iterator[list[Slot]]:
        """The slots that rank alike but for the hour, soonest first."""
        times = self._wanted.preferred_times
        liked = open_starts(self._survey.grid, times) if times else 0
        for _, alike in groupby(self._ways, key=ADDED):
            ways = list(alike)
            for day in self._survey.grid.days:
                for best, preferred in ((day.bits & liked, True), (day.bits & ~liked, False)):
                    if found := self._soonest_first(ways, best, preferred):
                        yield found

    def _soonest_first(self, ways: list[Way], among: int, preferred: bool) -> list[Slot]:
        """The slots of some ways at the starts in `among`; of one start the first way's first."""
        grid, length = self._survey.grid, self._wanted.minutes * MINUTE
        found: list[tuple[int, int, Slot]] = []
        for order, way in enumerate(ways):
            starts = way.starts & among
            if not starts:
                continue
            words = (*way_words(way, self._wanted), *asks(self._wanted))
            why = (*words, LIKED) if preferred else words
            second = way.second.id if way.second else None
            for bit in set_bits(starts):
                start = instant_of(grid.starts[bit])
                slot = Slot._make((  # made by the thousand: half the time of naming each part
                    start, start + length, way.lead.id, second,
                    self._room(bit) if self._rooms else None,
                    way.leg.before, way.leg.after, way.added, preferred,
                    (*why, self._twice[bit]) if bit in self._twice else why,
                ))  # fmt: skip
                found.append((bit, order, slot))
        found.sort()
        return [slot for *_, slot in found]

    def _room(self, bit: int) -> int | None:
        """The first room that is free, where there are any."""
        return next((room for room, free in self._rooms if free >> bit & 1), None)

    @cached_property
    def _rooms(self) -> list[tuple[int, int]]:
        return free_rooms(self._wanted.rooms or (), self._survey.grid)

    @cached_property
    def _twice(self) -> dict[int, str]:
        return _repeated_starts(self._survey.grid)


def ranked(survey: Survey, wanted: Wanted) -> Slots:
    """Every slot: least added travel first, then the soonest day, then the hours liked best, then
    the soonest hour. Of several seconds the one who adds least travel comes."""
    return Slots(survey, wanted, sorted(ways_of(survey), key=ADDED))


def ways_of(survey: Survey) -> Iterator[Way]:
    """Every way with a lawful start."""
    frees = [(second, second.free(survey.grid.full)) for second in survey.seconds]
    for lead, lawful in zip(survey.leads, survey.lawful, strict=True):
        for leg in lead.legs if lawful else ():
            left = lawful & leg.starts
            if left and not frees:
                yield Way(leg.added, left, lead.worker, leg)
            elif left:
                yield from _accompanied(lead, leg, frees, left)


def _accompanied(lead: Reach, leg: Leg, frees: list[tuple[Reach, int]], left: int) -> Iterator[Way]:
    """A leg's starts shared out to those who can come too, whoever adds least travel first."""
    others = sorted(
        (other.added, order, n)
        for order, (second, _) in enumerate(frees)
        if second.worker.id != lead.worker.id
        for n, other in enumerate(second.legs)
    )
    for _, order, n in others:
        second, free = frees[order]
        other = second.legs[n]
        take = other.starts & free & left
        if take:
            left &= ~take
            added = leg.added + other.added
            yield Way(added, take, lead.worker, leg, second.worker, other)


def way_words(way: Way, wanted: Wanted) -> Iterator[str]:
    """How the workers come there and go on, as staff read it."""
    if not wanted.travels:
        return
    if way.added == 0 and not way.leg.first:
        yield "No extra driving"
    yield _coming(way.leg)
    if not way.leg.last and way.leg.after:
        yield f"{way.leg.after} minutes to the visit after"
    if not way.leg.known:
        yield "The drive is an allowance: a postcode is not known"
    if way.second and way.second_leg:
        coming = _coming(way.second_leg)
        yield f"With {way.second.name}: {coming[0].lower()}{coming[1:]}"


def _coming(leg: Leg) -> str:
    if leg.first:
        return f"First visit of the day, {leg.before} minutes from base"
    if leg.before == 0:
        return "At the same place as the visit before"
    return f"{leg.before} minutes from the visit before"


def asks(wanted: Wanted) -> tuple[str, ...]:
    """What has to be asked because nobody said: unknown times are not *never*."""
    unknown = ["the family"] if wanted.family_times is None else []
    unknown += [other.name for other in wanted.others if other.times is None]
    return tuple(f"Ask {who}: free times are not known" for who in unknown)


def _repeated_starts(grid: Grid) -> dict[int, str]:
    """Words for the starts that clocks show twice, on the one date of a year that has any."""
    return {
        bit: f"The {which} of that hour, as the clocks go back"
        for day in grid.days
        if day.next_midnight - day.midnight > DAY
        for bit in range(day.lo, day.hi)
        if (which := repeated(grid.starts[bit]))
    }
