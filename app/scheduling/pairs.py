"""A video session and its shared review chosen in one go: pairs of slots, best first.

Pure. A review needs its clips chosen, so it comes at least `review_least_working_days` after its
video and best `review_target_days` after it, while the day is still fresh.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from app import clock
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


class Offer(NamedTuple):
    """A slot as pairing sees it: what it costs by itself, its London date and wall time."""

    cost: int
    starts_at: datetime
    day: date
    time: time
    slot: Slot


# The offers of one practitioner on one date: the cheapest, and the cheapest at each time of day.
DayOffers = tuple[Offer, dict[time, Offer]]


def pairs(
    video_slots: Iterable[Slot],
    review_slots: Iterable[Slot],
    rules: Rules,
    is_working_day: Callable[[date], bool],
) -> tuple[Pair, ...]:
    """Each video slot with the best review of the same practitioner, best pair first.

    Pairs within `review_warn_days` come before longer gaps. Then least cost: extra driving in
    minutes, the days from `review_target_days`, hours that the family does not like best, another
    weekday or time of day than the video's. Among equals the sooner. No pair is longer than
    `review_flag_days`; where no review fits, the video slot has no pair.
    """
    reviews = _by_worker_and_day(review_slots)
    found: list[tuple[bool, int, datetime, int, Pair]] = []
    for slot in video_slots:
        video = _offer(slot)
        days = reviews.get(slot.worker_id, {})
        least = first_review_day(video.day, rules.review_least_working_days, is_working_day)
        fitting = (
            _rated(video, review, rules)
            for day, offers in days.items()
            if least <= day <= video.day + timedelta(days=rules.review_flag_days)
            for review in _candidates(video, offers)
        )
        best = min(fitting, default=None, key=lambda rated: rated[:3])
        if best:
            late, cost, _, review = best
            pair = _pair(video, review, LONGER_GAP if late else None)
            found.append((late, cost + video.cost, slot.starts_at, len(found), pair))
    found.sort()
    best_first = [pair for *_, pair in found]
    if best_first and best_first[0].tag is None:
        best_first[0] = best_first[0]._replace(tag=BEST)
    return tuple(best_first)


def _by_worker_and_day(slots: Iterable[Slot]) -> dict[int, dict[date, DayOffers]]:
    found: dict[int, dict[date, DayOffers]] = defaultdict(dict)
    for offer in sorted(map(_offer, slots), key=lambda offer: offer[:2]):
        days = found[offer.slot.worker_id]
        _, by_time = days.setdefault(offer.day, (offer, {}))
        by_time.setdefault(offer.time, offer)
    return found


def _offer(slot: Slot) -> Offer:
    there = clock.london(slot.starts_at)
    cost = slot.added_travel + (0 if slot.preferred else NOT_LIKED)
    return Offer(cost, slot.starts_at, there.date(), there.time(), slot)


def first_review_day(video: date, least: int, is_working_day: Callable[[date], bool]) -> date:
    """The date `least` working days after the video; a later date than its own in any case."""
    day, left = video + ONE_DAY, least
    while (left := left - is_working_day(day)) > 0:
        day += ONE_DAY
    return day


def _candidates(video: Offer, offers: DayOffers) -> Iterator[Offer]:
    """Of one date's reviews only the cheapest and the one at the video's time can be best."""
    cheapest, by_time = offers
    yield cheapest
    if video.time in by_time:
        yield by_time[video.time]


def _rated(video: Offer, review: Offer, rules: Rules) -> tuple[bool, int, datetime, Offer]:
    gap = (review.day - video.day).days
    cost = review.cost + A_DAY_FROM_TARGET * abs(gap - rules.review_target_days)
    cost += ANOTHER_WEEKDAY if review.day.weekday() != video.day.weekday() else 0
    cost += ANOTHER_TIME if review.time != video.time else 0
    return gap > rules.review_warn_days, cost, review.starts_at, review


def _pair(video: Offer, review: Offer, tag: str | None) -> Pair:
    gap = (review.day - video.day).days
    return Pair(video.slot, review.slot, gap, tag, tuple(_why(video, review, gap)))


def _why(video: Offer, review: Offer, gap: int) -> Iterator[str]:
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
