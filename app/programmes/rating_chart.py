"""A goal's ratings over time as points of a small picture, and the same in words. Pure.

The picture is drawn by the template from these numbers: a line through the ratings, spaced by
date, and a dashed line where the family hopes to be.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.times import staff_date

HIGHEST = 10
WIDTH, HEIGHT = 360, 124
LEFT, RIGHT, TOP, BOTTOM = 26, 84, 16, 22


@dataclass(frozen=True)
class Point:
    """One rating: where it stands in the picture, its number and its day."""

    x: float
    y: float
    value: int
    day: date


@dataclass(frozen=True)
class Chart:
    """What the template draws. `words` says the same to whoever does not see it."""

    points: tuple[Point, ...]
    hoped_y: float
    words: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM
    top: int = TOP

    @property
    def line(self) -> str:
        return " ".join(f"{point.x:g},{point.y:g}" for point in self.points)


def height_of(value: int) -> float:
    """Where a number from 0 to 10 stands, counted from the top of the picture."""
    return round(HEIGHT - BOTTOM - value * (HEIGHT - BOTTOM - TOP) / HIGHEST, 1)


def chart_of(ratings: Mapping[date, int], hoped_for: int) -> Chart | None:
    """The picture of a goal; None before it was rated a second time, for one number is no course.

    Days stand as far apart as they were.
    """
    days = sorted(ratings)
    if len(days) < 2:
        return None
    span = (days[-1] - days[0]).days
    room = WIDTH - RIGHT - LEFT - 16
    points = tuple(
        Point(
            round(LEFT + 8 + room * (day - days[0]).days / span, 1),
            height_of(ratings[day]), ratings[day], day,
        )
        for day in days
    )  # fmt: skip
    said = ", ".join(f"{ratings[day]} on {staff_date(day)}" for day in days)
    return Chart(points, height_of(hoped_for), f"{said}; hoped for {hoped_for}")
