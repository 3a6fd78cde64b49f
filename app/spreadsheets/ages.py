"""Reader of children and their ages: 'Mia 4; Leo 2', 'twins 11 months', 'due Feb 2027', '2 and 5'.

An age is in whole months on the day it was written down. What is only roughly said ('baby',
'Year 4') is marked so; what is not understood is given back and never dropped.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from app.spreadsheets.days import read_month
from app.spreadsheets.values import NUMBERS, Unclear, looks_like_formula, plain

OLDEST_YEARS = 25  # a child of a family of this service; a larger bare number is a slip
# The middle of what the word means, in months.
ROUGH = {"newborn": 0, "newborns": 0, "baby": 6, "babies": 6, "infant": 6, "toddler": 24}
MULTIPLES = {"twins": 2, "triplets": 3, "quads": 4}
NO_CHILDREN = frozenset(["none", "no", "no children", "nil", "0"])
_UNNAMED = frozenset(
    ["boy", "boys", "girl", "girls", "child", "children", "kids", "son", "sons", "daughter"]
    + ["daughters", "siblings", "brother", "sister", "one"]
)
_IGNORED = frozenset(
    ["and", "aged", "age", "ages", "is", "old", "of", "both", "a", "with", "x"]
    + ["twin", "triplet", "yr", "yrs", "also"]
)
_NO_NAMES = frozenset(
    ["pregnant", "expecting", "unborn", "bump", "due", "edd", "expected", "soon", "see", "notes"]
    + ["unknown", "not", "school", "year", "nursery", "plus", "more", "others", "dob", "born"]
)


@dataclass(frozen=True)
class Child:
    """A child: first name where known; age in whole months, or when it is expected.

    `born_on` only where a date of birth is written; `about` says that the age is rough; `words` is
    the whole cell as it stood.
    """

    first_name: str | None
    months: int | None
    expected_on: date | None = None
    born_on: date | None = None
    about: bool = False
    words: str = ""


class Children(NamedTuple):
    """The children that were understood, and the words that were not."""

    children: tuple[Child, ...]
    unread: tuple[str, ...] = ()


class _Age(NamedTuple):
    months: int
    about: bool = False
    born_on: date | None = None


class _Rough(NamedTuple):
    months: int


class _Expected(NamedTuple):
    on: date


class _Word(NamedTuple):
    text: str


class _Several(NamedTuple):
    of: int


_Token = _Age | _Rough | _Expected | _Word | _Several

_MONTH = r"(?:\d{1,2}(?:st|nd|rd|th)?[ ])?(?:(?:early|mid|late)[ -])?[a-z]{3,9}\.?,?"
_MONTH += r"(?:[ -]'?\d{4}\b|[ -]'?\d{2}\b)?"
_DATE = r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{4}"
_MONTHS = r"(?:months?|mo?n?ths?|mos?|m|/12)"
_TOKENS = re.compile(
    rf"""
    (?P<due>(?:\b(?:unborn|pregnant|expecting|baby|bump)\b[ ,-]*)*\b(?:due|edd|expected|expecting)\b
        [ :]*(?:(?:in|on)[ ])?(?:{_DATE}|{_MONTH}))
  | (?P<aside>\(?\b(?:nearly|almost|rising|turning|just[ ]turned)\b[^),;\n]*\)?)
  | (?P<born>(?:\b(?:dob|d\.o\.b\.?|born|b\.)[ :]*(?:(?:in|on)[ ])?)?(?:{_DATE}))
  | (?P<schoolyear>\b(?:year|yr|y)\.?[ ]?\d{{1,2}}\b|\breception\b)
  | (?P<several>\b(?:\d|{"|".join(NUMBERS)})[ ]*x?[ ]+(?:boy|girl|child(?:ren)?|kid|son|daughter
        |babies|baby|sibling)s?\b|\btwin[ ]+(?:boys|girls|babies)\b)
  | (?P<age>(?<![\w.])\d{{1,2}}(?:\.\d|½)?(?:
        [ -]*(?:years?|yrs?|y[./]?o|y)\b\.?(?:[ ]*(?:and[ ])?\d{{1,2}}[ ]*{_MONTHS})?
        | [ -]*(?:{_MONTHS}|weeks?|wks?|w|/52|days?|d)\b\.?)?(?!\w|/\d))
  | (?P<year>\b(?:born[ ]+(?:in[ ]+)?|b\.?[ ]*)?20\d\d\b)
  | (?P<word>[^\W\d_]+(?:['’-][^\W\d_]+)*\.?)
  | (?P<stop>[;\n/+&,()\[\]:.–—-]+)
  | (?P<odd>\S)
    """,
    re.VERBOSE | re.IGNORECASE,
)

_COUNTED = re.compile(
    rf"(\d|{'|'.join(NUMBERS)}) (?:children|kids|siblings|boys|girls) ?[:-] ?(?=\w)",
    re.IGNORECASE,
)
# A bare number before a small word that is not in the list ('18 moons') is no age in years.
_MEASURED = re.compile(r"[ ]?(?!and\b|old\b|with\b|plus\b|also\b|twin\b|x\b)[a-z]+")


def read_children(text: str, on: date) -> Children:
    """The children named in a cell, with their ages as at `on`.

    Names and ages in any of the usual orders and marks; twins make two children; a date of birth
    becomes an age; 'due' makes a child that is expected. Words that fit nowhere are given back.
    """
    words = plain(text)
    if words.casefold().strip(" .") in NO_CHILDREN:
        return Children(())
    if looks_like_formula(words):
        return Children((), (words,))
    children: list[Child] = []
    unread: list[str] = []
    counted = _COUNTED.match(words)  # '3 children: Al 3, Bo 5, Cy 7' are three, not six
    for group in _groups(words[counted.end() :] if counted else words, on, unread):
        children += _children(group, unread)
    if counted and int(NUMBERS.get(counted[1].lower(), counted[1])) != len(children):
        unread.append(counted[0].strip(" :-"))
    return Children(tuple(replace(child, words=words) for child in children), tuple(unread))


def read_ages(text: str, on: date) -> tuple[Child, ...]:
    """Ages alone ('18m', '2 and 5', '6 weeks', 'baby'); raises Unclear where one is not an age."""
    found = read_children(text, on)
    if found.unread or any(child.months is None for child in found.children):
        raise Unclear("this is not an age")
    return found.children


def _groups(words: str, on: date, unread: list[str]) -> Iterator[list[_Token]]:
    """Tokens that belong together: names, then their ages. A name after an age begins anew."""
    group: list[_Token] = []
    for token in _tokens(words, on, unread):
        aged = any(isinstance(t, _Age | _Expected) for t in group)
        if isinstance(token, _Expected) or (aged and not isinstance(token, _Age)):
            yield group
            group = []
        group.append(token)
    yield group


def _tokens(words: str, on: date, unread: list[str]) -> Iterator[_Token]:
    pending: _Word | None = None
    ended = -1
    for match in _TOKENS.finditer(words):
        kind, text = str(match.lastgroup), match[0].strip()
        beside = pending and words[ended : match.start()].isspace() and len(pending.text) < 40
        if kind == "word" and pending and beside and _named(text) and len(text) < 40:
            pending, ended = _Word(f"{pending.text} {text}"), match.end()  # 'Mary Jane'
            continue
        if pending:
            yield pending
            pending = None
        try:
            if kind == "age" and text.isdigit() and _MEASURED.match(words, match.end()):
                raise Unclear("this number is not in years")
            token = _token(kind, text, on)
        except Unclear:
            unread.append(text)
            continue
        if isinstance(token, _Word):
            pending, ended = token, match.end()
        elif token:
            yield token
    if pending:
        yield pending


def _named(word: str) -> bool:
    return word[0].isupper() and word.lower().strip(".") not in _NO_NAMES | _UNNAMED | _IGNORED


def _token(kind: str, text: str, on: date) -> _Token | None:
    if kind == "due":
        when = re.sub(
            r".*\b(?:due|edd|expected|expecting)\b[ :]*(?:in |on )?", "", text, flags=re.I
        )
        return _Expected(read_month(when, near=on))
    if kind == "born":
        return _born(re.sub(r"^[a-z. :]+", "", text, flags=re.I), on)
    if kind == "year":
        return _Age(max(0, (on.year - int(text[-4:])) * 12 + on.month - 6), about=True)
    if kind == "schoolyear":
        # Year 1 is the school year in which a child becomes 6; the reception class comes before.
        digits = re.sub("[^0-9]", "", text)
        return _Age((int(digits or 0) + 4) * 12 + 6, about=True)
    if kind == "several":
        count = re.split("[ x]", text.lower())[0]
        return _Several(2 if count == "twin" else int(NUMBERS.get(count, count)))
    if kind == "age":
        return _Age(_months(text.lower()))
    if kind == "word":
        return _word(text)
    if kind == "odd":
        raise Unclear("this is neither a name nor an age")
    return None


def _word(text: str) -> _Token | None:
    word = text.lower().strip(".")
    if word in MULTIPLES:
        return _Several(MULTIPLES[word])
    if word in ROUGH:
        return _Rough(ROUGH[word])
    if word in _UNNAMED:
        return _Several(1)
    if word in _NO_NAMES or word in NUMBERS:
        raise Unclear("this is no name")
    if len(text) > 40:
        raise Unclear("this is too long for a name")
    return None if word in _IGNORED else _Word(text.strip("."))


def _born(text: str, on: date) -> _Age | _Expected:
    born = read_month(text, near=on)
    if born > on:
        return _Expected(born)
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    return _Age(months, born_on=born)


def _months(text: str) -> int:
    """An age in whole months; a bare number is years: '4', '4y', '2y 3m', '18/12', '6 weeks'."""
    match = re.match(r"(\d+(?:\.\d)?)[ -]*([a-z/]*)\D*(\d+)?", text.replace("½", ".5"))
    assert match is not None, text
    number, unit = float(match[1]), text[match.end(1) :].strip(" -")[:3]
    if unit.startswith(("w", "/52")):
        return int(number * 12 / 52)
    if unit.startswith("d"):
        return int(number * 12 / 365)
    if unit.startswith(("m", "/12")):
        return int(number)
    if number > OLDEST_YEARS:
        raise Unclear("this is too old for a child")
    return int(number * 12) + int(match[3] or 0)


def _children(group: list[_Token], unread: list[str]) -> list[Child]:
    expected = [Child(None, None, t.on) for t in group if isinstance(t, _Expected)]
    if expected:
        return expected
    rough = [_Age(t.months, about=True) for t in group if isinstance(t, _Rough)]
    ages = [t for t in group if isinstance(t, _Age)] or rough
    several = max([t.of for t in group if isinstance(t, _Several)], default=0)
    names: list[str | None] = []
    for word in [t.text for t in group if isinstance(t, _Word)]:
        if ages or several or (_named(word) and not (word.isupper() and len(word) > 1)):
            names.append(word if word[0].isupper() else word.capitalize())
        else:
            unread.append(word)
    names += [None] * (several - len(names))
    return _matched(names, ages, several, unread)


def _matched(
    names: list[str | None], ages: list[_Age], several: int, unread: list[str]
) -> list[Child]:
    """Names and ages one to one; one age for several of a kind; else the last name has the age."""
    if not names:
        names = [None] * len(ages)
    given: list[_Age | None] = [None] * len(names)
    if len(ages) == len(names):
        given = list(ages)
    elif len(ages) == 1:
        given = [*ages * len(names)] if several > 1 else [*given[:-1], ages[0]]
    elif ages:
        unread += [f"{age.months} months" for age in ages]
    return [
        Child(name, age.months, born_on=age.born_on, about=age.about) if age else Child(name, None)
        for name, age in zip(names, given, strict=True)
    ]
