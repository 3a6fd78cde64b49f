"""Common times: exact to the minute, long enough, after notice, right across clock changes."""

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import clock
from app.matching.ranking import rank
from app.matching.times import FreeTimes, free_times, horizon
from app.windows import DAY, Window, Windows, days, read_windows
from tests.matching.matching_cast import AT, RULES, family, free, peer


def common(about, other, at=AT):
    (one,) = rank(family(free=about), (peer(free=other),), frozenset(), RULES, at=at).can
    return [
        (f"{clock.london(s):%a %d %b %H:%M}", f"{clock.london(e):%H:%M}")
        for s, e in one.common_times
    ]


def test_the_next_common_times_are_named_soonest_first():
    found = common(free("Tue, Thu 18:30-20:30; Mon 18-20"), free("Mon 19-21; Thu 17-19:15"))

    assert found == [
        ("Thu 26 Nov 18:30", "19:15"),
        ("Mon 30 Nov 19:00", "20:00"),
        ("Thu 03 Dec 18:30", "19:15"),
        ("Mon 07 Dec 19:00", "20:00"),
    ]


def test_nothing_sooner_than_the_notice_that_a_booking_needs():
    assert common(free("Wed 9-11:30"), free("any"))[0] == ("Wed 25 Nov 10:45", "11:30")


def test_a_holiday_of_one_side_closes_its_days():
    away = Windows(read_windows("Thu 18-20").windows, ((date(2026, 11, 26), ()),))

    assert common(free("any"), FreeTimes(away)) == [("Thu 03 Dec 18:00", "20:00")]


def test_times_that_begin_later_count_from_then():
    later = Windows((Window(3, 18 * 60, 20 * 60, valid_from=date(2026, 12, 1)),))

    assert common(free("any"), FreeTimes(later)) == [("Thu 03 Dec 18:00", "20:00")]


@pytest.mark.parametrize(
    ("at", "spans"),
    [
        # 29 March 2026: clocks go forward, so 18:00 is 17:00 UTC from that Sunday on.
        (datetime(2026, 3, 26, 9, tzinfo=UTC), [18, 17]),
        # 25 October 2026: clocks go back.
        (datetime(2026, 10, 22, 8, tzinfo=UTC), [17, 18]),
    ],
)
def test_a_wall_time_stays_across_a_clock_change(at, spans):
    both = free("Sat 18-19; Sun 18-19")
    (one,) = rank(family(free=both), (peer(free=both),), frozenset(), RULES, at=at).can

    assert [start.hour for start, _ in one.common_times[:2]] == spans


def test_nobody_is_offered_the_small_hours_of_a_clock_change():
    within = horizon(datetime(2026, 3, 26, 9, tzinfo=UTC), RULES, 30)
    nights = FreeTimes(Windows(tuple(Window(day, 0, 3 * 60) for day in range(7))))

    found = within.spans(nights.starts(within) & within.open_starts)

    assert date(2026, 3, 29) not in {clock.london(start).date() for start, _ in found}


def test_stored_times_are_read_as_they_were_written():
    windows = read_windows("Mon, Wed 10-12; evenings after 7")
    assert free_times(json.dumps(windows.to_json())) == FreeTimes(windows)
    assert free_times(None) is None
    assert free_times("null") is None


@pytest.mark.parametrize(
    ("text", "rough"),
    [
        ("weekdays am", ("weekday mornings",)),
        ("school hours", ("weekday mornings", "weekday afternoons")),
        ("evenings after 7", ("evenings",)),
        ("Sat 10-13", ("weekend mornings", "weekend afternoons")),
    ],
)
def test_rough_words_name_parts_of_the_week(text, rough):
    assert free(text).rough_words() == rough


week = st.lists(
    st.builds(
        lambda weekday, start, length, first, last: Window(
            weekday, start, min(DAY, start + length), first, last
        ),
        st.integers(0, 6),
        st.integers(0, DAY - 1),
        st.integers(1, 300),
        st.none() | st.dates(date(2026, 11, 20), date(2026, 12, 1)),
        st.none() | st.dates(date(2026, 11, 28), date(2026, 12, 20)),
    ),
    max_size=6,
).map(lambda windows: Windows(tuple(windows)))


def plainly(one, other, minutes, grid):
    """The common times found the slow way: by asking `Windows` about each time on the grid."""
    found = []
    for day in days(date(2026, 11, 23), date(2026, 12, 13)):
        for start in range(0, DAY - minutes + 1, grid):
            begins = clock.at_london(day, time(start // 60, start % 60))
            ends = begins + timedelta(minutes=minutes)
            soon = begins < AT + timedelta(hours=24)
            if soon or begins >= AT + timedelta(days=14):
                continue
            if one.cover(begins, ends) and other.cover(begins, ends):
                if found and begins - found[-1][-1] == timedelta(minutes=grid):
                    found[-1].append(begins)
                else:
                    found.append([begins])
    return [(starts[0], starts[-1] + timedelta(minutes=minutes)) for starts in found]


@settings(max_examples=60, deadline=None)
@given(week, week, st.sampled_from([15, 20, 30, 60]), st.sampled_from([15, 20, 5]))
def test_common_starts_are_exactly_those_that_both_windows_cover(one, other, minutes, grid):
    within = horizon(AT, RULES.changed(grid_minutes=grid), minutes)

    starts = FreeTimes(one).starts(within) & FreeTimes(other).starts(within) & within.open_starts

    assert list(within.spans(starts)) == plainly(one, other, minutes, grid)
    assert within.stretches(starts) == len(plainly(one, other, minutes, grid))
