"""Rows of one file that clash: two families with one reference, two people with one number."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from app.spreadsheets.files import Table
from app.spreadsheets.report import Problem
from app.spreadsheets.rows import FamilyRow, PeerRow
from app.spreadsheets.values import key, plain

Person = TypeVar("Person", FamilyRow, PeerRow)
MOST_NAMED = 3  # of those who share a number


def one_reference_each(
    rows: list[FamilyRow], table: Table
) -> tuple[list[FamilyRow], list[Problem]]:
    """The first family with a reference keeps it; the others have none, and a problem each.

    All of them are marked: a booking under such a reference could be any of theirs.
    """
    having: dict[str, list[FamilyRow]] = defaultdict(list)
    for row in rows:
        if row.reference:
            having[row.reference].append(row)
    kept: list[FamilyRow] = []
    problems: list[Problem] = []
    for row in rows:
        same = having[row.reference] if row.reference else []
        if len(same) > 1:
            row = replace(row, reference_shared=True)
            if row.row != same[0].row:
                problem = f"row {same[0].row} is another family with this reference"
                note = f"Ref: {row.written_reference} ({problem})"
                row = replace(row, reference=None, notes=(*row.notes, note))
                sentence = f"{problem}; this one is given the next free one"
                problems.append(
                    Problem(
                        table.name,
                        row.row,
                        table.headings["Ref"],
                        row.written_reference,
                        sentence,
                        "imported without this",
                    )
                )
        kept.append(row)
    return kept, problems


def shared_numbers(rows: Sequence[Person], table: Table) -> tuple[list[Person], list[Problem]]:
    """A number that two have is kept by both, marked, and makes texting *not asked* for both."""
    having: dict[str, list[Person]] = defaultdict(list)
    for row in rows:
        if row.phone:
            having[row.phone.e164].append(row)
    written = {line.number: plain(line.cells["Mobile"]) for line in table.lines}
    kept: list[Person] = []
    problems: list[Problem] = []
    for row in rows:
        others = having[row.phone.e164] if row.phone else []
        if len(others) > 1:
            sentence = _sentence(row, others)
            value = written[row.row]
            problems.append(
                Problem(table.name, row.row, table.headings["Mobile"], value, sentence, "imported")
            )
            row = _marked(row, f"Mobile: {value} ({sentence})")
        kept.append(row)
    return kept, problems


def _sentence(row: Person, having: list[Person]) -> str:
    others = [other for other in having[: MOST_NAMED + 1] if other.row != row.row][:MOST_NAMED]
    rows = " and ".join(f"row {other.row}" for other in others)
    more = len(having) - 1 - len(others)
    same = any(_name(other) == _name(row) for other in others)
    return (
        f"{rows}{f' and {more} more' if more else ''} has this number too; "
        "nobody is texted until somebody has confirmed whose it is"
        + ("; the name is the same, so this may be one person twice" if same else "")
    )


def _name(row: FamilyRow | PeerRow) -> str:
    return key(f"{row.first_name} {row.surname}")


def _marked(row: Person, note: str) -> Person:
    if isinstance(row, PeerRow) or row.safe_to_text != "yes":
        return replace(row, number_shared=True, notes=(*row.notes, note))
    yes = "Safe to text: yes (before it was seen that the number is shared)"
    return replace(row, number_shared=True, safe_to_text="not_asked", notes=(*row.notes, note, yes))
