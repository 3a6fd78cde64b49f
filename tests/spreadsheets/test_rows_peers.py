from datetime import date

import pytest

from app.spreadsheets.columns import COLUMNS
from app.spreadsheets.files import Line, Table
from app.spreadsheets.read_peers import read_peers

TODAY = date(2026, 11, 23)
USUAL = {"First name": "Tom", "Surname": "Vivian", "Mobile": "07700 900063", "Status": "active"}


def read(*changes):
    columns = [column for column, _ in COLUMNS["peer_parents"]]
    lines = tuple(
        Line(number, {column: {**USUAL, **change}.get(column, "") for column in columns})
        for number, change in enumerate(changes, start=2)
    )
    return read_peers(Table("p.csv", "peer_parents", {c: c for c in columns}, lines), TODAY)


def said(problems):
    return [(problem.column, problem.what_was_done) for problem in problems]


def test_a_clear_row_becomes_a_peer_without_problems():
    (row,), problems = read(
        {
            "Carer type": "Gran (SGO)",
            "Children's ages now": "2 and 5",
            "Child's age at VIG": "6 weeks",
            "Limits": "no texts after 6pm; not Camborne",
            "Availability": "evenings after 7",
            "Max a month": "2",
            "VIG completed": "27/8/23",
            "Trained": "26/12/23",
            "Checks renew by": "08.05.2028",
        }
    )

    assert problems == []
    assert [child.months for child in row.children_now] == [24, 60]
    assert [child.months for child in row.children_then] == [1]
    assert row.limits == ("no_texts_after_18", "not_outcode:TR14")
    assert row.free_times.words() == "Mon to Sun 19:00–20:00"
    assert (row.monthly_limit, row.vig_completed_on) == (2, date(2023, 8, 27))
    assert (row.trained_on, row.checks_until) == (date(2023, 12, 26), date(2028, 5, 8))


def test_a_limit_in_words_stays_a_limit():
    (row,), problems = read({"Limits": "mums only; not while dad is home"})

    assert row.limits == ("mums_only", "not while dad is home")
    assert said(problems) == [("Limits", "imported without this")]


@pytest.mark.parametrize(
    ("written", "status"),
    [("Active", "active"), ("paused", "paused"), ("on a break", "paused"), ("left", "left")],
)
def test_reads_the_status(written, status):
    assert read({"Status": written})[0][0].status == status


@pytest.mark.parametrize("written", ["", "maybe next year"])
def test_nobody_is_active_on_a_guess(written):
    (row,), problems = read({"Status": written})

    assert row.status == "paused"
    assert [column for column, _ in said(problems)] == ["Status"]


def test_a_capacity_that_means_nothing_is_left_open():
    (row,), problems = read({"Max a month": "lots"})

    assert row.monthly_limit is None
    assert said(problems) == [("Max a month", "imported without this")]


def test_training_before_the_vig_and_days_to_come_are_told():
    _, before = read({"VIG completed": "1/2/2025", "Trained": "1/1/2025"})
    _, to_come = read({"Trained": "8/4/2027"})

    assert said(before) == [("Trained", "imported")]
    assert said(to_come) == [("Trained", "imported")]


def test_two_peers_with_one_number_are_both_in_and_told():
    rows, problems = read({}, {"First name": "Megan"})

    assert [row.number_shared for row in rows] == [True, True]
    assert said(problems) == [("Mobile", "imported")] * 2


def test_the_same_person_twice_is_in_once():
    rows, problems = read({"Status": "active"}, {"Status": "paused"})

    assert [row.status for row in rows] == ["active"]
    assert said(problems) == [("First name", "left out")]


@pytest.mark.parametrize("name", ["", "=A1", "123"])
def test_a_peer_without_a_first_name_is_left_out(name):
    rows, problems = read({"First name": name, "Availability": "nonsense"})

    assert rows == []
    assert said(problems) == [("First name", "left out")]


def test_of_a_month_alone_the_day_that_lets_less_be_done():
    (row,), problems = read({"VIG completed": "March 2025", "Checks renew by": "01/2028"})

    assert (row.vig_completed_on, row.checks_until) == (date(2025, 3, 31), date(2028, 1, 1))
    assert said(problems) == [("VIG completed", "imported"), ("Checks renew by", "imported")]
