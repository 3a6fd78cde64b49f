"""A broken day planned: what could become of each visit, and a plan for all of them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.scheduling.conditions import Terms
from app.scheduling.replan.cases import Case
from app.scheduling.replan.choose import Plan, plan
from app.scheduling.replan.options import Team, options_for
from app.scheduling.replan.table import Option
from app.scheduling.replan.together import Days


@dataclass(frozen=True)
class Planned:
    """Each visit's options, in the order of the cases, and the plan that chooses among them."""

    cases: tuple[Case, ...]
    options: tuple[tuple[Option, ...], ...]
    plan: Plan

    def chosen(self, number: int) -> Option | None:
        option = self.plan.chosen[number]
        return None if option is None else self.options[number][option]


def plan_day(cases: Sequence[Case], team: Team, terms: Terms, first: date, last: date) -> Planned:
    """Options for every visit from `first` to `last`, and the plan that moves fewest families."""
    options = tuple(options_for(case, team, terms, first, last) for case in cases)
    return Planned(tuple(cases), options, plan(options, Days(cases, options, team, terms)))
