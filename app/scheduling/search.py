"""One search for free times, as pages want it: the slots or pairs of them, free starts by day, why
not other times, and what would open more.

The tables are read once (`facts.py`), whatever the number of practitioners; the rest is pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from app import clock
from app.places.travel import NOWHERE, estimates
from app.scheduling.conditions import Terms
from app.scheduling.facts import Ask, Facts, read_facts
from app.scheduling.models import PLACE
from app.scheduling.pairs import Pair, pairs
from app.scheduling.ranking import ranked
from app.scheduling.reasons import DAY_WORDS, FULL_DAY, Took, took_away
from app.scheduling.relaxations import Alternative, Relaxation, relaxations
from app.scheduling.survey import Survey, survey
from app.scheduling.wanted import DayFound, Found, Slot, Wanted
from app.settings.rules import Rules
from app.working_days import bank_holidays, is_working_day

VENUES_SHOWN = 3  # of the places that could be met at instead
ANYBODY = "any"
PAIR = "pair"


@dataclass(frozen=True)
class Wish:
    """What somebody looks for. `kind` is an appointment's, or 'pair' for a video session and its
    shared review.

    Minutes are before an interpreter doubles them. No `staff_ids`: anybody who takes visits.
    `second`: None, 'any', or a number. `ignoring` are appointments that would give way.
    """

    family_id: int
    kind: str
    minutes: int
    review_minutes: int | None = None
    staff_ids: tuple[int, ...] = ()
    second: str | int | None = None
    how: str = "in_person"
    place_id: int | None = None
    interpreter_id: int | None = None
    peer_id: int | None = None
    carer_id: int | None = None
    weeks: int = 4
    relax: frozenset[str] = frozenset()
    ignoring: tuple[int, ...] = ()
    not_before: datetime | None = None

    def length(self, kind: str, rules: Rules) -> int:
        """The minutes of what is wanted, or of one of a pair, before an interpreter doubles them; a
        pair's review takes the usual ones where nobody said how many."""
        if self.kind == PAIR and kind == "shared_review":
            return self.review_minutes or rules.shared_review_minutes
        return self.minutes


class Day(NamedTuple):
    """One date of the table of free starts: how many, or one word for why none."""

    day: date
    free: int
    words: str


class Week(NamedTuple):
    monday: date
    days: tuple[Day, ...]


@dataclass(frozen=True)
class Times:
    """What a search found. Where soft rules were set aside, `strict` are the surveys that keep them
    all: a slot that is lawful in none of these needs a reason."""

    wish: Wish
    facts: Facts
    wanted: Wanted
    found: Found
    pairs: Sequence[Pair]
    took: tuple[Took, ...]
    opens: tuple[Relaxation, ...]
    weeks: tuple[Week, ...]
    strict: tuple[Survey, ...]

    @property
    def any(self) -> bool:
        return bool(self.pairs if self.wish.kind == PAIR else self.found.slots)

    def needs_reason(self, slot: Slot) -> bool:
        return bool(self.strict) and not any(made.allows(slot) for made in self.strict)


def find_times(wish: Wish, rules: Rules, *, at: datetime, opens: bool = True) -> Times:
    """Search from today over the weeks of the wish; raises DomainError for what is not there.

    `opens` False leaves out what would open more and why there are not others: a refusal offers
    other times, and no more.

    Reads `review_flag_days` more than are searched: for the reviews of the last video sessions, and
    to say what looking further would open.
    """
    today = clock.london(at).date()
    last = today + timedelta(weeks=wish.weeks)
    further = last + timedelta(days=rules.review_flag_days)
    ask = replace(ask_of(wish), alternatives=opens)
    facts = read_facts(ask, today, further, rules, on=today)
    wanted = replace(facts.wanted, last=last, not_before=wish.not_before)
    changes = alternatives(wish, facts, wanted, further, rules) if opens else ()
    holidays = bank_holidays(today, further)
    terms = Terms(rules, at, holidays, wish.relax, facts.drives)

    def surveyed(for_what: Wanted, terms: Terms = terms) -> Survey:
        return survey(for_what, facts.workers, facts.seconds, terms)

    made = surveyed(wanted)
    found, asked = Found(ranked(made, wanted), made), [wanted]
    paired: Sequence[Pair] = ()
    if wish.kind == PAIR:
        minutes = wish.length("shared_review", rules) * doubled(wish)
        review = replace(facts.wanted, kind="shared_review", minutes=minutes)
        asked.append(review)
        reviews = ranked(surveyed(review), review)
        paired = pairs(found.slots, reviews, rules, is_working_day)
    keeping_all = terms._replace(relax=frozenset())
    return Times(
        wish=wish,
        facts=facts,
        wanted=wanted,
        found=found,
        pairs=paired,
        took=took_away(found, wanted, facts.workers, rules) if opens else (),
        opens=relaxations(
            wanted, facts.workers, rules,
            now=at, bank_holidays=holidays, relax=wish.relax, seconds=facts.seconds,
            overrides=facts.drives, alternatives=changes, made=made,
        ) if opens else (),
        weeks=tuple(by_week(found.days)) if opens else (),
        strict=tuple(surveyed(one, keeping_all) for one in asked) if wish.relax else (),
    )  # fmt: skip


