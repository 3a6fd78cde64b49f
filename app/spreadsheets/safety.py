"""Readers of what safety depends on: texting, whose phone it is, the risk of a home visit.

Nothing is guessed here: only a clear yes makes texting safe, only a clear level is a level. Every
other word is kept as a note, and the careful answer stands until a person has asked.
"""

import re
from dataclasses import dataclass

from app.phones import Phone, UnclearPhone, read_phone
from app.spreadsheets.values import NO, YES, Unclear, fold, is_nothing, pieces


@dataclass(frozen=True)
class SafeToText:
    """yes, no or not_asked; `words` is what was written where the code alone would lose it."""

    code: str
    words: str = ""


@dataclass(frozen=True)
class Number:
    """A phone number, and words that stood beside it in the cell."""

    phone: Phone
    words: str = ""


@dataclass(frozen=True)
class Risk:
    """A proposed risk level of a home (a manager still approves it), and the words behind it."""

    level: str
    words: str = ""


_CLEAR_NO = frozenset(["not safe", "unsafe", "do not text", "don't text", "no texts"])
_NOT_ASKED = frozenset(["ask first", "ask", "not asked", "to ask", "check first", "check"])


def read_safe_to_text(text: str) -> SafeToText:
    """Only 'Y', 'yes', 'true' or a tick is yes. A no with more words is still a no, a yes is not.

    'Yes, but only after six' has a condition that no field holds, so it counts as not asked and
    its words are kept; so do 'ask first' and everything that is neither yes nor no.
    """
    words = fold(text).strip(" .!")
    if is_nothing(text):
        return SafeToText("not_asked")
    if words in (YES - {"1"}):
        return SafeToText("yes")
    if words in NO | _CLEAR_NO:
        return SafeToText("no")
    if re.match(r"(n|no|never|not safe|unsafe|do not|don't)\b", words):
        return SafeToText("no", text)
    return SafeToText("not_asked", text)


def is_plain_answer(text: str) -> bool:
    """Whether the words are a usual answer about texting, so that nobody need look at them."""
    return read_safe_to_text(text).words == "" or fold(text).strip(" .!") in _NOT_ASKED


def read_number(text: str) -> Number:
    """One phone number, and the words beside it: '07700 900142 (after six)'. Two are unclear."""
    try:
        return Number(read_phone(text))
    except UnclearPhone as error:
        found = re.findall(r"[+(]?\d[\d\s().-]{7,}\d", text)
        words = text.replace(found[0], " ") if len(found) == 1 else ""
        if not re.search(r"[^\W\d_]{2}", words) or re.search(r"\d{5}", words):
            raise Unclear(_sentence(error)) from None
    try:
        return Number(read_phone(found[0]), " ".join(words.split()))
    except UnclearPhone as error:
        raise Unclear(_sentence(error)) from None


def read_number_alone(text: str) -> Phone:
    """One phone number and nothing beside it."""
    try:
        return read_phone(text)
    except UnclearPhone as error:
        raise Unclear(_sentence(error)) from None


def _sentence(error: UnclearPhone) -> str:
    words = str(error)
    return words[0].lower() + words[1:]


_OWNERS = {
    **dict.fromkeys(["own", "own phone", "self", "their own", "hers", "his", "own mobile"], "own"),
    **dict.fromkeys(["carer's", "personal", "theirs", "own number"], "own"),
    **dict.fromkeys(
        ["shared", "shared phone", "joint", "family", "family phone", "both"], "shared"
    ),
    **dict.fromkeys(["partner's", "partner", "partners", "husband's", "husband"], "partner"),
    **dict.fromkeys(
        ["wife's", "wife", "boyfriend's", "girlfriend's", "partner's phone"], "partner"
    ),
    **dict.fromkeys(["child's", "child", "son's", "daughter's", "children's"], "child"),
    **dict.fromkeys(["landline", "land line", "home phone", "house phone", "home"], "landline"),
    **dict.fromkeys(["not asked"], "not_asked"),
}


def read_phone_owner(text: str) -> str:
    """Whose phone it is: own, shared, partner, child, landline; an ex's or a gran's is unclear."""
    owner = _OWNERS.get(fold(text).strip(" ."))
    if owner is None:
        raise Unclear("this does not say whose phone it is in a way that the service knows")
    return owner


_LEVELS = {
    **dict.fromkeys(["standard", "standard risk"], "standard"),
    **dict.fromkeys(["raised", "raised risk"], "raised"),
    **dict.fromkeys(["high", "high risk", "very high"], "high"),
    **dict.fromkeys(["two workers", "2 workers", "two worker", "two workers only"], "high"),
    **dict.fromkeys(["2:1", "two people", "2 people", "double up", "joint visits only"], "high"),
    **dict.fromkeys(["2:1 only", "do not visit alone", "never alone", "not alone"], "high"),
    **dict.fromkeys(["no home visits", "no home visit", "do not visit"], "no_home_visits"),
    **dict.fromkeys(["do not visit at home", "not at home", "venue only"], "no_home_visits"),
}
_ORDER = ("standard", "raised", "high", "no_home_visits")
_NOT_YET = frozenset(["not yet assessed", "not assessed", "to be assessed", "needs assessing"])


def read_risk(text: str) -> Risk:
    """A level only where the words are one; two workers are what *high* asks for, so they say high.

    'None known' is not an assessment: it says that nobody has told of a risk, not that somebody
    has looked. It, 'low', 'medium', 'dog', 'no signal' and 'ex-partner - see notes' leave the home
    *not assessed*, which allows no lone home visit. Of two levels the higher stands.
    """
    words = fold(text).strip(" .")
    if is_nothing(text) or words in _NOT_YET:
        return Risk("not_assessed")
    found = [_LEVELS.get(fold(piece)) for piece in pieces(text, r"[;,\n|+&/]|\band\b| - ")]
    levels = [level for level in found if level]
    if words in _LEVELS:
        levels = [_LEVELS[words]]
    above = [level for level in levels if level != "standard"]
    if above:
        return Risk(max(above, key=_ORDER.index), text)
    if levels and len(levels) == len(found):
        return Risk("standard", text)  # 'standard, dog' is not a clear level
    return Risk("not_assessed", text)
