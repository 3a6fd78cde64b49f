"""The "Not now" table: each rule with how many peers it stops, one example, and who can change it.

A peer counts once, under the most severe rule. Hidden rules are one row without names or
examples: the count of safety blocks alone would let somebody infer an exclusion.
"""

from dataclasses import dataclass

from app.matching.facts import fact
from app.matching.ranking import Blocked, Ranking
from app.matching.rules import A_MANAGER, HIDDEN_ROW, RULES

NO_REASONS = "reasons are not shown here"
NOT_ASKED = "not asked why"


@dataclass(frozen=True)
class Row:
    """One rule of the table. The page puts the name of `example_peer_id`, if any, before the
    words."""

    words: str
    count: int
    example_peer_id: int | None
    example_words: str
    who_can_change: str


def not_now(ranking: Ranking) -> tuple[Row, ...]:
    """The rows that stop anybody, the hidden one first; their counts add up to `ranking.cannot`."""
    grouped: dict[str, list[Blocked]] = {row: [] for row in _ROWS}
    for blocked in ranking.cannot:
        grouped[blocked.rule.row].append(blocked)
    return tuple(_row(words, stopped) for words, stopped in grouped.items() if stopped)


def listed(ranking: Ranking) -> tuple[tuple[int, str], ...]:
    """Each peer who cannot be asked now, by id, with the words of their row and nothing more."""
    return tuple((blocked.peer_id, blocked.rule.row) for blocked in ranking.cannot)


# The hidden row stands first whatever is in it, then the rules in the order of their severity.
_ROWS = (HIDDEN_ROW, *dict.fromkeys(rule.row for rule in RULES if not rule.hidden))
_WHO = {rule.row: rule.who_can_change for rule in RULES} | {HIDDEN_ROW: A_MANAGER}


def _row(words: str, stopped: list[Blocked]) -> Row:
    if words == HIDDEN_ROW:
        return Row(words, len(stopped), None, NO_REASONS, _WHO[words])
    first = stopped[0]
    about = fact(first.rule.code, first.search, first.peer)
    if first.rule.code == "paused":
        about = NOT_ASKED
    named = about and first.rule.code != "paused"
    return Row(words, len(stopped), first.peer_id if named else None, about, _WHO[words])
