"""Reading one row cell by cell: every value that is not understood becomes a note and a problem.

Knows how rows that hold nothing of their own are told (totals, headings again) and how a row is
recognised when it comes again. What the columns mean is for the readers of each file.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import TypeVar

from app.spreadsheets.columns import COLUMNS, DATE, MONTH
from app.spreadsheets.days import could_be_month_first, month_comes_first, names_year
from app.spreadsheets.files import Line, Table, heading_key
from app.spreadsheets.report import Done, Problem
from app.spreadsheets.rows import Row
from app.spreadsheets.values import (
    Listed,
    Unclear,
    fold,
    is_nothing,
    looks_like_formula,
    plain,
    unguarded,
)

T = TypeVar("T")
R = TypeVar("R", bound=Row)

A_FORMULA = "this looks like a formula; it was not worked out"
LONGEST = 500  # characters of a value that is read, the notes excepted: no clerk writes more
TOO_LONG = f"this is longer than {LONGEST} characters, too long for a value"
_TOTALS = re.compile(r"(grand |sub ?-?|column )?(totals?|sum|count)\b\W*[0-9]*")


class LeftOut(Exception):
    """The row is not imported; the reader's one problem says why."""


class Reader:
    """One line of a table, the problems met in it, and the notes that keep what was not read.

    `month_first` are columns of dates in which another row can only have its month first.
    """

    def __init__(self, table: Table, line: Line, month_first: Mapping[str, int] | None = None):
        self.table = table
        self.line = line
        self._month_first = month_first or {}
        self.problems: list[Problem] = []
        self.notes: list[str] = []
        self._cells = {column: plain(unguarded(cell)) for column, cell in line.cells.items()}
        cells = "\x1f".join(f"{c}\x1e{fold(t)}" for c, t in sorted(self._cells.items()))
        # The same for the same cells, whatever their spaces, capitals and place in the file.
        self.digest = sha256(f"{table.kind}\x1f{cells}".encode()).hexdigest()
        self._refuse_formulas()
        self._refuse_long()
        self._texts = {c: "" if is_nothing(text) else text for c, text in self._cells.items()}

    def text(self, column: str) -> str:
        """The cell as plain text; empty for a formula and for words that say nothing is known."""
        return self._texts[column]

    def read(self, column: str, reader: Callable[[str], T]) -> T | None:
        """The cell's value; None where it is empty or, with a problem, not understood."""
        text = self.text(column)
        if not text:
            return None
        try:
            return reader(text)
        except Unclear as error:
            self.without(column, str(error))
            return None

    def needed(self, column: str, reader: Callable[[str], T], missing: str) -> T:
        """A value without which there is no row; raises LeftOut where it is empty or not read."""
        text = self.text(column)
        try:
            if text:
                return reader(text)
        except Unclear as error:
            missing = str(error)
        self.left_out(column, missing)
        raise LeftOut

    def listed(self, column: str, reader: Callable[[str], Listed], what: str) -> tuple[str, ...]:
        """A list's values; each piece that is not understood becomes a problem and a note."""
        found = reader(self.text(column)) if self.text(column) else Listed(())
        for piece in found.unread:
            self.without(column, what, piece)
        return found.values

    def without(self, column: str, problem: str, value: str | None = None) -> None:
        """The row is imported without this value, which stays as a note."""
        self._add(column, problem, "imported without this", value)
        self.note(column, problem, value)

    def remark(self, column: str, problem: str) -> None:
        """The value is imported, and somebody should know something about it."""
        self._add(column, problem, "imported", None)

    def tell_of_day(self, column: str, read_as: date) -> None:
        """Remarks about a date that was read: its year was left out, or the order is not sure."""
        text = self.text(column)
        if not names_year(text):
            self.remark(column, f"the year is missing; it was read as {read_as.year}")
        if (row := self._month_first.get(column)) and could_be_month_first(text):
            self.remark(
                column,
                f"row {row} has a date with the month first; this one was read with the day first, "
                f"as {read_as.day} {read_as:%B %Y}",
            )

    def left_out(self, column: str, problem: str) -> None:
        """The row is not imported: this is then the only thing that is said about it."""
        self.problems.clear()
        self._add(column, problem, "left out", None)

    def note(self, column: str, problem: str, value: str | None = None) -> None:
        text = self.line.cells.get(column, "") if value is None else value
        self.notes.append(f"{column}: {plain(text)}" + (f" ({problem})" if problem else ""))

    def repeats(self, earlier: "Reader", problem: str) -> None:
        """This row is left out for an earlier one, whose notes keep where the two differ."""
        column = next(iter(self._cells))
        other = [c for c in self._cells if fold(self._cells[c]) != fold(earlier._cells[c])]
        if other:
            differs = "; ".join(f"{c}: {self._cells[c] or 'empty'}" for c in other)
            problem = f"{problem}; it differs in {', '.join(other)}, which is kept as a note"
            earlier.notes.append(f"Row {self.line.number} of {self.table.name} says {differs}")
        self.left_out(column, problem)

    def all_notes(self) -> tuple[str, ...]:
        """The row's own notes first, where the file has such a column, then what was kept."""
        own = self.text("Notes") if "Notes" in self._cells else ""
        return (own, *self.notes) if own else tuple(self.notes)

    def holds_nothing(self, identifying: Iterable[str]) -> bool:
        """Whether the row is a total or the headings again; then it is left out with a problem."""
        said = [column for column in self._cells if self.text(column)]
        if not said:
            self.left_out("", "there is nothing in this row that could be read")
            return True
        if all(heading_key(self._cells[column]) == heading_key(column) for column in said):
            self.left_out(said[0], "these are the headings again")
            return True
        for column, text in self._cells.items():
            if _TOTALS.fullmatch(fold(text)) and not any(
                self._cells[c] and c != column for c in identifying
            ):
                self.left_out(column, "this is a row of totals")
                return True
        return False

    def _refuse_formulas(self) -> None:
        for column, text in self._cells.items():
            if looks_like_formula(text):
                self.without(column, A_FORMULA)
                self._cells[column] = ""
        for cell in self.line.beyond:
            self._add("", "this stands outside the columns", "imported without this", cell)
            self.notes.append(f"Outside the columns: {plain(cell)}")

    def _refuse_long(self) -> None:
        for column, text in self._cells.items():
            if len(text) > LONGEST and column != "Notes":
                self.without(column, TOO_LONG)
                self._cells[column] = ""

    def _add(self, column: str, problem: str, done: Done, value: str | None) -> None:
        text = self.line.cells.get(column, "") if value is None else value
        heading = self.table.headings.get(column, column)
        self.problems.append(
            Problem(self.table.name, self.line.number, heading, plain(text), problem, done)
        )


