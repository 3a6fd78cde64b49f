"""Own calendars in the tests: their addresses, and a reader where the child process is."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from app.accounts.models import Staff
from app.calendars.busy import Busy
from app.calendars.reading import Job, Reading
from app.clock import at_london
from app.db import db, transact
from app.scheduling.own_calendars.models import BusyTime, OwnCalendar
from app.scheduling.own_calendars.own_calendar import of_staff, set_calendar
from app.scheduling.own_calendars.read import read_next
from tests.cast import NOW

ADDRESS = "https://calendar.google.com/calendar/ical/tamsin/private-0a1b/basic.ics"
OTHER = "https://outlook.office365.com/owa/calendar/0a1b/calendar.ics"
TUESDAY = date(2026, 12, 1)
LATER = NOW + timedelta(hours=1)


def at(hour: int, minute: int = 0, day: date = TUESDAY) -> datetime:
    return at_london(day, time(hour, minute))


def ten(ours: str | None = None) -> Busy:
    return Busy(at(10), at(11), ours)


def answers(*busy: Busy, **kept: str) -> Reading:
    return Reading(busy=tuple(busy), **kept)


NO = Reading(failure="The calendar’s server could not be reached.")


class Reader:
    """Stands where the child process is: gives the answers in turn, and keeps the jobs."""

    def __init__(self, *given: Reading) -> None:
        self.given = iter(given)
        self.jobs: list[Job] = []

    def __call__(self, job: Job) -> Reading:
        self.jobs.append(job)
        return next(self.given)


def set_for(person: Staff, typed: str = ADDRESS, by: Staff | None = None) -> OwnCalendar:
    return transact(lambda: set_calendar(person, typed, by=by or person, at=NOW))


def reads(*given: Reading, on: datetime = NOW) -> Reader:
    reader = Reader(*given)
    for _ in given:
        assert read_next(at=on, read=reader)
    return reader


def busy_of(person: Staff) -> list[tuple[datetime, datetime]]:
    rows = select(BusyTime.starts_at, BusyTime.ends_at).where(BusyTime.staff_id == person.id)
    return [(starts, ends) for starts, ends in db.session.execute(rows.order_by("starts_at"))]


def row_of(person: Staff) -> OwnCalendar:
    found = of_staff(person)
    assert found is not None
    return found
