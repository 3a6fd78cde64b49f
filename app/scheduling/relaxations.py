"""What would open more times: each soft rule given up alone, and each other thing that a caller
could change (another place, another practitioner, later dates)."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import NamedTuple

from app.places.travel import Overrides
from app.scheduling.conditions import Terms
from app.scheduling.grid import Grid, instant_of, set_bits
from app.scheduling.reasons import BY_CODE, ORDER, SOFT, words
from app.scheduling.survey import MAKES_ROOM, Survey, survey
from app.scheduling.wanted import Wanted, Worker
from app.settings.rules import Rules


class Alternative(NamedTuple):
    """A search that differs from the one asked for in one thing, and what that thing is."""

    code: str
    words: str
    wanted: Wanted
    workers: tuple[Worker, ...]
    seconds: tuple[Worker, ...] | None = None


class Relaxation(NamedTuple):
    """One change: how many more slots it opens, and the start of the soonest of these."""

    code: str
    words: str
    slots: int
    first: datetime | None


def relaxations(
    wanted: Wanted,
    workers: tuple[Worker, ...],
    rules: Rules,
    *,
    now: datetime,
    bank_holidays: frozenset[date],
    relax: frozenset[str] = frozenset(),
    seconds: tuple[Worker, ...] | None = None,
    overrides: Overrides | None = None,
    alternatives: Iterable[Alternative] = (),
    made: Survey | None = None,
) -> tuple[Relaxation, ...]:
    """The single changes that open at least one slot more: first the caller's alternatives in
    their order, then each soft rule given up, in the order of the rules. A slot of an alternative
    counts as more where the first search has none at that start with that worker. `made` is the
    survey of the first search, where there is one already."""
    terms = Terms(rules, now, bank_holidays, relax, overrides)
    among = workers if seconds is None else seconds
    made = made or survey(wanted, workers, among, terms)
    before = {lead.worker.id: lawful for lead, lawful in zip(made.leads, made.lawful, strict=True)}
    found = []
    for other in alternatives:
        others = other.workers if other.seconds is None else other.seconds
        changed = survey(other.wanted, other.workers, others, terms)
        found.append(_opened(other.code, other.words, changed, made.grid, before))
    name = workers[0].name if len(workers) == 1 else None
    own = any(worker.busy for worker in (*workers, *among))
    for code in _worth_trying(made, relax, own):
        changed = made.without(code) or survey(
            wanted, workers, among, terms._replace(relax=relax | {code})
        )
        aside = words(BY_CODE[code].aside or "", rules, wanted, name)
        found.append(_opened(code, aside, changed, made.grid, before))
    return tuple(one for one in found if one.slots)


def _worth_trying(made: Survey, relax: frozenset[str], own: bool) -> list[str]:
    """The soft rules that took a start, and those that make room for a drive (own calendars only
    if anything stands in them); a second worker falls under rules of the same names."""
    took = set(made.removals())
    if took & {"travel", "second_worker"}:
        took |= MAKES_ROOM if own else MAKES_ROOM - {"busy"}
    if "second_worker" in took:
        took |= {"visits_a_day", "travel"}
    return [code for code in ORDER if code in took & (SOFT - relax)]


def _opened(
    code: str, label: str, changed: Survey, grid: Grid, before: dict[int, int]
) -> Relaxation:
    """What a change opens: the starts that a worker did not have `before`, as bits of `grid`."""
    opened = [
        lawful & ~changed.grid.from_another(grid, before.get(lead.worker.id, 0))
        for lead, lawful in zip(changed.leads, changed.lawful, strict=True)
    ]
    anybody = reduce(or_, opened, 0)
    first = instant_of(changed.grid.starts[next(set_bits(anybody))]) if anybody else None
    return Relaxation(code, label, sum(map(int.bit_count, opened)), first)
