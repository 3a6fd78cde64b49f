"""Where people live and their children learn, as far as two families may know each other.

Postcodes become sectors ('TR15 1'); names of schools become sets of their telling words, because
people write one school in many ways. Where in doubt two schools count as one: a wrong block can
be lifted by a person, a meeting cannot.
"""

import re
from functools import lru_cache

School = frozenset[str]

_OUTCODE = r"[A-Z]{1,2}\d[A-Z\d]?"
# Words that many schools share. "College" and "grammar" stay: they tell schools apart.
_PLAIN_WORDS = frozenset(
    re.findall(
        r"\w+",
        "the of and school primary secondary infant infants junior juniors nursery academy"
        " preschool pre community ce c e cofe coe rc church england catholic",
    )
)


@lru_cache(maxsize=4096)
def sector(postcode: str | None) -> str | None:
    """'tr151uq' is in sector 'TR15 1'; an outcode alone stays 'TR15'; None where it is neither."""
    letters = re.sub(r"\s", "", postcode or "").upper()
    if match := re.fullmatch(rf"({_OUTCODE})(\d)[A-Z]{{2}}", letters):
        return f"{match[1]} {match[2]}"
    return letters if re.fullmatch(_OUTCODE, letters) else None


def is_whole(of: str | None) -> bool:
    """Whether the sector is known: two who share only a district may live far apart."""
    return of is not None and " " in of


def outcode(of: str | None) -> str | None:
    """The postcode district of a sector: 'TR15' of 'TR15 1'."""
    return of.split(" ")[0] if of else None


@lru_cache(maxsize=4096)
def schools(*names: str | None) -> frozenset[School] | None:
    """The schools by their telling words; None (unknown: ask) where no name is given."""
    found = frozenset(_telling(name) for name in names if name and name.strip())
    return found or None


def same_school(one: frozenset[School], other: frozenset[School]) -> bool:
    """Whether a school may be in both: one name's telling words are all in the other's."""
    return any(a <= b or b <= a for a in one for b in other)


def _telling(name: str) -> School:
    plain = re.sub(r"[’'`.]", "", name.casefold())
    words = re.sub(r"\bsaint\b", "st", plain)
    found = frozenset(re.findall(r"\w+", words))
    return found - _PLAIN_WORDS or found
