"""Why one start is refused: the facts as staff read them, and what is free instead."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from app.scheduling.reasons import BY_CODE, ORDER, SOFT
from app.scheduling.wanted import Other, Room
from tests.scheduling.winter_tuesday import (
    BASE,
    CAMBORNE,
    COVER,
    DAY,
    LIGHT,
    at,
    call,
    refused,
    span,
    times,
    visit,
    visits,
)

GOOD_FRIDAY = date(2027, 3, 26)
HOME = {**COVER, "spot": BASE}


class Case(NamedTuple):
    code: str
    start: datetime
    changed: dict[str, Any]
    staff: str


def case(code: str, wall: str, staff: str, *, day: date = DAY, **changed: Any) -> Case:
    return Case(code, at(wall, day), changed, staff)


CASES = [
    case("past", "09:00", "That time has passed.", now=at("09:01")),
    case(
        "level",
        "10:00",
        "This home has not been assessed, so nobody visits it alone. "
        "Ask a manager to assess it, bring a second worker, or meet at a place.",
        **HOME,
        level="not_assessed",
    ),
    case(
        "level",
        "10:00",
        "This home needs two workers. Bring a second worker, or meet at a place.",
        **HOME,
        level="high",
    ),
    case(
        "level",
        "10:00",
        "There are no visits to this home. Meet at a place.",
        **HOME,
        level="no_home_visits",
    ),
    case(
        "notice",
        "10:00",
        "That is less than 24 hours away: without a reason, book from Tuesday 1 December 10:30. "
        "10:30 is free.",
        now=at("10:30", DAY - timedelta(days=1)),
    ),
    case(
        "horizon",
        "10:00",
        "That is more than 12 weeks ahead: without a reason, book until Monday 15 February.",
        day=date(2027, 2, 16),
    ),
    case(
        "bank_holiday",
        "10:00",
        "Friday 26 March is a bank holiday.",
        day=GOOD_FRIDAY,
        now=at("09:00", date(2027, 3, 1)),
        first=GOOD_FRIDAY,
        last=GOOD_FRIDAY,
    ),
    case("hours", "16:30", "Tamsin works 09:00–17:00 that day. 16:00 is free."),
    case(
        "hours",
        "10:00",
        "Tamsin does not work on Tuesday 1 December. Nothing else is free that day.",
        hours=times("Mon 9-17"),
    ),
    case(
        "absence",
        "10:00",
        "Tamsin is away until 13:00. 13:00 is free.",
        absences=(span("09:00-13:00"),),
    ),
    case(
        "absence",
        "10:00",
        "Tamsin is away until Thursday 3 December 09:00. Nothing else is free that day.",
        absences=((at("09:00"), at("09:00", date(2026, 12, 3))),),
    ),
    case(
        "busy",
        "10:00",
        "Tamsin’s own calendar says busy until 13:00. 13:00 is free.",
        busy=(span("09:00-13:00"),),
    ),
    case(
        "busy",
        "10:00",
        "Tamsin’s own calendar says busy until Thursday 3 December 09:00. "
        "Nothing else is free that day.",
        busy=((at("09:00"), at("09:00", date(2026, 12, 3))),),
    ),
    case(
        "place_hours",
        "16:00",
        "The place is open 09:00–16:30 that day. 15:30 is free.",
        place_hours=times("Tue 9-16:30"),
    ),
    case(
        "place_hours",
        "10:00",
        "The place is closed on Tuesday 1 December. Nothing else is free that day.",
        place_hours=times("Mon 9-17"),
    ),
    case(
        "place_closed",
        "10:30",
        "The place is closed until 12:00. Choose another place. 12:00 is free.",
        place_closed=(span("10:00-12:00"),),
    ),
    case(
        "family_times",
        "15:00",
        "The family’s times are Tue 10:00–14:00. Ask them, or choose within these. 13:00 is free.",
        family_times=times("Tue 10-14"),
    ),
    case(
        "other_times",
        "15:00",
        "Rosie’s times are Tue 10:00–14:00. 13:00 is free.",
        others=(Other("Rosie", times("Tue 10-14")), Other("Ana")),
    ),
    case(
        "cover",
        "12:00",
        "Home visits end 60 minutes before duty cover does: that day 08:30 to 12:00. "
        "11:00 is free.",
        at_home=True,
        cover=(span("08:30-13:00"),),
    ),
    case(
        "cover",
        "12:00",
        "Nobody is on duty cover on Tuesday 1 December, so there are no home visits. "
        "Nothing else is free that day.",
        at_home=True,
    ),
    case(
        "daylight",
        "16:00",
        "The home’s level is raised, so it is visited between sunrise and sunset, "
        "07:59 to 16:19 that day. 15:15 is free.",
        **{**HOME, **LIGHT},
    ),
    case(
        "apart",
        "12:15",
        "Somebody they must not meet has an appointment less than 60 minutes away from it. "
        "13:00 is free.",
        keep_apart=(span("11:00-12:00"),),
    ),
    case(
        "family_held",
        "11:15",
        "The family has another appointment from 11:00 to 12:00. 12:00 is free.",
        family_held=(span("11:00-12:00"),),
    ),
    case(
        "other_held",
        "11:15",
        "Rosie is booked from 11:00 to 12:00. 12:00 is free.",
        others=(Other("Ana"), Other("Rosie", None, (span("11:00-12:00"),))),
    ),
    case(
        "room",
        "11:15",
        "The room is taken from 11:00 to 12:00. 12:00 is free.",
        rooms=(Room(1, (span("11:00-12:00"),)),),
    ),
    case(
        "room",
        "11:15",
        "All 2 rooms are taken for some of that time. 12:00 is free.",
        rooms=(Room(1, (span("11:00-12:00"),)), Room(2, (span("11:30-12:00"),))),
    ),
    case(
        "held",
        "10:30",
        "Tamsin is with another family from 10:00 to 11:15. 11:15 is free.",
        stops=visits("10:00-11:15"),
    ),
    case(
        "held",
        "10:30",
        "Tamsin is busy in her own calendar from 10:00 to 11:15. 11:15 is free.",
        stops=(replace(call("10:00-11:15"), what="busy in her own calendar"),),
    ),
    case(
        "visits_a_day",
        "15:00",
        "Tamsin has 4 visits on Tuesday 1 December already, and that is the most. "
        "Nothing else is free that day.",
        stops=visits("09:00-10:00", "10:00-11:00", "11:00-12:00", "12:00-13:00"),
    ),
    case(
        "travel",
        "11:30",
        "Tamsin is with another family until 11:15 and 37 minutes away, with 10 between visits. "
        "12:15 is free.",
        spot=CAMBORNE,
        stops=visits("10:00-11:15"),
    ),
    case(
        "travel",
        "11:30",
        "Tamsin is with another family from 13:00 and 37 minutes away, with 10 between visits. "
        "11:00 is free.",
        spot=CAMBORNE,
        stops=visits("13:00-17:00"),
    ),
    case(
        "travel",
        "11:30",
        "Tamsin is with another family until 11:15, and the way is not known: "
        "30 minutes are allowed. 12:00 is free.",
        spot=None,
        stops=visits("10:00-11:15"),
    ),
    case(
        "travel",
        "09:30",
        "Tamsin begins at 09:00 and base is 37 minutes away. 09:45 is free.",
        spot=CAMBORNE,
    ),
    case(
        "travel",
        "15:30",
        "Tamsin ends at 17:00 and base is 37 minutes away. 15:15 is free.",
        spot=CAMBORNE,
    ),
    case(
        "travel",
        "10:45",
        "Tamsin is driving between visits about then, for 37 minutes. 11:00 is free.",
        travels=False,
        minutes=30,
        stops=(visit("09:00-10:00"), visit("12:00-17:00", CAMBORNE)),
    ),
    case(
        "second_worker",
        "10:00",
        "Two workers are wanted, and no second one is chosen. Nothing else is free that day.",
        two_workers=True,
    ),
    case("grid", "10:10", "Appointments start every 15 minutes on the clock. 10:15 is free."),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}: {case.staff[:40]}")
def test_staff_read_the_facts_and_what_would_work(case: Case) -> None:
    refusals = refused(case.start, **case.changed)
    assert [(refusal.code, refusal.staff) for refusal in refusals] == [(case.code, case.staff)]
    assert refusals[0].soft == (case.code in SOFT)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}: {case.staff[:40]}")
def test_only_soft_rules_can_be_set_aside(case: Case) -> None:
    refusals = refused(case.start, **case.changed, relax=frozenset(BY_CODE))
    assert [refusal.code for refusal in refusals] == ([] if case.code in SOFT else [case.code])


def test_every_rule_has_a_case() -> None:
    assert {case.code for case in CASES} | {"clock"} == set(ORDER) | {"clock", "grid"}
