"""The hard rules of matching: each one's bit, tier, row on the page, and who can change it.

The order is the order of severity; a rule's bit follows from its place, so the lowest bit set is
the most severe. Whether a rule holds is worked out in `blockers.py`; this file is the table that
people read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Tier(StrEnum):
    """Who may choose against a rule: nobody, a manager, a coordinator."""

    CLOSED = "closed"
    SAFETY = "safety"
    PRACTICAL = "practical"


@dataclass(frozen=True)
class Rule:
    """One hard rule. `hidden` rules share one row, without names, examples or own counts."""

    bit: int
    code: str
    tier: Tier
    words: str
    row: str
    who_can_change: str
    hidden: bool = False


HIDDEN_ROW = "Safety, or a limit of their own"
LAPSED_ROW = "Checks or training out of date"
A_MANAGER = "a manager"

C, S, P = Tier.CLOSED, Tier.SAFETY, Tier.PRACTICAL
_TABLE: tuple[tuple[str, Tier, str, str, str], ...] = (
    # code, tier, words, row on the page ("" = the words), who can change it
    ("no_consent", C, "The family has not asked to talk to a parent", "", "the family"),
    ("left", C, "Not a peer parent now", "", "nobody"),
    ("paused", C, "On a break", "", "the peer parent"),
    ("not_trained", C, "Training out of date", LAPSED_ROW, "nobody, renew first"),
    ("checks_lapsed", C, "Checks out of date", LAPSED_ROW, "nobody, renew first"),
    ("vig_too_recent", C, "Finished VIG too recently", "", "nobody, wait"),
    ("same_family", C, "This was their own family", HIDDEN_ROW, "nobody"),
    ("exclusion", S, "These two are kept apart", HIDDEN_ROW, A_MANAGER),
    ("same_sector", S, "They live close to each other", HIDDEN_ROW, A_MANAGER),
    ("same_school", S, "Their children may be at the same school", HIDDEN_ROW, A_MANAGER),
    ("not_from_there", S, "The family asked for nobody from there", HIDDEN_ROW, A_MANAGER),
    ("place_not_known", S, "Asked to be apart, and one’s place not known", HIDDEN_ROW, A_MANAGER),
    ("peer_limit", P, "A limit of their own", HIDDEN_ROW, A_MANAGER),
    ("no_shared_language", P, "No shared language", "", "you, by booking an interpreter"),
    ("no_shared_way", P, "No shared way to talk", "", "you, with another way to talk"),
    ("no_common_time", P, "No common time", "", "you, with other times"),
    ("gender_wish", P, "Not as the family asked: a woman, or a man", "", "the family"),
    ("must_missing", P, "Has not been through what the family asked for", "", "the family"),
    ("declined_before", P, "Asked about this family before", "", "you, with a reason"),
    ("open_offer", P, "Has an open offer", "", "wait"),
    ("full_this_month", P, "Full this month", "", "you, with a reason"),
)

RULES: tuple[Rule, ...] = tuple(
    Rule(1 << place, code, tier, words, row or words, who, row == HIDDEN_ROW)
    for place, (code, tier, words, row, who) in enumerate(_TABLE)
)
BIT: dict[str, int] = {rule.code: rule.bit for rule in RULES}
HIDDEN = sum(rule.bit for rule in RULES if rule.hidden)


def broken(bits: int) -> Iterator[Rule]:
    """The rules whose bits are set, most severe first."""
    return (rule for rule in RULES if rule.bit & bits)


def first_broken(bits: int) -> Rule:
    """The most severe rule whose bit is set; `bits` is not 0."""
    return RULES[(bits & -bits).bit_length() - 1]
