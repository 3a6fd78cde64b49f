"""Goals: one to three at a time, in the family's words, about what an adult will do, rated 0 to
10.
"""

from datetime import date, datetime
from typing import Any

from app.audit.record import actor, record
from app.db import db
from app.errors import DomainError
from app.programmes.models import Goal, Programme, Rating
from app.programmes.programme import must_run

MOST_GOALS = 3
SCALE = range(11)


def set_goal(
    programme: Programme,
    words: str,
    first: int,
    hoped_for: int,
    *,
    about_adult: bool,
    on: date,
    by: Any,
    at: datetime,
) -> Goal:
    """A new goal with its first rating and what the family hopes for.

    Refused when it is not about what an adult will do, or when three are open.
    """
    must_run(programme)
    if not words.strip():
        raise DomainError("Enter the goal in the family’s words.", "words")
    if not about_adult:
        raise DomainError("A goal is about what an adult will do. Change its words.", "about_adult")
    if first not in SCALE or hoped_for not in SCALE:
        raise DomainError("Choose a number from 0 to 10.", "first")
    if sum(goal.closed_on is None for goal in programme.goals) >= MOST_GOALS:
        raise DomainError("There are three goals already. Close one first.", "words")
    goal = Goal(programme_id=programme.id, words=words.strip(), hoped_for=hoped_for, set_on=on)
    db.session.add(goal)
    db.session.flush()
    db.session.add(Rating(goal_id=goal.id, value=first, on=on, by=actor(by)))
    record("goal:set", goal, by=by, at=at, family_id=programme.family_id)
    return goal


def rate_goal(
    goal: Goal,
    value: int,
    *,
    on: date,
    family_id: int,
    by: Any,
    at: datetime,
    cycle_id: int | None = None,
) -> Rating:
    """Where the family says it is with a goal now."""
    if value not in SCALE:
        raise DomainError("Choose a number from 0 to 10.", "value")
    if goal.closed_on:
        raise DomainError("This goal is closed.")
    rating = Rating(goal_id=goal.id, value=value, on=on, cycle_id=cycle_id, by=actor(by))
    db.session.add(rating)
    record("goal:rated", goal, by=by, at=at, family_id=family_id, value=value)
    return rating


def close_goal(goal: Goal, *, on: date, family_id: int, by: Any, at: datetime) -> None:
    """The family has done with a goal; its ratings stay."""
    if goal.closed_on:
        raise DomainError("This goal is closed already.")
    goal.closed_on = on
    record("goal:closed", goal, by=by, at=at, family_id=family_id)
