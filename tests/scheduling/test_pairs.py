"""A video and its review in one go: how far apart, which pair first, and why."""

from datetime import date, datetime, timedelta

import pytest

from app.scheduling.pairs import Pair, pairs
from app.scheduling.reasons import LIKED
from app.scheduling.wanted import Slot
from app.settings.rules import Rules
from app.working_days import is_working_day
from tests.scheduling.winter_tuesday import at

RULES = Rules()
TUESDAY = date(2026, 12, 1)


def slot(
    wall: str,
    day: date = TUESDAY,
    minutes: int = 45,
    worker: int = 1,
    added: int = 0,
    liked: bool = False,
    why: tuple[str, ...] = (),
) -> Slot:
    start = at(wall, day)
    reasons = (*why, LIKED) if liked else why
    ends = start + timedelta(minutes=minutes)
    return Slot(start, ends, worker, None, None, 0, 0, added, liked, reasons)


def review(wall: str, days: int, **changed: object) -> Slot:
    return slot(wall, TUESDAY + timedelta(days=days), 60, **changed)


def paired(videos: list[Slot], reviews: list[Slot], rules: Rules = RULES) -> tuple[Pair, ...]:
    return pairs(videos, reviews, rules, is_working_day)


def gaps(found: tuple[Pair, ...]) -> list[int]:
    return [pair.gap_days for pair in found]


def test_the_review_is_best_a_week_after_its_video() -> None:
    reviews = [review("10:00", days) for days in (1, 3, 6, 7, 8, 14)]
    (pair,) = paired([slot("10:00")], reviews)
    assert (pair.gap_days, pair.tag) == (7, "Best")
    assert pair.why == ("7 days between", "The same weekday and time")


@pytest.mark.parametrize(
    ("video", "earliest"),
    [
        (date(2026, 12, 1), date(2026, 12, 2)),
        (date(2026, 12, 4), date(2026, 12, 7)),
        (date(2027, 3, 25), date(2027, 3, 30)),
        (date(2026, 12, 24), date(2026, 12, 29)),
    ],
    ids=["Tuesday", "Friday", "Thursday before Easter", "Christmas Eve"],
)
def test_a_working_day_lies_between_at_least(video: date, earliest: date) -> None:
    reviews = [slot("10:00", video + timedelta(days=n), 60) for n in range(7)]
    (pair,) = paired([slot("10:00", video)], reviews)
    assert pair.review.starts_at.date() >= earliest
    too_soon = [one for one in reviews if one.starts_at.date() < earliest]
    assert paired([slot("10:00", video)], too_soon) == ()
    just = [one for one in reviews if one.starts_at.date() <= earliest]
    assert paired([slot("10:00", video)], just)[0].review.starts_at.date() == earliest


def test_the_least_number_of_working_days_is_a_rule() -> None:
    reviews = [review("10:00", days) for days in (1, 2, 3)]
    two = RULES.changed(review_least_working_days=2, review_target_days=1)
    assert gaps(paired([slot("10:00")], reviews, two)) == [2]


def test_even_without_a_least_number_the_review_is_another_day() -> None:
    none = RULES.changed(review_least_working_days=0, review_target_days=1)
    assert gaps(paired([slot("10:00")], [review("15:00", 0), review("10:00", 1)], none)) == [1]


@pytest.mark.parametrize(("days", "tag"), [(13, "Best"), (14, "Best"), (15, "Longer gap")])
def test_more_than_two_weeks_is_a_longer_gap(days: int, tag: str) -> None:
    (pair,) = paired([slot("10:00")], [review("10:00", days)])
    assert pair.tag == tag


def test_no_review_is_offered_after_three_weeks() -> None:
    assert gaps(paired([slot("10:00")], [review("10:00", 21)])) == [21]
    assert paired([slot("10:00")], [review("10:00", 22)]) == ()


def test_longer_gaps_come_after_everything_else() -> None:
    later = TUESDAY + timedelta(days=8)
    videos = [slot("10:00"), slot("10:00", later, added=60)]
    found = paired(videos, [review("10:00", 16)])
    assert [(pair.gap_days, pair.tag) for pair in found] == [(8, "Best"), (16, "Longer gap")]


