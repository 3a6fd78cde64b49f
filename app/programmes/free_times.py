"""The free times of a whole programme: the tables are read once for the whole horizon, whatever the
number of cycles, and searched once for each kind of appointment.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app import clock
from app.programmes.rhythm import REVIEW, VIDEO, Course
from app.scheduling.conditions import last_day
from app.scheduling.facts import Facts, read_facts
from app.scheduling.search import Wish, ask_of, doubled
from app.scheduling.slots import find_slots
from app.scheduling.wanted import Found, Slot, Wanted
from app.settings.rules import Rules
from app.working_days import bank_holidays, is_working_day


@dataclass(frozen=True)
class FreeTimes:
    """What was found for video sessions and for shared reviews, with what was asked."""

    facts: Facts
    wanted: dict[str, Wanted]
    course: Course

    def found(self, kind: str) -> Found:
        return self.course.videos if kind == VIDEO else self.course.reviews

    def slot(self, kind: str, starts_at: datetime, staff_id: int) -> Slot | None:
        """The slot that starts then with this person, if it is free."""
        return next(
            (
                slot
                for slot in self.found(kind).slots
                if (slot.starts_at, slot.worker_id) == (starts_at, staff_id)
            ),
            None,
        )


def free_times(wish: Wish, rules: Rules, *, at: datetime, after: date | None = None) -> FreeTimes:
    """Search from today, or from the day after `after`, to the horizon for one practitioner; raises
    DomainError for what is not there. `wish` is one for a pair.
    """
    today = clock.london(at).date()
    last = last_day(at, rules)
    facts = read_facts(replace(ask_of(wish), alternatives=False), today, last, rules, on=today)
    holidays = bank_holidays(today, last)
    wanted = {
        kind: replace(facts.wanted, kind=kind, minutes=wish.length(kind, rules) * doubled(wish))
        for kind in (VIDEO, REVIEW)
    }

    def found(kind: str) -> Found:
        return find_slots(
            wanted[kind], facts.workers, rules,
            now=at, bank_holidays=holidays, seconds=facts.seconds, overrides=facts.drives,
        )  # fmt: skip

    course = Course(
        videos=found(VIDEO),
        reviews=found(REVIEW),
        rules=rules,
        first=max(today, after + timedelta(days=1)) if after else today,
        last=last,
        is_working_day=is_working_day,
        name=facts.workers[0].name,
    )
    return FreeTimes(facts, wanted, course)
