"""What would open more: the smallest changes after which somebody could be asked, and how many.

Each change is tried, not guessed: the rules are asked again with the family as it would be, or
without a rule that time or a renewal lifts. Nothing here lifts a hidden rule or a break, so that
no count tells of one and nobody is pressed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from app.matching import blockers as hard
from app.matching.people import BOOKED, NO_INTERPRETER, WAY_WORDS, Family
from app.matching.ranking import Blocked, Ranking
from app.matching.search import WAYS_IN_ORDER, Search, search_for
from app.matching.times import FreeTimes
from app.windows import WORDS_FOR_TIMES, WORK_WEEK, Window, Windows

PAIRS_SHOWN = 3

LAPSED = hard.NOT_TRAINED | hard.CHECKS_LAPSED
_PARTS = (
    ("mornings", WORK_WEEK, "mornings"),
    ("afternoons", WORK_WEEK, "afternoons"),
    ("evenings", WORK_WEEK, "evenings"),
    ("weekends", range(5, 7), "any"),
)


@dataclass(frozen=True)
class Opening:
    """A change, and how many peer parents could be asked after it who cannot be asked now."""

    code: str
    words: str
    count: int


@dataclass(frozen=True)
class _Change:
    """A change to the family, or rules that fall away; `lifts` are the only rules it may lift."""

    code: str
    words: str
    lifts: int
    alter: Callable[[Family], Family] = lambda family: family
    falls_away: int = 0

    def and_also(self, other: "_Change") -> "_Change":
        return _Change(
            f"{self.code}+{other.code}",
            f"{self.words}, and {other.words[0].lower()}{other.words[1:]}",
            self.lifts | other.lifts,
            lambda family: other.alter(self.alter(family)),
            self.falls_away | other.falls_away,
        )


def what_would_open(ranking: Ranking) -> tuple[Opening, ...]:
    """Single changes that open at least one peer, those that open most first.

    When no single change opens anybody, the best few pairs of changes; empty when these do not
    either.
    """
    changes = tuple(_changes(ranking.search.family))
    found = _tried(changes, ranking)
    if found or ranking.can:
        return found
    pairs = (one.and_also(other) for one, other in combinations(changes, 2))
    return _tried(tuple(pairs), ranking)[:PAIRS_SHOWN]


def _tried(changes: tuple[_Change, ...], ranking: Ranking) -> tuple[Opening, ...]:
    counted = [
        Opening(change.code, change.words, count)
        for change in changes
        if (count := _opened(change, ranking))
    ]
    return tuple(sorted(counted, key=lambda opening: -opening.count))


def _opened(change: _Change, ranking: Ranking) -> int:
    """How many peers the change opens; the rules are only asked again where it could be enough."""
    hopeful = [blocked for blocked in ranking.cannot if not blocked.bits & ~change.lifts]
    if not hopeful:
        return 0
    search = _after(change, ranking.search)
    return sum(_is_open(search, change, blocked) for blocked in hopeful)


def _is_open(search: Search, change: _Change, blocked: Blocked) -> bool:
    return not hard.every_tier(search, blocked.peer) & ~change.falls_away


def _after(change: _Change, search: Search) -> Search:
    family = change.alter(search.family)
    kept_apart = frozenset((family.id, peer) for peer in search.excluded)
    return search_for(family, kept_apart, search.rules, at=search.at, minutes_to=search.minutes_to)


def _changes(family: Family) -> Iterator[_Change]:
    if not family.wants_to_talk:
        yield _Change(
            "consent",
            "The family says that they want to talk to a parent",
            hard.NO_CONSENT,
            lambda f: replace(f, wants_to_talk=True),
        )
    if family.interpreter != BOOKED:
        none = " (none is known yet)" if family.interpreter == NO_INTERPRETER else ""
        yield _Change(
            "interpreter",
            f"An interpreter{none}",
            hard.NO_SHARED_LANGUAGE,
            lambda f: replace(f, interpreter=BOOKED),
        )
    yield from _other_ways(family)
    yield from _other_times(family)
    yield from _wishes(family)
    yield _falling("renewal", "Renewing checks or training", LAPSED)
    yield _falling("open_offer", "Waiting for an open offer to end", hard.OPEN_OFFER)
    yield _falling("next_month", "Waiting for next month", hard.FULL_THIS_MONTH)
    yield _falling("vig_ended", "Waiting until VIG ended long enough ago", hard.VIG_TOO_RECENT)


def _falling(code: str, words: str, bits: int) -> _Change:
    return _Change(code, words, bits, falls_away=bits)


def _other_ways(family: Family) -> Iterator[_Change]:
    for way in WAYS_IN_ORDER if family.ways else ():
        if way not in family.ways:
            words = WAY_WORDS[way]
            yield _Change(
                f"way:{way}",
                f"A conversation {words if way == 'in_person' else f'by {words}'}",
                hard.NO_SHARED_WAY,
                lambda f, way=way: replace(f, ways=f.ways | {way}),  # type: ignore[misc]
            )


def _other_times(family: Family) -> Iterator[_Change]:
    for name, weekdays, hours in _PARTS if family.free else ():
        start, end = WORDS_FOR_TIMES[hours]
        more = tuple(Window(weekday, start, end) for weekday in weekdays)
        yield _Change(
            f"times:{name}",
            f"Ask the family about {name}",
            hard.NO_COMMON_TIME,
            lambda f, more=more: replace(f, free=_with(f.free, more)),  # type: ignore[misc]
        )


def _with(free: FreeTimes | None, more: tuple[Window, ...]) -> FreeTimes | None:
    if free is None:
        return None
    return FreeTimes(Windows(free.windows.windows + more, free.windows.exceptions))


def _wishes(family: Family) -> Iterator[_Change]:
    if family.gender_wish:
        yield _Change(
            "gender_wish",
            f"Ask the family whether it must be a {family.gender_wish}",
            hard.GENDER_WISH,
            lambda f: replace(f, gender_wish=None),
        )
    if family.musts:
        yield _Change(
            "musts",
            f"Ask the family whether it must be: {', '.join(sorted(family.musts))}",
            hard.MUST_MISSING,
            lambda f: replace(f, musts=frozenset()),
        )
