"""Phone numbers: reading them as people write them, showing them, searching by a part of one.

Knows which numbers can be texted and which only rung. Whether a person has said that texting is
safe is not decided here: that belongs to whoever the number belongs to.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from phonenumbers import PhoneNumberType

Kind = Literal["mobile", "landline"]

# Ofcom's numbers for drama, never given to anybody (ofcom.org.uk, "Telephone numbers for use in
# TV and radio drama programmes"). phonenumbers calls these two ranges invalid; all sample people
# have one, so they are accepted outright.
_DRAMA_MOBILE = re.compile(r"7700900\d{3}")
_DRAMA_LANDLINE = re.compile(r"1632960\d{3}")
_ISLANDS = {"IM": "the Isle of Man", "JE": "Jersey", "GG": "Guernsey"}


class UnclearPhone(ValueError):
    """The text is not a number this service can use; the message is a sentence that says why."""


@dataclass(frozen=True)
class Phone:
    """A number that can be rung; only a `mobile` can be texted."""

    e164: str
    kind: Kind


def read_phone(text: str) -> Phone:
    """Read one UK number: mobiles can be texted, landlines only rung, anything else is refused.

    Spaces, dots, dashes, brackets and invisible characters do not matter; the leading zero may be
    lost (spreadsheets drop it); +44, 0044 and 44 are the same. Raises UnclearPhone, with a
    sentence of its own for a number that is too short or too long, for numbers abroad, personal
    (070), pager (076) and charged (084, 087, 09) numbers, and for mobiles of the Channel Islands
    and the Isle of Man, which a UK sender cannot be sure to reach.
    """
    cleaned = _cleaned(text)
    if not cleaned:
        raise UnclearPhone("Enter a phone number, such as 07700 900 142")
    if re.fullmatch(r"[0-9](\.[0-9]+)?e\+[0-9]+", cleaned, re.IGNORECASE):
        raise UnclearPhone("A spreadsheet has shortened this number; its last digits are lost")
    if not re.search("[0-9]", cleaned):
        raise UnclearPhone("This is not a phone number")
    if re.search("[^0-9+]", cleaned) or "+" in cleaned[1:]:
        raise UnclearPhone("There is more here than one phone number")
    if len(cleaned) < 6:
        raise UnclearPhone("This is too short to be a phone number")
    national = _national(cleaned)
    return _mobile(national) if national.startswith("7") else _landline(national)


def shown(e164: str) -> str:
    """A stored number as people read it: '07700 900 142', '01726 123456'."""
    if match := re.fullmatch(r"\+44(7\d{3})(\d{3})(\d{3})", e164):
        return f"0{match[1]} {match[2]} {match[3]}"
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL))


def search_key(text: str) -> str:
    """The digits of a typed part of a number, as they stand inside the stored number.

    '07700 9', '+44 7700 9' and '7700 9' find the same people; '900 142' finds the end of a
    number. Empty where nothing was typed that a number holds.
    """
    cleaned = _cleaned(text)
    digits = re.sub("[^0-9]", "", cleaned)
    if digits.startswith("00"):
        digits = digits[2:]
    return re.sub("^(44)?0", r"\1", digits)


def _cleaned(text: str) -> str:
    """The text without what people put between digits; a letter O among digits is a zero."""
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = "".join(c for c in plain if unicodedata.category(c) not in ("Cc", "Cf"))
    plain = re.sub(r"(?<=[0-9])\.0$", "", plain)  # a column of numbers saved with decimals
    plain = re.sub(r"^(?:tel|phone|mobile|mob|m|t)\b[:.]?\s*(?=[0-9+(])", "", plain, flags=re.I)
    if re.search(r"[0-9]e\+[0-9]", plain, re.IGNORECASE):
        return plain.replace(" ", "")
    plain = re.sub(r"[\s()\[\].'\u2010-\u2015\u2212\u2019_-]", "", plain)
    if len(plain) <= 14:
        plain = plain.replace("/", "")  # 01726/123456; two numbers with a stroke stay two
    if re.fullmatch(r"\+?[0-9Oo]+", plain):
        plain = plain.replace("O", "0").replace("o", "0")
    return plain


def _national(cleaned: str) -> str:
    """The digits after the country's 44 and the leading zero; raises for numbers abroad."""
    digits = re.sub("^00(?=[1-9])", "+", cleaned)
    if digits.startswith("+") and not digits.startswith("+44"):
        raise UnclearPhone("This is a number abroad; the service rings and texts UK numbers only")
    if digits.startswith("+44"):
        return digits[3:].removeprefix("0")
    if digits.startswith("44") and len(digits) >= 11:
        return digits[2:].removeprefix("0")
    return digits.removeprefix("0")


def _mobile(national: str) -> Phone:
    _check_length(national, 10, "A mobile number")
    if national.startswith("70"):
        raise UnclearPhone("This is a personal number (070), which cannot be texted")
    if _DRAMA_MOBILE.fullmatch(national):
        return Phone(f"+44{national}", "mobile")
    number = phonenumbers.parse(f"+44{national}", None)
    island = _ISLANDS.get(phonenumbers.region_code_for_number(number) or "")
    if island:
        raise UnclearPhone(f"This is a mobile number of {island}, which the service cannot text")
    if national.startswith("76"):
        raise UnclearPhone("This is a pager number (076), which cannot be texted")
    # A mobile range that the package does not know yet is taken: its text would fail with a
    # stored reason, while a parent whose number is refused cannot be reached at all.
    return Phone(f"+44{national}", "mobile")


def _landline(national: str) -> Phone:
    if _DRAMA_LANDLINE.fullmatch(national):
        return Phone(f"+44{national}", "landline")
    if national.startswith(("84", "87", "9")):
        raise UnclearPhone("This is a charged number, not a person’s phone")
    if len(national) in (6, 7):
        raise UnclearPhone("The area code is missing")
    number = phonenumbers.PhoneNumber(country_code=44, national_number=int(national or 0))
    kind = phonenumbers.number_type(number)
    if kind in (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST):
        raise UnclearPhone("This is a charged number, not a person’s phone")
    if kind != PhoneNumberType.UNKNOWN:
        return Phone(f"+44{national}", "landline")
    _check_length(national, 10, "A phone number")
    if national[0] not in "123":
        raise UnclearPhone("No UK number begins like this")
    return Phone(f"+44{national}", "landline")


def _check_length(national: str, length: int, what: str) -> None:
    missing = length - len(national)
    if missing == 0:
        return
    wanted = f"{what} has {length + 1} digits with its leading zero"
    count = {1: "one digit", 2: "two digits"}.get(abs(missing), f"{abs(missing)} digits")
    if missing > 0:
        raise UnclearPhone(f"{wanted}; this one is {count} short")
    raise UnclearPhone(f"{wanted}; this one has {count} too many")
