"""Reader of times of a week in a cell, on top of `app.windows`: a few more of a clerk's turns."""

import re

from app.spreadsheets.values import Unclear, fold
from app.windows import WEEKDAYS, UnclearTimes, Windows, read_windows

_CLOCK = r"\d{1,2}(?:[:.]\d{2})?\s*(?:am|pm)?"
_OFF = frozenset(["off", "day off", "no", "non-working", "non working", "not working", "none"])
_TURNS = [
    (r"\b(mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun)\.", r"\1"),
    (r"\b12 ?(?:noon|midday)\b|\bnoon\b|\bmidday\b", "12pm"),
    (r"(?<![a-z])([ap])\.m\.?", r"\1m"),
    (r"\bo'?clock\b|\bplease\b|\bonly\b|\bpreferred\b", " "),
    (r"\bany weekdays?\b", "weekdays"),
    (r"\bany day\b", "every day"),
    (r"\bany (?=morning|afternoon|evening)", ""),
    (r"\b(?:but )?(?:except|apart from|but not)(?: on| for)?\b", ", not"),
    (r"\bnot (?:before|until|till)\b", "after"),
    (r"\bnot (?:after|later than|past)\b", "before"),
    (rf"\bbetween ({_CLOCK})\s+and\s+({_CLOCK})", r"\1-\2"),
    (
        rf"\b(?:after|from) ({_CLOCK})[\s,]*(?:and |but |& )?(?:before|until|till) ({_CLOCK})",
        r"\1-\2",
    ),
]


def read_weekly(text: str) -> Windows:
    """Times of a week: what `windows.read_windows` reads, and 'only', 'noon', 'or', 'except'.

    Never wider than written: what is not understood raises Unclear.
    """
    words = fold(text.replace("\n", ", ")).strip(" .")
    for turn, plain in _TURNS:
        words = re.sub(turn, plain, words)
    parts = [_joined(part) for part in re.split("[;,]", words)]
    bounds = {part.split()[0] for part in parts if part} & {"after", "before", "until", "from"}
    if len(bounds) > 1:
        raise Unclear("these times can be read in two ways")  # 'before 3, after 10'
    try:
        found = read_windows(", ".join(" ".join(part.split()) for part in parts if part.strip()))
    except UnclearTimes as error:
        raise Unclear(str(error)) from None
    if not found:
        raise Unclear("no time of the week is left")
    return found


def _joined(part: str) -> str:
    """'not Mon or Tues' bars both; 'mornings or evenings' and 'evenings and weekends' are two."""
    if re.match(r"\s*(?:not|never|no|except)\b", part):
        return re.sub(r"\b(?:and|or)\b", "&", part)
    return re.sub(r"\b(?:and|or)\b", ",", part)


def read_working_day(weekday: int, text: str) -> Windows:
    """One weekday's hours: '9-5', '9.00 - 13.00', '9-12, 1-5', 'am'; 'off' is none."""
    words = fold(text).strip(" .")
    if words in _OFF:
        return Windows()
    parts = [part.strip() for part in re.split(r"[;,&\n]|\band\b", words) if part.strip()]
    return read_weekly(", ".join(f"{WEEKDAYS[weekday]} {part}" for part in parts))
