"""From the bytes of a file to a table of text: which of the five files it is, and its rows.

Knows encodings, separators, limits and headings. Leaves every value as text to the readers of
rows. A file that is refused is refused whole, with one sentence that says what is wrong.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.spreadsheets.columns import COLUMNS
from app.spreadsheets.values import fold

MOST_BYTES = 5 * 1024 * 1024  # reference/security.md section 6
MOST_ROWS = 20_000
MOST_COLUMNS = 60
SEPARATORS = (",", ";", "\t")
TITLE_ROWS = 10  # how far down the headings are looked for, below a title or an empty line
BOM = b"\xef\xbb\xbf"
NO_CSV = "This is not a CSV file that can be read: save it as “CSV UTF-8” and try again"
END = "\x1fend of the file\x1f"


class WrongFile(ValueError):
    """The file is refused whole; the message says why. `columns` are those it names."""

    def __init__(self, message: str, columns: tuple[str, ...] = ()):
        super().__init__(message)
        self.columns = columns


class NotOurs(WrongFile):
    """The file has the columns of none of the five."""


@dataclass(frozen=True)
class Line:
    """One row: its number as a spreadsheet shows it, cells by column, cells beyond the columns."""

    number: int
    cells: dict[str, str]
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A file that was recognised. `headings` are the columns' names as the file writes them."""

    name: str
    kind: str
    headings: dict[str, str]
    lines: tuple[Line, ...]


def read_file(name: str, content: bytes) -> Table:
    """The table in a file's bytes; raises WrongFile with a sentence for whatever is not one.

    UTF-8 with or without a byte order mark, UTF-16 with one; a line that is neither is Windows' own
    (cp1252). Comma, semicolon or tab, whichever finds the headings. The kind comes from the
    headings, not the name.
    """
    text = _decoded(content)
    text = re.sub(r"\Asep=.\r?\n", "", text)  # a line that Excel reads and does not show
    separator = max(SEPARATORS, key=lambda s: _best(_opening(text, s))[2])
    found_at, kind, matched = _best(_opening(text, separator))
    if not matched:
        first = next((cells for _, cells in _opening(text, separator) if any(cells)), [])
        named = tuple(" ".join(cell.split()) for cell in first if cell.strip())[:12]
        raise NotOurs(
            "These are not the columns of families, peer parents, places, practitioners or "
            f"bookings: {_named(named)}",
            named,
        )
    lines: list[Line] = []
    headings: list[tuple[int, str, str]] = []
    for number, cells in _records(text, separator):
        if number < found_at:
            continue
        if number == found_at:
            headings = _headings(kind, cells)
            continue
        _check_quotes(number, cells, separator, len(headings))
        if any(cell.strip() for cell in cells):
            lines.append(_line(number, cells, headings))
    return Table(name, kind, {column: written for _, column, written in headings}, tuple(lines))


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise WrongFile("The file is larger than 5 MB")
    if not content.strip():
        raise WrongFile("The file is empty")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise WrongFile("This is a workbook, not a CSV: save it as “CSV UTF-8” and try again")
    try:
        text = _text(content)
    except UnicodeDecodeError:
        raise WrongFile(NO_CSV) from None
    if "\x00" in text:
        raise WrongFile(NO_CSV)
    if not text.strip("\ufeff\t\r\n ,;"):
        raise WrongFile("The file is empty")
    return text


