"""Postcodes as they are stored: a whole one, or a district alone where no more is known. Pure."""

import re

from app.errors import DomainError
from app.places.travel import outcode_of


def tidy_postcode(typed: str | None, field: str = "postcode") -> str | None:
    """'tr15 2pg' and 'TR152PG' are 'TR15 2PG', 'tr15' is 'TR15', nothing is None; raises
    DomainError.
    """
    letters = re.sub(r"\s", "", typed or "").upper()
    if not letters:
        return None
    outcode = outcode_of(typed)
    if outcode is None:
        raise DomainError("Enter a postcode, such as TR1 3AY, or its first half.", field)
    inward = letters[len(outcode) :]
    return f"{outcode} {inward}" if re.fullmatch(r"\d[A-Z]{2}", inward) else outcode
