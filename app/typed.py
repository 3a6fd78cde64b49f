"""What an address or a hidden field carries, read strictly: a row's number, a day.

Anything else is None, never an error: such values are made by hand. `str.isdigit` alone is true for
'²', which no number is made of, and a day in the year 9999 has no tomorrow.
"""

import re
from datetime import date
from typing import Any

FIRST_YEAR, LAST_YEAR = 1900, 2100
LONGEST_NUMBER = 9  # digits: what every database's integer holds


def read_number(typed: Any) -> int | None:
    """A whole number from 0 to 999999999 in plain digits."""
    text = str(typed or "")
    plain = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return int(text) if plain else None


def read_day(typed: str) -> date | None:
    """A date such as '2026-12-01', in a year that days can be added to and taken from."""
    parts = re.fullmatch("([0-9]{4})-([0-9]{2})-([0-9]{2})", typed)
    return day_of(*parts.groups()) if parts else None


def day_of(year: str, month: str, day: str) -> date | None:
    """A date of three typed parts, in the same years."""
    numbers = [read_number(part.strip()) for part in (year, month, day)]
    try:
        made = date(*(number or 0 for number in numbers))
    except ValueError:
        return None
    return made if FIRST_YEAR <= made.year <= LAST_YEAR else None
