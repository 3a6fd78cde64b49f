from datetime import date

import pytest

from app.phones import Phone
from app.spreadsheets.columns import COLUMNS
from app.spreadsheets.files import Line, Table
from app.spreadsheets.read_families import read_families
from app.spreadsheets.words import CarerType, Stage, Where

TODAY = date(2026, 11, 23)
USUAL = {
    "Ref": "F1",
    "Received": "19.11.2026",
    "Carer first name": "Inês",
    "Carer surname": "Roberts",
    "Mobile": "07700 900142",
    "Safe to text": "Y",
    "Whose phone": "own",
}


def table(*rows, kind="families"):
    columns = [column for column, _ in COLUMNS[kind]]
    lines = [
        Line(number, {column: row.get(column, "") for column in columns}, row.get("beyond", ()))
        for number, row in enumerate(rows, start=2)
    ]
    return Table(f"{kind}.csv", kind, {column: column for column in columns}, tuple(lines))


def read(*changes, usual=USUAL):
    return read_families(table(*({**usual, **change} for change in changes)), TODAY)


def one(**change):
    (row,), problems = read({name.replace("_", " "): value for name, value in change.items()})
    return row, problems


def said(problems):
    return [(problem.row, problem.column, problem.what_was_done) for problem in problems]


def test_a_clear_row_becomes_a_family_without_problems():
    row, problems = one(
        Relationship="birth mum",
        Postcode="pl254lp",
        Children="Mia 4; Leo 2",
        Language="Kernewek/English",
        Where="Truro Family Hub",
        Stage="cycle 2 of 3",
        Notes="Prefers a woman",
    )

    assert problems == []
    assert (row.reference, row.received_on, row.ages_as_at) == ("F1", *[date(2026, 11, 19)] * 2)
    assert row.phone == Phone("+447700900142", "mobile")
    assert row.safe_to_text == "yes"
    assert row.carer_type == CarerType("birth", "woman")
    assert [(child.first_name, child.months) for child in row.children] == [
        ("Mia", 48),
        ("Leo", 24),
    ]
    assert (row.where, row.stage) == (Where("named", "Truro Family Hub"), Stage("cycles", 2, 3))
    assert (row.notes, row.gender_wish) == (("Prefers a woman",), "woman")


def test_a_value_that_is_not_understood_is_a_note_and_a_line():
    row, problems = one(Relationship="friend")

    assert row.carer_type is None
    assert said(problems) == [(2, "Relationship", "imported without this")]
    assert any("friend" in note for note in row.notes)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"Mobile": "0770090012"}, "Mobile"),
        ({"Mobile": ""}, "Safe to text"),
        ({"Mobile": "01726 123456"}, "Mobile"),
        ({"Mobile": "07700 900142 (not evenings)"}, "Mobile"),
        ({"Whose phone": "landline"}, "Whose phone"),
        ({"Whose phone": "child's"}, "Whose phone"),
        ({"Whose phone": "her ex's"}, "Whose phone"),
        ({"Safe times": "when he is out"}, "Safe times"),
        ({"Safe to text": "Y but not weekends"}, "Safe to text"),
    ],
)
def test_a_yes_to_texting_falls_when_anything_speaks_against_it(change, column):
    (row,), problems = read(change)

    assert row.safe_to_text == "not_asked"
    assert column in [problem.column for problem in problems]
    assert any(note.startswith("Safe to text") for note in row.notes)


@pytest.mark.parametrize("whose", ["own", "shared", "partner's", ""])
def test_a_clear_yes_stands_whoever_holds_the_phone(whose):
    (row,), problems = read({"Whose phone": whose})

    assert (row.safe_to_text, problems) == ("yes", [])


def test_a_no_stays_a_no_whatever_else_is_unclear():
    (row,), _ = read({"Safe to text": "not safe", "Safe times": "when he is out", "Mobile": ""})

    assert row.safe_to_text == "no"


def test_a_number_that_two_families_have_is_kept_and_texted_to_neither():
    rows, problems = read({}, {"Ref": "F2", "Carer first name": "Tom", "Mobile": "07700900142"})

    assert [row.phone.e164 for row in rows] == ["+447700900142"] * 2
    assert [(row.number_shared, row.safe_to_text) for row in rows] == [(True, "not_asked")] * 2
    assert said(problems) == [(2, "Mobile", "imported"), (3, "Mobile", "imported")]


def test_a_row_that_repeats_another_is_left_out_once_and_quietly():
    rows, problems = read({"Stage": "???x"}, {"Stage": " ???X "})

    assert len(rows) == 1
    assert said(problems) == [(2, "Stage", "imported without this"), (3, "Ref", "left out")]


def test_one_family_twice_with_a_difference_keeps_the_difference_as_a_note():
    rows, problems = read({"Stage": "enquiry"}, {"Stage": "ended"})

    assert [row.stage.code for row in rows] == ["enquiry"]
    assert any("Stage: ended" in note for note in rows[0].notes)
    assert said(problems) == [(3, "Ref", "left out")]


