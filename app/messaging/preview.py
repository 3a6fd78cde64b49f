"""How a text would look and what it would cost, before anybody approves it. Pure.

The facts are the longest that there are, a name that needs other letters, and as few as possible:
on which of them a text grows by a part is seen here and not on the bill.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from app import clock
from app.messaging import notation
from app.messaging.languages import when_in
from app.messaging.segments import Size, costly, measure, sign_name
from app.messaging.wordings import Book, Facts, Key, body, is_phrase, on_one_line

SATURDAY = 5
LONGEST = 40  # letters of a name that are shown: nobody's is longer but by mistake


@dataclass(frozen=True)
class Longest:
    """The longest values there are; `other_letters` is a name that GSM-7 has no letters for."""

    worker: str
    other: str
    place: str
    link: str
    other_letters: str | None = None


@dataclass(frozen=True)
class Shown:
    """A text as it would be sent in one case, its size, and what forces it into UCS-2."""

    case: str
    text: str
    size: Size
    costly: Sequence[str]


def previews(key: Key, words: str, book: Book, known: Facts, longest: Longest) -> list[Shown]:
    """The words in each case that changes them."""
    own = replace(book, own={**book.own, key: words})
    found: dict[str, Shown] = {}
    for case, facts in cases(words, book.language, known, longest):
        text = said(key, own, facts)
        found.setdefault(text, Shown(case, text, measure(text), costly(text)))
    return list(found.values())


def cases(words: str, language: str, known: Facts, longest: Longest) -> Iterator[tuple[str, Facts]]:
    at = longest_date(language)
    most = replace(
        known,
        when=at, also=at + timedelta(hours=2), was=at - timedelta(days=7), answer_by=at,
        sent_on=clock.london(at).date() - timedelta(days=1),
        worker=longest.worker[:LONGEST], other=longest.other[:LONGEST],
        where=f"at {longest.place[:LONGEST]}", link=longest.link,
    )  # fmt: skip
    yield "With the longest names", most
    if "place" in notation.names(words):
        return
    yield "At home", replace(most, where="at your home")
    name = longest.other_letters
    if name and {"worker", "other"} & notation.names(words):
        yield f"With a name like {name}", replace(most, worker=name, other=name)
    if "link" not in notation.sure(words):
        yield "Without a link", replace(most, link=None)
        yield (
            "Where nothing more is known",
            replace(most, worker=None, other=None, where=None, was=None, link=None),
        )


def said(key: Key, book: Book, facts: Facts) -> str:
    purpose, wording = key
    if is_phrase(purpose):
        place = (facts.where or "").removeprefix("at ")
        return on_one_line(notation.fill(book.words(*key), {"place": place}))
    return body(purpose, wording, facts, book=book)


def longest_date(language: str) -> datetime:
    """The date and time that takes the most letters in a language, of a year's working week."""
    days = (date(2027, 1, 1) + timedelta(days=n) for n in range(365))
    times = (clock.at_london(day, time(10, 15)) for day in days if day.weekday() < SATURDAY)
    return max(times, key=lambda at: len(when_in(language, at)))


def replaced(typed: str) -> Mapping[str, str]:
    """Each sign that is put into plainer ones before a text is kept, with what it becomes, in
    words: nothing is changed that is not shown.
    """
    found: dict[str, str] = {}
    for letter in re.findall("[^\\W\\d_][\u0300-\u036f]+", typed):
        whole = unicodedata.normalize("NFC", letter)
        if whole != letter:
            found[f"{letter} (a letter and a loose accent)"] = f"{whole} (one letter)"
    plain = on_one_line(typed)
    for sign in dict.fromkeys(typed):
        becomes = on_one_line(f"a{sign}a")[1:-1]
        if becomes != sign and sign not in plain and not unicodedata.combining(sign):
            shown = sign if sign.isprintable() and not sign.isspace() else ""
            found[f"{shown} ({sign_name(sign)})".strip()] = (
                becomes.replace(" ", "a space") or "nothing"
            )
    return found
