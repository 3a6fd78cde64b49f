"""Who may choose a peer parent against a rule, and what they must write down.

A hidden rule needs a manager whichever it is, so that trying cannot tell a peer's own limit from
an exclusion.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.matching.ranking import Blocker
from app.matching.rules import Tier

SAFETY_REASON_LEAST = 10  # characters (reference/matching.md 3.5)
PRACTICAL_REASON_LEAST = 1

CANNOT = "This peer parent cannot be chosen."
MANAGER_WORDS = "Only a manager can choose this peer parent for this family, with a written reason."
STAFF_WORDS = "A coordinator or a manager chooses who talks to a family."
FREE, WITH_REASON = "Nothing stands against it.", "Write down why, in a few words."
WITH_LONG_REASON = "Write down why, in 10 characters or more. It is kept with your name."


@dataclass(frozen=True)
class Override:
    """Whether this person may go ahead, with how long a reason (0: none is needed), and the
    words."""

    allowed: bool
    reason_least: int
    words: str

    def refusal(self, reason: str | None) -> str | None:
        """Why this reason is not enough; None when they may go ahead."""
        if not self.allowed or len((reason or "").strip()) < self.reason_least:
            return self.words
        return None


def may_override(blockers: Iterable[Blocker], role: str) -> Override:
    """Closed rules: nobody. Safety and peers' own limits: a manager, 10 characters. Others: a
    reason.

    Practitioners choose for nobody. What a coordinator is told about a hidden rule is always the
    same.
    """
    standing = tuple(blockers)
    if role not in ("coordinator", "manager"):
        return Override(False, 0, STAFF_WORDS)
    open_closed = [one for one in standing if one.tier is Tier.CLOSED and not one.hidden]
    if open_closed:
        return Override(False, 0, _closed_words(open_closed[0]))
    if any(one.hidden or one.tier is Tier.SAFETY for one in standing):
        if role != "manager":
            return Override(False, 0, MANAGER_WORDS)
        closed = next((one for one in standing if one.tier is Tier.CLOSED), None)
        if closed:
            return Override(False, 0, _closed_words(closed))
        return Override(True, SAFETY_REASON_LEAST, WITH_LONG_REASON)
    if standing:
        return Override(True, PRACTICAL_REASON_LEAST, WITH_REASON)
    return Override(True, 0, FREE)


def _closed_words(blocker: Blocker) -> str:
    return f"{CANNOT} {blocker.words}. Who can change it: {blocker.who_can_change}."
