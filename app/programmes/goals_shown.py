"""Goals with their ratings as pages show them: by date, and drawn over time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.db import db
from app.programmes.models import Goal, Programme, Rating
from app.programmes.rating_chart import Chart, chart_of

COLUMNS = 5  # days of ratings in a table; the picture and its words have all


@dataclass(frozen=True)
class GoalShown:
    """A goal with its ratings by date, the first one first."""

    id: int
    words: str
    hoped_for: int
    ratings: Mapping[date, int]
    closed_on: date | None
    programme_id: int

    @property
    def latest(self) -> tuple[int, date] | None:
        """The last rating with its day."""
        if not self.ratings:
            return None
        day = max(self.ratings)
        return self.ratings[day], day

    @property
    def chart(self) -> Chart | None:
        return chart_of(self.ratings, self.hoped_for)


def rating_days(goals: Iterable[GoalShown]) -> list[date]:
    """The days for the columns of a table: the first, and the last ones."""
    days = sorted({day for goal in goals for day in goal.ratings})
    return days if len(days) <= COLUMNS else [days[0], *days[1 - COLUMNS :]]


def goals_of(programme: Programme) -> list[GoalShown]:
    """A programme's goals with their ratings, in one statement."""
    shown: dict[int, GoalShown] = {}
    rows = db.session.execute(
        select(Goal, Rating)
        .outerjoin(Rating, Rating.goal_id == Goal.id)
        .where(Goal.programme_id == programme.id)
        .order_by(Goal.id, Rating.on, Rating.id)
    )
    ratings: dict[int, dict[date, int]] = {}
    for goal, rating in rows:
        of_goal = ratings.setdefault(goal.id, {})
        if rating is not None:
            of_goal[rating.on] = rating.value
        shown[goal.id] = GoalShown(
            goal.id, goal.words, goal.hoped_for, of_goal, goal.closed_on, programme.id
        )
    return list(shown.values())
