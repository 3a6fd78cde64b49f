"""Reading Ordnance Survey's Code-Point Open: one line for each full postcode of Great Britain.

Pure. The file has no headings; its ten columns are the postcode in seven characters ("TR1 3AY",
"B1  1AA"), how good the position is (10 best, 60 worst, 90 none), eastings and northings in whole
metres, and codes of country, health authorities, county, district and ward, which are not kept.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple, TypeVar

from app.places.national_grid import from_grid

COLUMNS = 10
MOST_ROWS = 2_500_000  # 1.7 million in 2026
MOST_EAST, MOST_NORTH = 700_000, 1_300_000  # metres of the National Grid
POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
WHOLE = re.compile(r"\d{1,7}", re.ASCII)

T = TypeVar("T")


class NotCodePoint(ValueError):
    """The file is not Code-Point Open; the message says where and why."""


class Located(NamedTuple):
    """A full postcode as it is stored, and where it lies, in degrees on WGS 84."""

    postcode: str
    latitude: float
    longitude: float


def read_lines(lines: Iterable[str]) -> Iterator[Located]:
    """The postcodes that have a position, in the order of the file. Raises NotCodePoint."""
    rows = csv.reader(lines)
    number = 0
    try:
        for row in rows:
            if not row or (number == 0 and row[0].strip().lower() in ("pc", "postcode")):
                continue
            number += 1
            if number > MOST_ROWS:
                raise NotCodePoint(f"There are more than {MOST_ROWS:,} lines.")
            if found := read_row(row, rows.line_num):
                yield found
    except csv.Error:
        raise NotCodePoint(f"Line {rows.line_num} cannot be read as CSV.") from None
    except UnicodeDecodeError:
        raise NotCodePoint("This is not a text file in UTF-8.") from None
    if number == 0:
        raise NotCodePoint("There is no postcode in this file.")


def read_row(row: list[str], line: int) -> Located | None:
    """One line; None where the file has no position for the postcode."""
    if len(row) != COLUMNS:
        raise NotCodePoint(
            f"Line {line} has {len(row)} columns. Code-Point Open has {COLUMNS}: postcode, "
            "quality, eastings, northings and six codes."
        )
    found = POSTCODE.fullmatch(row[0].replace(" ", "").upper())
    if found is None:
        raise NotCodePoint(f"Line {line} does not begin with a full postcode.")
    if not (WHOLE.fullmatch(row[2]) and WHOLE.fullmatch(row[3])):
        raise NotCodePoint(f"Line {line} has no whole metres in its third and fourth columns.")
    east, north = int(row[2]), int(row[3])
    if east > MOST_EAST or north > MOST_NORTH:
        raise NotCodePoint(f"Line {line} lies outside Great Britain.")
    if not (east and north):
        return None
    latitude, longitude = from_grid(east, north)
    return Located(f"{found[1]} {found[2]}", round(latitude, 6), round(longitude, 6))


def in_parts(rows: Iterator[T], size: int) -> Iterator[list[T]]:
    """The same rows, so many at a time."""
    while part := list(islice(rows, size)):
        yield part


def area_of(postcode: str) -> str:
    """The letters with which a postcode begins: 'TR'."""
    return postcode[:2].rstrip("0123456789")
