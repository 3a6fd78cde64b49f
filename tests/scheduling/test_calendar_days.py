"""Bank holidays, working days and daylight, worked out offline."""

from datetime import date, timedelta

import pytest

from app import clock
from app.places.travel import NOWHERE, districts, spot_for
from app.scheduling.calendar_days import daylight, daylight_spans
from app.working_days import (
    bank_holidays,
    working_day_before,
    working_days_after,
    working_days_between,
)


def test_christmas_2027_has_its_substitute_days() -> None:
    assert bank_holidays(date(2027, 12, 1), date(2028, 1, 31)) == {
        *(date(2027, 12, d) for d in (25, 26, 27, 28)),
        *(date(2028, 1, d) for d in (1, 3)),
    }


def test_easter_2027_is_a_friday_and_a_monday() -> None:
    assert bank_holidays(date(2027, 3, 1), date(2027, 4, 30)) == {
        date(2027, 3, 26),
        date(2027, 3, 29),
    }


def test_a_scottish_holiday_is_none_in_england() -> None:
    assert date(2027, 11, 30) not in bank_holidays(date(2027, 11, 1), date(2027, 11, 30))


def test_working_days_step_over_easter() -> None:
    assert working_days_after(date(2027, 3, 25), 1) == date(2027, 3, 30)
    assert working_day_before(date(2027, 3, 30)) == date(2027, 3, 25)


@pytest.mark.parametrize("saturday", [date(2027, 3, 6), date(2027, 3, 27)])
def test_one_working_day_after_a_weekend_is_its_first_working_day(saturday: date) -> None:
    after = working_days_after(saturday, 1)

    assert after == working_days_after(saturday, 0)
    assert working_days_between(saturday, after) == 1


@pytest.mark.parametrize(
    ("day", "rises", "sets"),
    [
        (date(2026, 12, 1), "07:59", "16:19"),
        (date(2027, 3, 28), "07:07", "19:45"),
        (date(2026, 6, 21), "05:10", "21:34"),
    ],
)
def test_daylight_in_truro_is_london_wall_time_on_the_safe_side(
    day: date, rises: str, sets: str
) -> None:
    begins, ends = daylight(day, spot_for("TR1"))
    assert (f"{clock.london(begins):%H:%M}", f"{clock.london(ends):%H:%M}") == (rises, sets)
    assert (begins.second, ends.second) == (0, 0)


@pytest.mark.parametrize("nowhere", [None, NOWHERE])
@pytest.mark.parametrize("day", [date(2026, 12, 21), date(2026, 6, 21), date(2026, 9, 22)])
def test_an_unknown_spot_has_only_the_light_that_every_district_has(
    day: date, nowhere: object
) -> None:
    begins, ends = daylight(day, nowhere)
    for outcode in districts():
        first, last = daylight(day, spot_for(outcode))
        assert first <= begins + timedelta(minutes=1)
        assert last >= ends - timedelta(minutes=1)


def test_a_search_gets_a_span_for_each_of_its_dates() -> None:
    spans = daylight_spans(date(2026, 12, 1), date(2026, 12, 3), spot_for("TR1"))
    assert [clock.london(begins).date().day for begins, _ in spans] == [1, 2, 3]
