"""Reading the calendars that are due, one at a time, as a job of the worker.

Claimed and committed, then read in a child process outside any transaction, then recorded: a worker
that is killed in between leaves a claim that runs out. A failure keeps the busy times of the last
good reading, however old; they are never taken for free time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from app import clock
from app.accounts.models import Staff
from app.calendars.busy import Busy
from app.calendars.reading import Job, Read, Reading, read_calendar
from app.db import db, transact
from app.scheduling.grid import instant_of, stretches_of
from app.scheduling.models import Appointment
from app.scheduling.own_calendars.models import BusyTime, OwnCalendar
from app.scheduling.own_calendars.own_calendar import allowed_hosts
from app.settings import store
from app.windows import merged

LEASE = timedelta(minutes=2)  # a reading takes 20 seconds at most
BACK = timedelta(days=7)  # the diary's last week
AHEAD = ("horizon_weeks", "review_flag_days")  # the settings that say how far ahead it is read


@dataclass(frozen=True)
class Claim:
    """A calendar that this worker reads: whose, and when it was set, for a number may come again
    once its calendar is removed."""

    id: int
    staff_id: int
    version: int
    set_at: datetime
    job: Job


def read_next(*, at: datetime, read: Read = read_calendar) -> bool:
    """Read the calendar that has been due longest; False where none is."""
    claim = transact(lambda: claim_next(at=at))
    if claim is None:
        return False
    reading = read(claim.job)
    transact(lambda: record_reading(claim, reading, at=at))
    return True


def claim_next(*, at: datetime) -> Claim | None:
    """Take the calendar due longest, so that no other worker reads it meanwhile."""
    calendar = db.session.scalars(
        select(OwnCalendar)
        .join(OwnCalendar.staff)
        .where(OwnCalendar.due_at <= at, Staff.left_at.is_(None))
        .order_by(OwnCalendar.due_at, OwnCalendar.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=OwnCalendar)
    ).first()
    if calendar is None:
        return None
    calendar.due_at = at + LEASE
    return Claim(
        calendar.id, calendar.staff_id, calendar.version, calendar.set_at, job_for(calendar, at)
    )


def job_for(calendar: OwnCalendar, at: datetime) -> Job:
    """From last week to beyond the last date that is searched.

    What says whether something changed goes along only where the busy times were worked out for
    the same dates: today, and no further ahead is searched since.
    """
    today, rules = clock.london(at).date(), store.current()
    ahead = timedelta(weeks=rules.horizon_weeks + 1, days=rules.review_flag_days)
    worked_out = calendar.worked_out_at
    same_dates = (
        worked_out is not None
        and clock.london(worked_out).date() == today
        and not store.changed_since(AHEAD, worked_out)
    )
    return Job(
        address=calendar.address,
        hosts=allowed_hosts(),
        first=clock.midnight(today - BACK),
        until=clock.midnight(today + ahead),
        etag=calendar.etag if same_dates else None,
        modified=calendar.modified if same_dates else None,
    )


def record_reading(claim: Claim, reading: Reading, *, at: datetime) -> None:
    """Keep what came of a reading; of no use where the address was changed or removed meanwhile."""
    calendar = db.session.scalars(
        select(OwnCalendar)
        .where(
            OwnCalendar.id == claim.id,
            OwnCalendar.staff_id == claim.staff_id,
            OwnCalendar.version == claim.version,
            OwnCalendar.set_at == claim.set_at,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if calendar is None:
        return
    calendar.tried_at = at
    calendar.due_at = at + timedelta(minutes=store.current().calendar_minutes)
    calendar.failure = reading.failure
    if reading.failure is not None:
        return
    calendar.good_at = at
    if reading.busy is None:
        return
    calendar.worked_out_at = at
    calendar.etag, calendar.modified = reading.etag, reading.modified
    replace_busy(calendar.staff_id, theirs(reading.busy, calendar.staff_id))


def theirs(times: Iterable[Busy], staff_id: int) -> set[tuple[datetime, datetime]]:
    """The busy times, joined where they meet, without our own appointments that have come back:
    those are held here already, and where one was moved or cancelled the copy is what is old.

    An invitation that a colleague passed on is under the colleague's UID, and takes time like any
    other event.
    """
    times, whose = list(times), f"-s{staff_id}"
    asked = {
        time.ours.removesuffix(whose) for time in times if time.ours and time.ours.endswith(whose)
    }
    known = set(
        db.session.scalars(select(Appointment.uid).where(Appointment.uid.in_(asked)))
        if asked
        else ()
    )
    copies = {f"{uid}{whose}" for uid in known}
    kept = ((time.starts_at, time.ends_at) for time in times if time.ours not in copies)
    return {(instant_of(s), instant_of(e)) for s, e in merged(stretches_of(kept))}


def replace_busy(staff_id: int, times: set[tuple[datetime, datetime]]) -> None:
    """Make somebody's stored busy times these; what stays is not written again."""
    stored = {
        (row.starts_at, row.ends_at): row.id
        for row in db.session.execute(
            select(BusyTime.id, BusyTime.starts_at, BusyTime.ends_at).where(
                BusyTime.staff_id == staff_id
            )
        )
    }
    gone = [number for span, number in stored.items() if span not in times]
    db.session.execute(delete(BusyTime).where(BusyTime.id.in_(gone)))
    db.session.add_all(
        BusyTime(staff_id=staff_id, starts_at=starts, ends_at=ends)
        for starts, ends in sorted(times - stored.keys())
    )
