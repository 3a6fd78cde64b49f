"""What texts say: one line of words for each purpose and wording, in `templates/sms`, and the
team's own words in their place.

Pure but for reading those files once; how the words are written down is `notation.py`. A text is
given only what its wording may say (`MAY_SAY`), so a slip in one is an error in the tests and never
a name on somebody's phone. The wordings of a family or a peer parent: *full* (the worker's first
name, where, a link), *neutral* (a neutral name and the phone), *strict* (a date and what to reply).
Texts to staff have one. Twilio takes YES, START, CANCEL, END, QUIT and HELP for itself, so no text
invites them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from app import times
from app.messaging import notation
from app.messaging.languages import ENGLISH, date_in, time_in, when_in
from app.messaging.segments import measure, tidy
from app.settings.rules import Rules

FULL, NEUTRAL, STRICT, STAFF = "full", "neutral", "strict", "staff"
FOLDER = Path(__file__).parents[2] / "templates" / "sms"

_DATES = {"when", "soon", "soon_day", "time", "also", "was", "answer_by"}
MAY_SAY: dict[str, set[str]] = {
    STRICT: _DATES,
    NEUTRAL: _DATES | {"neutral", "phone", "hours"},
    FULL: _DATES | {"worker", "other", "where", "place", "link", "service", "phone", "hours"},
    STAFF: {"worker", "staff_phone", "reference", "begins", "ends", "extend", "link", "phone"},
}
# Where something is, as texts in English say it, and the text that holds the words for it.
PLACES = {
    "at your home": "where_home",
    "by phone": "where_phone",
    "online": "where_online",
    "in person": "where_in_person",
}
AT_A_PLACE = "where_place"
# What no neutral or strict text says, whatever a manager types into the settings.
_TOO_MUCH = re.compile(
    r"\b(vig|videos?|filmed|filming|council|social|child\w*|safeguarding|risk|parent\w*)\b", re.I
)
Key = tuple[str, str]  # a purpose and a wording


class NoWording(LookupError):
    """Nothing may be said for this purpose in this wording: a link in a strict text, say."""


@dataclass(frozen=True)
class Facts:
    """All that a text may know; no child, no surname, no address can be told to it.

    Instants are aware. `worker` and `other` are first names (the other side of a conversation, once
    both agreed); `where` is a phrase, 'at your home', 'at Truro Family Hub', 'by phone'; `also`
    starts a second appointment of the same day; `sent_on` is the London date of sending, so that a
    reminder can say "tomorrow". The last four go to staff only.
    """

    service_name: str
    service_phone: str
    service_hours: str
    neutral_name: str
    when: datetime | None = None
    also: datetime | None = None
    was: datetime | None = None
    answer_by: datetime | None = None
    sent_on: date | None = None
    worker: str | None = None
    other: str | None = None
    where: str | None = None
    link: str | None = None
    ends_at: datetime | None = None
    reference: str | None = None
    staff_phone: str | None = None
    extend_minutes: int | None = None

    @classmethod
    def of(cls, rules: Rules, **facts: Any) -> "Facts":
        """Facts with the service's own name, phone and hours from the settings."""
        return cls(
            service_name=rules.service_name,
            service_phone=rules.service_phone,
            service_hours=rules.service_hours,
            neutral_name=rules.neutral_name,
            **facts,
        )


@dataclass(frozen=True)
class Book:
    """The words of the texts in one language: those that the service comes with, in English, and
    `own`, which the team wrote and a person approved, in their place. `english` is the book that
    another language's opening words are taken from until it has its own.
    """

    language: str = ENGLISH
    own: Mapping[Key, str] = field(default_factory=dict)
    english: "Book | None" = None

    def words(self, purpose: str, wording: str) -> str:
        """The words of a text; raises NoWording where there are none."""
        key = kept_as(purpose, wording)
        words = self.own.get(key) or (shipped().get(key) if self.language == ENGLISH else None)
        if words is None:
            raise NoWording(f"there is no {wording} text for {purpose} in {self.language}")
        return words


SHIPPED = Book()


def body(
    purpose: str, wording: str, facts: Facts, *, first: bool = False, book: Book = SHIPPED
) -> str:
    """The text for a purpose in a wording; raises NoWording where nothing may be said.

    `first` puts before it who texts and how to stop: in the same text, since of two texts the
    second may come first. What the link's page shows anyway (where, then the old time) is left
    out where that saves a part. Texts to staff ignore `wording`, `first` and `book`.
    """
    if (purpose, STAFF) in shipped():
        return _fitted(shipped()[purpose, STAFF], STAFF, facts, SHIPPED)
    if facts.was is not None and facts.was == facts.when:
        purpose = purpose.replace("moved", "changed")
    text = _fitted(book.words(purpose, wording), wording, facts, book)
    if first and purpose != "first_text":
        text = f"{opening(wording, facts, book)} {text}"
    if wording == NEUTRAL and says_too_much(text):
        return body(purpose, STRICT, facts, first=first, book=book)
    return text


