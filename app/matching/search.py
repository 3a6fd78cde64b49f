"""One family's search: what is the same for all peers, worked out once before they are read.

What many peers share (a school, a set of ways to talk, a limit) is answered once and remembered
for the length of the search only, so that no answer outlives a changed record.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app import clock
from app.matching import limits, near
from app.matching.limits import Meaning
from app.matching.near import School
from app.matching.people import (
    BOOKED,
    IN_PERSON,
    PHONE,
    TEXT,
    VIDEO,
    Family,
    Peer,
)
from app.matching.times import Horizon, horizon
from app.settings.rules import Rules

WAYS_IN_ORDER = (PHONE, VIDEO, IN_PERSON, TEXT)  # which to take where the family likes none best
INTERPRETED = 2  # an interpreter doubles the time (DESIGN.md section 6)


@dataclass(frozen=True, eq=False)
class Search:
    """A family, the rules and the instant, and what follows. Make it with `search_for`."""

    family: Family
    rules: Rules
    at: datetime
    today: date
    excluded: frozenset[int]
    vig_before: date
    minutes_to: Mapping[str, int]
    usual: Horizon
    interpreted: Horizon
    usual_starts: int | None
    interpreted_starts: int | None
    told: frozenset[str]
    sector: str | None
    interpreter_comes: bool
    shared: dict[tuple[object, ...], int] = field(default_factory=dict)  # points: `scoring`
    apart: dict[tuple[object, ...], int] = field(default_factory=dict)  # bits: `blockers`
    _ways: dict[frozenset[str], str | None] = field(default_factory=dict)
    _schools: dict[frozenset[School], bool] = field(default_factory=dict)
    _limits: dict[str, Meaning] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Search(family={self.family.id})"

    def way(self, offered: frozenset[str]) -> str | None:
        """The way in which they would talk: the one liked best if shared, else the first."""
        if offered not in self._ways:
            shared = offered & self.family.ways
            best = self.family.likes_best
            in_order = (best, *WAYS_IN_ORDER)
            self._ways[offered] = next((way for way in in_order if way in shared), None)
        return self._ways[offered]

    def shares_school(self, other: frozenset[School]) -> bool:
        """Whether a child of this family may go to one of these schools."""
        if other not in self._schools:
            mine = self.family.schools or frozenset()
            self._schools[other] = near.same_school(mine, other)
        return self._schools[other]

    def limit(self, code: str) -> Meaning:
        """What a peer's limit means for this family."""
        if code not in self._limits:
            self._limits[code] = limits.meaning(code, self.family)
        return self._limits[code]

    def shares_language(self, peer: Peer) -> bool:
        """Whether they share a language, or one's languages are not known (then it is asked)."""
        mine = self.family.languages
        return not mine or not peer.languages or not mine.isdisjoint(peer.languages)

    def horizon_for(self, peer: Peer) -> Horizon:
        """The fortnight in which they look for a time: twice as long a time with an interpreter."""
        return self.interpreted if self.through_interpreter(peer) else self.usual

    def through_interpreter(self, peer: Peer) -> bool:
        """Whether they would talk through an interpreter: one is booked and no language shared."""
        return self.interpreter_comes and not self.shares_language(peer)

    def monthly_limit(self, peer: Peer) -> int:
        """How many conversations a month this peer takes: their own number, or the rule's."""
        own = peer.monthly_limit
        return self.rules.peer_monthly_limit if own is None else own

    def starts(self, peer: Peer) -> int | None:
        """When a conversation could begin, as a mask; None where one's times are not known."""
        if self.usual_starts is None or self.interpreted_starts is None or peer.free is None:
            return None
        within, mine = self.usual, self.usual_starts
        if self.through_interpreter(peer):
            within, mine = self.interpreted, self.interpreted_starts
        common = mine & peer.free.starts(within)
        if common and peer.limits and self.only_by_text(peer):
            return common & within.ends_by(limits.texts_until(peer.limits))
        return common

    def only_by_text(self, peer: Peer) -> bool:
        """Whether texting is the one way in which they could talk."""
        return peer.ways & self.family.ways == {TEXT}


def search_for(
    family: Family,
    exclusions: frozenset[tuple[int, int]],
    rules: Rules,
    *,
    at: datetime,
    minutes_to: Mapping[str, int] | None = None,
) -> Search:
    """A search for one family at an instant.

    `exclusions` are (family id, peer id) pairs; `minutes_to` is the drive from the family to each
    outcode that is known, for conversations in person.
    """
    today = clock.london(at).date()
    usual = horizon(at, rules, rules.conversation_minutes)
    interpreted = horizon(at, rules, rules.conversation_minutes * INTERPRETED)
    return Search(
        family=family,
        rules=rules,
        at=at,
        today=today,
        excluded=frozenset(peer for one, peer in exclusions if one == family.id),
        vig_before=months_before(today, rules.peer_months_after_vig),
        minutes_to=minutes_to or {},
        usual=usual,
        interpreted=interpreted,
        usual_starts=_starts(family, usual),
        interpreted_starts=_starts(family, interpreted),
        told=family.circumstances & family.may_be_told,
        sector=family.sector if near.is_whole(family.sector) else None,
        interpreter_comes=family.interpreter == BOOKED,
    )


def _starts(family: Family, within: Horizon) -> int | None:
    return None if family.free is None else family.free.starts(within) & within.open_starts


def months_before(day: date, months: int) -> date:
    """The same day of the month some months earlier, or that month's last day."""
    return months_after(day, -months)


def months_after(day: date, months: int) -> date:
    """The same day of the month some months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    next_month = (first + timedelta(days=31)).replace(day=1)
    return first.replace(day=min(day.day, (next_month - timedelta(days=1)).day))
