"""The report of an import as CSV, and the guard against cells that a spreadsheet would work out."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Literal

Done = Literal["imported", "imported without this", "left out"]

HEADINGS = ("file", "row", "column", "value", "problem", "what_was_done")
MOST_OF_A_VALUE = 200  # characters of a cell that the report repeats; the record keeps it whole
MOST_OF_A_SENTENCE = 2000

# What a spreadsheet may work out (reference/security.md section 6): = + - @ | % or their full-width
# forms, a tab or a line end, whatever spaces, marks or quotation marks stand before it.
RISKY = re.compile(
    "[ \u00a0\u3000\ufeff\u200b\u200c\u200d\u2060\x00]*[\"'\u2018\u2019\u201c\u201d\uff02\uff07]*"
    "[ \u00a0\u3000\ufeff\u200b\u200c\u200d\u2060\x00]*"
    "[=+@|%\t\r\n\uff1d\uff0b\uff20\uff5c\uff05\u2212\uff0d-]"
)
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class Problem:
    """One thing a person should know: where it stands (the headings are row 1) and what was done.

    `imported`: the value is in, with a remark. `imported without this`: the row is in, the value is
    a note on it. `left out`: the row is not in.
    """

    file: str
    row: int
    column: str
    value: str
    problem: str
    what_was_done: Done


def guard(cell: str) -> str:
    """Text that a spreadsheet could work out gets a leading apostrophe; plain numbers do not."""
    return f"'{cell}" if RISKY.match(cell) and not _NUMBER.fullmatch(cell) else cell


def report_csv(problems: Iterable[Problem]) -> str:
    """The report: every cell quoted and guarded, lines ended as spreadsheets expect (RFC 4180).

    Encode it as utf-8-sig, so that a spreadsheet shows names as they are.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for problem in problems:
        writer.writerow([guard(cell) for cell in cells_of(problem)])
    return out.getvalue()


def cells_of(problem: Problem) -> list[str]:
    """The six cells of a line, in the order of the headings."""
    file, row, column, value, sentence, done = map(str, astuple(problem))
    return [
        _short(file),
        row,
        _short(column, MOST_OF_A_SENTENCE),
        _short(value),
        _short(sentence, MOST_OF_A_SENTENCE),
        done,
    ]


def _short(cell: str, most: int = MOST_OF_A_VALUE) -> str:
    return cell if len(cell) <= most else cell[: most - 1] + "…"
