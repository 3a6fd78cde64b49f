"""The other times of one date of a programme: in their order by the rhythm, and by day."""

from dataclasses import replace
from datetime import date as Day
from datetime import timedelta
from typing import Any

from app import clock
from app.programmes.plan import Plan
from app.programmes.plan_rows import Date
from app.programmes.rhythm import REVIEW, VIDEO
from app.scheduling.pairs import A_DAY_FROM_TARGET, first_review_day
from app.scheduling.reasons import took_away
from app.scheduling.search import Times, by_week
from app.scheduling.times_page import TimesPage
from app.scheduling.wanted import Slot
from app.working_days import is_working_day


class OtherTimes(TimesPage):
    """The free times between the date before and the next one that stands."""

    def __init__(self, plan: Plan, date: Date, *, on: str, more: bool):
        self.plan, self.date = plan, date
        found, wanted = plan.free.found(date.kind), plan.free.wanted[date.kind]
        self.first, self.last, self.target = bounds_of(plan, date)
        others = [slot for slot in found.slots if slot.starts_at != date.starts_at]
        slots = sorted(filter(self.fits, others), key=self.cost)
        days = tuple(
            day if self.first <= day.day <= self.last else day._replace(free=0)
            for day in found.days
        )
        times = Times(
            wish=replace(plan.wanted.wish(), kind=date.kind),
            facts=plan.free.facts,
            wanted=replace(wanted, last=self.last),
            found=replace(found, slots=tuple(slots)),
            pairs=(),
            took=took_away(found, wanted, plan.free.facts.workers, plan.rules),
            opens=(),
            weeks=tuple(week for week in by_week(days) if any(day.free for day in week.days)),
            strict=(),
        )
        super().__init__(plan.wanted, times, on=on, more=more)

    def fits(self, slot: Slot) -> bool:
        return self.first <= clock.london(slot.starts_at).date() <= self.last

    def cost(self, slot: Slot) -> tuple[int, Any]:
        day = clock.london(slot.starts_at).date()
        return A_DAY_FROM_TARGET * abs((day - self.target).days) + slot.added_travel, slot.starts_at


def bounds_of(plan: Plan, date: Date) -> tuple[Day, Day, Day]:
    """The first and last date that it may be on, and the one that the rhythm would have."""
    course, rules = plan.free.course, plan.rules
    first, last, before = course.first, course.last, None
    for other in plan.dates:
        if other is date:
            break
        if other.starts_at is not None:
            before = clock.london(other.starts_at).date()
            first = max(first, before + timedelta(days=1))
    target = first
    if date.kind == REVIEW and before is not None:
        target = before + timedelta(days=rules.review_target_days)
        least = first_review_day(before, rules.review_least_working_days, is_working_day)
        first = max(first, least)
    elif date.kind == VIDEO and before is not None:
        target = before + timedelta(days=rules.next_video_days)
    following = [other for other in plan.later_all(date) if other.starts_at and not other.open]
    if following and following[0].starts_at:
        last = min(last, clock.london(following[0].starts_at).date() - timedelta(days=1))
    return first, last, target
