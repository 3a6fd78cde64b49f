"""The calendar of the sample service: working days counted from today, and London times on them.

Pure. A story says "12 working days ago at 10:00", so it holds on whatever day it is told.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app import clock
from app.working_days import is_working_day, working_day_before, working_days_after

OPENS, SETTLED, SHUTS = time(9, 5), time(9, 30), time(17)
WEEKDAYS = ("mons", "tues", "weds", "thurs", "fris", "sats", "suns")


@dataclass(frozen=True)
class Days:
    """Counts from the London date of `now`."""

    now: datetime

    @property
    def today(self) -> date:
        return clock.london(self.now).date()

    @property
    def is_working_today(self) -> bool:
        return is_working_day(self.today)

    def day(self, count: int) -> date:
        """The working day so many before (negative) or after today; 0 is today, whatever it is."""
        if count < 0:
            return working_day_before(self.today, -count)
        if count == 0:
            return self.today
        day = self.today
        while is_working_day(day) is False:
            day -= timedelta(days=1)
        return working_days_after(day, count)

    def at(self, count: int, wall: str) -> datetime:
        """A London wall time such as '10:30' on a working day counted from today."""
        return clock.at_london(self.day(count), time.fromisoformat(wall))

    def lately(self, minutes: int) -> datetime:
        """So many minutes before the service was last staffed: before now in working hours, else
        before 17:00 of the last working day. What would fall before today's opening is the evening
        before."""
        there = clock.london(self.now)
        if self.is_working_today and there.time() >= SETTLED:
            shut = clock.at_london(self.today, SHUTS)
            moment = min(self.now, shut) - timedelta(minutes=minutes)
            if moment >= clock.at_london(self.today, OPENS):
                return moment
        return self.at(-1, f"{SHUTS:%H:%M}") - timedelta(minutes=minutes)
