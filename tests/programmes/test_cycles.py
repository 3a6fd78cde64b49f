"""A cycle's state and what stands in the way of its review, as tables."""

from datetime import date, datetime, time, timedelta

import pytest

from app.clock import at_london
from app.programmes.cycles import (
    CycleFacts,
    Event,
    counted,
    current,
    review_blocks,
    review_gap,
    state_of,
    video_of,
)
from app.settings.rules import Rules

TUESDAY = date(2026, 12, 1)
RULES = Rules()
TAMSIN, KERENSA = 3, 4


def on(days: int, hour: int = 10) -> datetime:
    return at_london(TUESDAY + timedelta(days=days), time(hour))


def event(kind: str, status: str, days: int, *, hour: int = 10, staff: int = TAMSIN) -> Event:
    start = on(days, hour)
    return Event(days + 100, kind, status, start, start + timedelta(minutes=45), staff)


def video(status: str = "done", days: int = 0, **more) -> Event:
    return event("video_session", status, days, **more)


def review(status: str = "provisional", days: int = 7, **more) -> Event:
    return event("shared_review", status, days, **more)


def facts(*events: Event, clips: int = 0, **more) -> CycleFacts:
    return CycleFacts(number=1, events=events, clips=clips, practitioner_id=TAMSIN, **more)


@pytest.mark.parametrize(
    ("cycle", "state"),
    [
        (facts(), "planned"),
        (facts(video("provisional")), "video_booked"),
        (facts(video("booked"), review()), "video_booked"),
        (facts(video("confirmed")), "video_booked"),
        (facts(video("not_seen")), "planned"),
        (facts(video("not_seen"), video("booked", 7)), "video_booked"),
        (facts(video("done")), "filmed"),
        (facts(video("done"), review()), "filmed"),
        (facts(video("done"), clips=3), "clips_chosen"),
        (facts(video("done"), review("not_seen"), clips=3), "clips_chosen"),
        (facts(video("done"), review("booked"), clips=3), "review_booked"),
        (facts(video("done"), review("done"), clips=3), "review_booked"),
        (facts(video("done"), video("booked", 7)), "video_booked"),
        (facts(video("done"), review("done"), clips=3, reviewed_on=TUESDAY), "reviewed"),
    ],
)
def test_a_cycle_stands_where_its_facts_put_it(cycle: CycleFacts, state: str) -> None:
    assert state_of(cycle) == state


@pytest.mark.parametrize(
    ("cycle", "codes"),
    [
        (facts(review()), ["no_video"]),
        (facts(video("not_seen"), review()), ["no_video"]),
        (facts(video("booked"), review()), ["not_filmed"]),
        (facts(video(), review()), ["no_clips"]),
        (facts(video(), review(), clips=1), []),
        (facts(video(), review(), clips=3), []),
        (facts(video(), review(days=0, hour=9), clips=3), ["before_video"]),
        (facts(video(), review(days=0, hour=14), clips=3), ["too_soon"]),
        (facts(video(days=3), review(days=4), clips=3), ["too_soon"]),  # Friday to Saturday
        (facts(video(days=3), review(days=6), clips=3), []),  # Friday to Monday
        (facts(video(), review(), clips=3, lapsed=("Leo",)), ["consent"]),
        (facts(video(), review(staff=KERENSA), clips=3), ["other_practitioner"]),
        (facts(video(staff=KERENSA), review(staff=TAMSIN), clips=3), []),  # handed over
        (facts(video("booked"), review(days=0, hour=9)), ["not_filmed", "before_video"]),
        (facts(video(), video("booked", 6), review(), clips=3), ["not_filmed"]),
    ],
)
def test_a_review_is_blocked_by_what_is_missing(cycle: CycleFacts, codes: list[str]) -> None:
    to_come = [e for e in cycle.events if e.kind == "shared_review"][-1]

    assert [code for code, _ in review_blocks(cycle, to_come, RULES)] == codes


def test_a_block_says_whose_consent_no_longer_stands() -> None:
    cycle = facts(video(), review(), clips=3, lapsed=("Leo", "Hannah"))

    assert review_blocks(cycle, cycle.events[1], RULES)[0][1] == (
        "Consent to film of Leo and Hannah no longer stands."
    )


@pytest.mark.parametrize(
    ("days", "found"),
    [(7, (7, "")), (14, (14, "")), (15, (15, "long")), (21, (21, "long")), (22, (22, "late"))],
)
def test_a_long_gap_is_warned_of_and_a_longer_one_flagged(days: int, found) -> None:
    assert review_gap(facts(video(), review(days=days)), RULES) == found


@pytest.mark.parametrize("cycle", [facts(), facts(video()), facts(review())])
def test_there_is_no_gap_without_both(cycle: CycleFacts) -> None:
    assert review_gap(cycle, RULES) is None


def test_a_repeat_is_the_video_that_counts() -> None:
    assert video_of(facts(video("done"), video("done", 7))) == video("done", 7)


def test_cycles_count_when_reviewed_and_the_current_one_is_the_first_that_is_not() -> None:
    cycles = [
        CycleFacts(number=1, reviewed_on=TUESDAY),
        CycleFacts(number=2),
        CycleFacts(number=3),
    ]

    assert counted(cycles) == 1
    assert current(cycles) == cycles[1]
    assert current(cycles[:1]) is None