def test_less_driving_comes_first_of_two_in_the_same_rhythm() -> None:
    videos = [slot("10:00", added=30), slot("13:00")]
    found = paired(videos, [review("10:00", 7), review("13:00", 7)])
    assert [pair.video.added_travel for pair in found] == [0, 30]


def test_a_day_off_the_rhythm_weighs_less_than_a_long_drive() -> None:
    reviews = [review("10:00", 7, added=40), review("10:00", 8, added=0)]
    assert gaps(paired([slot("10:00")], reviews)) == [8]


def test_the_rhythm_weighs_more_than_a_short_drive() -> None:
    reviews = [review("10:00", 7, added=12), review("10:00", 9, added=0)]
    assert gaps(paired([slot("10:00")], reviews)) == [7]


def test_hours_that_the_family_likes_best_come_first() -> None:
    videos = [slot("09:00"), slot("10:00", liked=True)]
    found = paired(videos, [review("09:00", 7), review("10:00", 7, liked=True)])
    assert found[0].video.preferred
    assert found[0].review.preferred
    assert found[0].why[-1] == LIKED


def test_the_same_time_of_day_is_chosen_among_equals() -> None:
    reviews = [review(wall, 7) for wall in ("09:00", "10:00", "13:00")]
    (pair,) = paired([slot("13:00")], reviews)
    assert pair.review.starts_at == at("13:00", TUESDAY + timedelta(days=7))


def test_video_and_review_are_with_the_same_practitioner() -> None:
    reviews = [review("10:00", 7, worker=2), review("10:00", 9, worker=1)]
    (pair,) = paired([slot("10:00", worker=1)], reviews)
    assert (pair.review.worker_id, pair.gap_days) == (1, 9)


def test_only_the_first_pair_is_best() -> None:
    videos = [slot("10:00"), slot("11:00"), slot("12:00")]
    assert [pair.tag for pair in paired(videos, [review("10:00", 7)])] == ["Best", None, None]


def test_what_is_special_about_the_review_is_said_of_it() -> None:
    video = slot("10:00", why=("12 minutes from the visit before",))
    after = review("11:00", 6, why=("First visit of the day, 31 minutes from base",))
    (pair,) = paired([video], [after])
    assert pair.why == (
        "12 minutes from the visit before",
        "Review: first visit of the day, 31 minutes from base",
        "6 days between",
    )


def test_the_same_wall_time_counts_over_a_clock_change() -> None:
    before = slot("10:00", date(2027, 3, 23))
    after = slot("10:00", date(2027, 3, 30), 60)
    (pair,) = paired([before], [after])
    assert (pair.gap_days, pair.why[-1]) == (7, "The same weekday and time")


def test_no_video_or_no_review_is_no_pair() -> None:
    assert paired([], [review("10:00", 7)]) == ()
    assert paired([slot("10:00")], []) == ()


def test_each_pair_is_the_best_of_all_its_reviews() -> None:
    # Compared with trying every review, over a month of starts with varied driving.
    videos = [
        slot(wall, TUESDAY + timedelta(days=d), added=d * 7 % 23)
        for d in range(14)
        for wall in ("09:15", "14:00")
    ]
    reviews = [
        review(wall, d, added=(d * 13 + n) % 29, liked=d % 3 == 0)
        for d in range(28)
        for n, wall in enumerate(("09:15", "11:00", "14:00"))
    ]
    cheapest = {pair.video: _cost(pair.video, pair.review) for pair in paired(videos, reviews)}
    for video in videos:
        assert cheapest[video] == min(
            _cost(video, one) for one in reviews if _may_follow(video, one)
        )


def _cost(video: Slot, one: Slot) -> tuple[bool, int]:
    gap = (one.starts_at.date() - video.starts_at.date()).days
    cost = one.added_travel + 10 * abs(gap - 7) + (0 if one.preferred else 15)
    cost += 5 * (gap % 7 != 0) + 5 * (video.starts_at.time() != one.starts_at.time())
    return gap > 14, cost


def _may_follow(video: Slot, one: Slot) -> bool:
    day: datetime = video.starts_at
    gap = (one.starts_at.date() - day.date()).days
    working = sum(is_working_day((day + timedelta(days=n + 1)).date()) for n in range(gap))
    return gap <= 21 and working >= 1
