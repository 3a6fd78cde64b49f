"""Names as a search compares them. Pure: no table."""

import re
import unicodedata

# Letters that decompose into nothing plainer, as people without them on the keyboard type them.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"}
)


def full(first_name: str, surname: str | None) -> str:
    """'Hannah Rowe', or the first name alone."""
    return f"{first_name} {surname or ''}".strip()


def short(first_name: str, surname: str | None) -> str:
    """First name and letter: 'Chloe U'."""
    return f"{first_name} {(surname or '')[:1]}".strip()


def folded(text: str) -> str:
    """A name in small letters without accents, apostrophes and hyphens: 'Siobhán O’Neill' is
    'siobhan oneill'.
    """
    bare = unicodedata.normalize("NFKD", text.casefold()).translate(_PLAIN)
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    letters = re.sub("['’‘ʼ`´]", "", letters)
    return " ".join(re.sub(r"[^\w]|_", " ", letters).split())