def without_repeats(
    table: Table, known_by: Iterable[str], identity: Callable[[Reader], str]
) -> tuple[list[Reader], list[Problem]]:
    """A reader for each row that stands for itself; totals, headings and repeats are left out.

    Two rows with one `identity` (that is not empty) are about the same thing, even if they differ.
    """
    kept: list[Reader] = []
    seen: dict[str, Reader] = {}
    problems: list[Problem] = []
    month_first = with_month_first(table)
    for line in table.lines:
        reader = Reader(table, line, month_first)
        if reader.holds_nothing(known_by):
            problems += reader.problems
            continue
        same = identity(reader)
        if earlier := seen.get(reader.digest) or (seen.get(same) if same else None):
            reader.repeats(earlier, f"this repeats row {earlier.line.number}")
            problems += reader.problems
            continue
        seen |= {reader.digest: reader} | ({same: reader} if same else {})
        kept.append(reader)
    return kept, problems


def with_month_first(table: Table) -> dict[str, int]:
    """Columns with a date that can only have its month first, and the first row with one."""
    found: dict[str, int] = {}
    for column in [name for name, what in COLUMNS[table.kind] if what in (DATE, MONTH)]:
        for line in table.lines:
            if month_comes_first(line.cells.get(column, "")):
                found[column] = line.number
                break
    return found


def rows_of(
    readers: Iterable[Reader], make: Callable[[Reader], R]
) -> tuple[list[R], list[Problem]]:
    """The row that `make` makes of each reader, its notes put on, unless it is left out."""
    rows: list[R] = []
    problems: list[Problem] = []
    for reader in readers:
        with suppress(LeftOut):
            rows.append(replace(make(reader), notes=reader.all_notes()))
        problems += reader.problems
    return rows, problems


def by_row(problems: Iterable[Problem]) -> list[Problem]:
    """Problems in the order of the rows; within a row in the order in which they were met."""
    return sorted(problems, key=lambda problem: problem.row)
