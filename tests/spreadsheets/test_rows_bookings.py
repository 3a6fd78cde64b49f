from datetime import UTC, date, datetime

import pytest

from app.settings.rules import Rules
from app.spreadsheets.columns import COLUMNS
from app.spreadsheets.files import Line, Table
from app.spreadsheets.read_bookings import read_bookings
from app.spreadsheets.words import Where

TODAY = date(2026, 11, 23)
USUAL = {
    "Ref": "F1009",
    "Date": "26/11/26",
    "Time": "10:15am",
    "Minutes": "30",
    "What": "video",
    "Who": "Tamsin Nance",
    "Where": "home",
    "Status": "booked",
}


def read(*changes, rules=None):
    columns = [column for column, _ in COLUMNS["bookings"]]
    lines = tuple(
        Line(number, {**USUAL, **change}) for number, change in enumerate(changes, start=2)
    )
    return read_bookings(Table("b.csv", "bookings", {c: c for c in columns}, lines), TODAY, rules)


def said(problems):
    return [(problem.column, problem.what_was_done) for problem in problems]


def test_a_clear_row_becomes_a_booking_in_utc():
    (row,), problems = read({"Date": "15/10/26"})

    assert problems == []
    assert row.starts_at == datetime(2026, 10, 15, 9, 15, tzinfo=UTC)  # summer time
    assert row.ends_at == datetime(2026, 10, 15, 9, 45, tzinfo=UTC)
    assert (row.reference, row.practitioner, row.where) == ("F1009", "Tamsin Nance", Where("home"))
    assert row.doubts == ()


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("video", "video_session"),
        ("Video session", "video_session"),
        ("SR", "shared_review"),
        ("review", "shared_review"),
        ("shared review", "shared_review"),
        ("initial visit", "goals_visit"),
        ("goal setting", "goals_visit"),
        ("peer call", "conversation"),
        ("follow-up", "follow_up"),
    ],
)
def test_reads_what_kind_it_is(what, kind):
    assert read({"What": what})[0][0].kind == kind


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("Done", "done"),
        ("done", "done"),
        ("DNA", "not_seen"),
        ("not brought", "not_seen"),
        ("not seen", "not_seen"),
        ("cancelled", "cancelled"),
        ("confirmed", "confirmed"),
        ("booked", "booked"),
        ("provisional", "provisional"),
        ("cx", "cancelled"),
        ("W.N.B.", "not_seen"),
        ("", None),
    ],
)
def test_reads_the_status(written, status):
    (row,), problems = read({"Status": written})

    assert (row.status, problems) == (status, [])


@pytest.mark.parametrize(
    ("change", "minutes"),
    [
        ({"Minutes": ""}, 45),
        ({"Minutes": "", "What": "SR"}, 60),
        ({"Minutes": "1h"}, 60),
        ({"Minutes": "", "Time": "10:00-10:20"}, 20),
    ],
)
def test_a_length_that_is_not_given_is_the_usual_one(change, minutes):
    assert read(change)[0][0].minutes == minutes


def test_the_usual_length_is_a_setting():
    (row,), _ = read({"Minutes": ""}, rules=Rules(video_session_minutes=40))

    assert (row.minutes, row.minutes_given) == (40, False)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"Time": "after lunch"}, "Time"),
        ({"Time": "tbc"}, "Time"),
        ({"Time": "7"}, "Time"),
        ({"Date": "31/02/2027"}, "Date"),
        ({"Date": ""}, "Date"),
        ({"Date": "Mon 26/11/26"}, "Date"),
        ({"What": "meeting"}, "What"),
        ({"What": ""}, "What"),
        ({"Ref": ""}, "Ref"),
        ({"Ref": "see above"}, "Ref"),
        ({"Date": "28/03/2027", "Time": "01:30"}, "Time"),
        ({"Time": "=A1"}, "Time"),
    ],
)
def test_a_booking_that_cannot_be_placed_is_left_out_with_one_line(change, column):
    rows, problems = read({**change, "Minutes": "long", "Status": "huh"}, {})

    assert len(rows) == 1
    assert said(problems) == [(column, "left out")]


def test_a_time_that_the_clocks_skip_says_so():
    _, (problem,) = read({"Date": "28/03/2027", "Time": "01:30"})

    assert "clocks go forward" in problem.problem
    assert problem.value == "01:30"


def test_a_time_that_comes_twice_is_the_first_and_told():
    (row,), problems = read({"Date": "25/10/2026", "Time": "01:30"})

    assert row.starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert said(problems) == [("Time", "imported")]


@pytest.mark.parametrize(
    ("change", "done"),
    [
        ({"Minutes": "a while"}, "imported without this"),
        ({"Who": ""}, "imported"),
        ({"Where": ""}, "imported"),
        ({"Where": "???!"}, "imported without this"),
        ({"Status": "postponed"}, "imported without this"),
        ({"Date": "Thurs 26 Nov"}, "imported"),
        ({"Date": "26/11/2036"}, "imported"),
    ],
)
def test_what_is_missing_or_unclear_is_a_reason_to_look(change, done):
    (row,), problems = read(change)

    assert len(row.doubts) == 1
    assert said(problems) == [(next(iter(change)), done)]


def test_a_booking_that_is_there_twice_is_in_once():
    rows, problems = read({}, {"Who": "tamsin nance "})

    assert len(rows) == 1
    assert said(problems) == [("Ref", "left out")]


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("cancelled - he was ill", "cancelled"),
        ("Confirmed by mum", "confirmed"),
        ("DNA (x2)", "not_seen"),
    ],
)
def test_words_after_a_clear_status_are_a_note(written, status):
    (row,), problems = read({"Status": written})

    assert row.status == status
    assert said(problems) == [("Status", "imported without this")]


@pytest.mark.parametrize("written", ["postponed", "rescheduled", "not cancelled", "done?", "maybe"])
def test_a_status_that_could_mean_two_things_is_none(written):
    assert read({"Status": written})[0][0].status is None


def test_a_time_that_stands_beside_the_date_is_taken_where_there_is_no_other():
    (row,), problems = read({"Date": "2026-11-26 10:00:00", "Time": ""})

    assert (row.starts_at.hour, problems) == (10, [])


def test_two_times_for_one_booking_are_a_reason_to_look():
    (row,), _ = read({"Date": "2026-11-26 10:00:00", "Time": "14:30"})
    (same,), _ = read({"Date": "2026-11-26 10:00:00", "Time": "10:00"})

    assert (row.starts_at.hour, len(row.doubts)) == (14, 1)
    assert same.doubts == ()


def test_a_file_with_a_month_first_makes_every_date_that_could_be_one_doubtful():
    rows, problems = read({"Date": "03/04/2027"}, {"Date": "25/3/2027"}, {"Date": "12/25/2026"})

    assert [len(row.doubts) for row in rows] == [1, 0]
    assert "as 3 April 2027" in problems[0].problem
    assert said(problems) == [("Date", "imported"), ("Date", "left out")]


def test_a_day_that_could_be_a_month_is_a_day():
    (row,), problems = read({"Date": "03/04/2027"})

    assert (row.starts_at.date(), problems) == (date(2027, 4, 3), [])
