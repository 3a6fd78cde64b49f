"""Where the free times of a day are: one practitioner, one appointment of an hour, a table of days.

The expected starts are written as runs on the quarter hour, "09:00-16:00 …", in London wall time.
"""

from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

import pytest

from app.places.travel import NOWHERE
from app.scheduling.wanted import Other, Room
from app.windows import Windows
from tests.scheduling.winter_tuesday import (
    CAMBORNE,
    COVER,
    DAY,
    HOURS,
    LIGHT,
    NEXT_DOOR,
    PIRAN,
    RULES,
    at,
    call,
    runs,
    search,
    span,
    times,
    visit,
    visits,
)


class Case(NamedTuple):
    promise: str
    expected: str
    changed: dict[str, Any]


def case(promise: str, expected: str, **changed: Any) -> Case:
    return Case(promise, expected, changed)


CASES = [
    case("an empty day is free from first to last hour", "09:00-16:00"),
    case("an end touches a start", "09:00-10:00 12:00-16:00", stops=visits("11:00-12:00")),
    case(
        "two appointments with just an hour between",
        "09:00 11:00 16:00",
        stops=visits("10:00-11:00", "12:00-16:00"),
    ),
    case(
        "an hour and a minute less than an hour between",
        "",
        stops=visits("09:00-11:00", "11:59-16:30"),
    ),
    case("odd ends do not move the grid", "10:30-16:00", stops=visits("09:00-10:20")),
    case("a longer appointment has fewer starts", "09:00-14:00", minutes=180),
    case("a length that is no quarter hour", "09:00-16:00", minutes=50),
    case("longer than the working day", "", minutes=500),
    case(
        "a coarser grid",
        "09:00 10:00 11:00 12:00 13:00 14:00 15:00 16:00",
        rules=RULES.changed(grid_minutes=60),
    ),
    case("hours in two parts", "09:00-11:00 13:00-16:00", hours=times("Tue 9-12, Tue 13-17")),
    case("a day without hours", "", hours=times("Mon 9-17")),
    case(
        "an exception for the date replaces the weekday's hours",
        "10:00-12:00",
        hours=Windows(HOURS.windows, ((DAY, ((600, 780),)),)),
    ),
    case(
        "hours that end a minute before the hour",
        "09:00-15:45",
        hours=Windows((), ((DAY, ((540, 1019),)),)),
    ),
    case("a day off by exception", "", hours=Windows(HOURS.windows, ((DAY, ()),))),
    case("half a day's leave in the morning", "13:00-16:00", absences=(span("09:00-13:00"),)),
    case("half a day's leave in the afternoon", "09:00-12:00", absences=(span("13:00-17:00"),)),
    case(
        "after half a day's leave the drive from base begins at its end",
        "13:45-15:15",
        spot=CAMBORNE,
        absences=(span("09:00-13:00"),),
    ),
    case(
        "leave all day",
        "",
        absences=((at("09:00", date(2026, 11, 30)), at("09:00", date(2026, 12, 3))),),
    ),
    case(
        "an own calendar's time is not offered",
        "09:00-12:00 14:00-16:00",
        busy=(span("13:00-14:00"),),
    ),
    case(
        "two times of it that overlap",
        "09:00 13:00-16:00",
        busy=(span("10:00-12:00"), span("11:00-13:00")),
    ),
    case(
        "what stands in it is nowhere, so the drive is from base",
        "12:45-15:15",
        spot=CAMBORNE,
        busy=(span("09:00-12:00"),),
    ),
    case(
        "set aside, it is no matter to the drive either",
        "09:45-15:15",
        spot=CAMBORNE,
        busy=(span("09:00-12:00"), span("15:00-17:00")),
        relax=frozenset({"busy"}),
    ),
    case(
        "it is no visit",
        "13:00-16:00",
        busy=tuple(span(f"{h:02}:00-{h + 1:02}:00") for h in range(9, 13)),
    ),
    case(
        "a second worker's own calendar counts",
        "09:00-10:00 13:00-16:00",
        **COVER,
        level="high",
        seconds=(replace(PIRAN, busy=(span("11:00-13:00"),)),),
    ),
    case("base at both ends of the day lies within the hours", "09:45-15:15", spot=CAMBORNE),
    case("an unknown base takes the unknown minutes", "09:30-15:30", base=NOWHERE),
    case("an unknown place takes the unknown minutes", "09:30-15:30", spot=None),
    case(
        "travel from the visit before and to base",
        "11:00-15:15",
        spot=CAMBORNE,
        stops=visits("09:00-10:00"),
    ),
    case(
        "travel from base and to the visit after",
        "09:45-13:00",
        spot=CAMBORNE,
        stops=visits("15:00-17:00"),
    ),
    case(
        "travel both ways between two visits",
        "11:00",
        spot=CAMBORNE,
        stops=visits("09:00-10:00", "13:00-17:00"),
    ),
    case(
        "one minute too little between two visits",
        "",
        spot=CAMBORNE,
        minutes=87,
        stops=visits("09:00-10:00", "13:00-17:00"),
    ),
    case(
        "the same district has its own minutes, and ten between visits",
        "09:15-09:30 12:30-15:45",
        spot=NEXT_DOOR,
        stops=visits("11:00-12:00"),
    ),
    case(
        "at the same place nobody drives between",
        "09:45-10:00 12:00-15:15",
        spot=CAMBORNE,
        stops=(visit("11:00-12:00", CAMBORNE),),
    ),
    case(
        "what somebody measured one way counts that way only",
        "09:15-15:15",
        spot=CAMBORNE,
        overrides={(1, 3): 15},
    ),
    case(
        "what somebody measured for two places counts",
        "09:15-15:45",
        spot=CAMBORNE,
        overrides={(1, 3): 15, (3, 1): 15},
    ),
    case(
        "nothing added between visits",
        "09:15-09:45 12:15-15:45",
        spot=NEXT_DOOR,
        stops=visits("11:00-12:00"),
        rules=RULES.changed(between_visits_minutes=0),
    ),
    case(
        "a call takes its time but moves nobody",
        "09:45-11:00 12:30-15:15",
        spot=CAMBORNE,
        stops=(call("12:00-12:30"),),
    ),
    case(
        "the drive may come before a call, the visit after it",
        "11:30-15:15",
        spot=CAMBORNE,
        stops=(visit("09:00-10:00"), call("11:00-11:30")),
    ),
    case(
        "a call leaves room for the drive between two visits",
        "10:00 11:00",
        travels=False,
        minutes=30,
        stops=(visit("09:00-10:00"), visit("11:30-17:00", CAMBORNE)),
    ),
    case(
        "a drive that just fits before a call",
        "11:15-15:15",
        spot=CAMBORNE,
        stops=(visit("09:00-10:00"), call("10:47-11:15")),
    ),
    case(
        "a drive that just fits after a call",
        "09:45-13:00",
        spot=CAMBORNE,
        stops=(call("14:00-14:13"), visit("15:00-17:00")),
    ),
    case("a call on a free day", "09:00-16:00", travels=False, spot=None),
    case(
        "four visits are a full day",
        "",
        stops=visits("09:00-10:00", "10:00-11:00", "11:00-12:00", "12:00-13:00"),
    ),
    case(
        "a call may follow four visits",
        "13:00-16:00",
        travels=False,
        stops=visits("09:00-10:00", "10:00-11:00", "11:00-12:00", "12:00-13:00"),
    ),
    case(
        "calls do not count as visits",
        "13:00-16:00",
        stops=tuple(call(f"{h:02}:00-{h + 1:02}:00") for h in range(9, 13)),
    ),
    case("the place's hours", "10:00-12:00", place_hours=times("Tue 10-13")),
    case("the place is closed that day", "", place_hours=times("Mon 10-13")),
    case(
        "the place is closed for two hours",
        "09:00 12:00-16:00",
        place_closed=(span("10:00-12:00"),),
    ),
    case("the place is closed from an end on", "09:00-11:00", place_closed=(span("12:00-18:00"),)),
    case(
        "the only room is full for a while",
        "09:00 12:00-16:00",
        rooms=(Room(1, (span("10:00-12:00"),)),),
    ),
    case(
        "another room is free",
        "09:00-10:30 12:00-16:00",
        rooms=(Room(1, (span("10:00-12:00"),)), Room(2, (span("11:30-17:00"),))),
    ),
    case("a place without any room", "", rooms=()),
    case("the family's times", "10:00-13:00", family_times=times("Tue 10-14")),
    case("unknown family's times mean ask, not never", "09:00-16:00", family_times=None),
    case("the family has another appointment", "12:15-16:00", family_held=(span("09:30-12:15"),)),
    case(
        "the interpreter is free for part of the day",
        "10:00-11:00",
        minutes=120,
        others=(Other("Ana", times("Tue 9-13"), (span("09:00-10:00"),)),),
    ),
    case(
        "a peer parent whose times nobody knows is asked", "09:00-16:00", others=(Other("Rosie"),)
    ),
    case("nobody visits a home that is not assessed alone", "", **COVER, level="not_assessed"),
    case(
        "two may visit a home that is not assessed",
        "09:00-16:00",
        **COVER,
        level="not_assessed",
        two_workers=True,
        seconds=(PIRAN,),
    ),
    case(
        "no visits to a home where there are none",
        "",
        **COVER,
        level="no_home_visits",
        two_workers=True,
        seconds=(PIRAN,),
    ),
    case("a level says nothing about a venue", "09:00-16:00", level="no_home_visits"),
    case("a high home needs a second worker", "", **COVER, level="high", seconds=()),
    case(
        "a second worker free for half the time is not free",
        "09:00-10:00 13:00-16:00",
        **COVER,
        level="high",
        seconds=(replace(PIRAN, stops=(visit("11:00-11:30"), visit("12:00-13:00"))),),
    ),
    case(
        "the second worker drives too",
        "09:45-15:15",
        **COVER,
        spot=CAMBORNE,
        level="high",
        base=CAMBORNE,
        seconds=(PIRAN,),
    ),
    case(
        "home visits end an hour before cover does",
        "10:00-14:00",
        at_home=True,
        cover=(span("10:00-16:00"),),
    ),
    case(
        "covers that meet are one",
        "09:00-16:00",
        at_home=True,
        cover=(span("08:30-12:00"), span("12:00-18:00")),
    ),
    case("without duty cover there are no home visits", "", at_home=True),
    case(
        "a raised home is visited by daylight",
        "08:00-15:15",
        at_home=True,
        cover=(span("05:00-23:00"),),
        **LIGHT,
        hours=times("Tue 06:00-20:00"),
    ),
    case(
        "two carers who must not meet are kept apart",
        "09:00 13:00-16:00",
        keep_apart=(span("11:00-12:00"),),
    ),
    case(
        "where to look begins and ends at an instant",
        "10:15-12:00",
        not_before=at("10:10"),
        not_after=at("12:00"),
    ),
    case("nothing possible", "", family_times=times("Tue 9-10"), absences=(span("09:30-17:00"),)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.promise)
def test_free_times_of_a_day(case: Case) -> None:
    assert runs(slot.starts_at for slot in search(**case.changed).slots) == case.expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.promise)
def test_what_was_looked_at_adds_up(case: Case) -> None:
    found = search(**case.changed)
    assert found.looked_at == len(found.slots) + sum(found.removed.values()) > 0
    assert sum(day.free for day in found.days) == len(found.slots)


def test_working_hours_set_aside_are_looked_beyond_where_others_are_free() -> None:
    evening = times("Tue 18-20")
    peer = Other("Chloe", times("Tue 18:30-20"))
    around = {"family_times": evening, "others": (peer,), "travels": False, "minutes": 30}

    assert runs(slot.starts_at for slot in search(**around).slots) == ""
    found = search(**around, relax=frozenset({"hours"}))
    assert runs(slot.starts_at for slot in found.slots) == "18:30-19:30"


def test_a_call_is_never_offered_at_night() -> None:
    found = search(travels=False, minutes=30, relax=frozenset({"hours"}))

    assert runs(slot.starts_at for slot in found.slots) == "08:00-20:30"
