"""What a peer parent may read of a family on an offer, and until when they can answer.

The view is an allow-list: it is built from named fields, and a fact that is not named here cannot
come in. No name, no place, no reference, and no number that is the same on two offers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app import clock
from app.matching.people import BOOKED, WAY_WORDS, Family, Peer
from app.matching.search import WAYS_IN_ORDER
from app.settings.rules import Rules
from app.windows import instant

LOOKED_AHEAD = (
    60  # days: no run of days off is longer, so a calendar without working days is a fault
)

# Months at which a band begins, and its words after "a child".
AGE_BANDS: tuple[tuple[int, str], ...] = (
    (0, "under 1"),
    (12, "aged 1 to 2"),
    (24, "aged 2 to 3"),
    (36, "aged 3 to 5"),
    (60, "aged 5 to 8"),
    (96, "aged 8 to 12"),
    (144, "aged 12 or over"),
)


@dataclass(frozen=True)
class OfferView:
    """All that a peer parent may read of a family before both have agreed.

    `times` is None where the family's times are not known.
    """

    child_ages: tuple[str, ...]
    may_tell: tuple[str, ...]
    ways: tuple[str, ...]
    times: tuple[str, ...] | None
    interpreter: bool


def shared_view(family: Family, peer: Peer) -> OfferView:
    """The family's child's age band, what both ticked as "may be mentioned", how, roughly when.

    Ways are those that both take, or the family's where the peer's are not known. An interpreter
    is said to come only where the two share no language.
    """
    told = family.circumstances & family.may_be_told & peer.circumstances & peer.may_be_told
    ways = family.ways & peer.ways if peer.ways else family.ways
    no_language = bool(peer.languages) and family.languages.isdisjoint(peer.languages)
    return OfferView(
        child_ages=tuple(dict.fromkeys(age_band(months) for months in sorted(family.child_months))),
        may_tell=tuple(sorted(told)),
        ways=tuple(WAY_WORDS[way] for way in WAYS_IN_ORDER if way in ways),
        times=None if family.free is None else family.free.rough_words(),
        interpreter=family.interpreter == BOOKED and no_language,
    )


def age_band(months: int) -> str:
    """The words for a child's age, wide enough not to point at one child."""
    if months < 0:
        return "not born yet"
    return next(words for begins, words in reversed(AGE_BANDS) if months >= begins)


def answer_by(sent_at: datetime, rules: Rules, is_working_day: Callable[[date], bool]) -> datetime:
    """The first `offer_ends_at` (noon) in London on a working day at or after `offer_hours` from
    sending.

    So an offer never runs out at night, at a weekend or on a bank holiday.
    """
    least = sent_at + timedelta(hours=rules.offer_hours)
    first = clock.london(least).date()
    for ahead in range(LOOKED_AHEAD):
        day = first + timedelta(days=ahead)
        ends = instant(day, rules.offer_ends_at)
        if ends >= least and is_working_day(day):
            return ends
    raise ValueError(f"no working day in {LOOKED_AHEAD} days after {first}")
