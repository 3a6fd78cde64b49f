"""The slots of a survey, best first, each with why it is good."""

from collections.abc import Iterator
from typing import NamedTuple

from app.scheduling.conditions import free_rooms
from app.scheduling.grid import MINUTE, Grid, instant_of, repeated, set_bits
from app.scheduling.journeys import Leg, Reach
from app.scheduling.reasons import LIKED
from app.scheduling.survey import Survey
from app.scheduling.wanted import Slot, Wanted, Worker
from app.windows import DAY


class Way(NamedTuple):
    """How one worker, or two, come to the starts in `mask`, whose first bit is grid bit `lo`."""

    lead: Worker
    leg: Leg
    second: Worker | None
    second_leg: Leg | None
    lo: int
    mask: int

    @property
    def added(self) -> int:
        return self.leg.added + (self.second_leg.added if self.second_leg else 0)


def ranked(survey: Survey, wanted: Wanted) -> tuple[Slot, ...]:
    """Every slot: least added travel first, then the soonest day, then the hours liked best, then
    the soonest hour. Of several seconds the one who adds least travel comes."""
    grid, length = survey.grid, wanted.minutes * MINUTE
    liked = grid.within(grid.open(wanted.preferred_times)) if wanted.preferred_times else 0
    rooms = free_rooms(wanted.rooms or (), grid)
    twice = _repeated_starts(grid)
    always = asks(wanted)
    instants = [instant_of(start) for start in grid.starts]
    found: list[tuple[int, int, bool, int, int, Slot]] = []
    for number, way in _ways(survey):
        words = (*way_words(way, wanted), *always)
        lead, second, added = way.lead.id, way.second.id if way.second else None, way.added
        before, after = way.leg.before, way.leg.after
        liked_here = (liked >> way.lo) & way.mask
        for mask, preferred in ((liked_here, True), (way.mask & ~liked_here, False)):
            why = (*words, LIKED) if preferred else words
            for bit in set_bits(mask, way.lo):
                start = instants[bit]
                room = _free_at(bit, rooms) if rooms else None
                reasons = (*why, twice[bit]) if bit in twice else why
                slot = Slot._make((  # made by the thousand: half the time of naming each part
                    start, start + length, lead, second, room,
                    before, after, added, preferred, reasons,
                ))  # fmt: skip
                found.append((added, number, not preferred, bit, len(found), slot))
    found.sort()
    return tuple(entry[-1] for entry in found)


def _ways(survey: Survey) -> Iterator[tuple[int, Way]]:
    """Every way with a lawful start, with the number of its date."""
    alone = survey.grid.full if not survey.seconds else 0
    frees = [(second, second.free(survey.grid.full)) for second in survey.seconds]
    for lead in survey.leads:
        lawful = survey.lawful(lead)
        if not lawful:
            continue
        for number, legs in enumerate(lead.legs):
            for leg in legs:
                left = (lawful >> leg.lo) & ((1 << (leg.hi - leg.lo)) - 1)
                if left and alone:
                    yield number, Way(lead.worker, leg, None, None, leg.lo, left)
                elif left:
                    for way in _accompanied(lead, leg, number, frees, left):
                        yield number, way


def _free_at(bit: int, rooms: list[tuple[int, int]]) -> int:
    return next(room for room, free in rooms if free >> bit & 1)


def _accompanied(
    lead: Reach, leg: Leg, number: int, frees: list[tuple[Reach, int]], left: int
) -> Iterator[Way]:
    """A leg's starts shared out to those who can come too, whoever adds least travel first."""
    others = sorted(
        (other.added, order, n)
        for order, (second, _) in enumerate(frees)
        if second.worker.id != lead.worker.id
        for n, other in enumerate(second.legs[number])
    )
    for _, order, n in others:
        second, free = frees[order]
        other = second.legs[number][n]
        both = ((1 << other.hi) - (1 << other.lo)) & free
        take = (both >> leg.lo) & left
        if take:
            left &= ~take
            yield Way(lead.worker, leg, second.worker, other, leg.lo, take)


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
