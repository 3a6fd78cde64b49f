import csv
import io
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.spreadsheets.columns import COLUMNS
from app.spreadsheets.files import WrongFile, read_file
from app.spreadsheets.read_bookings import read_bookings
from app.spreadsheets.read_families import read_families
from app.spreadsheets.read_peers import read_peers
from app.spreadsheets.read_team import read_places, read_practitioners
from app.spreadsheets.report import report_csv

TODAY = date(2026, 11, 23)
READERS = {
    "families": lambda table: read_families(table, TODAY),
    "peer_parents": lambda table: read_peers(table, TODAY),
    "places": read_places,
    "practitioners": read_practitioners,
    "bookings": lambda table: read_bookings(table, TODAY),
}
# What clerks write, in the wrong column as often as not, and what nobody writes.
WORDS = st.sampled_from(
    ["", "-", "Y", "yes but", "N", "F1000", "15/10/26", "31/02/2025", "3 Nov", "10.00", "1h", "7"]
    + ["07700 900142", "0770090012", "Mia 4; Leo 2", "twins", "due", "due Feb", "not Weds", "9-5"]
    + ["not", "no", "after", "HIGH", "=1+1", "'=1", "PL25 4LP", "any", "cycle 2 of 3", "cycle 9/0"]
    + [
        "no texts after 99",
        "not TR15",
        "01:30",
        "28/03/2027",
        "½",
        "²",
        "4½",
        "1/2",
        "Y4",
        "Year 99",
    ]
    + [
        "0/0/00",
        "00:00",
        "99999",
        "45000",
        "Feb 30",
        "b. 2099",
        "dob 1/1/1900",
        "\u0663\u0664",
        "e+1",
    ]
    + [
        "video",
        "SR",
        "home",
        "Total",
        "TOTAL 60",
        "a;b,c/d & e and f",
        "(((",
        "[",
        "\\",
        "\u202e",
        "😀",
    ]
)
CELL = WORDS | st.text(max_size=12) | st.tuples(WORDS, WORDS).map(" ".join)


@pytest.mark.parametrize("kind", COLUMNS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_cells_become_rows_and_a_report_and_nothing_is_lost(kind, data):
    columns = [column for column, _ in COLUMNS[kind]]
    written = data.draw(
        st.lists(st.lists(CELL, min_size=len(columns), max_size=len(columns)), max_size=4)
    )
    out = io.StringIO(newline="")
    csv.writer(out).writerows([columns, *written])
    try:
        table = read_file("x.csv", out.getvalue().encode("utf-8", "replace"))
    except WrongFile:
        return

    rows, problems = READERS[kind](table)

    assert report_csv(problems)
    told = {problem.row for problem in problems if problem.what_was_done == "left out"}
    assert {line.number for line in table.lines} == {row.row for row in rows} | told
    for row in rows:
        for problem in problems:
            if problem.row == row.row and problem.what_was_done == "imported without this":
                assert any(problem.value in note for note in row.notes)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_sentence(content):
    with suppress(WrongFile):
        assert read_file("x.csv", content).kind in COLUMNS


def test_hundreds_who_share_a_reference_and_a_number_are_told_in_short_sentences():
    columns = [column for column, _ in COLUMNS["families"]]
    lines = [",".join(columns)]
    for n in range(600):
        cells = {"Ref": "F1", "Mobile": "07700 900142", "Carer surname": f"Jo{n}"}
        lines.append(",".join(cells.get(column, "") for column in columns))

    read, problems = read_families(read_file("x.csv", "\n".join(lines).encode()), TODAY)

    assert sum(row.number_shared and row.reference_shared for row in read) == 600
    assert max(len(problem.problem) for problem in problems) < 200
