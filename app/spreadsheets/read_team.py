"""The rows of the practitioners' and the places' files."""

import re
from dataclasses import replace
from functools import partial

from app.spreadsheets.contact import read_phone_of
from app.spreadsheets.files import Table
from app.spreadsheets.reading import Reader, by_row, rows_of, without_repeats
from app.spreadsheets.report import Problem
from app.spreadsheets.rows import PlaceRow, PractitionerRow
from app.spreadsheets.safety import read_number_alone
from app.spreadsheets.values import (
    NUMBERS,
    Unclear,
    fold,
    key,
    pieces,
    read_email,
    read_name,
    read_postcode,
    read_yes_no,
)
from app.spreadsheets.weekly import read_weekly, read_working_day
from app.spreadsheets.words import lookup, read_languages
from app.windows import WEEKDAYS, Window, Windows

ROLES = {
    **dict.fromkeys(["practitioner", "vig practitioner", "guider", "vig guider"], "practitioner"),
    **dict.fromkeys(["trainee", "trainee practitioner"], "practitioner"),
    **dict.fromkeys(["coordinator", "co-ordinator", "vig coordinator"], "coordinator"),
    **dict.fromkeys(["manager", "team manager", "service manager", "vig manager"], "manager"),
}
SIGNALS = {
    **dict.fromkeys(["good", "ok", "fine", "strong", "yes", "y"], "good"),
    **dict.fromkeys(["patchy", "poor", "weak", "variable", "some"], "patchy"),
    **dict.fromkeys(["none", "no", "n", "no signal", "nil"], "none"),
}
MOST_ROOMS = 40


def read_practitioners(table: Table) -> tuple[list[PractitionerRow], list[Problem]]:
    """Every member of the team; of two rows with one name or one e-mail address the first is in."""
    readers, problems = without_repeats(table, ("Name", "Email", "Mobile"), _name_of)
    rows, met = rows_of(readers, _practitioner)
    rows, same = _one_address_each(rows, table)
    return rows, by_row([*problems, *met, *same])


def _name_of(reader: Reader) -> str:
    return key(reader.text("Name" if reader.table.kind == "practitioners" else "Place"))


def _practitioner(reader: Reader) -> PractitionerRow:
    name = reader.needed("Name", read_name, "there is no name")
    if not reader.text("Email"):
        reader.remark("Email", "without an e-mail address nobody can sign in")
    if not reader.text("Role"):
        reader.remark("Role", "without a role nobody can sign in")
    number = read_phone_of(reader)
    return PractitionerRow(
        row=reader.line.number,
        digest=reader.digest,
        name=name,
        email=reader.read("Email", read_email),
        phone=number.phone if number else None,
        role=reader.read("Role", lambda text: lookup(ROLES, text, "role")),
        vig_level=reader.read("VIG level", read_vig_level),
        base_postcode=reader.read("Base postcode", read_postcode),
        hours=_hours(reader),
        languages=reader.listed("Languages", read_languages, "this is not a language"),
    )


def _hours(reader: Reader) -> Windows:
    windows: list[Window] = []
    for weekday, name in enumerate(WEEKDAYS[:5]):
        day = reader.read(name, partial(read_working_day, weekday))
        windows += day.windows if day else ()
    return Windows(tuple(windows))


def read_vig_level(text: str) -> str:
    """trainee_1 to trainee_3, accredited or supervisor; a trainee without a stage is unclear."""
    words = re.sub(r"[().,-]", " ", fold(text))
    words = " ".join(re.sub(r"\b(vig|practitioner|guider|fully|stage|level)\b", " ", words).split())
    if words in ("accredited", "supervisor", "accredited supervisor"):
        return words.split()[-1]
    match = re.fullmatch(r"(?:trainee|t)? ?([1-3]|one|two|three)", words)
    if not match:
        raise Unclear("this is no VIG level that the service knows")
    return f"trainee_{NUMBERS.get(match[1], match[1])}"


def _one_address_each(
    rows: list[PractitionerRow], table: Table
) -> tuple[list[PractitionerRow], list[Problem]]:
    """An e-mail address is how one person signs in: the second to have it is imported without."""
    first: dict[str, int] = {}
    kept: list[PractitionerRow] = []
    problems: list[Problem] = []
    for row in rows:
        if row.email and first.setdefault(row.email, row.row) != row.row:
            sentence = f"row {first[row.email]} has this address already"
            heading = table.headings["Email"]
            problems.append(
                Problem(table.name, row.row, heading, row.email, sentence, "imported without this")
            )
            row = replace(row, email=None, notes=(*row.notes, f"Email: {row.email} ({sentence})"))
        kept.append(row)
    return kept, problems


def read_places(table: Table) -> tuple[list[PlaceRow], list[Problem]]:
    """Every place with its rooms; of two rows with one name the first is in."""
    readers, problems = without_repeats(table, ("Place",), _name_of)
    rows, met = rows_of(readers, _place)
    return rows, by_row([*problems, *met])


def _place(reader: Reader) -> PlaceRow:
    name = reader.needed("Place", read_name, "there is no name")
    return PlaceRow(
        row=reader.line.number,
        digest=reader.digest,
        name=name,
        postcode=reader.read("Postcode", read_postcode),
        rooms=reader.read("Rooms", read_rooms) or (),
        hours=reader.read("Opening hours", read_weekly),
        step_free=reader.read("Step free", read_yes_no),
        signal=reader.read("Mobile signal", lambda text: lookup(SIGNALS, text, "signal")),
        phone=reader.read("Phone", read_number_alone),
    )


def read_rooms(text: str) -> tuple[str, ...]:
    """Rooms by name: '2' or 'two rooms' are Room 1 and Room 2; names stand with ; or a comma."""
    words = fold(text)
    if match := re.fullmatch(r"(\d{1,3}|[a-z]+)(?: rooms?)?", words):
        number = NUMBERS.get(match[1], int(match[1]) if match[1].isdigit() else None)
        if words in ("none", "no", "no rooms"):
            return ()
        if number is not None and number <= MOST_ROOMS:
            return tuple(f"Room {n}" for n in range(1, number + 1))
        if number is not None:
            raise Unclear(f"these are more than {MOST_ROOMS} rooms")
    found: list[str] = []
    for piece in pieces(text, r"[;,\n]"):
        name, again = read_name(piece), 2
        while key(name) in map(key, found):
            name, again = f"{read_name(piece)[:76]} {again}", again + 1
        found.append(name)
    if len(found) > MOST_ROOMS:
        raise Unclear(f"these are more than {MOST_ROOMS} rooms")
    return tuple(found)
