"""A video session and its shared review chosen in one go: pairs of slots, best first.

Pure. A review needs its clips chosen, so it comes at least `review_least_working_days` after its
video and best `review_target_days` after it, while the day is still fresh.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from app import clock
from app.scheduling.made import MadeWhenAsked
from app.scheduling.reasons import LIKED
from app.scheduling.wanted import Slot
from app.settings.rules import Rules

# What a wish weighs against minutes of extra driving. A week's rhythm matters more than a short
# drive and less than crossing the county; the family's liking lies between. Policy, not measured.
A_DAY_FROM_TARGET = 10
NOT_LIKED = 15
ANOTHER_WEEKDAY = 5
ANOTHER_TIME = 5

ONE_DAY = timedelta(days=1)
BEST = "Best"
LONGER_GAP = "Longer gap"


class Pair(NamedTuple):
    """A video session and its review, the days between, one tag at most, and why it is good."""

    video: Slot
    review: Slot
    gap_days: int
    tag: str | None
    why: tuple[str, ...]


class Priced(NamedTuple):
    """A slot with what it costs by itself, its London date and its wall time."""

    cost: int
    starts_at: datetime
    day: date
    time: time
    slot: Slot


# The slots of one practitioner on one date: the cheapest, and the cheapest at each time of day.
DaySlots = tuple[Priced, dict[time, Priced]]


class Following(NamedTuple):
    """One date of reviews as it lies after a video's date: whether the gap is a longer one, the
    least that a review costs there, what of it the date costs by itself, and the reviews."""

    late: bool
    least: int
    apart: int
    slots: DaySlots


class Chosen(NamedTuple):
    """A video with its best review, in the order of pairs."""

    late: bool
    cost: int
    starts_at: datetime
    number: int
    video: Priced
    review: Priced


class Pairs(MadeWhenAsked[Pair]):
    """Pairs, best first."""

    def __init__(self, chosen: list[Chosen]) -> None:
        self._chosen = chosen

    def __len__(self) -> int:
        return len(self._chosen)

    def make(self, number: int) -> Pair:
        late, _, _, _, video, review = self._chosen[number]
        gap = (review.day - video.day).days
        tag = LONGER_GAP if late else BEST if number == 0 else None
        return Pair(video.slot, review.slot, gap, tag, tuple(_why(video, review, gap)))


def pairs(
    video_slots: Iterable[Slot],
    review_slots: Iterable[Slot],
    rules: Rules,
    is_working_day: Callable[[date], bool],
) -> Sequence[Pair]:
    """Each video slot with the best review of the same practitioner, best pair first.

    Pairs within `review_warn_days` come before longer gaps. Then least cost: extra driving in
    minutes, the days from `review_target_days`, hours that the family does not like best, another
    weekday or time of day than the video's. Among equals the sooner. No pair is longer than
    `review_flag_days`; where no review fits, the video slot has no pair.
    """
    reviews = _by_worker_and_day(review_slots)
    after: dict[tuple[int, date], list[Following]] = {}
    chosen: list[Chosen] = []
    for slot in video_slots:
        video = priced(slot)
        key = slot.worker_id, video.day
        if key not in after:
            after[key] = _following(video.day, reviews[slot.worker_id], rules, is_working_day)
        if best := _best_review(video, after[key]):
            late, cost, _, review = best
            chosen.append(
                Chosen(late, cost + video.cost, slot.starts_at, len(chosen), video, review)
            )
    chosen.sort()
    return Pairs(chosen)


def _by_worker_and_day(slots: Iterable[Slot]) -> dict[int, dict[date, DaySlots]]:
    found: dict[int, dict[date, DaySlots]] = defaultdict(dict)
    for one in sorted(map(priced, slots)):
        days = found[one.slot.worker_id]
        _, by_time = days.setdefault(one.day, (one, {}))
        by_time.setdefault(one.time, one)
    return found


def priced(slot: Slot) -> Priced:
    """A slot with what it costs by itself: extra driving in minutes, and `NOT_LIKED`."""
    cost = slot.added_travel + (0 if slot.preferred else NOT_LIKED)
    return Priced(cost, slot.starts_at, *_there(slot.starts_at), slot)


@lru_cache(maxsize=8192)
def _there(at: datetime) -> tuple[date, time]:
    there = clock.london(at)
    return there.date(), there.time()


def first_review_day(video: date, least: int, is_working_day: Callable[[date], bool]) -> date:
    """The date `least` working days after the video; a later date than its own in any case."""
    day, left = video + ONE_DAY, least
    while (left := left - is_working_day(day)) > 0:
        day += ONE_DAY
    return day


def _following(
    video: date,
    reviews: dict[date, DaySlots],
    rules: Rules,
    is_working_day: Callable[[date], bool],
) -> list[Following]:
    """The dates of reviews that may follow a video's, the one that can cost least first."""
    least = first_review_day(video, rules.review_least_working_days, is_working_day)
    found = []
    for day, slots in reviews.items():
        gap = (day - video).days
        if least <= day and gap <= rules.review_flag_days:
            apart = A_DAY_FROM_TARGET * abs(gap - rules.review_target_days)
            apart += ANOTHER_WEEKDAY if day.weekday() != video.weekday() else 0
            late = gap > rules.review_warn_days
            found.append(Following(late, apart + slots[0].cost, apart, slots))
    return sorted(found, key=itemgetter(0, 1))


def _best_review(
    video: Priced, following: Iterable[Following]
) -> tuple[bool, int, datetime, Priced] | None:
    """The best review with what it costs. Of one date only the cheapest and the one at the video's
    time can be best, and no date once what is found costs less than anything there."""
    best: tuple[bool, int, datetime, Priced] | None = None
    for late, least, apart, (cheapest, by_time) in following:
        if best and best[:2] < (late, least):
            break
        for review in (cheapest, by_time.get(video.time)):
            if review:
                cost = apart + review.cost + (ANOTHER_TIME if review.time != video.time else 0)
                rated = late, cost, review.starts_at, review
                if best is None or rated < best:
                    best = rated
    return best


def _why(video: Priced, review: Priced, gap: int) -> Iterator[str]:
    coming = [why for why in video.slot.why if why != LIKED]
    yield from coming
    for why in review.slot.why:
        if why not in coming and why != LIKED:
            yield f"Review: {why[0].lower()}{why[1:]}"
    yield f"{gap} {'day' if gap == 1 else 'days'} between"
    if video.time == review.time and video.day.weekday() == review.day.weekday():
        yield "The same weekday and time"
    if video.slot.preferred and review.slot.preferred:
        yield LIKED
