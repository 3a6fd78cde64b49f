"""Working days in England: Monday to Friday without the bank holidays, worked out offline.

The holidays come from the `holidays` package, whose rules know the substitute days of coming
years.
"""

from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache

import holidays

from app import clock

END_OF_DAY = time(17)  # when what a person should do on a day is due


@cache
def _of_year(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def bank_holidays(first: date, last: date) -> frozenset[date]:
    """England's bank holidays from `first` to `last` inclusive."""
    return frozenset(
        day
        for year in range(first.year, last.year + 1)
        for day in _of_year(year)
        if first <= day <= last
    )


def is_bank_holiday(day: date) -> bool:
    return day in _of_year(day.year)


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and not is_bank_holiday(day)


@lru_cache(maxsize=8192)
def working_days_after(day: date, count: int) -> date:
    """The working day that lies `count` working days after `day`; for 0, `day` or the next one.

    Counted as `working_days_between` counts: one working day after a Saturday is the Monday.
    """
    while count == 0 and not is_working_day(day):
        day += timedelta(days=1)
    for _ in range(count):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def working_day_before(day: date, count: int = 1) -> date:
    """The working day that lies `count` working days before `day`."""
    for _ in range(count):
        day -= timedelta(days=1)
        while not is_working_day(day):
            day -= timedelta(days=1)
    return day


def working_days_between(first: date, last: date) -> int:
    """How many working days lie after `first`, up to and including `last`."""
    return sum(is_working_day(first + timedelta(days=n + 1)) for n in range((last - first).days))


def evening(day: date) -> datetime:
    """17:00 in London on a day."""
    return clock.at_london(day, END_OF_DAY)


def evening_after(day: date, count: int) -> datetime:
    """17:00 in London on the working day that lies `count` working days after `day`."""
    return evening(working_days_after(day, count))
