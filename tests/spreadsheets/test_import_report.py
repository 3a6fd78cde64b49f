import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.spreadsheets.report import RISKY, Problem, guard, report_csv
from app.spreadsheets.values import unguarded


def read_back(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_report_has_the_columns_that_were_asked_for():
    problem = Problem("bookings.csv", 163, "Time", "01:30", "there is no such time", "left out")

    headings, row = read_back(report_csv([problem]))

    assert headings == ["file", "row", "column", "value", "problem", "what_was_done"]
    assert row == ["bookings.csv", "163", "Time", "01:30", "there is no such time", "left out"]


def test_names_and_line_ends_come_through():
    problem = Problem("f.csv", 2, "Notes", 'Inês said "no",\nthen yes', "x", "imported")

    assert read_back(report_csv([problem]))[1][3] == 'Inês said "no",\nthen yes'


def test_a_very_long_value_is_shortened():
    problem = Problem("f.csv", 2, "Notes", "x" * 5000, "x", "imported")

    assert len(read_back(report_csv([problem]))[1][3]) == 200


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("x")',
        "+44 7700 900142",
        "-call first",
        "@SUM(1)",
        "\t=1",
        " =1",
        "\ufeff=1",
        "'=1",
    ]
    + ["%x", "|x", "＝1", '"=1', "\r=1", "\u200b+1"],
)
def test_what_a_spreadsheet_would_work_out_is_guarded(cell):
    assert guard(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["07700 900142", "-3", "+4.5", "Inês", "", "a=b", "’tis"])
def test_everything_else_is_left_alone(cell):
    assert guard(cell) == cell


@given(st.text(alphabet="=+-@|%'\"\t\r\n aé1.\ufeff\u200b＝＋", max_size=8) | st.text(max_size=20))
@example("''=1")
def test_nothing_risky_is_left_and_nothing_is_lost(cell):
    guarded = guard(cell)

    assert not RISKY.match(guarded) or guarded.startswith("'") or guarded.lstrip("+-")[:1].isdigit()
    assert unguarded(guarded) == cell or guarded == cell
