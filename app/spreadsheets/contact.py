"""How a carer may be reached, from the four columns that speak about it together.

A yes to texting stands only where the number, whose phone it is and the safe times speak for it
too; otherwise it is *not asked*, the yes stays as a note, and the report says why.
"""

import re
from dataclasses import dataclass

from app.phones import Phone, shown
from app.spreadsheets.reading import Reader
from app.spreadsheets.safety import (
    Number,
    is_plain_answer,
    read_number,
    read_phone_owner,
    read_safe_to_text,
)
from app.spreadsheets.weekly import read_weekly
from app.windows import Windows


@dataclass(frozen=True)
class Contact:
    """A carer's number, whose it is, whether texting is safe (yes, no, not_asked) and when."""

    phone: Phone | None
    phone_owner: str
    safe_to_text: str
    safe_times: Windows | None


def read_contact(reader: Reader) -> Contact:
    """The contact of a family's row, with a problem for everything that speaks against a yes."""
    number = read_phone_of(reader)
    owner = reader.read("Whose phone", read_phone_owner)
    safe_times = reader.read("Safe times", read_weekly)
    against = _against_the_number(reader, number) or _against_the_owner(reader, owner)
    if safe_times is None and reader.text("Safe times"):
        against = against or "the safe times could not be read"
    return Contact(
        number.phone if number else None,
        owner or "not_asked",
        _safe_to_text(reader, against),
        safe_times,
    )


def read_phone_of(reader: Reader) -> Number | None:
    """The number in the column Mobile; a landline and words beside the number are told of."""
    number = reader.read("Mobile", read_number)
    if number and number.phone.kind == "landline":
        reader.remark("Mobile", "this is a landline: it can be rung, never texted")
    if number and re.match(r"7\d{3}", text := reader.text("Mobile")):
        reader.remark(
            "Mobile", f"its leading zero was lost; it was read as {shown(number.phone.e164)}"
        )
    elif number and re.search("[Oo]\\d|\\d[Oo]", text):
        reader.remark("Mobile", f"a letter O was taken for a zero: {shown(number.phone.e164)}")
    if number and number.words:
        reader.without("Mobile", "the number was read; these words beside it are a note")
    return number


def _safe_to_text(reader: Reader, against: str | None) -> str:
    answer = read_safe_to_text(reader.text("Safe to text"))
    if not is_plain_answer(reader.text("Safe to text")):
        done = "nobody is texted" if answer.code == "no" else "this is no clear yes, so not asked"
        reader.without("Safe to text", f"{done}; the words are a note")
    elif answer.words:
        reader.note("Safe to text", "")
    if answer.code == "yes" and against:
        reader.without("Safe to text", f"{against}, so nobody is texted until somebody has asked")
        return "not_asked"
    return answer.code


def _against_the_number(reader: Reader, number: Number | None) -> str | None:
    if number is None:
        return "there is no number that could be read"
    if number.phone.kind == "landline":
        return "the number is a landline"
    if number.words:
        return "there are words beside the number"
    return None


def _against_the_owner(reader: Reader, owner: str | None) -> str | None:
    if owner == "landline":
        reader.remark("Whose phone", "this says landline; the number is kept and never texted")
        return "it is said to be a landline"
    if owner == "child":
        reader.remark("Whose phone", "a phone that a child holds is never texted")
        return "the phone is a child's"
    if owner is None and reader.text("Whose phone"):
        return "it is not clear whose phone it is"
    return None
