"""The page of free times as templates want it: rows to choose from, what stands beside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from operator import itemgetter
from typing import Any

from app import clock
from app.errors import DomainError
from app.scheduling.chosen import value_of
from app.scheduling.pairs import Pair
from app.scheduling.reasons import BY_CODE, DAY_WORDS, FULL_DAY, Took, words
from app.scheduling.refusals import check_slot
from app.scheduling.relaxations import Relaxation
from app.scheduling.search import PAIR, Day, Times, Week, Wish
from app.scheduling.wanted import Refusal, Slot
from app.settings import store
from app.times import WEEKDAYS, staff_date, staff_range
from app.typed import read_day
from app.working_days import bank_holidays

FEW = 5  # rows first shown, and other times beside a refusal
MOST = 60
NOON = 12
REASON = "Needs a reason"


@dataclass(frozen=True)
class Choice:
    """One row: what a form carries, its times in words, one tag at most, and why it is good."""

    value: str
    times: tuple[str, ...]
    tag: str | None
    why: str
    who: str


def slots_of(one: Pair | Slot) -> tuple[Slot, ...]:
    return (one.video, one.review) if isinstance(one, Pair) else (one,)


def day_of(one: Pair | Slot) -> date:
    return clock.london(slots_of(one)[0].starts_at).date()


def spread(rows: Iterable[Pair | Slot], most: int | None = None) -> list[Pair | Slot]:
    """The best of each morning and afternoon first, so that the few shown differ; with `most`, so
    many, and no slot is made after them."""
    seen: set[tuple[date, bool]] = set()
    first: list[Pair | Slot] = []
    rest: list[Pair | Slot] = []
    for one in rows:
        half = (day_of(one), clock.london(slots_of(one)[0].starts_at).hour < NOON)
        (rest if half in seen else first).append(one)
        seen.add(half)
        if len(first) == most:
            break
    return (first + rest)[:most]


def others_of(found: Times) -> list[tuple[str, str]]:
    """A few other times to choose from, each as a form's value and in words."""
    return [
        (starts_of(one), words_of(one)) for one in spread(found.pairs or found.found.slots, FEW)
    ]


def reason_asked(form: Any, broken: Iterable[Refusal], *, gone: bool, wish: Wish) -> bool:
    """Whether a check page asks why a time is chosen all the same: of one that breaks soft rules
    only; of one that is `gone` where another that is offered may need it. What was typed stays."""
    if gone:
        return bool(wish.relax or form.override_reason.data)
    return bool([*broken] or form.override_reason.errors)


def starts_of(one: Pair | Slot) -> str:
    return value_of(*slots_of(one))


def time_words(slot: Slot) -> str:
    day = staff_date(clock.london(slot.starts_at).date())
    return f"{day}, {staff_range(slot.starts_at, slot.ends_at)}"


def words_of(one: Pair | Slot) -> str:
    """'Tue 1 Dec, 10:00–10:45, review Tue 8 Dec, 10:00–11:00'."""
    return ", review ".join(time_words(slot) for slot in slots_of(one))