def doubled(wish: Wish) -> int:
    return 2 if wish.interpreter_id is not None else 1


def ask_of(wish: Wish) -> Ask:
    """A wish as the tables are read for it, with an interpreter’s doubling."""
    named = (wish.second,) if isinstance(wish.second, int) else None
    return Ask(
        kind="video_session" if wish.kind == PAIR else wish.kind,
        family_id=wish.family_id,
        minutes=wish.minutes * doubled(wish),
        staff_ids=wish.staff_ids,
        how=wish.how,
        place_id=wish.place_id,
        second_ids=named,
        two_workers=wish.second is not None,
        interpreter_id=wish.interpreter_id,
        peer_id=wish.peer_id,
        carer_id=wish.carer_id,
        ignoring=wish.ignoring,
        alternatives=True,
    )


def alternatives(
    wish: Wish, facts: Facts, wanted: Wanted, further: date, rules: Rules
) -> Iterator[Alternative]:
    """The single changes that a person could make: another place (the one they prefer, then the
    nearest), another worker, a second one, more weeks. Codes are 'place:7', 'who:any',
    'second:any', 'weeks:7'."""
    workers, team = facts.workers, facts.team
    if wanted.at_home and not wanted.needs_two and wanted.level == "not_assessed":
        two = replace(wanted, two_workers=True)
        yield Alternative("second:any", "With a second worker", two, workers, team)
    if wanted.travels:
        venues = [pair for pair in facts.venues if pair[0].kind == "venue"]
        drives, here = estimates(rules, facts.drives), wanted.spot or NOWHERE
        venues.sort(
            key=lambda pair: (
                pair[0].id != facts.family.preferred_place_id,
                drives[here, pair[0].spot].minutes,
            )
        )
        for place, rooms in venues[:VENUES_SHOWN]:
            there = replace(
                wanted, spot=place.spot, at_home=False, level="standard",
                place_hours=place.hours, place_closed=facts.held[PLACE, place.id], rooms=rooms,
                cover=(), daylight=(),
            )  # fmt: skip
            yield Alternative(
                f"place:{place.id}", f"At {place.name}", there, workers, facts.seconds
            )
    if len(workers) == 1 and len(team) > 1:
        yield Alternative("who:any", "With anybody of the team", wanted, team, facts.seconds)
    later = replace(wanted, first=wanted.last + timedelta(days=1), last=further)
    until = f"{further.day} {further:%B}"
    weeks = -(-(further - wanted.first).days // 7)
    yield Alternative(f"weeks:{weeks}", f"Look until {until}", later, workers, facts.seconds)


def by_week(days: tuple[DayFound, ...]) -> Iterator[Week]:
    """Monday to Friday of each week searched; a weekend's day only where something is free."""
    weeks: dict[date, list[Day]] = {}
    for found in days:
        if found.day.weekday() > 4 and not found.free:
            continue
        monday = found.day - timedelta(days=found.day.weekday())
        word = "" if found.free else DAY_WORDS.get(found.code or "", FULL_DAY)
        weeks.setdefault(monday, []).append(Day(found.day, found.free, word))
    for monday, listed in weeks.items():
        yield Week(monday, tuple(listed))
