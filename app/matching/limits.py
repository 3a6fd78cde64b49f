"""What a peer parent's own limit means for one family: it holds, it blocks, or a person must look.

A limit is its owner's word, so what cannot be told is asked, never passed over.
"""

import re
from collections.abc import Iterable
from enum import Enum

from app.matching import near
from app.matching.people import Family


class Meaning(Enum):
    """What one limit says about one family."""

    FINE = "fine"
    BLOCKS = "blocks"
    ASK = "ask"
    PLACE_NOT_KNOWN = "place not known"


_GENDER_OF = {"mums_only": "woman", "dads_only": "man"}


def meaning(limit: str, family: Family) -> Meaning:
    """How a limit's code reads for this family; a code that nobody knows is a limit in words: ask.

    "Mums only" with a carer whose gender is not known is asked. Without the family's postcode
    "not from TR14" counts as a safety block, because distance was asked for.
    """
    if wanted := _GENDER_OF.get(limit):
        if family.carer_gender is None:
            return Meaning.ASK
        return _blocks_if(family.carer_gender != wanted)
    if limit == "not_fostering":
        fostered = any("foster" in words.casefold() for words in family.circumstances)
        return _blocks_if(fostered or family.carer_type == "foster")
    if _until_hour(limit) is not None:
        return Meaning.FINE  # about the hour of texts: see `texts_until`
    kind, _, what = limit.partition(":")
    if kind == "not_about" and what:
        return _blocks_if(what in family.circumstances)
    if kind == "not_outcode" and what:
        if family.sector is None:
            return Meaning.PLACE_NOT_KNOWN
        return _blocks_if(near.outcode(family.sector) == what.upper())
    return Meaning.ASK


def texts_until(limits: Iterable[str]) -> int:
    """Until when these limits allow texts, in minutes since midnight.

    It narrows free times only where the two could talk by text and in no other way.
    """
    hours = [hour for limit in limits if (hour := _until_hour(limit)) is not None]
    return min(hours, default=24) * 60


def _until_hour(limit: str) -> int | None:
    match = re.fullmatch(r"no_texts_after_(\d{1,2})", limit)
    return int(match[1]) if match and int(match[1]) <= 24 else None


def _blocks_if(barred: bool) -> Meaning:
    return Meaning.BLOCKS if barred else Meaning.FINE
