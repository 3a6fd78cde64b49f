"""The shared review took place: the cycle counts, and the goals are rated again."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app import clock
from app.audit.record import record
from app.db import hold
from app.errors import DomainError
from app.programmes.clips import running
from app.programmes.cycles import (
    FILMED,
    PLANNED,
    REVIEWED,
    VIDEO_BOOKED,
    CycleFacts,
    review_of,
    state_of,
)
from app.programmes.goals import rate_goals
from app.programmes.kinds import ask_videos_again
from app.programmes.models import Cycle
from app.programmes.queries import facts_of
from app.scheduling.models import LIVE
from app.scheduling.outcome import record_outcome
from app.scheduling.queries import by_id
from app.times import for_staff

LONGEST_WORDS = 1000


def finish_review(
    cycle: Cycle,
    *,
    by: Any,
    at: datetime,
    words: str | None = None,
    ratings: Mapping[int, int] | None = None,
    opened_at: int | None = None,
) -> None:
    """The cycle counts from the day of its shared review; goals are rated as of that day.

    `ratings` is goal id -> 0 to 10. A review that has begun and was not recorded yet is recorded as
    done in the same transaction; one that lies ahead is refused.
    """
    hold(cycle, opened_at, "This cycle")
    programme = running(cycle)
    if len(words or "") > LONGEST_WORDS:
        raise DomainError(f"Use {LONGEST_WORDS} characters or fewer.", "words")
    on = held_on(cycle, by=by, at=at)
    cycle.reviewed_on, cycle.review_words = on, words or None
    cycle.version += 1
    record("cycle:reviewed", cycle, by=by, at=at, family_id=programme.family_id)
    rate_goals(programme, ratings or {}, on=on, by=by, at=at, cycle_id=cycle.id)
    ask_videos_again(cycle, by=by, at=at)


def not_yet(facts: CycleFacts, at: datetime) -> str | None:
    """Why a cycle's review cannot be recorded as done, or None."""
    state, review = state_of(facts), review_of(facts)
    if state == REVIEWED:
        return "This cycle is reviewed already."
    if state in (PLANNED, VIDEO_BOOKED):
        return "The video session comes before the review."
    if state == FILMED:
        return "Choose the clips first: the review shows them."
    if review is None:
        return "No shared review is booked for this cycle. Book it first."
    if review.status in LIVE and review.starts_at > at:
        return f"The review on {for_staff(review.starts_at)} has not begun. Record it after it."
    return None


def held_on(cycle: Cycle, *, by: Any, at: datetime) -> date:
    """The London day on which the cycle's review took place, recorded as done if it was not yet."""
    facts = facts_of([cycle])[cycle.id]
    if wait := not_yet(facts, at):
        raise DomainError(wait)
    review = review_of(facts)
    assert review is not None, "its absence was refused"
    if review.status in LIVE:
        appointment = by_id(review.id)
        assert appointment is not None, "it was there a moment ago"
        record_outcome(appointment, "done", by=by, at=at)
    return clock.london(review.starts_at).date()
