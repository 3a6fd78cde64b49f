"""Ranks peer parents for one family: those who can be asked, in order, and those who cannot now.

Hard rules first, then the score. Both lists hold what words and times are made from, and make
them when they are read, because only a few of 1,500 are ever shown. The coordinator decides; the
order is advice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple, overload

from app.matching import blockers as hard
from app.matching import reasons, scoring
from app.matching.facts import fact
from app.matching.people import Family, Peer
from app.matching.reasons import Part, Question
from app.matching.rules import A_MANAGER, HIDDEN, HIDDEN_ROW, Rule, Tier, broken, first_broken
from app.matching.search import Search, search_for
from app.settings.rules import Rules
from app.windows import Span


@dataclass(frozen=True)
class Blocker:
    """One broken rule for one pair, for staff. `hidden` ones are for managers only: see `shown`."""

    code: str
    tier: Tier
    words: str
    who_can_change: str
    hidden: bool = False


class Candidate(NamedTuple):
    """A peer parent who can be asked now, with their place in the order."""

    peer_id: int
    points: int
    position: int
    peer: Peer
    starts: int | None
    search: Search

    @property
    def parts(self) -> tuple[Part, ...]:
        """The printed sum: every part of the score."""
        return reasons.parts(self.search, self.peer, self.starts)

    @property
    def speaks_for(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.speaks_for)

    @property
    def speaks_against(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if not part.speaks_for)

    @property
    def facts_against(self) -> tuple[str, ...]:
        """What speaks against without points."""
        return reasons.facts_against(self.search, self.peer)

    @property
    def questions(self) -> tuple[Question, ...]:
        """What is not known and must be asked."""
        return reasons.questions(self.search, self.peer, self.starts)

    @property
    def common_times(self) -> tuple[Span, ...] | None:
        """When both are free in the next fortnight, soonest first; None: not known, ask.

        Each is long enough for the conversation and begins where one could begin.
        """
        if self.starts is None:
            return None
        return tuple(self.search.horizon_for(self.peer).spans(self.starts))

    @property
    def way(self) -> str | None:
        """The way in which they would talk; None: not known, ask."""
        return self.search.way(self.peer.ways)

    def __repr__(self) -> str:
        return f"Candidate(peer_id={self.peer_id}, points={self.points})"


class Blocked(NamedTuple):
    """A peer parent who cannot be asked now. `bits` holds the broken rules of the first tier."""

    peer_id: int
    bits: int
    peer: Peer
    search: Search

    @property
    def rule(self) -> Rule:
        """The most severe broken rule: the row in which this peer counts."""
        return first_broken(self.bits)

    @property
    def blockers(self) -> tuple[Blocker, ...]:
        """Every broken rule, most severe first, hidden ones too. For a page take `shown`."""
        return _blockers(self.search, self.peer)

    def __repr__(self) -> str:
        return f"Blocked(peer_id={self.peer_id})"


# What the order is made of: minus the points, the share taken, the last conversation, the id.
Place = tuple[int, int, int, int, Peer, int | None]


class Candidates(Sequence[Candidate]):
    """Those who can be asked, in order. A candidate is made when somebody comes to it, because of
    1,500 a page shows a few."""

    def __init__(self, places: list[Place], search: Search) -> None:
        self._places, self._search = places, search

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, which: int) -> Candidate: ...
    @overload
    def __getitem__(self, which: slice) -> tuple[Candidate, ...]: ...
    def __getitem__(self, which: int | slice) -> Candidate | tuple[Candidate, ...]:
        if isinstance(which, slice):
            return tuple(self[number] for number in range(*which.indices(len(self))))
        score, _, _, peer_id, peer, starts = self._places[which]
        return Candidate(peer_id, -score, which % len(self) + 1, peer, starts, self._search)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Candidates | tuple):
            return NotImplemented
        return tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{len(self)} candidates>"


@dataclass(frozen=True)
class Ranking:
    """Who can be asked, in order, and who cannot now, by id."""

    can: Sequence[Candidate]
    cannot: tuple[Blocked, ...]
    search: Search

    def candidate(self, peer_id: int) -> Candidate | None:
        """That peer's place among those who can be asked."""
        return next((one for one in self.can if one.peer_id == peer_id), None)

    def blocked(self, peer_id: int) -> Blocked | None:
        """That peer among those who cannot be asked now."""
        return next((one for one in self.cannot if one.peer_id == peer_id), None)


def rank(
    family: Family,
    peers: Iterable[Peer],
    exclusions: frozenset[tuple[int, int]],
    rules: Rules,
    *,
    at: datetime,
    minutes_to: Mapping[str, int] | None = None,
) -> Ranking:
    """Who could talk to this family: nobody with a broken rule is in `can`, whatever their score.

    `exclusions` are (family id, peer id). Best score first; then the smaller share of their month
    taken, then the longer rest, then the id. `minutes_to` are minutes of driving to each outcode.
    """
    search = search_for(family, exclusions, rules, at=at, minutes_to=minutes_to)
    fitting: list[Place] = []
    cannot: list[Blocked] = []
    for peer in peers:
        bits, starts = hard.first_tier(search, peer)
        if bits:
            cannot.append(Blocked(peer.id, bits, peer, search))
        else:
            score = scoring.points(search, peer, starts)
            share, unrested = _tie_break(search, peer)
            fitting.append((-score, share, unrested, peer.id, peer, starts))
    fitting.sort()  # ids differ, so that the order is settled before the peers themselves
    cannot.sort(key=itemgetter(0))
    return Ranking(Candidates(fitting, search), tuple(cannot), search)


def _tie_break(search: Search, peer: Peer) -> tuple[int, int]:
    """The share of the month that is taken, in thousandths, and the last conversation's day."""
    taken = peer.conversations_this_month
    share = 1000 * taken // max(1, search.monthly_limit(peer)) if taken else 0
    last = peer.last_conversation_on
    return share, last.toordinal() if last else 0


def blockers(
    family: Family,
    peer: Peer,
    exclusions: frozenset[tuple[int, int]],
    rules: Rules,
    *,
    at: datetime,
) -> tuple[Blocker, ...]:
    """Every rule that stands between one pair now; empty when the peer may be asked.

    An act asks this again inside its transaction, before an offer is sent and before it is
    accepted; at acceptance the peer's counts and open offer are given without the offer itself.
    """
    return _blockers(search_for(family, exclusions, rules, at=at), peer)


def _blockers(search: Search, peer: Peer) -> tuple[Blocker, ...]:
    return tuple(
        Blocker(
            rule.code,
            rule.tier,
            _sentence(rule, search, peer),
            rule.who_can_change,
            rule.hidden,
        )
        for rule in broken(hard.every_tier(search, peer))
    )


def _sentence(rule: Rule, search: Search, peer: Peer) -> str:
    words = "" if rule.bit & HIDDEN else fact(rule.code, search, peer)
    return f"{rule.words}: {words}" if words else rule.words


def shown(blockers: Iterable[Blocker], role: str) -> tuple[Blocker, ...]:
    """Blockers as this role may read them: hidden rules become one, without its code or words.

    A manager reads them as they are.
    """
    blockers = tuple(blockers)
    if role == "manager" or not any(one.hidden for one in blockers):
        return blockers
    merged = Blocker("hidden", Tier.SAFETY, HIDDEN_ROW, A_MANAGER, hidden=True)
    place = next(n for n, one in enumerate(blockers) if one.hidden)
    seen = [one for one in blockers if not one.hidden]
    return (*seen[:place], merged, *seen[place:])
