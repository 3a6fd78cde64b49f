"""Goals: one to three at a time, in the family's words, about what an adult will do, rated 0 to
10.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app import clock
from app.audit.record import actor, record
from app.db import db, hold
from app.errors import DomainError
from app.programmes.models import Goal, Programme, Rating
from app.programmes.start import must_run
from app.settings import store

SCALE = range(11)
NOT_ON_SCALE = "Choose a number from 0 to 10."
LONGEST_GOAL = 500


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

    Refused when it is not about what an adult will do, or when as many as the settings allow are
    open.
    """
    hold(programme)
    must_run(programme)
    most = store.current().goals_most
    if not words.strip():
        raise DomainError("Enter the goal in the family’s words.", "words")
    if len(words) > LONGEST_GOAL:
        raise DomainError(f"Use {LONGEST_GOAL} characters or fewer.", "words")
    if not about_adult:
        raise DomainError("A goal is about what an adult will do. Change its words.", "about_adult")
    check_number(first, "first")
    check_number(hoped_for, "hoped_for")
    if hoped_for < first:
        raise DomainError("What they hope for is lower than where they are now.", "hoped_for")
    check_day(on, programme, at)
    if open_goals(programme) >= most:
        raise DomainError(f"There are {most} goals already. Close one first.", "words")
    goal = Goal(programme_id=programme.id, words=words.strip(), hoped_for=hoped_for, set_on=on)
    db.session.add(goal)
    db.session.flush()
    db.session.add(Rating(goal_id=goal.id, value=first, on=on, by=actor(by)))
    record("goal:set", goal, by=by, at=at, family_id=programme.family_id)
    return goal


def open_goals(programme: Programme) -> int:
    """How many goals of a programme are open."""
    count = select(func.count()).select_from(Goal)
    open_ones = count.where(Goal.programme_id == programme.id, Goal.closed_on.is_(None))
    return db.session.scalar(open_ones) or 0


def check_number(value: int, field: str) -> None:
    if value not in SCALE:
        raise DomainError(NOT_ON_SCALE, field)


def check_day(on: date, programme: Programme, at: datetime) -> None:
    if on > clock.london(at).date():
        raise DomainError("Enter the day they said it; it cannot lie ahead.", "on")
    if on < programme.started_on:
        raise DomainError("The programme had not begun on that day.", "on")


def rate_goal(
    programme: Programme,
    goal: Goal,
    value: int,
    *,
    on: date,
    by: Any,
    at: datetime,
    cycle_id: int | None = None,
) -> Rating:
    """Where the family says it is with a goal now; said again on one day, the last number stands.

    Also after the programme has ended: at the follow-up.
    """
    hold(goal)
    check_number(value, f"goal_{goal.id}")
    if goal.programme_id != programme.id:
        raise DomainError("Choose a goal of this programme.")
    if goal.closed_on:
        raise DomainError("This goal is closed.")
    check_day(on, programme, at)
    rating = db.session.scalars(
        select(Rating).where(Rating.goal_id == goal.id, Rating.on == on).order_by(Rating.id.desc())
    ).first()
    if rating is None:
        rating = Rating(goal_id=goal.id, on=on, value=value, cycle_id=cycle_id, by=actor(by))
        db.session.add(rating)
    else:
        same = rating.value == value
        rating.value, rating.cycle_id = value, cycle_id or rating.cycle_id
        if same:
            return rating
        rating.by = actor(by)
    record("goal:rated", goal, by=by, at=at, family_id=programme.family_id, value=value)
    return rating


def rate_goals(
    programme: Programme,
    ratings: Mapping[int, int],
    *,
    on: date,
    by: Any,
    at: datetime,
    cycle_id: int | None = None,
) -> None:
    """Rate several goals of a programme on one day; goal id -> 0 to 10."""
    for goal_id, value in ratings.items():
        goal = db.session.get(Goal, goal_id)
        if goal is None:
            raise DomainError("Choose a goal of this programme.")
        rate_goal(programme, goal, value, on=on, by=by, at=at, cycle_id=cycle_id)


def close_goal(goal: Goal, *, on: date, family_id: int, by: Any, at: datetime) -> None:
    """The family has done with a goal; its ratings stay."""
    hold(goal)
    if goal.closed_on:
        raise DomainError("This goal is closed already.")
    if not goal.set_on <= on <= clock.london(at).date():
        raise DomainError("Enter a day since the goal was set, not one ahead.", "on")
    goal.closed_on = on
    record("goal:closed", goal, by=by, at=at, family_id=family_id)
