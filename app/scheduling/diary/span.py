"""The dates that a view of the diary shows. Pure."""

from calendar import monthrange
from datetime import date, timedelta
from typing import NamedTuple

from app.times import MONTHS, for_family_date
from app.windows import days

VIEWS = {"team": "Team day", "week": "Week", "month": "Month", "list": "List"}
ONE_DAY = timedelta(days=1)
WEEK = timedelta(days=7)


class Span(NamedTuple):
    """What a view shows: the dates from `first` to before `last`, in words, and its neighbours."""

    view: str
    on: date
    first: date
    last: date
    words: str
    before: date
    after: date

    @property
    def days(self) -> list[date]:
        return list(days(self.first, self.last - ONE_DAY))


def span_of(on: date, view: str) -> Span:
    """A day, the week from Monday, or the weeks that hold a month."""
    if view == "team":
        return Span(view, on, on, on + ONE_DAY, for_family_date(on), on - ONE_DAY, on + ONE_DAY)
    if view == "month":
        first = on.replace(day=1)
        after = first + timedelta(days=monthrange(on.year, on.month)[1])
        return Span(
            view, on, first - timedelta(days=first.weekday()),
            after + timedelta(days=-after.weekday() % 7),
            f"{MONTHS[on.month - 1]} {on.year}", (first - ONE_DAY).replace(day=1), after,
        )  # fmt: skip
    monday = on - timedelta(days=on.weekday())
    words = f"week of {for_family_date(monday)}"
    return Span(view, on, monday, monday + WEEK, words, on - WEEK, on + WEEK)
