"""The score in words: each part with its points of its most, and what a person must still ask.

Made only for those who are shown. Staff read these words; a family or a peer parent never does.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from app.matching import near, scoring
from app.matching.limits import Meaning
from app.matching.people import CARER_WORDS, IN_PERSON, WAY_WORDS, Peer, years_words
from app.matching.search import WAYS_IN_ORDER, Search
from app.matching.times import EVENING, NOON

CLOSE_AGES = 16  # of 20: near enough to say so


@dataclass(frozen=True)
class Part:
    """One part of a score: its points of its most, and the words for it."""

    code: str
    points: int
    most: int
    words: str

    @property
    def speaks_for(self) -> bool:
        """At half or more of its most a part counts as *for*, else as *against*."""
        return self.points * 2 >= self.most


@dataclass(frozen=True)
class Question:
    """Something that is not known and must be asked before, or with, the offer."""

    code: str
    words: str


def parts(search: Search, peer: Peer, starts: int | None) -> tuple[Part, ...]:
    """The score in its parts; their points add up to `scoring.points` and their mosts to 100."""
    in_person = search.way(peer.ways) == IN_PERSON
    way_most = scoring.WAY_MOST - (scoring.DISTANCE_MOST if in_person else 0)
    pair = (search, peer)
    found = [
        ("carer", scoring.carer_points(*pair), scoring.CARER_MOST, _carer(*pair)),
        ("age", scoring.age_points(*pair), scoring.AGE_MOST, _age(*pair)),
        (
            "circumstances",
            scoring.circumstances_points(*pair),
            scoring.CIRCUMSTANCES_MOST,
            _circumstances(*pair),
        ),
        ("way", scoring.way_points(*pair), way_most, _way(*pair)),
        ("time", scoring.time_points(*pair, starts), scoring.TIME_MOST, _time(*pair, starts)),
        ("rest", scoring.rest_points(*pair), scoring.REST_MOST, _rest(*pair)),
    ]
    if in_person:
        distance = scoring.distance_points(*pair)
        found.append(("distance", distance, scoring.DISTANCE_MOST, _distance(*pair)))
    return tuple(Part(*each) for each in found)


def _carer(search: Search, peer: Peer) -> str:
    mine, theirs = search.family.carer_type, peer.carer_type
    if mine is None or theirs is None:
        return "what kind of carer one of them is, is not known"
    words = CARER_WORDS.get(mine, mine)
    return f"{words.split(' ', 1)[-1]} too" if mine == theirs else f"not {words}"


def _age(search: Search, peer: Peer) -> str:
    then = peer.child_months_then
    if then is None or not search.family.child_months:
        return "a child’s age is not known"
    words = f"their child was {years_words(then)} then"
    close = scoring.age_points(search, peer) >= CLOSE_AGES
    return f"{words}, close to this family’s now" if close else words


def _circumstances(search: Search, peer: Peer) -> str:
    shared = sorted(scoring.both_allow(search, peer))
    if not shared:
        return "nothing shared that both allow to be mentioned"
    return f"both allow: {', '.join(shared)}{' only' if len(shared) == 1 else ''}"


def _way(search: Search, peer: Peer) -> str:
    way, best = search.way(peer.ways), search.family.likes_best
    if way is None:
        known = peer.ways and search.family.ways
        return "no shared way to talk" if known else "ways to talk not known: ask"
    if search.through_interpreter(peer):
        return f"{WAY_WORDS.get(way, way)}, through an interpreter"
    if best is None:
        shared = peer.ways & search.family.ways
        return " or ".join(WAY_WORDS[one] for one in WAYS_IN_ORDER if one in shared)
    liked = "what the family likes best" if best == way else "not what the family likes best"
    return f"{WAY_WORDS.get(way, way)}, {liked}"


def _distance(search: Search, peer: Peer) -> str:
    minutes = scoring.drive(search, peer)
    return "distance not known" if minutes is None else f"about {minutes} minutes’ drive apart"


def _time(search: Search, peer: Peer, starts: int | None) -> str:
    if starts is None:
        return "times not known: ask"
    horizon = search.horizon_for(peer)
    count = horizon.stretches(starts)
    kind = "time"
    if starts and not starts & horizon.starts_before(EVENING):
        kind = "evening"
    elif starts and not starts & ~horizon.ends_by(NOON):
        kind = "morning"
    return f"{count} {kind}{'' if count == 1 else 's'} in common"


def _rest(search: Search, peer: Peer) -> str:
    if peer.last_conversation_on is None:
        return "no conversation yet"
    days = (search.today - peer.last_conversation_on).days
    if days < 0:
        return "a conversation is booked"
    if days < 2:
        return f"last conversation {'yesterday' if days else 'today'}"
    if days < 14:
        return f"last conversation {days} days ago"
    if days < 63:
        return f"last conversation {days // 7} weeks ago"
    return f"last conversation {days // 30} months ago"


def facts_against(search: Search, peer: Peer) -> tuple[str, ...]:
    """What speaks against without points: this would be the last conversation they have room
    for."""
    limit = search.monthly_limit(peer)
    if peer.conversations_this_month + 1 == limit and limit > 1:
        return (f"this would be their last of {limit} this month",)
    return ()


def questions(search: Search, peer: Peer, starts: int | None) -> tuple[Question, ...]:
    """What is not known about the pair; each is asked, none is a block."""
    return tuple(Question(*each) for each in _open_questions(search, peer, starts))


def _open_questions(search: Search, peer: Peer, starts: int | None) -> Iterator[tuple[str, str]]:
    family = search.family
    if starts is None:
        whose = "The family’s" if family.free is None else "Their"
        yield "times", f"{whose} free times are not known: ask"
    if not (family.near_is_fine and peer.near_is_fine):
        if family.schools is None or peer.schools is None:
            yield "school", "A school is not known: ask whether they may know each other"
        if _may_live_near(family.sector, peer.sector):
            yield "postcode", "A postcode is not known: ask whether they live near each other"
    if not (family.languages and peer.languages):
        yield "language", "A language is not known: ask"
    elif not search.shares_language(peer):
        yield "interpreter", "They would talk through an interpreter: ask if that is all right"
    if not (family.ways and peer.ways):
        yield "ways", "How one of them would talk is not known: ask"
    yield from _limits_to_read(search, peer)


def _may_live_near(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return True
    whole = near.is_whole(one) and near.is_whole(other)
    return not whole and near.outcode(one) == near.outcode(other)


def _limits_to_read(search: Search, peer: Peer) -> Iterator[tuple[str, str]]:
    for limit in sorted(peer.limits):
        if search.limit(limit) is Meaning.ASK:
            yield "limit", f"Their own limit, “{limit.replace('_', ' ')}”: check that it holds"
