"""Plans of random broken days: every part lawful by the slow second finder, and none costs less."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import clock
from app.scheduling.conditions import Terms
from app.scheduling.replan.cases import Case, Taker
from app.scheduling.replan.choose import plan
from app.scheduling.replan.options import Team, options_for
from app.scheduling.replan.table import Option
from app.scheduling.replan.together import Days
from app.scheduling.wanted import Stop, Wanted
from tests.scheduling.obvious_plan import SlowDays, cost_of, obvious
from tests.scheduling.obvious_slots import HOLIDAYS, MINUTE, RULES, fits
from tests.scheduling.random_days import wanteds, workers

DAYS = [date(2026, 12, 1), date(2026, 10, 25), date(2027, 3, 28)]
FEW = 4  # options of each visit, so that every plan can be looked at
SOME = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
Broken = tuple[tuple[Case, ...], Team, Terms]


@st.composite
def broken_days(draw: st.DrawFn) -> Broken:
    """One of three people is away; two or three of their visits are looked at."""
    day = draw(st.sampled_from(DAYS))
    team = {number: draw(workers(number, day)) for number in (1, 2, 3)}
    whole = (clock.midnight(day), clock.midnight(day + timedelta(days=1)))
    team[1] = replace(team[1], absences=(whole,), stops=())
    cases = []
    for number in range(draw(st.integers(2, 3))):
        wanted: Wanted = draw(wanteds(day))
        if draw(st.booleans()):
            wanted = Wanted(wanted.kind, wanted.minutes, day, day, wanted.spot, wanted.travels)
        start = whole[0] + (9 * 60 + 15 * draw(st.integers(0, 20))) * MINUTE
        end = start + wanted.minutes * MINUTE
        stop = Stop(start, end, wanted.spot, wanted.travels)
        if any(s.starts_at < end and start < s.ends_at for s in team[1].stops):
            continue
        team[1] = replace(team[1], stops=(*team[1].stops, stop))
        cases.append(
            Case(number, wanted.kind, number, start, end, 1, None, None, wanted, cycle_id=number)
        )
    takers = {number: Taker(worker.name) for number, worker in team.items()}
    now = whole[0] - timedelta(days=draw(st.sampled_from([10, 0])))
    return tuple(cases), Team(team, takers), Terms(RULES, now, HOLIDAYS)


def options_of(broken: Broken) -> tuple[tuple[Option, ...], ...]:
    cases, team, terms = broken
    return tuple(
        options_for(case, team, terms, case.wanted.first, case.wanted.last) for case in cases
    )


def agreed(wanted: Wanted) -> Wanted:
    """What is asked of a visit that keeps its time: the family and the others know it."""
    others = tuple(replace(other, times=None) for other in wanted.others)
    return replace(wanted, family_times=None, others=others)


@given(broken_days())
@SOME
def test_every_option_is_lawful_by_itself(broken: Broken) -> None:
    cases, team, terms = broken
    options = options_of(broken)
    slow = SlowDays(cases, options, dict(team.workers))
    long_before = terms.now - timedelta(days=20)

    for visit, (case, offered) in enumerate(zip(cases, options, strict=True)):
        for number, option in enumerate(offered):
            span = (option.starts_at, option.ends_at)
            kept = option.starts_at == case.starts_at
            now, holidays = (long_before, frozenset()) if kept else (terms.now, HOLIDAYS)
            wanted = replace(case.wanted, two_workers=option.second_id is not None)
            wanted = agreed(wanted) if kept else wanted
            assert fits(span, wanted, case.wanted.first, now, holidays)
            assert 1 not in (option.staff_id, option.second_id)
            for who, day in option.days:
                assert slow.driving(who, day, frozenset({(visit, number)})) is not None


@given(broken_days())
@SOME
def test_no_plan_of_a_day_costs_less(broken: Broken) -> None:
    cases, team, terms = broken
    options = tuple(offered[:FEW] for offered in options_of(broken))
    slow = SlowDays(cases, options, dict(team.workers))

    found = plan(options, Days(cases, options, team, terms))

    assert found.exact
    assert found.cost == cost_of(options, slow, found.chosen) == obvious(options, slow)
