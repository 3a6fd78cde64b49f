"""One search's masks together: what is lawful for whom, and how much each rule takes away."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, reduce
from itertools import accumulate
from operator import and_, or_

from app.scheduling.conditions import Terms, conditions
from app.scheduling.grid import FOR_EVER, MINUTE, Grid, make_grid, minute_after, minute_of
from app.scheduling.journeys import Journeys, Reach
from app.scheduling.reasons import ORDER, SOFT
from app.scheduling.wanted import DayFound, Slot, Wanted, Worker
from app.settings.rules import Rules
from app.windows import Minutes

# Nobody is rung at night, whatever free times say: minutes of the day.
CALLS = (8 * 60, 21 * 60)
# Longer hours make room for drives too, and so does what stands in an own calendar.
MAKES_ROOM = frozenset({"hours", "busy"})


@dataclass(frozen=True)
class Survey:
    """Every rule's mask for one search: what does not depend on the worker, and each worker's."""

    grid: Grid
    common: dict[str, int]
    leads: tuple[Reach, ...]
    seconds: tuple[Reach, ...]

    def masks(self, lead: Reach) -> list[int]:
        """What each rule allows for one worker, in the order of `reasons.RULES`."""
        allowed = {**self.common, **lead.allowed, "second_worker": self.accompanied(lead)}
        return list(map(allowed.__getitem__, ORDER))

    def without(self, code: str) -> "Survey | None":
        """What is lawful with one more soft rule set aside; None where that makes room for drives,
        so that everybody's reach has to be worked out again."""
        if code in MAKES_ROOM or code not in SOFT:
            return None
        aside = {code: self.grid.full}
        if code in self.common:
            return replace(self, common=self.common | aside)
        return replace(
            self,
            leads=tuple(lead._replace(allowed=lead.allowed | aside) for lead in self.leads),
            seconds=tuple(
                second._replace(allowed=second.allowed | aside) for second in self.seconds
            ),
        )

    def accompanied(self, lead: Reach) -> int:
        """The starts at which somebody else is free to come too; all, where one is enough."""
        mask = self.common["second_worker"]
        for second in self.seconds:
            if second.worker.id != lead.worker.id:
                mask |= second.free(self.grid.full)
        return mask

    @cached_property
    def left(self) -> list[tuple[int, ...]]:
        """For each worker the starts that are left after each rule, in the order of the rules."""
        return [tuple(accumulate(self.masks(lead), and_)) for lead in self.leads]

    @property
    def looked_at(self) -> int:
        """How many starts, those of each worker counted."""
        return len(self.grid.starts) * len(self.leads)

    @property
    def lawful(self) -> list[int]:
        """For each worker the starts that every rule allows."""
        return [left[-1] for left in self.left]

    def allows(self, slot: Slot) -> bool:
        """Whether every rule allows the start of a slot to its worker, if it is as long as what is
        looked for here."""
        if slot.ends_at - slot.starts_at != self.grid.minutes * MINUTE:
            return False
        start = minute_of(slot.starts_at)
        its = self.grid.between(start, start)
        return any(
            lead.worker.id == slot.worker_id and bool(lawful & its)
            for lead, lawful in zip(self.leads, self.lawful, strict=True)
        )

    def removals(self) -> dict[str, int]:
        """How many starts each rule takes away, each counted under the first that does."""
        before = self.looked_at
        removed = {}
        for code, lefts in zip(ORDER, zip(*self.left, strict=True), strict=True):
            after = sum(map(int.bit_count, lefts))
            if after < before:
                removed[code] = before - after
            before = after
        return removed

    def by_day(self) -> Iterator[DayFound]:
        """Each date's free starts, or the rule that took its last one from the last worker."""
        lawful = self.lawful
        anybody = [reduce(or_, lefts) for lefts in zip(*self.left, strict=True)]
        for day in self.grid.days:
            todays, took = day.bits, None
            free = 0
            if anybody[-1] & todays:
                free = sum([(left & todays).bit_count() for left in lawful])
            elif todays:
                took = next(
                    (c for c, left in zip(ORDER, anybody, strict=True) if not left & todays), None
                )
            yield DayFound(day.day, free, took)


def survey(
    wanted: Wanted, workers: tuple[Worker, ...], seconds: tuple[Worker, ...], terms: Terms
) -> Survey:
    """Every rule's mask for a search over the dates wanted."""
    if not wanted.needs_two:
        seconds = ()
    return survey_on(
        starts_to_look_at(wanted, (*workers, *seconds), terms),
        wanted,
        workers,
        seconds,
        terms,
        alone=not wanted.needs_two,
    )


def survey_on(
    grid: Grid,
    wanted: Wanted,
    workers: tuple[Worker, ...],
    seconds: tuple[Worker, ...],
    terms: Terms,
    *,
    alone: bool,
) -> Survey:
    """Every rule's mask on a given grid. Only soft rules can be set aside; `alone`: no second
    worker comes, whatever is wanted."""
    terms = terms._replace(relax=terms.relax & SOFT)
    common = conditions(wanted, grid, terms, alone=alone)
    common["second_worker"] = 0 if seconds or wanted.needs_two else grid.full
    common.update(dict.fromkeys(terms.relax & common.keys(), grid.full))
    journeys = Journeys(wanted, grid, terms)
    team = {worker.id: worker for worker in (*workers, *seconds)}
    reaches = {number: journeys.reach(worker) for number, worker in team.items()}
    leads = tuple(reaches[worker.id] for worker in workers)
    return Survey(grid, common, leads, tuple(reaches[worker.id] for worker in seconds))


def starts_to_look_at(wanted: Wanted, team: tuple[Worker, ...], terms: Terms) -> Grid:
    """The starts of the dates wanted, between the first and the last hour that anybody works; of a
    call whose working hours are set aside also the hours that the family or others have named.
    """
    bounds = None
    if wanted.not_before or wanted.not_after:
        bounds = (
            minute_after(wanted.not_before) if wanted.not_before else 0,
            minute_of(wanted.not_after) if wanted.not_after else FOR_EVER,
        )
    begins, ends = _daytime(team, wanted.first, wanted.last, terms.rules)
    if "hours" in terms.relax and not wanted.travels:
        theirs = [wanted.family_times, *(other.times for other in wanted.others)]
        named = [window for times in theirs if times for window in times.windows]
        begins = min((begins, *(max(window.start, CALLS[0]) for window in named)))
        ends = max((ends, *(min(window.end, CALLS[1]) for window in named)))
    step = terms.rules.grid_minutes
    return make_grid(wanted.first, wanted.last, wanted.minutes, step, (begins, ends), bounds)


def _daytime(team: tuple[Worker, ...], first: date, last: date, rules: Rules) -> Minutes:
    """The earliest and the latest hour that anybody has, in minutes of the day; those of duty cover
    where nobody has any."""
    hours: list[Minutes] = []
    for worker in team:
        hours += [(window.start, window.end) for window in worker.hours.windows]
        for day, stretches in worker.hours.exceptions:
            hours += stretches if first <= day <= last else ()
    if not hours:
        return rules.cover_from, rules.cover_until
    return min(start for start, _ in hours), max(end for _, end in hours)
