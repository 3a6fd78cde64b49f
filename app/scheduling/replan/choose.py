"""One choice for each visit of a day that breaks, all of them together: whom it moves least.

Pure: no table, no clock, no web. What could become of each visit comes in as its options, and how
options get on with one another through `Together`; out comes a `Plan` with one option, or nobody,
for each visit. Nothing is random and nothing reads the time, so the same day gives the same plan.

Least is: fewest visits left without an option (a person rings), then least said of how much each
family is moved (`Option.points`), then fewest minutes of driving added, then nearest to the old
times. A plan is built so that every part of it stands by itself: whatever lines are approved, in
whatever order, the others stay possible.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from app.scheduling.replan.search import Search
from app.scheduling.replan.table import ASK, Cost, Option, Table, Together, by_day

# How many options are tried in place before the search gives up proving and only improves: about a
# third of a second. A count and not a time: a busy machine gives the same plan.
MOST_TRIED = 40_000


class Plan(NamedTuple):
    """An option's number for each visit, or None where somebody has to ring. `exact`: no plan of
    these options costs less; else only that no single change makes it better."""

    chosen: tuple[int | None, ...]
    cost: Cost
    exact: bool


def plan(
    visits: Sequence[Sequence[Option]], together: Together, *, most_tried: int = MOST_TRIED
) -> Plan:
    """The plan that costs least. Exact by branch and bound, unless more than `most_tried` options
    had to be tried; then the best that was found, improved until no single change helps.

    Visits that share nobody's day and cannot clash are planned apart. Before that a quick plan
    shows which options cannot be part of any better one, and those are put aside.
    """
    table = Table(visits, together)
    quick = improved(table, greedy(table))
    left = worth_trying(table, quick)
    chosen: dict[int, int | None] = {}
    exact = True
    for part in parts(table, left):
        search = Search(table, left, part, most_tried, {n: quick[n] for n in part})
        chosen |= search.best
        most_tried -= search.tried
        exact = exact and search.exact
    if not exact:
        chosen = improved(table, chosen)
    cost = table.cost(chosen)
    assert cost is not None
    return Plan(tuple(chosen[n] for n in range(len(visits))), cost, exact)


def greedy(table: Table) -> dict[int, int | None]:
    """A first plan: whoever has fewest options first, each the best that still fits."""
    chosen: dict[int, int | None] = {}
    for visit in sorted(range(len(table.visits)), key=lambda n: (len(table.visits[n]), n)):
        chosen[visit] = best_of(table, visit, chosen)[1]
    return chosen


def improved(table: Table, chosen: dict[int, int | None]) -> dict[int, int | None]:
    """A plan after every change of one visit that makes it better, until there is none."""
    chosen = dict(chosen)
    least = table.cost(chosen)
    assert least is not None
    better = True
    while better:
        better = False
        for visit in sorted(chosen):
            others = {n: option for n, option in chosen.items() if n != visit}
            cost, number = best_of(table, visit, others)
            if cost < least:
                chosen[visit], least, better = number, cost, True
    return chosen


def best_of(table: Table, visit: int, others: dict[int, int | None]) -> tuple[Cost, int | None]:
    """The cheapest option of one visit beside what others do, with what all of them cost."""
    base, on = table.cost(others), by_day(table, others)
    assert base is not None
    best: tuple[Cost, int | None] = (base.plus(ASK), None)
    for number in table.order(visit):
        cost = table.with_one_more(visit, number, others, on, base)
        if cost is not None and cost < best[0]:
            best = cost, number
    return best


def worth_trying(table: Table, quick: dict[int, int | None]) -> list[list[int]]:
    """For each visit the options that could be part of a plan that is better than a known one, best
    first: where everybody can be placed, those that move nobody more than the known plan does."""
    orders = [table.order(visit) for visit in range(len(table.visits))]
    cost = table.cost(quick)
    assert cost is not None
    hopeless = sum(not order for order in orders)
    if cost.asked > hopeless:
        return orders
    least = [table.visits[n][order[0]].points if order else 0 for n, order in enumerate(orders)]
    spare = cost.points - sum(least)
    return [
        [o for o in order if table.visits[n][o].points - least[n] <= spare]
        for n, order in enumerate(orders)
    ]


def parts(table: Table, left: list[list[int]]) -> list[list[int]]:
    """The visits in groups that share nobody's date and cannot clash, each in order."""
    group = list(range(len(left)))

    def top(visit: int) -> int:
        while group[visit] != visit:
            visit = group[visit]
        return visit

    seen: dict[tuple[int, date], int] = {}
    for visit, options in enumerate(left):
        for number in options:
            for key in table.option((visit, number)).days:
                other = seen.setdefault(key, visit)
                group[top(visit)] = top(other)
    for visit, kin in enumerate(table.kin):
        for other in kin:
            group[top(visit)] = top(other)
    found: dict[int, list[int]] = {}
    for visit in range(len(left)):
        found.setdefault(top(visit), []).append(visit)
    return list(found.values())
