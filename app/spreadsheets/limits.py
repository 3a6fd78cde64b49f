"""Reader of a peer parent's own limits, as the codes that matching understands.

A limit that is not understood is kept in its own words: matching then asks a person, because a
limit is its owner's word and is never passed over.
"""

import re

from app.places.travel import districts
from app.spreadsheets.circumstances import read_circumstance
from app.spreadsheets.values import Listed, fold, key, pieces
from app.windows import UnclearTimes, read_clock

_PLAIN = {
    **dict.fromkeys(
        ["mums only", "mothers only", "only mums", "women only", "no men"], "mums_only"
    ),
    **dict.fromkeys(["no dads", "not dads"], "mums_only"),
    **dict.fromkeys(
        ["dads only", "fathers only", "only dads", "men only", "no women"], "dads_only"
    ),
    **dict.fromkeys(["no mums", "not mums"], "dads_only"),
    **dict.fromkeys(["not fostering", "no fostering", "not foster carers"], "not_fostering"),
}
NO_LIMITS = frozenset(["none", "no", "no limits", "any", "anything"])


def read_limits(text: str) -> Listed:
    """Codes in the order written; pieces that are no known limit are given back in words."""
    if fold(text).strip(" .") in NO_LIMITS:
        return Listed(())
    found: list[str] = []
    unread: list[str] = []
    for piece in pieces(text, r"[;,\n|+&]"):
        codes = _codes(fold(piece))
        found += codes
        if not codes:
            unread.append(piece)
    return Listed(tuple(dict.fromkeys(found)), tuple(unread))


def _codes(words: str) -> list[str]:
    if code := _PLAIN.get(words):
        return [code]
    if match := re.fullmatch(r"no (?:texts?|texting|sms|messages) (?:after|past) (.+)", words):
        return _no_texts_after(match[1])
    match = re.fullmatch(r"(?:not?|nobody|avoid)(?: about| in| from)? (.+)", words)
    if not match:
        return []
    if circumstance := read_circumstance(match[1]):
        return ["not_fostering" if "foster" in circumstance else f"not_about:{circumstance}"]
    return [f"not_outcode:{outcode}" for outcode in outcodes_of(match[1])]


def _no_texts_after(clock: str) -> list[str]:
    """The hour only, rounded down: 'no texts after 6.30pm' is kept at 18, on the careful side."""
    try:
        return [f"no_texts_after_{read_clock(clock, afternoon=True) // 60}"]
    except UnclearTimes:
        return []


def outcodes_of(place: str) -> list[str]:
    """The districts of a town: its own and the country round it ('Newquay' and 'Newquay rural')."""
    if place.upper() in districts():
        return [place.upper()]
    wanted = key(place)
    return [
        outcode
        for outcode, district in districts().items()
        if wanted in (key(district.name), key(district.name.removesuffix(" rural")))
    ]
