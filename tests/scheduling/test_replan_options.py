"""What could become of one visit: Tamsin's hour at her own base on a Tuesday, and she is away."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app import clock
from app.scheduling.conditions import Terms
from app.scheduling.replan.cases import Case, Event, Taker, Wishes
from app.scheduling.replan.day import plan_day
from app.scheduling.replan.options import Team, distance
from app.scheduling.replan.table import Option
from app.scheduling.wanted import Room, Stop, Wanted, Worker
from tests.scheduling.winter_tuesday import (
    ALWAYS,
    BASE,
    CAMBORNE,
    DAY,
    HOURS,
    NOW,
    RULES,
    at,
    span,
    visit,
)

WHOLE = (clock.midnight(DAY), clock.midnight(DAY + timedelta(days=1)))
WEDNESDAY = DAY + timedelta(days=1)
FRIDAY = date(2026, 12, 4)
WANTED = Wanted("goals_visit", 60, DAY, FRIDAY, BASE, family_times=ALWAYS)
CASE = Case(1, "goals_visit", 7, *span("10:00-11:00"), 1, None, 5, WANTED, knows=frozenset({1}))
OLD = Stop(*span("10:00-11:00"), BASE, travels=True)
TAMSIN = Worker(1, "Tamsin", HOURS, BASE, (WHOLE,), (OLD,))
PIRAN = Worker(2, "Piran", HOURS, BASE)
KERENSA = Worker(3, "Kerensa", HOURS, BASE)
TAKERS = {
    1: Taker("Tamsin"), 2: Taker("Piran", "man", frozenset({"English"})),
    3: Taker("Kerensa", "woman", frozenset({"English", "Polish"})),
}  # fmt: skip
TERMS = Terms(RULES, NOW, frozenset())


def planned(case: Case, *workers: Worker, takers=TAKERS, terms: Terms = TERMS) -> Option | None:
    team = Team({worker.id: worker for worker in workers}, takers)
    return plan_day([case], team, terms, DAY, case.wanted.last).chosen(0)


def short(option: Option | None) -> tuple[Any, ...] | None:
    if option is None:
        return None
    there = clock.london(option.starts_at)
    return option.kind, f"{there:%a %H:%M}", option.staff_id, option.second_id


def busy(worker: Worker, *words: str) -> Worker:
    return replace(worker, stops=tuple(visit(one) for one in words))


REVIEW = replace(CASE, kind="shared_review", wanted=replace(WANTED, kind="shared_review"))
TWO = replace(CASE, second_id=2, knows=frozenset({1, 2}))
HIGH = replace(WANTED, at_home=True, cover=(span("08:30-18:00"), span("08:30-18:00", WEDNESDAY)))
NEXT_VIDEO = Event("video_session", 2, at("15:00", WEDNESDAY), at("16:00", WEDNESDAY))
ALL_AWAY = replace(PIRAN, absences=((WHOLE[0], clock.midnight(FRIDAY + timedelta(days=1))),))

CASES: list[tuple[str, Case, tuple[Worker, ...], tuple[Any, ...] | None]] = [
    ("somebody who is free keeps the family's time",
     CASE, (TAMSIN, PIRAN), ("person", "Tue 10:00", 2, None)),
    ("who has met the family comes before a stranger",
     replace(CASE, knows=frozenset({1, 3})), (TAMSIN, PIRAN, KERENSA),
     ("person", "Tue 10:00", 3, None)),
    ("of two strangers the one who drives less",
     CASE, (TAMSIN, replace(PIRAN, base=CAMBORNE), KERENSA), ("person", "Tue 10:00", 3, None)),
    ("nobody else is free then: the next time with the same practitioner",
     CASE, (TAMSIN, busy(PIRAN, "10:30-11:30")), ("time", "Wed 10:00", 1, None)),
    ("no time to drive there is not free",
     CASE, (TAMSIN, replace(PIRAN, stops=(visit("09:00-09:50", CAMBORNE),))),
     ("time", "Wed 10:00", 1, None)),
    ("four visits that day already",
     CASE, (TAMSIN, busy(PIRAN, "11:00-11:30", "12:00-12:30", "13:00-13:30", "14:00-14:30")),
     ("time", "Wed 10:00", 1, None)),
    ("a review waits for the practitioner who has the clips",
     REVIEW, (TAMSIN, PIRAN), ("time", "Wed 10:00", 1, None)),
    ("a review of one who is away all week is taken by somebody else",
     REVIEW, (replace(TAMSIN, absences=ALL_AWAY.absences), PIRAN),
     ("person", "Tue 10:00", 2, None)),
    ("nobody can: somebody has to ring",
     CASE, (replace(TAMSIN, absences=ALL_AWAY.absences), ALL_AWAY), None),
    ("a woman was asked for: the man is not sent",
     replace(CASE, wishes=Wishes("woman")), (TAMSIN, PIRAN, KERENSA),
     ("person", "Tue 10:00", 3, None)),
    ("a language that the family speaks",
     replace(CASE, wishes=Wishes(None, frozenset({"Polish"}))), (TAMSIN, PIRAN, KERENSA),
     ("person", "Tue 10:00", 3, None)),
    ("an interpreter comes anyway: any language does",
     replace(CASE, wishes=Wishes(None, frozenset({"Polish"}), True)), (TAMSIN, PIRAN),
     ("person", "Tue 10:00", 2, None)),
    ("another second worker, where that one is away",
     replace(TWO, staff_id=2, second_id=1), (TAMSIN, busy(PIRAN, "10:00-11:00"), KERENSA),
     ("second", "Tue 10:00", 2, 3)),
    ("two are needed and one is free: another time",
     replace(TWO, wanted=replace(HIGH, level="high")), (TAMSIN, busy(PIRAN, "10:00-11:00")),
     ("time", "Wed 10:00", 1, 2)),
    ("before the next of the family's course, or not at all with her",
     replace(CASE, course=(NEXT_VIDEO,)), (replace(TAMSIN, absences=(WHOLE, span("08:00-15:00",
     WEDNESDAY))), busy(PIRAN, "10:00-11:00")), ("both", "Tue 11:00", 2, None)),
    ("the home has to be looked at again before Wednesday",
     replace(CASE, home_until=DAY), (TAMSIN, busy(PIRAN, "10:00-11:00")),
     ("both", "Tue 11:00", 2, None)),
    ("a room that is free at the other place",
     replace(CASE, spoiled=(WHOLE,), elsewhere=((8, replace(WANTED, rooms=(Room(81, (span(
     "10:30-12:00"),)), Room(82)))),)), (replace(TAMSIN, absences=()), PIRAN),
     ("place", "Tue 10:00", 1, None)),
    ("the place is closed for long: the first date after it",
     replace(CASE, spoiled=((WHOLE[0], clock.midnight(date(2026, 12, 22))),),
             wanted=replace(WANTED, last=date(2026, 12, 31))),
     (replace(TAMSIN, absences=()), PIRAN), ("time", "Tue 10:00", 1, None)),
    ("who comes along stays the same, though another would drive less",
     replace(TWO, wanted=replace(WANTED, two_workers=True)),
     (replace(TAMSIN, absences=(span("10:00-11:00"),)), replace(PIRAN, base=CAMBORNE), KERENSA),
     ("person", "Tue 10:00", 3, 2)),
    ("the other place is full: another day at this one",
     replace(CASE, spoiled=(WHOLE,), elsewhere=((8, replace(WANTED, rooms=(Room(81, (span(
     "10:30-12:00"),)),))),)), (replace(TAMSIN, absences=()), PIRAN),
     ("time", "Wed 10:00", 1, None)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("case", "workers", "becomes"), [row[1:] for row in CASES], ids=[row[0] for row in CASES]
)
def test_what_is_planned(case: Case, workers: tuple[Worker, ...], becomes) -> None:
    assert short(planned(case, *workers)) == becomes


def test_what_is_not_known_is_asked_and_comes_last() -> None:
    case = replace(CASE, wishes=Wishes("woman"))
    unknown = {**TAKERS, 2: Taker("Piran")}

    assert short(planned(case, TAMSIN, PIRAN, KERENSA, takers=unknown)) == (
        "person", "Tue 10:00", 3, None,
    )  # fmt: skip
    option = planned(case, TAMSIN, PIRAN, takers=unknown)
    assert option is not None
    assert option.asks == ("The family would rather talk to a woman: ask",)


def test_the_room_that_is_free_is_named() -> None:
    rooms = (Room(81, (span("10:30-12:00"),)), Room(82))
    case = replace(CASE, spoiled=(WHOLE,), elsewhere=((8, replace(WANTED, rooms=rooms)),))

    option = planned(case, replace(TAMSIN, absences=()))

    assert option is not None
    assert (option.place_id, option.room_id) == (8, 82)


def test_short_notice_keeps_a_time_and_gives_no_other() -> None:
    early = TERMS._replace(now=at("08:00"))

    assert short(planned(CASE, TAMSIN, PIRAN, terms=early)) == ("person", "Tue 10:00", 2, None)
    later = planned(CASE, TAMSIN, busy(PIRAN, "10:00-11:00"), terms=early)
    assert short(later) == ("time", "Wed 10:00", 1, None)


def test_an_earlier_time_counts_double() -> None:
    assert distance(DAY, WEDNESDAY) == timedelta(days=1)
    assert distance(WEDNESDAY, DAY) == timedelta(days=2)
