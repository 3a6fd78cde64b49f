"""Readers of single plain values: names, e-mail addresses, postcodes, numbers, yes and no, lists.

Each takes the text of a cell and gives the value, or raises `Unclear` with a sentence about what
could not be understood. Dates, ages, codes and weekly times have files of their own.
"""

import re
import unicodedata
from typing import NamedTuple

from app.spreadsheets.report import RISKY

# What people write where they have nothing to write.
NOTHING = frozenset(
    ["", "-", "--", "–", "—", ".", "/", "n/a", "n.a.", "nil", "?", "??", "???", "tbc", "tba"]
    + ["unknown", "not known", "not yet known", "dk", "don't know", "not given", "to follow"]
)
# Marks that print nothing and come with text copied from elsewhere. The joiners U+200C and U+200D
# stay: some names are written with them.
_INVISIBLE = re.compile("[\ufeff\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]")
_STRAIGHT = str.maketrans(
    {"‘": "'", "’": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"'}
    | {"–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "−": "-"}
)
NUMBERS = {
    word: number
    for number, word in enumerate(
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    )
}


class Unclear(ValueError):
    """A value that a careful clerk would not understand; the message is a sentence about it."""


class Listed(NamedTuple):
    """What was understood of a list, and the pieces that were not."""

    values: tuple[str, ...]
    unread: tuple[str, ...] = ()


def plain(text: str) -> str:
    """The text in composed form, without invisible marks; any run of spaces is one space."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    shown = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    shown = "".join(
        " " if unicodedata.category(c)[0] == "C" and c not in "\n\u200c\u200d" else c for c in shown
    )
    shown = re.sub(r"[^\S\n]+", " ", shown)
    return re.sub(r" ?\n\s*", "\n", shown).strip()


def fold(text: str) -> str:
    """For comparing words: small letters, straight quotes and dashes, single spaces."""
    return " ".join(plain(text).translate(_STRAIGHT).casefold().split())


def key(text: str) -> str:
    """For comparing names: folded, without accents, letters and digits only."""
    bare = unicodedata.normalize("NFKD", fold(text))
    return "".join(c for c in bare if c.isalnum())


def is_nothing(text: str) -> bool:
    """Whether a cell says only that there is nothing to say."""
    return len(text) < 40 and fold(text) in NOTHING


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would work the text out: '=…', '@SUM(…', '+cmd|…', '-A1+…'.

    Nothing is ever evaluated here; such a cell is text that says nothing a field could hold.
    """
    bare = plain(text).lstrip("' ")
    return bool(re.match(r"[=\uff1d]|[@+-]\s*[A-Za-z]+\d*\s*[(|!+*]", bare))


def read_name(text: str) -> str:
    """A name of a person or place: letters, at most 80 characters, no marks of code or sums."""
    name = " ".join(plain(text).split())
    if looks_like_formula(text) or re.search(r"[=<>{}\[\]|\\^~@]", name):
        raise Unclear("this is not a name")
    if not any(c.isalpha() for c in name):
        raise Unclear("a name has letters")
    if len(name) > 80:
        raise Unclear("this is too long for a name (80 characters at most)")
    return name


def read_email(text: str) -> str:
    """An e-mail address in small letters; 'mailto:' and 'Name <address>' are taken off."""
    address = fold(text).removeprefix("mailto:")
    if match := re.fullmatch(r".*<([^<>]+)>", address):
        address = match[1]
    if not re.fullmatch(r"[^@\s<>,;\"()]{1,64}@[a-z0-9.-]{1,160}\.[a-z]{2,24}", address):
        raise Unclear("this is not an e-mail address")
    return address


def read_postcode(text: str) -> str:
    """A full UK postcode as 'PL32 9NG' (Royal Mail: the last two letters are never CIKMOV)."""
    letters = re.sub(r"[\s.-]", "", plain(text)).upper()
    match = re.fullmatch(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][ABD-HJLNP-UW-Z]{2})", letters)
    if match:
        return f"{match[1]} {match[2]}"
    if re.fullmatch(r"[A-Z]{1,2}[0-9][A-Z0-9]?", letters):
        raise Unclear("this is only the first half of a postcode")
    raise Unclear("this is not a postcode")


def read_reference(text: str) -> str:
    """A family's reference: letters and digits, at most 12, in capitals without spaces."""
    reference = re.sub(r"\s", "", plain(text)).upper()
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9/_-]{0,11}", reference) or not re.search(r"\d", reference):
        raise Unclear("this is not a reference")
    return reference


def read_whole(text: str, least: int, most: int) -> int:
    """A whole number from `least` to `most`: '3', '3.0', 'three', '2 a month'."""
    words = re.sub(r"^(max|up to|about) ", "", fold(text))
    words = re.sub(r"(\.0+|\s*(x|times|cycles?|a month|per month|/ ?month|max))+$", "", words)
    number = NUMBERS.get(words, int(words) if re.fullmatch("[0-9]{1,6}", words) else None)
    if number is None:
        raise Unclear("this is not a number")
    if not least <= number <= most:
        raise Unclear(f"this is not between {least} and {most}")
    return number


YES = frozenset(["y", "yes", "true", "1", "✓", "✔", "yep", "yes please"])
NO = frozenset(["n", "no", "false", "0", "✗", "✘", "none", "not yet", "never"])
UNSURE = frozenset(["unsure", "not sure", "maybe", "partly", "y/n", "yes/no"])


def read_yes_no(text: str) -> bool | None:
    """Yes is True, no is False, unsure is None; words after a clear yes or no do not change it."""
    words = fold(text).rstrip(".!")
    if words in UNSURE:
        return None
    if words in YES or re.match(r"(y|yes)\s*[-,;:(]", words):
        return True
    if words in NO or re.match(r"(n|no)\s*[-,;:(]", words):
        return False
    raise Unclear("this is neither yes nor no")


def pieces(text: str, separators: str = r"[;,/\n|+&]|\band\b") -> list[str]:
    """The parts of a list, without empty ones."""
    return [piece for part in re.split(separators, plain(text)) if (piece := part.strip(" .-"))]


def unguarded(text: str) -> str:
    """A cell of this service's own exports as it was before it was guarded (see `report`)."""
    return text[1:] if text.startswith("'") and RISKY.match(text[1:]) else text
