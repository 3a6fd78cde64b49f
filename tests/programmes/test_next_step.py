"""The one sentence on a family's page that says what comes next in its programme."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.programmes.cycles import CycleFacts, Event
from app.programmes.next_step import Course, before_programme, next_in_programme
from app.settings.rules import Rules

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)


def event(kind: str, starts_at: datetime, status: str = "booked") -> Event:
    return Event(7, kind, status, starts_at, starts_at + HOUR, 3)


def cycle(*events: Event, **more: Any) -> list[tuple[int, CycleFacts]]:
    return [(11, CycleFacts(1, events, **more)), (12, CycleFacts(2))]


def step(cycles: list[tuple[int, CycleFacts]], **more: Any) -> tuple[str, str]:
    course = Course("F1042", "Hannah", "Tamsin", cycles, goals=more.pop("goals", 1), **more)
    found = next_in_programme(course, Rules(), NOW)
    return found.lead, found.endpoint


VIDEO = event("video_session", NOW + WEEK)
BEGUN = event("video_session", NOW - HOUR / 2)
FILMED = event("video_session", NOW - WEEK, "done")
REVIEW = event("shared_review", NOW + 2 * WEEK, "provisional")
HELD = event("shared_review", NOW - HOUR, "booked")
ON_THE_DAY = "Monday 30 November at 10:00"


@pytest.mark.parametrize(
    ("cycles", "lead", "endpoint"),
    [
        (cycle(), "book the video session and its review for cycle 1.", "scheduling.book_what"),
        (cycle(VIDEO, REVIEW), f"the video session on {ON_THE_DAY}.", "scheduling.appointment"),
        (cycle(BEGUN, REVIEW), "say how the video session went.", "scheduling.appointment"),
        (cycle(FILMED, REVIEW), "choose the clips for cycle 1.", "programmes.clips"),
        (
            cycle(FILMED, clips=3, clips_chosen_at=NOW),
            "book the shared review of cycle 1.",
            "scheduling.book_what",
        ),
        (
            cycle(FILMED, HELD, clips=3, clips_chosen_at=NOW),
            "record the shared review of cycle 1.",
            "programmes.review",
        ),
        (
            cycle(FILMED, HELD, clips=3, clips_chosen_at=NOW, reviewed_on=date(2026, 11, 23)),
            "book the video session and its review for cycle 2.",
            "scheduling.book_what",
        ),
    ],
)
def test_each_state_of_the_cycle_in_hand_has_its_next_step(
    cycles: list[tuple[int, CycleFacts]], lead: str, endpoint: str
) -> None:
    assert step(cycles) == (lead, endpoint)


def test_goals_come_before_the_first_cycle() -> None:
    assert step(cycle(), goals=0)[0] == "set the goals."


def test_who_may_not_read_goals_is_not_told_that_there_are_none() -> None:
    assert step(cycle(), goals=None)[0] == "book the video session and its review for cycle 1."


def test_missing_consent_is_asked_for_before_the_video_session() -> None:
    asked = step(cycle(VIDEO), missing=("Hannah", "Leo"))

    assert asked == ("ask Hannah and Leo whether they may be filmed.", "programmes.consent")


def test_how_a_goals_visit_went_is_asked_from_its_start() -> None:
    visit = event("goals_visit", NOW)

    assert before_programme("F1042", visit, NOW - HOUR).lead.startswith("the goals visit on")
    assert before_programme("F1042", visit, NOW).lead == "say how the goals visit went."


def test_recording_a_review_names_the_next_video_that_waits_for_it() -> None:
    untold = event("video_session", NOW + WEEK, "provisional")
    cycles = [(11, CycleFacts(1, (FILMED, HELD), clips=3, clips_chosen_at=NOW)),
              (12, CycleFacts(2, (untold,)))]  # fmt: skip
    course = Course("F1042", "Hannah", "Tamsin", cycles, goals=1)

    words = next_in_programme(course, Rules(), NOW).words

    assert words == (
        f"Rate the goals again. Hannah has not been told of the next video session on {ON_THE_DAY} "
        "until then."
    )