def opening(wording: str, facts: Facts, book: Book = SHIPPED) -> str:
    """Who texts and how to stop them; in English where the language has no words for it yet."""
    try:
        return body("first_text", wording, facts, book=book)
    except NoWording:
        return body("first_text", wording, facts, book=book.english or SHIPPED)


def kept_as(purpose: str, wording: str) -> Key:
    """Under which purpose and wording the words of a text are kept.

    Both reminders say the same, and only the full wording knows a conversation from a visit.
    """
    purpose = purpose.removesuffix("_early")
    return (purpose if wording == FULL else purpose.removeprefix("conversation_")), wording


@cache
def shipped() -> dict[Key, str]:
    """The words that the service comes with, in English, by purpose and wording."""
    found = {}
    for file in sorted(FOLDER.glob("*.txt")):
        purpose, wording, _ = file.name.split(".")
        found[purpose, wording] = file.read_text("utf-8").rstrip("\n")
    return found


@cache
def worded() -> frozenset[Key]:
    """Every purpose and wording that a text can be asked for in: a key of `shipped` that is no part
    of a text, or another that is kept as one.
    """
    found = {key for key in shipped() if not is_phrase(key[0])}
    talks = {p.removeprefix("conversation_") for p, _ in found if p.startswith("conversation_")}
    found |= {(f"conversation_{p}", w) for p, w in found if p in talks}
    return frozenset(
        found | {(f"{p}_early", w) for p, w in found if p.endswith("reminder") and w != STAFF}
    )


def is_phrase(purpose: str) -> bool:
    """Whether it is no text but the words for a place within one."""
    return purpose == AT_A_PLACE or purpose in PLACES.values()


def says_too_much(text: str) -> list[str]:
    """The words in a text that would tell a stranger what it is about, for the settings' form."""
    return [match[0] for match in _TOO_MUCH.finditer(text)]


def _fitted(words: str, wording: str, facts: Facts, book: Book) -> str:
    """The fullest of the ways to say it that take the fewest parts.

    A name is never left out nor put into other letters for that: a family knows their worker by it,
    and a name as its owner writes it is worth the part that it may cost.
    """
    ways = [_filled(words, wording, known) for known in _ways(_words(facts, book), facts)]
    return min(ways, key=lambda text: measure(text).segments)


def _ways(known: dict[str, Any], facts: Facts) -> Iterator[dict[str, Any]]:
    yield known
    for spare in ("where", "was") if facts.link else ("was",):
        if known[spare] is not None:
            known = known | {spare: None}
            yield known


def _filled(words: str, wording: str, known: Mapping[str, Any]) -> str:
    allowed = {name: known[name] for name in MAY_SAY[wording]}
    return on_one_line(notation.fill(words, allowed))


def on_one_line(words: str) -> str:
    """As it goes to a phone: plain punctuation, one line, single spaces."""
    return " ".join(tidy(words).split())


def _words(facts: Facts, book: Book) -> dict[str, Any]:
    """Every fact as the text says it, in the book's language."""
    when, language = facts.when, book.language

    def said(at: datetime | None) -> str | None:
        return when_in(language, at) if at else None

    soon_day = when and _soon_day(when, facts.sent_on, language)
    time = when and time_in(language, when)
    return {
        "when": said(when),
        "soon": when and (f"{soon_day} {time}" if language == ENGLISH else said(when)),
        "soon_day": soon_day,
        "time": time,
        "also": facts.also and time_in(language, facts.also),
        "was": said(facts.was),
        "answer_by": said(facts.answer_by),
        "neutral": facts.neutral_name,
        "phone": facts.service_phone,
        "hours": facts.service_hours,
        "service": facts.service_name,
        "worker": facts.worker,
        "other": facts.other,
        "where": _where(facts.where, book),
        "place": None,
        "link": facts.link,
        "staff_phone": facts.staff_phone,
        "reference": facts.reference,
        "begins": when and times.staff_time(when),
        "ends": facts.ends_at and times.staff_time(facts.ends_at),
        "extend": facts.extend_minutes,
    }


def _soon_day(when: datetime, sent_on: date | None, language: str) -> str:
    """The date, in English with "tomorrow" on the day before: it is not known how others put it."""
    if language == ENGLISH:
        return times.date_for_text(when, sent_on)
    return date_in(language, when)


def _where(phrase: str | None, book: Book) -> str | None:
    """Where it is in the book's words, or None where its language has none yet."""
    if phrase is None:
        return None
    purpose = PLACES.get(phrase, AT_A_PLACE)
    try:
        words = book.words(purpose, FULL)
    except NoWording:
        return None
    return notation.fill(words, {"place": phrase.removeprefix("at ")})
