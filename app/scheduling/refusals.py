"""Why one start is not possible, and what would be free instead.

The finder's own masks decide (`survey.py`); `sentences.py` puts them into words for staff, and
what a family may read of it stands in `reasons.py`.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

from app import clock
from app.places.travel import Overrides
from app.scheduling.conditions import Terms
from app.scheduling.grid import Grid, minute_of, one_start, wall_of
from app.scheduling.reasons import BY_CODE, ORDER
from app.scheduling.sentences import STAFF, Case
from app.scheduling.survey import Survey, starts_to_look_at, survey_on
from app.scheduling.wanted import Refusal, Wanted, Worker
from app.settings.rules import Rules
from app.windows import wall

# Where another hour of the same day cannot help.
NOT_THAT_DAY = frozenset({"past", "level", "horizon", "bank_holiday"})


def check_slot(
    wanted: Wanted,
    worker: Worker,
    second: Worker | None,
    start: datetime,
    rules: Rules,
    *,
    now: datetime,
    bank_holidays: frozenset[date],
    relax: frozenset[str] = frozenset(),
    overrides: Overrides | None = None,
) -> tuple[Refusal, ...]:
    """Why this one start is not possible with these people; empty when it is.

    The masks are the finder's, so a slot that it offered is refused only by what changed since.
    The worker's stops have to hold the whole day, and not the appointment that is being moved. A
    second worker who is named must be free even where the level asks for none. The first hard
    refusal (else the first) says what else is free that day.
    """
    terms = Terms(rules, now, bank_holidays, relax, overrides)
    return refusals(Case(wanted, worker, second, start, terms))


def refusals(case: Case) -> tuple[Refusal, ...]:
    """Every rule that the start breaks, in their order. The first that cannot be set aside (else
    the first) also says what would be free."""
    told = [_refusal(code, case) for code in codes_against(case)]
    if told and not NOT_THAT_DAY & {refusal.code for refusal in told}:
        first = next((n for n, refusal in enumerate(told) if not refusal.soft), 0)
        told[first] = told[first]._replace(staff=f"{told[first].staff} {free_instead(case)}")
    return tuple(told)


def codes_against(case: Case) -> list[str]:
    """The codes of the rules that the start breaks, without those that only follow from another."""
    if _does_not_exist(case.start):
        return ["clock"]
    made = _survey_of(case)
    masks = zip(ORDER, made.masks(made.leads[0]), strict=True)
    codes = _telling([code for code, allowed in masks if not allowed], case)
    idle = {"notice"} if "past" in codes else set()
    if "level" in codes and case.second is None:
        idle.add("second_worker")
    by_hand = ["grid"] if _off_the_grid(case) else []
    return by_hand + [code for code in codes if code not in idle]


def _codes_against_second(case: Case) -> list[str]:
    allowed = _survey_of(case).seconds[0].allowed
    theirs = case._replace(worker=case.team[-1], second=None)
    return _telling([code for code, starts in allowed.items() if not starts], theirs)


def _telling(codes: list[str], case: Case) -> list[str]:
    """The codes without a drive that is impossible only because the worker is not at work then, or
    busy: if the hours or the own calendar are set aside, the drive may fit."""
    if "travel" not in codes or not {"hours", "absence", "busy", "held"} & set(codes):
        return codes
    aside = case.terms._replace(relax=case.terms.relax | ({"hours", "busy"} & set(codes)))
    made = _survey_of(case._replace(terms=aside))
    if {"absence", "held"} & set(codes) or made.leads[0].allowed["travel"]:
        return [code for code in codes if code != "travel"]
    return codes


def _does_not_exist(start: datetime) -> bool:
    there_and_back = start.astimezone(UTC).astimezone(start.tzinfo)
    return there_and_back.replace(tzinfo=None) != start.replace(tzinfo=None)


def _off_the_grid(case: Case) -> bool:
    if "grid" in case.terms.relax:
        return False
    odd = wall_of(minute_of(case.start)) % case.terms.rules.grid_minutes
    return bool(odd or case.start.second or case.start.microsecond)


def _survey_of(case: Case) -> Survey:
    grid = one_start(minute_of(case.start), case.wanted.minutes)
    return _survey_on(grid, case.wanted, case)


def _survey_on(grid: Grid, wanted: Wanted, case: Case) -> Survey:
    alone = case.second is None
    return survey_on(grid, wanted, case.team[:1], case.team[1:], case.terms, alone=alone)


def free_instead(case: Case) -> str:
    """The next free start that day with the same people, or the last before, as a sentence."""
    day = clock.london(case.start).date()
    that_day = replace(case.wanted, first=day, last=day, not_before=None, not_after=None)
    grid = starts_to_look_at(that_day, case.team, case.terms)
    made = _survey_on(grid, that_day, case)
    lawful = made.lawful[0]
    free = [start for bit, start in enumerate(grid.starts) if lawful >> bit & 1]
    if not free:
        return "Nothing else is free that day."
    asked = minute_of(case.start)
    best = next((start for start in free if start > asked), free[-1])
    return f"{wall(wall_of(best))} is free."


def _refusal(code: str, case: Case) -> Refusal:
    rule = BY_CODE[code]
    staff = STAFF[code](case)
    if code == "second_worker" and case.second and case.second.id != case.worker.id:
        theirs = case._replace(worker=case.second, second=None)
        staff = " ".join([staff, *(STAFF[why](theirs) for why in _codes_against_second(case))])
    return Refusal(code, staff, rule.family, rule.soft)