def test_two_families_with_one_reference_are_both_in_and_the_first_keeps_it():
    rows, problems = read({}, {"Carer first name": "Aisha", "Mobile": "07700 900229"})

    assert [row.reference for row in rows] == ["F1", None]
    assert [row.written_reference for row in rows] == ["F1", "F1"]
    assert all(row.reference_shared for row in rows)
    assert said(problems) == [(3, "Ref", "imported without this")]


def test_a_family_without_a_reference_is_in():
    (row,), problems = read({"Ref": ""})

    assert row.reference is None
    assert said(problems) == [(2, "Ref", "imported")]


@pytest.mark.parametrize(
    "total", [{"Children": "TOTAL", "Language": "60"}, {"Notes": "Total: 60"}, {"Ref": "Totals"}]
)
def test_a_row_of_totals_is_left_out(total):
    rows, problems = read_families(table(USUAL, total), TODAY)

    assert len(rows) == 1
    assert problems[-1].what_was_done == "left out"


def test_headings_that_come_again_are_left_out():
    again = {column: column.upper() for column, _ in COLUMNS["families"]}

    rows, problems = read_families(table(USUAL, again), TODAY)

    assert (len(rows), said(problems)) == (1, [(3, "Ref", "left out")])


def test_a_row_that_no_family_can_be_known_by_is_left_out():
    rows, problems = read_families(table({"Postcode": "PL25 4LP", "Notes": "see above"}), TODAY)

    assert (rows, said(problems)) == ([], [(2, "Ref", "left out")])


def test_a_formula_is_no_name_and_stays_as_text():
    row, problems = one(Carer_first_name='=HYPERLINK("x")')

    assert row.first_name is None
    assert '=HYPERLINK("x")' in " ".join(row.notes)
    assert said(problems) == [(2, "Carer first name", "imported without this")]


def test_what_stands_outside_the_columns_is_kept():
    rows, problems = read_families(table({**USUAL, "beyond": ("ring first",)}), TODAY)

    assert "Outside the columns: ring first" in rows[0].notes
    assert said(problems) == [(2, "", "imported without this")]


@pytest.mark.parametrize(
    ("interpreter", "language", "wanted"),
    [
        ("Y", "Lithuanian", (True, "Lithuanian")),
        ("BSL interpreter", "English", (True, "BSL")),
        ("", "Polish", (None, None)),
        ("N", "Polish", (False, None)),
    ],
)
def test_the_language_of_an_interpreter(interpreter, language, wanted):
    row, problems = one(Interpreter=interpreter, Language=language)

    assert (row.needs_interpreter, row.interpreter_language) == wanted
    assert problems == []


def test_an_interpreter_for_a_language_that_is_not_said_is_asked_for():
    row, problems = one(Interpreter="Y", Language="English")

    assert (row.needs_interpreter, row.interpreter_language) == (True, None)
    assert said(problems) == [(2, "Interpreter", "imported")]


@pytest.mark.parametrize("words", ["none known", "dog", "ex-partner - see notes", "low"])
def test_words_that_are_no_risk_level_leave_the_home_not_assessed(words):
    row, problems = one(Lone_working=words)

    assert row.risk.level == "not_assessed"
    assert said(problems) == [(2, "Lone working", "imported without this")]
    assert any(words in note for note in row.notes)


def test_a_standard_risk_does_not_move_house():
    row, _ = one(Lone_working="standard", Notes="moved house in Oct, check address")

    assert row.risk.level == "not_assessed"


def test_a_peer_parent_in_the_notes_is_for_a_person_to_see():
    _, problems = one(Notes="Mum’s sister is a peer parent")

    assert said(problems) == [(2, "Notes", "imported")]


@pytest.mark.parametrize("notes", ["No woman came", "A woman rang", "Mum prefers mornings"])
def test_a_wish_is_only_read_where_it_is_one(notes):
    assert one(Notes=notes)[0].gender_wish is None


def test_a_day_to_come_and_a_missing_year_are_told():
    assert said(one(Received="1 Dec 2026")[1]) == [(2, "Received", "imported")]
    assert said(one(Received="19 Nov")[1]) == [(2, "Received", "imported")]
    assert one(Received="19 Nov")[0].received_on == date(2026, 11, 19)


def test_the_digest_is_the_same_for_the_same_cells_only():
    first, again, other = (
        read(change)[0][0].digest for change in ({}, {"Ref": " f1"}, {"Ref": "F2"})
    )

    assert first == again != other


@pytest.mark.parametrize("column", ["Children", "Safe to text", "Mobile"])
def test_a_cell_longer_than_any_value_is_kept_as_a_note(column):
    """It is not read at all: some words take a reader ages (a minute for 30,000 characters)."""
    words = "9am to " * 4_000

    (row,), problems = read({column: words})

    assert said(problems)[0] == (2, column, "imported without this")
    assert "longer than 500 characters" in problems[0].problem
    assert any(words.strip() in note for note in row.notes)


def test_notes_may_be_long():
    row, problems = one(Notes="A long story. " * 500)

    assert problems == []
    assert len(row.notes[0]) > 6_000
