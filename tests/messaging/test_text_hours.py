from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import clock
from app.messaging.schedule import latest_allowed_before, next_allowed, texts_for
from app.settings.rules import Rules
from app.windows import Window, Windows, read_windows

RULES = Rules()
ENGLAND = holidays.country_holidays("GB", subdiv="ENG", years=range(2025, 2029))


def is_working_day(day):
    return day.weekday() < 5 and day not in ENGLAND


def at(text):
    there = datetime.strptime(text, "%Y-%m-%d %H:%M")  # noqa: DTZ007
    return clock.at_london(there.date(), there.time())


def shown(instant):
    return f"{clock.london(instant):%a %Y-%m-%d %H:%M}"


ALLOWED = [
    # from, safe times, the next moment
    ("2026-06-16 09:00", None, "Tue 2026-06-16 09:00"),
    ("2026-06-16 08:59", None, "Tue 2026-06-16 09:00"),
    ("2026-06-16 18:59", None, "Tue 2026-06-16 18:59"),
    ("2026-06-16 19:00", None, "Wed 2026-06-17 09:00"),
    ("2026-06-20 10:00", None, "Sat 2026-06-20 10:00"),
    ("2026-06-21 10:00", None, "Mon 2026-06-22 09:00"),
    ("2026-04-02 19:00", None, "Sat 2026-04-04 09:00"),  # Good Friday
    ("2026-04-04 19:30", None, "Tue 2026-04-07 09:00"),  # Easter
    ("2026-12-24 19:30", None, "Tue 2026-12-29 09:00"),  # Boxing Day on a Saturday, and its Monday
    ("2027-12-24 20:00", None, "Wed 2027-12-29 09:00"),  # Christmas Day on a Saturday
    ("2026-03-28 20:00", None, "Mon 2026-03-30 09:00"),  # the night the clocks go forward
    ("2026-06-16 12:00", "Mon, Wed 10-11", "Wed 2026-06-17 10:00"),
    ("2026-06-16 12:00", "Tue 10-12, Tue 14-15", "Tue 2026-06-16 14:00"),
    ("2026-06-16 12:00", "evenings", "Tue 2026-06-16 17:00"),
    ("2026-06-16 19:00", "evenings", "Wed 2026-06-17 17:00"),
    ("2026-06-16 12:00", "Sun 10-12", None),
]


@pytest.mark.parametrize(("start", "safe", "moment"), ALLOWED)
def test_the_next_moment_a_text_may_go(start, safe, moment):
    found = next_allowed(at(start), safe and read_windows(safe), RULES, is_working_day)

    assert (found and shown(found)) == moment


LATEST = [
    # before, safe times, the last good moment
    ("2026-06-16 10:00", None, "Tue 2026-06-16 10:00"),
    ("2026-06-14 10:00", None, "Sat 2026-06-13 10:00"),
    ("2026-04-06 10:00", None, "Sat 2026-04-04 10:00"),
    ("2026-06-16 08:00", None, "Mon 2026-06-15 18:45"),
    ("2026-06-16 20:00", None, "Tue 2026-06-16 18:45"),
    ("2026-06-16 10:00", "Tue 10:00-10:05", "Tue 2026-06-16 10:00"),
    ("2026-06-16 10:06", "Tue 10:00-10:05", "Tue 2026-06-16 10:00"),
    ("2026-06-16 10:00", "Tue 9-9:30, Tue 14-15", "Tue 2026-06-16 09:15"),
    ("2026-06-16 10:00", "Mon 9-12, Tue 14-15", "Mon 2026-06-15 10:00"),
    ("2026-06-16 10:00", "Mon 9-11, Mon 14-15", "Mon 2026-06-15 10:00"),
    ("2026-06-16 10:00", "Mon 14-15, Mon 16-17", "Mon 2026-06-15 16:45"),
    ("2026-06-16 10:00", "Sun 10-12", None),
]


@pytest.mark.parametrize(("before", "safe", "moment"), LATEST)
def test_the_last_good_moment_before(before, safe, moment):
    found = latest_allowed_before(at(before), safe and read_windows(safe), RULES, is_working_day)

    assert (found and shown(found)) == moment


def test_no_moment_earlier_than_asked_for():
    limit = at("2026-06-15 12:00")

    assert latest_allowed_before(
        at("2026-06-16 10:00"), None, RULES, is_working_day, not_before=limit
    ) == at("2026-06-16 10:00")
    assert (
        latest_allowed_before(
            at("2026-06-16 10:00"),
            read_windows("Mon 9-11"),
            RULES,
            is_working_day,
            not_before=limit,
        )
        is None
    )


def test_the_calendar_of_the_cases_is_englands():
    assert [day for day in (date(2026, 4, 3), date(2026, 4, 6)) if is_working_day(day)] == []
    assert clock.at_london(date(2026, 3, 27), time(10)).utcoffset().total_seconds() == 0


WEEKS = st.none() | st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 94), st.integers(1, 96)).filter(
        lambda w: w[1] < w[2]
    ),
    max_size=8,
).map(lambda ws: Windows(tuple(Window(day, a * 15, b * 15) for day, a, b in ws)))
YEAR = st.integers(0, 500 * 96).map(
    lambda quarters: datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=15 * quarters)
)


@given(starts_at=YEAR, ahead=st.integers(1, 96 * 40), safe_times=WEEKS)
@settings(max_examples=300, deadline=None)
def test_no_text_is_planned_outside_the_safe_times_nor_near_another(starts_at, ahead, safe_times):
    booked_at = starts_at - timedelta(minutes=15 * ahead)

    plan = texts_for(
        starts_at,
        booked_at,
        kind="video_session",
        rules=RULES,
        safe_times=safe_times,
        is_working_day=is_working_day,
    )

    due = [text.due_at for text in plan if not text.cannot]
    assert all(booked_at <= moment < starts_at - timedelta(hours=2) for moment in due)
    assert all(next_allowed(moment, safe_times, RULES, is_working_day) == moment for moment in due)
    assert all(later - sooner >= timedelta(hours=12) for sooner, later in pairwise(due))
    assert all(text.due_at < text.expires_at for text in plan if not text.cannot)
    assert sum(bool(text.cannot) for text in plan) <= 1
