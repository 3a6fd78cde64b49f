from datetime import date, time

import pytest

from app.spreadsheets.days import (
    names_year,
    read_date,
    read_minutes,
    read_month,
    read_time,
    read_time_and_minutes,
)
from app.spreadsheets.values import Unclear

NEAR = date(2026, 11, 23)


@pytest.mark.parametrize(
    "text",
    [
        "3/11/26",
        "03/11/2026",
        "3.11.2026",
        "03-11-26",
        "3 11 2026",
        "2026-11-03",
        "2026/11/03",
        "2026-11-03 00:00:00",
        "3/11/2026 00:00",
        "3 Nov 2026",
        "3rd Nov 2026",
        "3 November 2026",
        "3-Nov-26",
        "3Nov2026",
        "3 Nov '26",
        "3rd of November 2026",
        "Nov 3 2026",
        "Nov 3rd, 2026",
        "November 3, 2026",
        "Tues 3 Nov 2026",
        "Tuesday, 3rd November 2026",
        "Tue 03/11/2026",
        "20261103",
        "46329",
        "3\u00a0Nov\u00a02026",
        "3 Nov",
        "Tues 3 Nov",
        "3/11",
    ],
)
def test_reads_a_date_however_it_is_written(text):
    assert read_date(text, near=NEAR) == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("27/8/23", date(2023, 8, 27)),
        ("15 Sept 2026", date(2026, 9, 15)),
        ("29/2/28", date(2028, 2, 29)),
        ("5 Jan", date(2027, 1, 5)),
        ("29 Feb", None),
        ("Fri 5 Jan", None),
    ],
)
def test_a_year_left_out_is_the_closest(text, day):
    if day is None:
        with pytest.raises(Unclear):
            read_date(text, near=NEAR)
    else:
        assert read_date(text, near=NEAR) == day


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("31/02/2025", "no 31 February 2025"),
        ("13/13/2026", "no month 13"),
        ("11/26/2026", "no month 26"),
        ("29/2/26", "no 29 February 2026"),
        ("Mon 3 Nov 2026", "is a Tuesday, not a Monday"),
        ("tomorrow", "not a date"),
        ("Nov 2026", "not a date"),
        ("3 Nov or 4 Nov", "not a date"),
        ("3/11/0026", "cannot be right"),
        ("", "not a date"),
        ("=TODAY()", "not a date"),
    ],
)
def test_refuses_a_date_that_does_not_exist_and_says_why(text, said):
    with pytest.raises(Unclear) as refusal:
        read_date(text, near=NEAR)

    assert said in str(refusal.value)


def test_without_anything_near_a_year_is_needed():
    with pytest.raises(Unclear, match="year is missing"):
        read_date("3 Nov")
    assert names_year("3 Nov 2026")
    assert not names_year("3 Nov")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Feb 2027", date(2027, 2, 1)),
        ("February", date(2027, 2, 1)),
        ("early March", date(2027, 3, 1)),
        ("02/2027", date(2027, 2, 1)),
        ("Feb-27", date(2027, 2, 1)),
        ("November", date(2026, 11, 1)),
        ("12/02/2027", date(2027, 2, 12)),
        ("3rd Feb 2027", date(2027, 2, 3)),
    ],
)
def test_reads_a_month_to_come(text, day):
    assert read_month(text, near=NEAR) == day


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("10.00", time(10)),
        ("9.00", time(9)),
        ("9.30", time(9, 30)),
        ("9.3", time(9, 30)),
        ("9", time(9)),
        ("10", time(10)),
        ("11.45", time(11, 45)),
        ("2:15pm", time(14, 15)),
        ("2.15 p.m.", time(14, 15)),
        ("11:00am", time(11)),
        ("9am", time(9)),
        ("2 pm", time(14)),
        ("14:30hrs", time(14, 30)),
        ("1430", time(14, 30)),
        ("0930", time(9, 30)),
        ("930", time(9, 30)),
        ("10:15:00", time(10, 15)),
        ("10h30", time(10, 30)),
        ("at 10:00", time(10)),
        ("noon", time(12)),
        ("12 noon", time(12)),
        ("midday", time(12)),
        ("12:30", time(12, 30)),
        ("12am", time(0)),
        ("2", time(14)),
        ("2.30", time(14, 30)),
        ("01:30", time(1, 30)),
        ("07:30", time(7, 30)),
        ("7pm", time(19)),
        ("10:00\u00a0", time(10)),
        ("half past 2", time(14, 30)),
        ("half past two", time(14, 30)),
        ("quarter to 3 p.m.", time(14, 45)),
        ("quarter past nine", time(9, 15)),
        ("0.4375", time(10, 30)),
        ("0.5", time(12)),
    ],
)
def test_reads_a_clock_time(text, when):
    assert read_time(text) == when


@pytest.mark.parametrize(
    "text",
    [
        "25:00",
        "10:75",
        "half past thirteen",
        "half to two",
        "tbc",
        "9.5",
        "0.45",
        "0.25",
        "7",
        "7.30",
        "13am",
        "",
        "10-11",
        "am",
    ],
)
def test_refuses_what_is_no_clear_time(text):
    with pytest.raises(Unclear):
        read_time(text)


@pytest.mark.parametrize(
    ("text", "when", "minutes"),
    [
        ("10:00", time(10), None),
        ("10:00-11:00", time(10), 60),
        ("9.30 to 10.15", time(9, 30), 45),
        ("2-3pm", time(14), 60),
        ("11am–12.30pm", time(11), 90),
        ("11-12.30pm", time(11), 90),
    ],
)
def test_reads_an_end_where_one_is_written(text, when, minutes):
    assert read_time_and_minutes(text) == (when, minutes)


def test_refuses_an_end_before_its_start():
    with pytest.raises(Unclear):
        read_time_and_minutes("11:00-10:00")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("60", 60),
        ("1h", 60),
        ("1 hr", 60),
        ("1hour", 60),
        ("an hour", 60),
        ("60min.", 60),
        ("1", 60),
    ]
    + [("45 mins", 45), ("45", 45), ("45.0", 45), ("00:45", 45), ("30 minutes", 30), ("½ hour", 30)]
    + [("half an hour", 30), ("0.5h", 30), ("1.5h", 90), ("1hr 30", 90), ("1h30", 90), ("1:30", 90)]
    + [("1hr30m", 90), ("1 hour and 30 minutes", 90), ("1½h", 90), ("90m", 90), ("two hours", 120)],
)
def test_reads_a_length_of_time(text, minutes):
    assert read_minutes(text) == minutes


@pytest.mark.parametrize("text", ["600", "3 days", "45-60", "", "long", "0", "=60"])
def test_refuses_what_is_no_length_of_an_appointment(text):
    with pytest.raises(Unclear):
        read_minutes(text)
