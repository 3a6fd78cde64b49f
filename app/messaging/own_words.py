"""What the team's own words for a text may be: which facts, what must be in it, what must not.

Pure. The rules are those that the texts of the service keep themselves, so that a text which a
manager wrote can be answered by "1" or "2", opts nobody out at Twilio, and says no more than its
wording. Texts to staff about lone visits are not among them: they belong to the alarms' procedure.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.errors import DomainError
from app.messaging import notation
from app.messaging.languages import ENGLISH
from app.messaging.segments import measure
from app.messaging.wordings import (
    FULL,
    MAY_SAY,
    NEUTRAL,
    Key,
    is_phrase,
    on_one_line,
    says_too_much,
    shipped,
)

MOST_PARTS = 4  # 268 letters beyond Latin; each part is paid for
MOST_LETTERS = 600

WHEN = (frozenset({"when"}),)
LINK = (frozenset({"link"}),)


@dataclass(frozen=True)
class Sort:
    """A text by what it is for. `needs` are facts that every such text has: one of the sets must be
    said. `may` are facts that it has or not, said within square brackets.
    """

    words: str
    needs: tuple[frozenset[str], ...] = ()
    may: frozenset[str] = frozenset()

    @property
    def always(self) -> frozenset[str]:
        return frozenset().union(*self.needs)


def _visit(words: str, *more: str) -> Sort:
    return Sort(words, WHEN, frozenset({"worker", "where", "link", *more}))


def _talk(words: str, *more: str) -> Sort:
    return Sort(words, WHEN, frozenset({"other", "where", "link", *more}))


SOON = (frozenset({"soon"}), frozenset({"when"}), frozenset({"soon_day", "time"}))
SORTS: Mapping[str, Sort] = {
    "first_text": Sort("Opening of the first text to a phone"),
    "booked": _visit("Appointment booked"),
    "moved": _visit("New time", "was"),
    "changed": _visit("Same time, somebody or somewhere else"),
    "cancelled": Sort("Appointment cancelled", WHEN, frozenset({"worker"})),
    "reminder": Sort("Reminder", SOON, frozenset({"worker", "where", "link"})),
    "reminder_two": Sort(
        "Reminder of two on one day",
        (frozenset({"soon_day", "time", "also"}),),
        frozenset({"worker", "where"}),
    ),
    "conversation_booked": _talk("Talk with another parent booked"),
    "conversation_moved": _talk("Talk: new time", "was"),
    "conversation_changed": _talk("Talk: same time, something else changed"),
    "conversation_cancelled": Sort("Talk cancelled", WHEN, frozenset({"other"})),
    "conversation_reminder": Sort("Talk: reminder", SOON, frozenset({"other", "where", "link"})),
    "choose_time": Sort("Choose a time for a talk", LINK),
    "decide": Sort("Say what you decided", LINK),
    "link_again": Sort("A new link", LINK),
    "offer": Sort("Offer to a peer parent", (frozenset({"answer_by"}),), frozenset({"link"})),
    "offer_taken_back": Sort("Offer taken back"),
    "peer_times": Sort("A peer parent’s times", LINK),
    "where_home": Sort("Place: at home"),
    "where_phone": Sort("Place: by phone"),
    "where_online": Sort("Place: online"),
    "where_in_person": Sort("Place: in person"),
    "where_place": Sort("Place: at a hub or school", (frozenset({"place"}),)),
}
FACT_WORDS = {
    "when": "date and time",
    "soon": "date and time, with “tomorrow” on the day before",
    "soon_day": "date, with “tomorrow” on the day before",
    "time": "time",
    "also": "time of the second one",
    "was": "the old date and time",
    "answer_by": "until when to answer",
    "worker": "the worker’s first name",
    "other": "the other parent’s first name",
    "where": "the place, as the texts called Place say it",
    "place": "the place’s name",
    "link": "the link to their page",
    "phone": "our phone number",
    "service": "the service’s name",
    "neutral": "our neutral name",
    "hours": "when we read replies, in English",
}
# Twilio takes these, alone in a reply, for itself; in capitals, or whenever one may be invited.
_TAKEN = re.compile(
    r"\b(CANCEL|END|QUIT|STOP|START|YES|HELP|INFO)\b"
    r"|\b(?i:yes|cancel|quit|unsubscribe|stopall|unstop|optout|revoke)\b"
)
# As long as things get without looking: the text must not grow beyond its parts on a bad day.
_LONG = {
    "worker": "Christopher", "other": "Christopher", "where": "Wadebridge Children's Centre",
    "place": "Wadebridge Children's Centre", "link": "x" * 54, "phone": "01632 960 100",
    "service": "x" * 20, "neutral": "Jo at the family office", "hours": "x" * 27,
}  # fmt: skip
_LONG_DATE = "quarta-feira, 25 de novembro, 14:15"


def editable() -> tuple[Key, ...]:
    """Every text that the team may write in its own words, in the order of the page."""
    return tuple(
        (purpose, wording)
        for purpose in SORTS
        for wording in (FULL, NEUTRAL, "strict")
        if (purpose, wording) in shipped()
    )


def facts_for(purpose: str, wording: str, language: str) -> tuple[frozenset[str], frozenset[str]]:
    """The facts that such a text always has, and those that it may have."""
    sort, may = SORTS[purpose], MAY_SAY[wording]
    always = set(sort.always)
    if not is_phrase(purpose):
        always |= {"phone", "service", "neutral"} | ({"hours"} if language == ENGLISH else set())
    return frozenset(always & may), sort.may & may


def checked(purpose: str, wording: str, language: str, typed: str) -> str:
    """The words as they are kept; raises DomainError with why they cannot be, and what would do."""
    words = on_one_line(typed)
    if not words:
        raise DomainError("Write the text.", "words")
    if len(words) > MOST_LETTERS:
        raise DomainError(f"Use {MOST_LETTERS} characters or fewer.", "words")
    for why in _faults(purpose, wording, language, words):
        raise DomainError(why, "words")
    return words


def _faults(purpose: str, wording: str, language: str, words: str) -> Iterator[str]:
    try:
        notation.read(words)
    except notation.BadNotation as error:
        yield str(error)
        return
    yield from _wrong_facts(purpose, wording, language, words)
    yield from _wrong_answers(purpose, wording, words)
    if wording != FULL and (too_much := says_too_much(words)):
        yield f"Take out “{too_much[0]}”: others may read this phone, and the wording is {wording}."
    longest = notation.fill(words, _with_all(words))
    if (parts := measure(longest).segments) > MOST_PARTS:
        yield (
            f"With the longest names this is sent in {parts} parts, and each is paid for. "
            f"Make it {MOST_PARTS} at most."
        )


def _wrong_facts(purpose: str, wording: str, language: str, words: str) -> Iterator[str]:
    always, may = facts_for(purpose, wording, language)
    known = ", ".join(f"{{{name}}}" for name in sorted(always | may))
    for name in sorted(notation.names(words) - always - may):
        if name == "hours" and name in MAY_SAY[wording]:
            yield "{hours} is in English. Write when replies are read in this language instead."
        yield f"{{{name}}} cannot be said in this text. " + (
            f"What can: {known}." if known else "Nothing can: write words only."
        )
    for name in sorted(notation.sure(words) & may):
        yield (
            f"Not every text has {{{name}}}. Put square brackets around the part that is to be "
            f"left out without it, like [, {{{name}}}]."
        )
    needs = SORTS[purpose].needs
    if needs and not any(each <= notation.sure(words) for each in needs):
        missing = " and ".join(f"{{{name}}}" for name in sorted(needs[0]))
        yield f"Say {missing}, outside of square brackets."


def _wrong_answers(purpose: str, wording: str, words: str) -> Iterator[str]:
    """What the text asks to be answered must be there however it is filled in, and nothing that
    Twilio would take for itself.
    """
    invited = set(re.findall(r"\b[12]\b", _bare(shipped()[purpose, wording], {})))
    for facts in (_marks(words), _marks(words, notation.unsure(words) - notation.sure(words))):
        if re.search(r"\ue000\S", _bare(words, facts)):
            yield "Leave a space after {link}: a phone takes what follows for part of the address."
        for digit in sorted(invited - set(re.findall(r"\b[12]\b", _bare(words, facts)))):
            yield f"Keep the {digit} that people answer with, whatever is left out."
    opening = purpose == "first_text"
    if opening and not re.search(r"\bSTOP\b", words):
        yield "Keep the word STOP, in capitals: it is how somebody ends the texts."
    for found in _TAKEN.finditer(words):
        if not (opening and found[0] == "STOP"):
            yield (
                f"Take out “{found[0]}”: the phone company acts on that word itself when somebody "
                "answers with it."
            )


def _bare(words: str, facts: Mapping[str, str | None]) -> str:
    return notation.fill(words, facts or _marks(words))


def _marks(words: str, missing: frozenset[str] = frozenset()) -> dict[str, str | None]:
    """A sign for each fact, so that a date's digits are not taken for an answer's; a link's own."""
    marks = {name: "\ue000" if name == "link" else "…" for name in notation.names(words)}
    return marks | dict.fromkeys(missing)


def _with_all(words: str) -> dict[str, str]:
    return {name: _LONG.get(name, _LONG_DATE) for name in notation.names(words)}
