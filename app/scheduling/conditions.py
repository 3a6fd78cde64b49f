"""The rules of a slot that do not depend on who comes, each as the starts that it allows.

The family, the place and its rooms, the others who have to be there, the home's level, duty cover,
and the dates themselves. Rules about a worker are in `journeys.py`, their words in `reasons.py`.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from app import clock
from app.places.travel import Overrides
from app.scheduling.grid import (
    FOR_EVER,
    MINUTE,
    Grid,
    midnights,
    minute_after,
    open_starts,
    stretches_of,
)
from app.scheduling.wanted import Room, Wanted
from app.settings.rules import Rules
from app.windows import Minutes, Span, Windows, merged

NO_LONE_VISIT = ("not_assessed", "high")


class Terms(NamedTuple):
    """What a search stands on besides the people: the rules' numbers, the instant, the holidays,
    the soft rules set aside, and the drives that somebody measured."""

    rules: Rules
    now: datetime
    bank_holidays: frozenset[date]
    relax: frozenset[str] = frozenset()
    overrides: Overrides | None = None


def conditions(wanted: Wanted, grid: Grid, terms: Terms, *, alone: bool) -> dict[str, int]:
    """What each rule allows, by its code. `alone`: one worker comes."""
    full, rules, now = grid.full, terms.rules, terms.now
    allowed = {
        "past": grid.between(minute_after(now), FOR_EVER),
        "level": 0 if level_forbids(wanted, alone) else full,
        "notice": grid.between(minute_after(earliest_start(now, rules)), FOR_EVER),
        "horizon": grid.between(0, midnights(last_day(now, rules))[1] - 1),
        "bank_holiday": full & ~sum(d.bits for d in grid.days if d.day in terms.bank_holidays),
        "place_hours": _open(grid, wanted.place_hours),
        "place_closed": grid.clear_of(stretches_of(wanted.place_closed)),
        "family_times": _open(grid, wanted.family_times),
        "family_held": grid.clear_of(stretches_of(wanted.family_held)),
        "apart": grid.clear_of(stretches_of(wanted.keep_apart), rules.keep_apart_minutes),
        "cover": full,
        "daylight": full,
        "other_times": full,
        "other_held": full,
        "room": full,
    }
    for other in wanted.others:
        allowed["other_times"] &= _open(grid, other.times)
        allowed["other_held"] &= grid.clear_of(stretches_of(other.held))
    if wanted.at_home:
        allowed["cover"] = grid.within(watched(wanted.cover, rules))
    if wanted.at_home and wanted.level == "raised":
        allowed["daylight"] = grid.within(stretches_of(wanted.daylight))
    if wanted.rooms is not None:
        allowed["room"] = 0
        for _, free in free_rooms(wanted.rooms, grid):
            allowed["room"] |= free
    return allowed


def level_forbids(wanted: Wanted, alone: bool) -> bool:
    """Whether the home's level rules out the visit whatever the time."""
    if not wanted.at_home:
        return False
    return wanted.level == "no_home_visits" or (alone and wanted.level in NO_LONE_VISIT)


def earliest_start(now: datetime, rules: Rules) -> datetime:
    """The first instant that keeps the notice: whole hours from now, not wall hours."""
    return now + timedelta(hours=rules.notice_hours)


def last_day(now: datetime, rules: Rules) -> date:
    """The last London date that may be booked."""
    return clock.london(now).date() + timedelta(weeks=rules.horizon_weeks)


def watched(cover: tuple[Span, ...], rules: Rules) -> list[Minutes]:
    """When a home visit may take place: in duty cover, until `home_visits_end_before_cover` minutes
    before it ends. Covers that meet (one manager after another) are one."""
    early = rules.home_visits_end_before_cover
    return [(start, end - early) for start, end in merged(stretches_of(cover))]


def free_rooms(rooms: tuple[Room, ...], grid: Grid) -> list[tuple[int, int]]:
    """Each room's number and the starts at which it is free for the whole time."""
    return [(room.id, grid.clear_of(stretches_of(room.held))) for room in rooms]


def room_for(wanted: Wanted, starts_at: datetime, ends_at: datetime | None = None) -> int | None:
    """The first room that is free from `starts_at` until `ends_at` (for the minutes wanted, where
    it is not given); None where there is none, or the place has no rooms."""
    until = ends_at or starts_at + wanted.minutes * MINUTE
    for room in wanted.rooms or ():
        if all(end <= starts_at or start >= until for start, end in room.held):
            return room.id
    return None


def _open(grid: Grid, times: Windows | None) -> int:
    return grid.full if times is None else open_starts(grid, times)
