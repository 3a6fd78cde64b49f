"""A programme's dates in one step: for each cycle a video session and a shared review that keep the
rhythm best, and why one departs from it.

Pure. The rhythm: a review `review_target_days` after its video (at least
`review_least_working_days`, and never proposed after `review_flag_days`), the next video
`next_video_days` after the review, on the weekday and at the time that the family has. Each
appointment comes on a later London date than the one before, so none takes time, a drive or a
visit of the day from another: every slot of one search stays free whatever else is proposed.

Cycle after cycle, each by itself best: what comes later never changes what comes before, so the
later ones can be proposed again from any point.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from app import clock
from app.programmes.departures import Asked, departures
from app.scheduling.pairs import A_DAY_FROM_TARGET, ANOTHER_TIME, Priced, first_review_day, priced
from app.scheduling.wanted import Found, Slot
from app.settings.rules import Rules

ONE_DAY = timedelta(days=1)
VIDEO, REVIEW = "video_session", "shared_review"
# More than a day from the target, so that after a holiday the family comes back to its weekday.
ANOTHER_WEEKDAY = 15

TOO_FAR, STANDS, NOTHING, FOLLOWS = "too_far", "stands", "nothing", "follows"


@dataclass(frozen=True)
class Given:
    """A cycle as far as its dates are settled: what stands, was held, or was chosen by somebody.
    None is to be proposed."""

    number: int
    video: datetime | None = None
    review: datetime | None = None


class Proposal(NamedTuple):
    """One appointment of a cycle: a slot with the days since the one before it and why it departs
    from the rhythm, or no slot and why not (`code`: 'too_far', 'stands', 'nothing', 'follows')."""

    number: int
    kind: str
    slot: Slot | None
    days: int | None
    why: tuple[str, ...]
    code: str = ""


@dataclass(frozen=True)
class Course:
    """What dates are proposed from: one search for each kind, over the whole horizon."""

    videos: Found
    reviews: Found
    rules: Rules
    first: date  # the first date that may be proposed
    last: date  # the last date that can be booked
    is_working_day: Callable[[date], bool]
    name: str = "the practitioner"


# The slots of one date: the cheapest, and that of each time of day.
Days = dict[date, tuple[Priced, dict[time, Priced]]]
Habit = tuple[int, time] | None  # a weekday and a time of day


def propose(given: Sequence[Given], course: Course, since: date | None) -> tuple[Proposal, ...]:
    """A proposal for everything that `given` leaves open, in the order of the cycles.

    `since` is the date of the last shared review before these cycles, if there was one.
    """
    return tuple(_Proposing(given, course, since).all())


class _Proposing:
    def __init__(self, given: Sequence[Given], course: Course, since: date | None) -> None:
        self.given, self.course, self.rules = given, course, course.rules
        self.videos, self.reviews = _by_day(course.videos.slots), _by_day(course.reviews.slots)
        self.before = since
        self.habit: Habit = None
        self.stopped: int | None = None  # the cycle after which nothing can be proposed

    def all(self) -> Iterator[Proposal]:
        for place, cycle in enumerate(self.given):
            self.ahead = _soonest(self.given[place + 1 :])
            if cycle.video and cycle.review:
                self.take(cycle.video, cycle.review)
            elif self.stopped is not None:
                yield from self.open_of(cycle, FOLLOWS, f"It follows cycle {self.stopped}.")
            elif cycle.video:
                self.take(cycle.video)
                yield self.review_after(cycle, clock.london(cycle.video).date())
            elif cycle.review:
                yield self.video_before(cycle, clock.london(cycle.review).date())
                self.take(cycle.review)
            else:
                yield from self.both(cycle)

    def take(self, *starts: datetime) -> None:
        """What is settled: the next one comes after it, and keeps its weekday and time."""
        for start in starts:
            there = clock.london(start)
            self.before = max(self.before or there.date(), there.date())
            self.habit = there.weekday(), there.time()

    # One cycle.

    def both(self, cycle: Given) -> Iterator[Proposal]:
        target = self.video_target
        # A review a week after the last videos would lie beyond what can be booked.
        last = self.course.last - timedelta(days=self.rules.review_target_days)
        found = self.best_pair(target, last)
        if found is None:
            yield from self.open_of(cycle, *self.why_none(target, last))
            self.stopped = cycle.number
            return
        video, review = found
        yield self.proposed(cycle.number, VIDEO, video, self.before, target)
        after = video.day + timedelta(days=self.rules.review_target_days)
        self.habit = self.habit or (video.day.weekday(), video.time)
        yield self.proposed(cycle.number, REVIEW, review, video.day, after)
        self.before = review.day

    def best_pair(self, target: date, last: date) -> tuple[Priced, Priced] | None:
        best: tuple[bool, int, datetime, datetime] | None = None
        found = None
        videos = [
            (self.cost(video, target, self.habit), video)
            for video in self.between(self.videos, self.before, last, self.habit)
        ]
        for cost, video in sorted(videos, key=lambda one: (one[0], one[1].starts_at)):
            if best and not best[0] and cost > best[1]:
                break  # no review makes it cheaper
            habit = self.habit or (video.day.weekday(), video.time)
            for late, more, review in self.reviews_of(video.day, habit):
                rank = (late, cost + more, video.starts_at, review.starts_at)
                if best is None or rank < best:
                    best, found = rank, (video, review)
        return found

    def reviews_of(
        self, video: date, habit: Habit, most: date | None = None
    ) -> Iterator[tuple[bool, int, Priced]]:
        """The reviews that may follow a video: whether later than is warned of, and the cost."""
        target = video + timedelta(days=self.rules.review_target_days)
        warn = video + timedelta(days=self.rules.review_warn_days)
        least = self.first_review(video) - ONE_DAY
        most = most or video + timedelta(days=self.rules.review_flag_days)
        for review in self.between(self.reviews, least, min(most, self.course.last), habit):
            yield review.day > warn, self.cost(review, target, habit), review

    def review_after(self, cycle: Given, video: date) -> Proposal:
        """A review of a video that is settled; long after it, if no earlier one is free."""
        target = video + timedelta(days=self.rules.review_target_days)
        rated = list(self.reviews_of(video, self.habit))
        rated = rated or list(self.reviews_of(video, self.habit, self.course.last))
        if not rated:
            self.stopped = cycle.number
            return Proposal(cycle.number, REVIEW, None, None, *_last(self.why_none(target)))
        best = min(rated, key=lambda one: (one[0], one[1], one[2].starts_at))[2]
        made = self.proposed(cycle.number, REVIEW, best, video, target)
        self.before = max(self.before or best.day, best.day)
        return made

    def video_before(self, cycle: Given, review: date) -> Proposal:
        """A video for a review that is settled: a week before it, and after what comes before."""
        target = review - timedelta(days=self.rules.review_target_days)
        fitting = [
            video
            for video in self.between(self.videos, self.before, review - ONE_DAY, self.habit)
            if self.first_review(video.day) <= review
        ]
        if not fitting:
            words = "No time is free before its review, which stands."
            return Proposal(cycle.number, VIDEO, None, None, (words,), STANDS)
        best = min(fitting, key=lambda one: (self.cost(one, target, self.habit), one.starts_at))
        return self.proposed(cycle.number, VIDEO, best, self.before, self.video_target)

    # What a date costs, and which dates may be.

    @property
    def video_target(self) -> date:
        """A week after the review before; for the first video the first date."""
        first = self.course.first
        if self.before is None:
            return first
        return max(first, self.before + timedelta(days=self.rules.next_video_days))

    def first_review(self, video: date) -> date:
        least = self.rules.review_least_working_days
        return first_review_day(video, least, self.course.is_working_day)

    def cost(self, one: Priced, target: date, habit: Habit) -> int:
        cost = one.cost + A_DAY_FROM_TARGET * abs((one.day - target).days)
        if habit is not None:
            cost += ANOTHER_WEEKDAY if one.day.weekday() != habit[0] else 0
            cost += ANOTHER_TIME if one.time != habit[1] else 0
        return cost

    def between(self, days: Days, after: date | None, last: date, habit: Habit) -> Iterator[Priced]:
        """What can be best on each later date than `after`, up to `last`, before what stands ahead:
        the cheapest and the one at the usual time; every time while none is usual."""
        for day, (cheapest, times) in days.items():
            if (after is not None and day <= after) or not self.may_be(day, last):
                continue
            if habit is None:
                yield from times.values()
                continue
            yield cheapest
            if habit[1] in times and times[habit[1]] is not cheapest:
                yield times[habit[1]]

    def may_be(self, day: date, last: date) -> bool:
        return self.course.first <= day <= last and (self.ahead is None or day < self.ahead)

    # Words.

    def proposed(
        self, number: int, kind: str, one: Priced, before: date | None, target: date
    ) -> Proposal:
        found = self.course.videos if kind == VIDEO else self.course.reviews
        days = None if before is None else (one.day - before).days
        asked = Asked(kind, before, target, self.habit, self.course.name)
        return Proposal(number, kind, one.slot, days, departures(asked, one.slot, found))

    def why_none(self, target: date, last: date | None = None) -> tuple[str, str]:
        course = self.course
        if self.ahead is not None:
            return STANDS, "No time is free before the next date, which stands."
        if target > (last or course.last) - timedelta(days=self.rules.next_video_days):
            day = f"{course.last.day} {course.last:%B}"
            return TOO_FAR, f"Bookings are taken up to {day}. Propose it later."
        return NOTHING, "No free time keeps every rule."

    def open_of(self, cycle: Given, code: str, words: str) -> Iterator[Proposal]:
        for kind, settled in ((VIDEO, cycle.video), (REVIEW, cycle.review)):
            if settled is None:
                yield Proposal(cycle.number, kind, None, None, (words,), code)


def _last(code_and_words: tuple[str, str]) -> tuple[tuple[str, ...], str]:
    code, words = code_and_words
    return (words,), code


def _soonest(cycles: Iterable[Given]) -> date | None:
    starts = [s for cycle in cycles for s in (cycle.video, cycle.review) if s is not None]
    return clock.london(min(starts)).date() if starts else None


def _by_day(slots: Iterable[Slot]) -> Days:
    """The cheapest slot of each date, and of each time of day of it; dates in order."""
    found: dict[date, dict[time, Priced]] = {}
    for slot in slots:
        one = priced(slot)
        times = found.setdefault(one.day, {})
        if one.time not in times or one[:2] < times[one.time][:2]:
            times[one.time] = one
    return {
        day: (min(found[day].values(), key=lambda one: one[:2]), found[day])
        for day in sorted(found)
    }
