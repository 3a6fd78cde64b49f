from datetime import UTC, date, datetime, time, timedelta

import pytest

from app import clock, times


def at(year, month, day, hour, minute=0, fold=0):
    return clock.at_london(date(year, month, day), time(hour, minute), fold=fold)


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (at(2026, 3, 3, 10), "Tue 3 Mar 10am"),
        (at(2026, 3, 3, 14, 15), "Tue 3 Mar 2:15pm"),
        (at(2026, 11, 25, 12), "Wed 25 Nov 12 noon"),
        (at(2026, 11, 25, 12, 5), "Wed 25 Nov 12:05pm"),
        (at(2026, 11, 25, 9, 5), "Wed 25 Nov 9:05am"),
        (at(2026, 9, 1, 0, 30), "Tue 1 Sep 12:30am"),
        (at(2026, 7, 1, 9, 30), "Wed 1 Jul 9:30am"),  # 08:30 in UTC
        (datetime(2026, 3, 30, 9, tzinfo=UTC), "Mon 30 Mar 10am"),
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), "Wed 1 Jul 12:30am"),
    ],
)
def test_a_text_names_weekday_date_and_start(instant, words):
    assert times.for_text(instant) == words


@pytest.mark.parametrize(
    ("sent_on", "words"),
    [
        (None, "Wed 25 Nov"),
        (date(2026, 11, 24), "tomorrow, Wed 25 Nov"),
        (date(2026, 11, 25), "Wed 25 Nov"),
        (date(2026, 11, 23), "Wed 25 Nov"),
    ],
)
def test_a_text_sent_on_the_day_before_says_tomorrow(sent_on, words):
    assert times.date_for_text(at(2026, 11, 25, 10, 15), sent_on) == words


def test_families_read_whole_words_and_twelve_hours():
    start = at(2026, 3, 3, 14, 30)

    assert times.for_family(start) == "Tuesday 3 March at 2:30pm"
    assert times.for_family_date(date(2026, 12, 25)) == "Friday 25 December"
    assert times.for_family_range(start, start + timedelta(minutes=90)) == "2:30pm to 4pm"


def test_noon_and_full_hours_have_no_minutes():
    assert times.for_family_time(at(2026, 3, 3, 12)) == "12 noon"
    assert times.for_family_time(at(2026, 3, 3, 14)) == "2pm"


def test_staff_read_twenty_four_hours():
    start = at(2026, 11, 24, 9, 15)

    assert times.for_staff(start) == "Tue 24 Nov 09:15"
    assert times.staff_range(start, start + timedelta(hours=1)) == "09:15–10:15"


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (None, "Tue 24 Nov"),
        (date(2026, 1, 1), "Tue 24 Nov"),
        (date(2027, 1, 1), "Tue 24 Nov 2026"),
        (date(2025, 12, 31), "Tue 24 Nov 2026"),
    ],
)
def test_the_year_is_said_only_in_another_year(today, words):
    assert times.staff_date(date(2026, 11, 24), today) == words
    assert times.for_staff(at(2026, 11, 24, 14, 30), today) == f"{words} 14:30"


def test_the_hour_that_autumn_repeats_is_told_apart():
    first, second = at(2026, 10, 25, 1, 30), at(2026, 10, 25, 1, 30, fold=1)

    assert second - first == timedelta(hours=1)
    assert times.staff_time(first) == "01:30 (first)"
    assert times.staff_time(second) == "01:30 (second)"
    assert times.staff_range(first, second) == "01:30 (first)–01:30 (second)"


@pytest.mark.parametrize("hour", [0, 2, 3])
def test_the_hours_around_it_are_plain(hour):
    assert times.staff_time(at(2026, 10, 25, hour, 30)) == f"0{hour}:30"


def test_the_hours_around_the_skipped_one_are_plain():
    assert times.staff_time(at(2026, 3, 29, 0, 30)) == "00:30"
    assert times.staff_time(at(2026, 3, 29, 2, 30)) == "02:30"


NOW = at(2026, 11, 24, 12)


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (at(2026, 11, 24, 12), "Today 12:00"),
        (at(2026, 11, 24, 0), "Today 00:00"),
        (at(2026, 11, 25, 9, 52), "Wed 09:52"),
        (at(2026, 11, 18, 9, 52), "Wed 09:52"),
        (at(2026, 11, 30, 23, 59), "Mon 23:59"),
        (at(2026, 12, 1, 9), "Tue 1 Dec"),  # a week away, the weekday would mean today
        (at(2026, 11, 17, 9), "Tue 17 Nov"),
        (at(2025, 11, 24, 9), "Mon 24 Nov 2025"),
    ],
)
def test_near_times_are_said_by_weekday(instant, words):
    assert times.near(instant, NOW) == words


def test_today_is_the_day_in_london():
    # 23:30 UTC in July is half past midnight of the next day
    assert times.near(at(2026, 7, 2, 9), datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "Today 09:00"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (45, "45 minutes"),
        (60, "1 hour"),
        (61, "1 hour 1 minute"),
        (75, "1 hour 15 minutes"),
        (125, "2 hours 5 minutes"),
    ],
)
def test_lengths_in_words(minutes, words):
    assert times.how_long(minutes) == words


def test_a_negative_length_is_refused():
    with pytest.raises(ValueError):
        times.how_long(-1)


TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("born_on", "words"),
    [
        (None, "age not known"),
        (date(2027, 2, 3), "due Feb 2027"),
        (date(2026, 11, 24), "under 1 month"),
        (date(2026, 10, 25), "under 1 month"),
        (date(2026, 10, 24), "1 month"),
        (date(2025, 5, 24), "18 months"),
        (date(2024, 11, 25), "23 months"),
        (date(2024, 11, 24), "2 years"),
        (date(2023, 11, 24), "3 years"),
        (date(2023, 11, 25), "2 years"),
        (date(2012, 2, 29), "14 years"),
    ],
)
def test_ages_are_in_months_under_two(born_on, words):
    assert times.age_words(born_on, TODAY) == words


def test_a_child_of_the_29th_of_february_has_its_birthday_on_the_1st_of_march():
    assert times.age_words(date(2024, 2, 29), date(2027, 2, 28)) == "2 years"
    assert times.age_words(date(2024, 2, 29), date(2027, 3, 1)) == "3 years"


@pytest.mark.parametrize("form", [times.for_text, times.for_family, times.for_staff])
def test_a_time_without_its_zone_is_refused(form):
    with pytest.raises(ValueError, match="without its zone"):
        form(datetime(2026, 3, 3, 10))


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        (("2026-11-30", "00:00"), ("2026-12-04", "00:00"), "Mon 30 Nov to Thu 3 Dec"),
        (("2026-12-01", "00:00"), ("2026-12-02", "00:00"), "Tue 1 Dec"),
        (("2026-12-01", "13:00"), ("2026-12-01", "17:00"), "Tue 1 Dec, 13:00 to 17:00"),
        (("2026-12-01", "13:00"), ("2026-12-02", "00:00"), "Tue 1 Dec from 13:00"),
        (("2026-12-01", "00:00"), ("2026-12-01", "13:00"), "Tue 1 Dec until 13:00"),
        (("2026-12-01", "13:00"), ("2026-12-03", "09:00"), "Tue 1 Dec 13:00 to Thu 3 Dec 09:00"),
    ],
)
def test_a_span_says_no_midnight(starts, ends, words: str) -> None:
    begins, until = (
        clock.at_london(date.fromisoformat(day), time.fromisoformat(wall))
        for day, wall in (starts, ends)
    )

    assert times.staff_span(begins, until) == words
