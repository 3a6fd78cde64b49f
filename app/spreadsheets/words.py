"""Readers of words that stand for a code: carer types, ways to talk, places, stages, circumstances.

The codes are those of the tables that they go into; the tables of words stand here. What concerns
safety is in `safety`, the limits of peer parents in `limits`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.spreadsheets.days import read_month
from app.spreadsheets.values import NUMBERS, Listed, Unclear, fold, pieces, plain, read_yes_no

WOMAN, MAN = "woman", "man"


@dataclass(frozen=True)
class CarerType:
    """What kind of carer (a code of `families`), and a gender where the word says so."""

    code: str
    gender: str | None = None


@dataclass(frozen=True)
class Where:
    """Where to meet: home, not_home, venue, school, online, phone, or named (then `name` says)."""

    code: str
    name: str | None = None


@dataclass(frozen=True)
class Stage:
    """How far a family is; the cycle they are at and how many are planned, where that is said."""

    code: str
    cycle: int | None = None
    planned: int | None = None
    ask_again_on: date | None = None


_GENDERS = {
    **dict.fromkeys(["mum", "mam", "mummy", "mother", "stepmum", "stepmother"], WOMAN),
    **dict.fromkeys(["gran", "granny", "grandma", "grandmother", "nan", "nana", "nanny"], WOMAN),
    **dict.fromkeys(["aunt", "auntie", "aunty", "sister", "female", "woman"], WOMAN),
    **dict.fromkeys(["dad", "daddy", "father", "stepdad", "stepfather", "grandad"], MAN),
    **dict.fromkeys(["granddad", "grandfather", "grandpa", "uncle", "brother", "male", "man"], MAN),
}
# In this order: a foster mum is a foster carer, a gran with a guardianship order (SGO) is kinship.
_CARER_WORDS: dict[str, frozenset[str]] = {
    "foster": frozenset(["foster", "fosterer", "fostercarer", "fostering"]),
    "adoptive": frozenset(["adoptive", "adopter", "adopted", "adopting"]),
    "step": frozenset(["step", "stepmum", "stepmother", "stepdad", "stepfather", "stepparent"]),
    "kinship": frozenset(
        ["kinship", "sgo", "special", "gran", "granny", "grandma", "grandmother", "nan", "nana"]
        + ["nanny", "grandad", "granddad", "grandfather", "grandpa", "grandparent", "aunt"]
        + ["grandparents", "auntie", "aunty", "uncle", "connected"]
    ),
    "birth": frozenset(
        ["birth", "biological", "bio", "natural", "mum", "mam", "mummy", "mother", "dad", "daddy"]
        + ["father", "parent", "parents"]
    ),
}
# Words that may stand beside those without changing them.
_CARER_BESIDE = frozenset(
    ["carer", "parent", "parents", "guardian", "person", "and", "to", "be", "young", "single"]
    + [
        "expectant",
        "pregnant",
        "maternal",
        "paternal",
        "great",
        "the",
        "birth",
        "sister",
        "brother",
    ]
    + ["(sgo)", "female", "male"]
)


def read_carer_type(text: str) -> CarerType:
    """birth, adoptive, foster, kinship or step; grandparents, aunts and uncles are kinship."""
    words = re.findall(r"[a-z]+", fold(text))
    known = frozenset().union(*_CARER_WORDS.values()) | _CARER_BESIDE | frozenset(_GENDERS)
    for code, telling in _CARER_WORDS.items():
        if telling & set(words) and set(words) <= known:
            genders = {_GENDERS[word] for word in words if word in _GENDERS}
            return CarerType(code, genders.pop() if len(genders) == 1 else None)
    raise Unclear("this is no kind of parent or carer that the service knows")


WAYS = ("phone", "video", "in_person", "text")
_WAYS: Mapping[str, str] = {
    **dict.fromkeys(["phone", "phone call", "telephone", "call", "calls", "ring", "tel"], "phone"),
    **dict.fromkeys(["by phone", "on the phone", "mobile"], "phone"),
    **dict.fromkeys(["video", "video call", "videocall", "video link", "zoom", "teams"], "video"),
    **dict.fromkeys(["facetime", "online", "video chat", "by video"], "video"),
    **dict.fromkeys(["in person", "in-person", "face to face", "face-to-face"], "in_person"),
    **dict.fromkeys(
        ["f2f", "face2face", "meet", "meet up", "visit", "person", "meeting"], "in_person"
    ),
    **dict.fromkeys(["text", "texts", "texting", "sms", "by text"], "text"),
}
_ANY_WAY = frozenset(["any", "all", "either", "anything", "don't mind", "no preference", "any way"])


def read_ways(text: str) -> Listed:
    """Ways to talk, as codes in a fixed order; 'any' is all four. 'Not video' is given back."""
    if fold(text).strip(".") in _ANY_WAY:
        return Listed(WAYS)
    found: set[str] = set()
    unread: list[str] = []
    for piece in pieces(text, r"[;,/\n|+&]|\band\b|\bor\b"):
        if (way := _WAYS.get(fold(piece))) is None:
            unread.append(piece)
        else:
            found.add(way)
    return Listed(tuple(way for way in WAYS if way in found), tuple(unread))


_LANGUAGES: Mapping[str, str] = {
    "bsl": "BSL",
    "british sign language": "BSL",
    "sign language": "BSL",
    "cornish": "Kernewek",
    "eng": "English",
    "ukranian": "Ukrainian",
}


def read_languages(text: str) -> Listed:
    """Languages with capitals: 'english' is English, 'Kernewek/English' both, Cornish Kernewek."""
    found: list[str] = []
    unread: list[str] = []
    for piece in pieces(text, r"[;,/\n|+&(]|\band\b"):
        piece = piece.strip("() ")
        words = fold(piece)
        if re.fullmatch(r"(?=.{1,40}$)[^\W\d_]+( [^\W\d_]+){0,2}", words) and not re.search(
            r"\b(only|some|little|no|not|good|poor|speaks?|but)\b", words
        ):
            found.append(_LANGUAGES.get(words, words.title()))
        else:
            unread.append(piece)
    return Listed(tuple(dict.fromkeys(found)), tuple(unread))


def read_interpreter(text: str) -> tuple[bool | None, str | None]:
    """Whether an interpreter is needed, and for which language where that is said."""
    if re.fullmatch(r"(no need|not) ?(needed|required|necessary)?\.?", fold(text)):
        return False, None
    words = re.sub(
        r"\b(interpreter|translator|interpreting|please|needed|required)\b", " ", fold(text)
    )
    if not words.strip(" -,:("):
        return True, None
    try:
        needed = read_yes_no(words)
        if " " not in words.strip():
            return needed, None
    except Unclear:
        needed = True
    named = read_languages(re.sub(r"^\s*(y|yes|n|no)\b[\s,:;(-]*", "", words).strip(" )"))
    if named.unread or len(named.values) > 1 or (named.values and not needed):
        raise Unclear("this does not say whether an interpreter is needed, or for which language")
    return needed, named.values[0] if named.values else None


_WHERE: Mapping[str, str] = {
    **dict.fromkeys(["home", "at home", "home visit", "family home", "own home"], "home"),
    **dict.fromkeys(
        ["not at home", "not home", "not in the home", "anywhere but home"], "not_home"
    ),
    **dict.fromkeys(["out of home", "out of the home", "away from home", "elsewhere"], "not_home"),
    **dict.fromkeys(
        ["hub", "family hub", "a hub", "children's centre", "office", "venue"], "venue"
    ),
    **dict.fromkeys(["school", "at school", "in school", "child's school"], "school"),
    **dict.fromkeys(["teams", "zoom", "video", "online", "ms teams", "video call"], "online"),
    **dict.fromkeys(["phone", "telephone", "by phone", "phone call", "call", "tel"], "phone"),
}
_ANYWHERE = frozenset(["any", "anywhere", "either", "no preference", "don't mind"])


def read_where(text: str) -> Where | None:
    """Where to meet; None where anything will do. Other words name a place, to be looked up."""
    words = fold(text).rstrip(".").removesuffix(" please")
    if words in _ANYWHERE:
        return None
    if re.match(
        r"(?:not|never|no) (?:at |in |to )?(?:the |their |her |his )?(?:home|house)\b", words
    ):
        return Where("not_home")
    if words in _WHERE:
        return Where(_WHERE[words])
    if not re.search(r"[^\W\d_]{2}", words) or len(words) > 120 or words.startswith(("=", "not ")):
        raise Unclear("this is neither a kind of place nor the name of one")
    return Where("named", " ".join(plain(text).split()))


_STAGES: Mapping[str, str] = {
    **dict.fromkeys(
        ["enquiry", "inquiry", "new", "new enquiry", "referral", "referred"], "enquiry"
    ),
    **dict.fromkeys(["waiting to talk", "waiting", "wants to talk"], "waiting_to_talk"),
    **dict.fromkeys(["waiting for peer", "waiting list", "matching"], "waiting_to_talk"),
    **dict.fromkeys(["thinking", "thinking about it", "deciding", "undecided"], "thinking"),
    **dict.fromkeys(["chosen", "yes", "said yes", "agreed", "wants vig"], "chosen"),
    **dict.fromkeys(["not now", "not yet", "later"], "not_now"),
    **dict.fromkeys(["no", "declined", "said no", "not wanted"], "no"),
    **dict.fromkeys(["withdrew", "withdrawn", "stopped", "dropped out"], "withdrew"),
    **dict.fromkeys(["cycles", "in cycles", "cycle", "started", "vig", "active"], "cycles"),
    **dict.fromkeys(["ended", "closed", "finished", "completed", "complete", "done"], "ended"),
}
STAGES = tuple(dict.fromkeys(_STAGES.values()))


def read_stage(text: str, near: date) -> Stage:
    """How far a family is: 'cycle 2 of 3' is cycles, 2, 3; 'not now until March' has its date."""
    words = fold(text).rstrip(".")
    if code := _STAGES.get(words):
        return Stage(code)
    numbers = rf"(\d|{'|'.join(NUMBERS)})"
    if match := re.fullmatch(rf"(?:in )?cycle {numbers}(?: ?(?:of|/) ?{numbers})?", words):
        cycle, planned = _number(match[1]), _number(match[2])
        if cycle and (planned is None or cycle <= planned):
            return Stage("cycles", cycle, planned)
    if match := re.fullmatch(r"not (?:now|yet)\W+(?:until |ask |ask again |in |from )*(.+)", words):
        try:
            return Stage("not_now", ask_again_on=read_month(match[1], near=near))
        except Unclear:
            return Stage("not_now")  # until when is asked; that it is not now is clear
    raise Unclear("this is no stage that the service knows")


def _number(word: str | None) -> int | None:
    return int(NUMBERS.get(word, word)) if word else None


def lookup(table: Mapping[str, str], text: str, what: str) -> str:
    """The code of a word in a table of folded words; Unclear says what was wanted."""
    code = table.get(fold(text).strip(" ."))
    if code is None:
        raise Unclear(f"this is no {what} that the service knows")
    return code
