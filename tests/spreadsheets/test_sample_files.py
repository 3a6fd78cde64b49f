from datetime import date
from pathlib import Path

import pytest

from app.spreadsheets.files import read_file
from app.spreadsheets.read_bookings import read_bookings
from app.spreadsheets.read_families import read_families
from app.spreadsheets.read_peers import read_peers
from app.spreadsheets.read_team import read_places, read_practitioners

SAMPLES = Path(__file__).parent / "samples"
TODAY = date(2026, 11, 23)


def sample(name):
    return read_file(name, (SAMPLES / name).read_bytes())


FAMILIES, FAMILY_PROBLEMS = read_families(sample("families.csv"), TODAY)
PEERS, PEER_PROBLEMS = read_peers(sample("peer_parents.csv"), TODAY)
PLACES, PLACE_PROBLEMS = read_places(sample("places.csv"))
STAFF, STAFF_PROBLEMS = read_practitioners(sample("practitioners.csv"))
BOOKINGS, BOOKING_PROBLEMS = read_bookings(sample("bookings.csv"), TODAY)
EVERY = [
    *FAMILY_PROBLEMS, *PEER_PROBLEMS, *PLACE_PROBLEMS, *STAFF_PROBLEMS, *BOOKING_PROBLEMS
]  # fmt: skip


def test_every_row_that_a_clerk_would_accept_is_read():
    rows = [len(rows) for rows in (FAMILIES, PEERS, PLACES, STAFF, BOOKINGS)]

    assert rows == [60, 26, 12, 9, 164]


@pytest.mark.parametrize(
    ("file", "row", "column", "value", "done"),
    [
        ("families.csv", 62, "Ref", "F1002", "left out"),
        ("families.csv", 13, "Ref", "F1010", "imported without this"),
        ("families.csv", 6, "Mobile", "7700900446", "imported"),
        ("families.csv", 11, "Mobile", "7700900446", "imported"),
        ("families.csv", 8, "Mobile", "01726 123456", "imported"),
        ("families.csv", 10, "Mobile", "0770090012", "imported without this"),
        ("families.csv", 15, "Received", "13/13/2026", "imported without this"),
        ("families.csv", 19, "Relationship", "friend", "imported without this"),
        ("families.csv", 22, "Carer first name", '=HYPERLINK("x")', "imported without this"),
        ("families.csv", 64, "Children", "TOTAL", "left out"),
        ("peer_parents.csv", 7, "VIG completed", "31/02/2025", "imported without this"),
        ("peer_parents.csv", 9, "Max a month", "lots", "imported without this"),
        ("peer_parents.csv", 4, "Mobile", "(07700) 900396", "imported"),
        ("peer_parents.csv", 5, "Mobile", "(07700) 900396", "imported"),
        ("peer_parents.csv", 20, "Trained", "08/04/2027", "imported"),
        ("bookings.csv", 163, "Time", "01:30", "left out"),
    ],
)
def test_every_planted_fault_that_a_file_shows_is_in_the_report(file, row, column, value, done):
    found = [(p.file, p.row, p.column, p.value, p.what_was_done) for p in EVERY]

    assert (file, row, column, value, done) in found


def test_only_the_planted_rows_are_left_out():
    left_out = [(p.file, p.row) for p in EVERY if p.what_was_done == "left out"]

    assert left_out == [("families.csv", 62), ("families.csv", 64), ("bookings.csv", 163)]


def test_the_columns_without_planted_faults_are_read_whole():
    unread = {(p.file, p.column) for p in EVERY if p.what_was_done == "imported without this"}

    assert unread == {
        ("families.csv", "Ref"),
        ("families.csv", "Received"),
        ("families.csv", "Carer first name"),
        ("families.csv", "Relationship"),
        ("families.csv", "Mobile"),
        ("families.csv", "Safe to text"),
        ("families.csv", "Lone working"),
        ("peer_parents.csv", "VIG completed"),
        ("peer_parents.csv", "Max a month"),
    }


def test_places_have_nothing_to_report_and_practitioners_two_lost_zeros():
    told = [(p.row, p.problem) for p in STAFF_PROBLEMS]

    assert PLACE_PROBLEMS == []
    assert told == [
        (6, "its leading zero was lost; it was read as 07700 900 641"),
        (10, "its leading zero was lost; it was read as 07700 900 037"),
    ]


def test_every_number_but_the_short_one_is_read():
    assert [row.row for row in FAMILIES if row.phone is None] == [10]
    assert [row.phone.kind for row in FAMILIES if row.phone].count("landline") == 1
    assert all(row.phone for row in [*PEERS, *PLACES, *STAFF])


def test_safe_to_text_is_yes_only_for_those_whose_row_says_a_clear_yes():
    cells = {line.number: line.cells for line in sample("families.csv").lines}
    yes = [row.row for row in FAMILIES if row.safe_to_text == "yes"]

    assert len(yes) == 28
    assert {cells[row]["Safe to text"] for row in yes} == {"Y", "Yes"}
    assert not {cells[row]["Whose phone"] for row in yes} & {"landline"}


def test_every_home_without_a_clear_level_is_not_assessed():
    cells = {line.number: line.cells for line in sample("families.csv").lines}
    assessed = {
        cells[row.row]["Lone working"] for row in FAMILIES if row.risk.level != "not_assessed"
    }

    assert assessed == {"HIGH", "two workers"}
    assert {row.risk.level for row in FAMILIES} == {"high", "not_assessed"}


def test_children_are_read_with_their_ages():
    children = {child.words: [] for row in FAMILIES for child in row.children}
    for row in FAMILIES:
        for child in row.children:
            children[child.words].append((child.first_name, child.months, child.expected_on))

    assert set(children["twins 11 months"]) == {(None, 11, None)}
    assert set(children["due Feb 2027"]) == {(None, None, date(2027, 2, 1))}
    assert set(children["Lily (5) and Sam (5)"]) == {("Lily", 60, None), ("Sam", 60, None)}
    assert len([row for row in FAMILIES if not row.children]) == 1


def test_every_date_of_the_peers_is_read_but_the_one_that_does_not_exist():
    assert [row.row for row in PEERS if row.vig_completed_on is None] == [7]
    assert all(row.trained_on and row.checks_until for row in PEERS)


def test_every_time_of_a_week_is_read():
    written = [line.cells["Availability"] for line in sample("peer_parents.csv").lines]

    assert [bool(row.free_times) for row in PEERS] == [bool(words) for words in written]
    assert all(row.hours for row in [*PLACES, *STAFF])


def test_every_booking_has_a_kind_a_length_and_no_doubt():
    assert {row.kind for row in BOOKINGS} == {
        "video_session",
        "shared_review",
        "goals_visit",
        "conversation",
    }
    assert {row.minutes for row in BOOKINGS} <= {20, 30, 45, 60, 90}
    assert not any(row.doubts for row in BOOKINGS)


def test_no_row_is_read_the_same_as_another():
    digests = [row.digest for row in [*FAMILIES, *PEERS, *PLACES, *STAFF, *BOOKINGS]]

    assert len(set(digests)) == len(digests)