def _text(content: bytes) -> str:
    """A line that is not UTF-8 in a file that else is was pasted in: it is read as Windows' own."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        lines = content.removeprefix(BOM).splitlines(keepends=True)
        return "".join(map(_line_of_text, lines))


def _line_of_text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252")


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Every record with its row number; limits are counted while reading."""
    ended = text if text.endswith(("\n", "\r")) else text + "\n"
    reader = csv.reader(_lines(ended + END, separator), delimiter=separator)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except csv.Error:
            raise WrongFile(f"Row {number} has a cell that is too long to be one") from None
        except StopIteration:
            raise WrongFile("A quotation mark is opened near the end and never closed") from None
        if cells == [END]:
            return
        if number > MOST_ROWS:
            raise WrongFile(f"The file has more than {MOST_ROWS:,} rows")
        if len(cells) > MOST_COLUMNS:
            raise WrongFile(f"Row {number} has more than {MOST_COLUMNS} columns")
        if any(END in cell for cell in cells):
            raise WrongFile(f"A quotation mark in row {number} is opened and never closed")
        yield number, cells


def _lines(text: str, separator: str) -> Iterator[str]:
    for line in io.StringIO(text, newline=""):
        if line.count(separator) > 20 * MOST_COLUMNS:  # before the row's cells fill the memory
            raise WrongFile(f"There is a row of more than {MOST_COLUMNS} columns")
        yield line


def _check_quotes(number: int, cells: list[str], separator: str, columns: int) -> None:
    """A quotation mark that is not closed swallows the rows after it: nothing may be lost so."""
    like_a_row = max(5, columns * 2 // 3)
    for cell in cells:
        swallowed = re.split(r"[\r\n]+", cell)[1:]
        if any(line.count(separator) >= like_a_row for line in swallowed):
            raise WrongFile(f"A quotation mark in row {number} is opened and never closed")


def _opening(text: str, separator: str) -> list[tuple[int, list[str]]]:
    opening: list[tuple[int, list[str]]] = []
    try:
        for number, cells in _records(text, separator):
            opening.append((number, cells))
            if number >= TITLE_ROWS:
                break
    except WrongFile:
        pass  # with the right separator the same fault is met again, and told
    return opening


def _best(opening: list[tuple[int, list[str]]]) -> tuple[int, str, int]:
    """The row of headings, the kind it fits best and how many columns fit; 0 where none does."""
    best = (0, "", 0)
    for number, cells in opening:
        keys = {heading_key(cell) for cell in cells}
        for kind, columns in COLUMNS.items():
            matched = sum(heading_key(column) in keys for column, _ in columns)
            if matched * 2 >= len(columns) and matched > best[2]:
                best = (number, kind, matched)
    return best


def heading_key(heading: str) -> str:
    """Headings are the same whatever their capitals, spaces, dashes and apostrophes."""
    return re.sub(r"[\s_.:*-]+", " ", fold(heading).replace("'", "")).strip()


def _headings(kind: str, cells: list[str]) -> list[tuple[int, str, str]]:
    """Position, column and the heading as written; raises WrongFile naming what does not fit."""
    known = {heading_key(column): column for column, _ in COLUMNS[kind]}
    found: list[tuple[int, str, str]] = []
    unknown: list[str] = []
    for position, cell in enumerate(cells):
        written = " ".join(cell.split())
        if not heading_key(cell):
            continue
        column = known.get(heading_key(cell))
        if column is None or column in [name for _, name, _ in found]:
            unknown.append(written)
        else:
            found.append((position, column, written))
    missing = [c for c, _ in COLUMNS[kind] if c not in [name for _, name, _ in found]]
    if missing or unknown:
        sentences = [f"This looks like the file of {kind.replace('_', ' ')}"]
        if missing:
            sentences.append(f"it has no column {_named(missing)}")
        if unknown:
            sentences.append(f"it has columns that are not known or there twice: {_named(unknown)}")
        raise WrongFile("; ".join(sentences), (*missing, *unknown))
    return found


def _named(columns: Sequence[str]) -> str:
    return ", ".join(f"“{column[:60]}”" for column in columns)


def _line(number: int, cells: list[str], headings: list[tuple[int, str, str]]) -> Line:
    used = {position for position, _, _ in headings}
    return Line(
        number,
        {column: cells[p] if p < len(cells) else "" for p, column, _ in headings},
        tuple(c for p, c in enumerate(cells) if p not in used and c.strip()),
    )