class TimesPage:
    """What the template asks of a search: which rows, what is hidden, which day is looked at."""

    def __init__(self, wanted: Any, found: Times, *, on: str = "", more: bool = False):
        self.wanted, self.found = wanted, found
        self.on = read_day(on)
        self.asked = read_start(str(wanted.form.start.data or ""))
        self.pair = found.wish.kind == PAIR
        every: Sequence[Pair | Slot] = found.pairs if self.pair else found.found.slots
        self.opened = 0
        if found.wish.relax:  # whoever set a rule aside looks for what that opened
            by_reason = [(not self.asks_reason(one), one) for one in every]
            self.opened = sum(not keeps for keeps, _ in by_reason)
            every = [one for _, one in sorted(by_reason, key=itemgetter(0))]
        self.number = listed = len(every)
        if self.on:
            rows = [one for one in every if day_of(one) == self.on]
            listed = len(rows)
        elif more:
            rows = [*every]
        else:
            few = spread(every[: self.opened], FEW)
            rest = every[self.opened :] if self.opened else every
            rows = few + spread(rest, None if self.asked else FEW - len(few))
        rows.sort(key=lambda one: slots_of(one)[0].starts_at != self.asked)
        self.hidden = 0 if more else max(0, listed - FEW)
        self.choices = [self.choice(one) for one in rows[: MOST if more else FEW]]
        self.asked_free = bool(rows) and slots_of(rows[0])[0].starts_at == self.asked

    def asks_reason(self, one: Pair | Slot) -> bool:
        return any(self.found.needs_reason(slot) for slot in slots_of(one))

    def choice(self, one: Pair | Slot) -> Choice:
        slots = slots_of(one)
        reason = self.asks_reason(one)
        tag = one.tag if isinstance(one, Pair) else None
        names = {w.id: w.name for w in (*self.found.facts.team, *self.found.facts.workers)}
        people = [slots[0].worker_id, slots[0].second_worker_id]
        return Choice(
            value=starts_of(one),
            times=tuple(time_words(slot) for slot in slots),
            tag=REASON if reason else tag,
            why=". ".join(one.why) + "." if one.why else "",
            who=" and ".join(names.get(p, "") for p in people if p),
        )

    @property
    def name_people(self) -> bool:
        """Whether rows say who comes: where more than one person is possible."""
        found = self.found
        return len(found.facts.workers) > 1 or found.wanted.needs_two

    @property
    def weeks(self) -> list[tuple[date, list[Day | None]]]:
        """The table of free starts: Monday to Friday, and a weekend day only where one is free."""
        width = max([5, *(day.day.weekday() + 1 for week in self.found.weeks for day in week.days)])
        return [
            (week.monday, [self.on_date(week, number) for number in range(width)])
            for week in self.found.weeks
        ]

    def on_date(self, week: Week, number: int) -> Day | None:
        """What the table says of a date; one before the search is past."""
        day = week.monday + timedelta(days=number)
        gone = Day(day, 0, "past") if day < self.found.wanted.first else None
        return next((one for one in week.days if one.day == day), gone)

    @property
    def day_words(self) -> list[tuple[str, str]]:
        """The words of the table for days without a free start, each with what it means."""
        used = {day.words for _, days in self.weeks for day in days if day and not day.free}
        found = self.found
        name = found.facts.workers[0].name if len(found.facts.workers) == 1 else None
        means = {
            word: words(BY_CODE[code].took, store.current(), found.wanted, name)
            for code, word in reversed(DAY_WORDS.items())
        }
        means[FULL_DAY] = "every start is taken"
        return [(word, means[word]) for word in means if word in used and word != "past"]

    def detail(self, took: Took) -> str:
        """The facts behind a line of "why nothing fits", where there are some to tell."""
        found = self.found
        if took.code == "family_times" and found.wanted.family_times is not None:
            return f"they are {found.wanted.family_times.words()}"
        if took.code == "hours" and len(found.facts.workers) == 1:
            return f"they are {found.facts.workers[0].hours.words()}"
        return ""

    @property
    def weekdays(self) -> list[str]:
        width = len(self.weeks[0][1]) if self.weeks else 5
        return [name[:3] for name in WEEKDAYS[:width]]

    @property
    def until(self) -> date:
        return self.found.wanted.last

    def first_of(self, change: Relaxation) -> str:
        return words_at(change.first) if change.first else ""

    def why_not_asked(self) -> str:
        """Why the time that was clicked in the diary is not among these, in a sentence."""
        if self.asked is None or self.asked_free:
            return ""
        found, day = self.found, clock.london(self.asked).date()
        worker = found.facts.workers[0]
        others = [one for one in found.facts.seconds if one.id != worker.id]
        of_each = [
            check_slot(
                found.wanted, worker, second, self.asked, store.current(), now=clock.now(),
                bank_holidays=bank_holidays(day, day), overrides=found.facts.drives,
            )
            for second in (others if found.wanted.needs_two and others else [None])
        ]  # fmt: skip
        refusals = min(of_each, key=len)  # whoever is nearest to coming along
        return refusals[0].staff if refusals else ""


def words_at(start: datetime) -> str:
    there = clock.london(start)
    return f"{staff_date(there.date())}, {there:%H:%M}"


def read_start(typed: str) -> datetime | None:
    """A London wall time as the diary's click carries it ('2026-11-24T09:15'), or None."""
    day, _, wall = typed.partition("T")
    on = read_day(day)
    try:
        return clock.at_london(on, time.fromisoformat(wall)) if on else None
    except (ValueError, DomainError):
        return None
