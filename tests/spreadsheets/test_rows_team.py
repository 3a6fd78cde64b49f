import pytest

from app.spreadsheets.columns import COLUMNS
from app.spreadsheets.files import Line, Table
from app.spreadsheets.read_team import read_places, read_practitioners

STAFF = {"Name": "Jo Nance", "Email": "jo@example.org", "Role": "practitioner"}


def table(kind, *rows):
    columns = [column for column, _ in COLUMNS[kind]]
    lines = tuple(
        Line(number, {column: row.get(column, "") for column in columns})
        for number, row in enumerate(rows, start=2)
    )
    return Table(f"{kind}.csv", kind, {column: column for column in columns}, lines)


def practitioners(*changes):
    return read_practitioners(table("practitioners", *({**STAFF, **change} for change in changes)))


def places(*rows):
    return read_places(table("places", *rows))


def said(problems):
    return [(problem.column, problem.what_was_done) for problem in problems]


def test_a_clear_row_becomes_a_member_of_the_team():
    (row,), problems = practitioners(
        {"VIG level": "trainee 3", "Mon": "9-5", "Fri": "9.00 - 13.00", "Languages": "English, BSL"}
    )

    assert problems == []
    assert (row.role, row.vig_level, row.languages) == (
        "practitioner",
        "trainee_3",
        ("English", "BSL"),
    )
    assert row.hours.words() == "Mon 09:00–17:00, Fri 09:00–13:00"


def test_hours_of_one_day_that_are_not_clear_leave_the_other_days():
    (row,), problems = practitioners({"Mon": "9-5", "Tue": "flexi"})

    assert row.hours.words() == "Mon 09:00–17:00"
    assert said(problems) == [("Tue", "imported without this")]
    assert any("flexi" in note for note in row.notes)


@pytest.mark.parametrize("role", ["boss", "admin", ""])
def test_nobody_is_given_a_role_on_a_guess(role):
    (row,), problems = practitioners({"Role": role})

    assert row.role is None
    assert [column for column, _ in said(problems)] == ["Role"]


def test_an_address_that_two_have_is_the_first_ones():
    rows, problems = practitioners({}, {"Name": "Kit Pascoe"})

    assert [row.email for row in rows] == ["jo@example.org", None]
    assert said(problems) == [("Email", "imported without this")]


def test_one_name_twice_is_in_once():
    rows, problems = practitioners({}, {"Email": "jo.nance@example.org"})

    assert [row.email for row in rows] == ["jo@example.org"]
    assert said(problems) == [("Name", "left out")]
    assert any("jo.nance@example.org" in note for note in rows[0].notes)


def test_a_clear_row_becomes_a_place_with_rooms():
    (row,), problems = places(
        {
            "Place": "Wadebridge Children’s Centre",
            "Postcode": "PL27 7LG",
            "Rooms": "Rainbow room; Quiet room",
            "Opening hours": "Mon-Fri 8:30-18:00, Sat 10:00-13:00",
            "Step free": "y",
            "Mobile signal": "patchy",
            "Phone": "01209 614198",
        }
    )

    assert problems == []
    assert row.rooms == ("Rainbow room", "Quiet room")
    assert row.hours.words() == "Mon to Fri 08:30–18:00, Sat 10:00–13:00"
    assert (row.step_free, row.signal, row.phone.kind) == (True, "patchy", "landline")


def test_what_a_place_does_not_say_is_not_known():
    (row,), problems = places({"Place": "Hub"})

    assert problems == []
    assert (row.rooms, row.hours, row.step_free, row.signal) == ((), None, None, None)


def test_a_signal_of_none_is_an_answer():
    assert places({"Place": "Hub", "Mobile signal": "none"})[0][0].signal == "none"


def test_one_place_twice_is_in_once():
    rows, problems = places({"Place": "Truro  hub"}, {"Place": "Truro Hub", "Rooms": "2"})

    assert len(rows) == 1
    assert said(problems) == [("Place", "left out")]


def test_a_place_without_a_name_is_left_out():
    rows, problems = places({"Rooms": "2", "Postcode": "TR1 3AY"})

    assert (rows, said(problems)) == ([], [("Place", "left out")])
