"""The rules of a slot by name: their order, which are soft, and what each says to whom.

Pure words: the masks are made in `conditions.py` and `journeys.py`. A family's sentence never
holds another family, nor a reason that would point at one.
"""

from typing import NamedTuple

from app.scheduling.wanted import Found, Wanted, Worker
from app.settings.rules import Rules

LIKED = "In the hours the family likes best"
NOT_FREE = "We are not free then. Please choose another time."
NOT_AT_HOME = "We cannot come to your home at that time. Please choose another time, or ring us."


class Rule(NamedTuple):
    """A rule of a slot. `soft` may be set aside with a reason. `took` names what it takes away;
    `change` says how that could be changed; `aside` names a search without it, where soft."""

    code: str
    took: str
    change: str
    family: str
    aside: str | None = None

    @property
    def soft(self) -> bool:
        return self.aside is not None


# In the order in which a start counts as removed: what no change of time can mend first, then the
# dates, then who and where, and last what depends on the other appointments of the day.
RULES = (
    Rule("past", "already past", "no", "That time has passed. Please choose another time."),
    Rule("level", "{level}", "ask a manager, or meet at a place",
         "We cannot meet at your home. Ring us and we will find a place."),
    Rule("notice", "less than {notice} hours’ notice", "with a reason",
         "That is too soon. Please choose a later time, or ring us.",
         "With less than {notice} hours’ notice"),
    Rule("horizon", "more than {horizon} weeks ahead", "with a reason",
         "That is too far ahead. Please choose an earlier time.",
         "More than {horizon} weeks ahead"),
    Rule("bank_holiday", "on a bank holiday", "with a reason",
         "That is a bank holiday. Please choose another day.", "On a bank holiday"),
    Rule("hours", "outside {whose} hours", "ask {whom}", NOT_FREE, "Outside {whose} hours"),
    Rule("absence", "{who_is} away", "another practitioner", NOT_FREE),
    Rule("busy", "something in {whose} own calendar", "with a reason", NOT_FREE,
         "Over what is in {whose} own calendar"),
    Rule("place_hours", "the place is closed", "another place",
         "The place is closed then. Please choose another time.", "Outside the place’s hours"),
    Rule("place_closed", "the place is closed for a time", "another place",
         "The place is closed then. Please choose another time."),
    Rule("family_times", "outside the family’s times", "ask the family",
         "You told us that time does not suit you. Ring us if that has changed.",
         "Outside the family’s times: ask them"),
    Rule("other_times", "{others} not free then", "ask them",
         "Somebody who should be there is not free then. Please choose another time.",
         "Outside the times of {names}: ask them"),
    Rule("cover", "home visits end {early} minutes before duty cover does", "no", NOT_AT_HOME),
    Rule("daylight", "before sunrise or after sunset", "no", NOT_AT_HOME),
    Rule("apart", "near an appointment of somebody they must not meet", "no", NOT_FREE),
    Rule("family_held", "the family has another appointment", "move that appointment",
         "You have another appointment with us then. Please choose another time."),
    Rule("other_held", "{others} booked already", "somebody else",
         "Somebody who should be there is not free then. Please choose another time."),
    Rule("room", "no room is free", "another place",
         "There is no room free then. Please choose another time."),
    Rule("held", "{who_is} booked already", "move that appointment", NOT_FREE),
    Rule("visits_a_day", "{most} visits that day already", "with a reason", NOT_FREE,
         "With more than {most} visits in a day"),
    Rule("travel", "not enough time to drive", "with a reason", NOT_FREE,
         "With less time to drive than it should take"),
    Rule("second_worker", "no second worker is free at the same time",
         "another second worker, or meet at a place", NOT_FREE),
)  # fmt: skip
# What only a start chosen by hand can break; the finder never looks at such starts.
BY_HAND = (
    Rule("clock", "not a time on the clock", "no",
         "That time does not exist: the clocks go forward. Please choose another time."),
    Rule("grid", "not on the clock’s {grid} minutes", "with a reason",
         "Please choose one of the times shown.", "Not on the clock’s {grid} minutes"),
)  # fmt: skip

ORDER = tuple(rule.code for rule in RULES)
BY_CODE = {rule.code: rule for rule in (*RULES, *BY_HAND)}
SOFT = frozenset(code for code, rule in BY_CODE.items() if rule.soft)

# One word for a date without a free start, by the rule that took its last one.
DAY_WORDS = {
    "past": "past",
    "level": "not here",
    "notice": "soon",
    "horizon": "too far",
    "bank_holiday": "holiday",
    "hours": "not in",
    "absence": "away",
    "busy": "busy",
    "place_hours": "closed",
    "place_closed": "closed",
    "family_times": "off",
    "other_times": "off",
    "cover": "no cover",
    "daylight": "dark",
}
FULL_DAY = "full"

LEVEL_WORDS = {
    "not_assessed": "this home has not been assessed, so nobody visits it alone",
    "high": "this home needs two workers",
    "no_home_visits": "there are no visits to this home",
}


def words(text: str, rules: Rules, wanted: Wanted, name: str | None = None) -> str:
    """A rule's words with the numbers in them, and the name where one practitioner is asked."""
    names = " and ".join(other.name for other in wanted.others)
    return text.format(
        grid=rules.grid_minutes,
        notice=rules.notice_hours,
        horizon=rules.horizon_weeks,
        early=rules.home_visits_end_before_cover,
        most=rules.visits_a_day,
        whose=f"{name}’s" if name else "the practitioners’",
        who_is=f"{name} is" if name else "everybody is",
        whom=name or "them",
        names=names,
        others=f"{names} {'are' if len(wanted.others) > 1 else 'is'}",
        level=LEVEL_WORDS.get(wanted.level, ""),
    )


class Took(NamedTuple):
    """One line of "why not other times": the rule in words, how many starts, what could be done."""

    code: str
    words: str
    starts: int
    change: str


def took_away(
    found: Found, wanted: Wanted, workers: tuple[Worker, ...], rules: Rules
) -> tuple[Took, ...]:
    """What each rule took away from a search, most first; with the slots it adds up to what was
    looked at. One practitioner is named, several are not."""
    name = workers[0].name if len(workers) == 1 else None
    lines = [
        Took(
            code,
            words(BY_CODE[code].took, rules, wanted, name),
            count,
            words(BY_CODE[code].change, rules, wanted, name),
        )
        for code, count in found.removed.items()
    ]
    return tuple(sorted(lines, key=lambda line: -line.starts))
