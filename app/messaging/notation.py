"""How the words of a text are written down, so that a manager can write them too.

`{when}` stands for a fact. A part in square brackets is left out where a fact in it is missing:
`Booked: appointment[ with {worker},] {when}.` With a bar the part has a second form for that case:
`Reply 1 to keep[, 2 to change: {link}| it, 2 to change it].` There is nothing else: no code runs,
and what a fact says (a name with a curly bracket in it, say) is never read as notation. Pure.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

_TOKENS = re.compile(r"\{([^{}\[\]]*)\}|([{}\[\]])|([^{}\[\]]+)")
_NAME = re.compile("[a-z_]+")


class BadNotation(ValueError):
    """The words cannot be read; its text is a sentence for whoever wrote them."""


@dataclass(frozen=True)
class Fact:
    """Where a fact is said."""

    name: str


Line = tuple[str | Fact, ...]


@dataclass(frozen=True)
class Part:
    """What is said where its facts are there, and what instead where one is missing."""

    said: Line
    instead: Line = ()

    @property
    def needs(self) -> frozenset[str]:
        return frozenset(each.name for each in self.said if isinstance(each, Fact))


Piece = str | Fact | Part


@lru_cache(maxsize=1024)
def read(words: str) -> tuple[Piece, ...]:
    """The pieces of a text; raises BadNotation with a sentence that says what would work."""
    pieces: list[Piece] = []
    opened: list[str | Fact] | None = None
    for name, mark, plain in _TOKENS.findall(words):
        into: list[Piece] | list[str | Fact] = pieces if opened is None else opened
        if mark in ("{", "}"):
            raise BadNotation("A curly bracket stands alone. Write {when}, with one at each end.")
        if mark == "[":
            if opened is not None:
                raise BadNotation("Square brackets cannot stand inside square brackets.")
            opened = []
        elif mark == "]":
            if opened is None:
                raise BadNotation("A square bracket is closed that was not opened.")
            pieces.append(_part(opened))
            opened = None
        elif plain:
            into.append(plain)
        else:
            into.append(_fact(name))
    if opened is not None:
        raise BadNotation("A square bracket is not closed. Write ] where the part ends.")
    return tuple(pieces)


def _fact(name: str) -> Fact:
    clean = name.strip()
    if not _NAME.fullmatch(clean):
        raise BadNotation(
            f"“{{{name}}}” stands for nothing. Use one of those listed, like {{when}}."
        )
    return Fact(clean)


def _part(inside: list[str | Fact]) -> Part:
    sides: list[list[str | Fact]] = [[]]
    for each in inside:
        first, *others = each.split("|") if isinstance(each, str) else (each,)
        sides[-1].append(first)
        sides += [[other] for other in others]
    if len(sides) > 2:
        raise BadNotation("Only one | may stand between square brackets.")
    part = Part(*(tuple(side) for side in sides))
    if not part.needs:
        raise BadNotation(
            "A part in square brackets needs something like {worker} in it: it is left out where "
            "that is not known. Take the brackets away, or say what it waits for."
        )
    return part


def fill(words: str, facts: Mapping[str, object]) -> str:
    """The words with their facts. A fact that is missing outside of brackets is a ValueError, and a
    name that is not among `facts` a KeyError: nobody ever reads "None" on a phone.
    """
    return "".join(_said(read(words), facts))


def _said(pieces: tuple[Piece, ...], facts: Mapping[str, object]) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, str):
            yield piece
        elif isinstance(piece, Part):
            missing = any(facts[name] is None for name in piece.needs)
            yield from _said(piece.instead if missing else piece.said, facts)
        elif facts[piece.name] is None:
            raise ValueError(f"a text needs {piece.name}, which its facts do not hold")
        else:
            yield str(facts[piece.name])


def names(words: str) -> frozenset[str]:
    """Every fact that may be said."""
    return unsure(words) | sure(words)


def sure(words: str) -> frozenset[str]:
    """The facts without which these words cannot be said."""
    return frozenset(
        each.name
        for piece in read(words)
        for each in ((piece,) if not isinstance(piece, Part) else piece.instead)
        if isinstance(each, Fact)
    )


def unsure(words: str) -> frozenset[str]:
    """The facts that only parts in square brackets wait for."""
    return frozenset(n for piece in read(words) if isinstance(piece, Part) for n in piece.needs)
