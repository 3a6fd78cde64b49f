"""Opening a watch for everybody who visits today, and following what becomes of the appointment.

A visit that has begun is never closed or put off from here, whatever is changed about the
appointment: only the worker's check-out or a person who knows that they are safe closes it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from app import clock
from app.db import db
from app.families.models import Family
from app.lone_working.models import Watch
from app.places.models import TRAVELLED_TO, Place
from app.risk.levels import NOT_ASSESSED, current_assessments
from app.risk.standing import Assessed
from app.scheduling.listed import Listed
from app.scheduling.models import LIVE, Appointment

JOB = "job:watch"
# A worker process that starts again looks for whoever should have come out meanwhile.
LOOK_BACK = timedelta(hours=12)


def open_watches(at: datetime) -> int:
    """Give each worker of today's visits a watch; answers how many are new.

    A visit is a live appointment in person at a place that is travelled to; one that ended within
    12 hours counts too. Before its start a watch follows its appointment: moved with it, closed
    when it is cancelled, given to somebody else or put on another day.
    """
    visits = visits_near(at)
    levels = levels_of(visits, at)
    known: dict[tuple[int, int], list[Watch]] = defaultdict(list)
    for watch in known_watches(visits):
        known[watch.appointment_id, watch.staff_id].append(watch)
    made = 0
    for visit in visits:
        for staff_id in workers_of(visit):
            rows = known.pop((visit.id, staff_id), [])
            made += follow(visit, staff_id, levels[visit.id], rows, at)
    for rows in known.values():
        for watch in rows:
            if watch.closed_at is None and not has_begun(watch, at):
                close_by_itself(watch, "The visit is not theirs today any more.", at)
    return made


def watch_for(appointment: Appointment, staff_id: int, at: datetime) -> Watch | None:
    """The watch of one worker at a visit, opened where the job has not yet; None where they have
    none: not theirs, not today, or not travelled to."""
    visit = next((row for row in visits_near(at) if row.id == appointment.id), None)
    if visit is not None and staff_id in workers_of(visit):
        rows = [row for row in known_watches([visit]) if row.staff_id == staff_id]
        mine = [row for row in rows if row.appointment_id == visit.id]
        follow(visit, staff_id, levels_of([visit], at)[visit.id], mine, at)
    found = db.session.scalars(
        select(Watch)
        .where(Watch.appointment_id == appointment.id, Watch.staff_id == staff_id)
        .order_by(Watch.closed_at.is_(None).desc(), Watch.due_in.desc())
    )
    return found.first()


def visits_near(at: datetime) -> Sequence[Appointment]:
    """Today's visits (London), and those that ended in the last 12 hours: one statement."""
    end = clock.midnight(clock.london(at).date() + timedelta(days=1))
    return db.session.scalars(
        select(Appointment)
        .outerjoin(Place, Place.id == Appointment.place_id)
        .where(
            Appointment.status.in_(LIVE),
            Appointment.how == "in_person",
            Place.id.is_(None) | Place.kind.in_(TRAVELLED_TO),
            Appointment.ends_at > at - LOOK_BACK,
            Appointment.starts_at < end,
        )
        .options(
            joinedload(Appointment.place),
            joinedload(Appointment.family).load_only(Family.reference),
        )
        .order_by(Appointment.starts_at, Appointment.id)
        .execution_options(populate_existing=True)
    ).all()


def known_watches(visits: Iterable[Appointment]) -> Sequence[Watch]:
    """The watches of these visits, and every one that is open."""
    return db.session.scalars(
        select(Watch)
        .where(Watch.closed_at.is_(None) | Watch.appointment_id.in_([v.id for v in visits]))
        .order_by(Watch.id)
        .execution_options(populate_existing=True)
    ).all()


def workers_of(visit: Appointment) -> list[int]:
    return [staff_id for staff_id in (visit.staff_id, visit.second_id) if staff_id is not None]


def levels_of(visits: Sequence[Appointment], at: datetime) -> Mapping[int, str]:
    """The level of each visit now, by its number: a home's in force, else standard."""
    homes = homes_of(visits)
    found = current_assessments(homes, on=clock.london(at).date()) if homes else {}
    return {visit.id: level_at(visit, found) for visit in visits}


def homes_of(visits: Sequence[Appointment | Listed]) -> set[int]:
    """The homes that are visited, by number."""
    return {v.place_id for v in visits if v.place_id and v.place and v.place.kind == "home"}


def level_at(visit: Appointment | Listed, held: Mapping[int, Assessed]) -> str:
    """The level of a visit, given the assessments that are in force by home."""
    if visit.place is not None and visit.place.kind != "home":
        return "standard"
    assessment = held.get(visit.place_id) if visit.place_id else None
    return assessment.level if assessment else NOT_ASSESSED


def follow(
    visit: Appointment, staff_id: int, level: str, rows: Sequence[Watch], at: datetime
) -> int:
    """Make one worker's watches fit the appointment as it is; 1 where one was added."""
    for watch in rows:
        if watch.due_in == visit.starts_at:
            keep_up(watch, visit, level, at)
            return 0
    for watch in rows:
        if watch.closed_at is None and watch.checked_in_at is not None:
            return 0  # they are there: moving the appointment moves no alarm
        if watch.closed_at is None and not has_begun(watch, at):
            watch.due_in = visit.starts_at
            keep_up(watch, visit, level, at)
            return 0
    return add(visit, staff_id, level)


def keep_up(watch: Watch, visit: Appointment, level: str, at: datetime) -> None:
    if watch.closed_by == JOB and watch.checked_out_at is None:
        watch.closed_at = watch.closed_by = watch.closed_words = None  # it is theirs again
    if watch.closed_at is None and not has_begun(watch, at):
        watch.due_out, watch.level = visit.ends_at, level


def add(visit: Appointment, staff_id: int, level: str) -> int:
    watch = Watch(
        appointment_id=visit.id,
        staff_id=staff_id,
        level=level,
        due_in=visit.starts_at,
        due_out=visit.ends_at,
    )
    db.session.flush()
    try:
        with db.session.begin_nested():
            db.session.add(watch)
    except IntegrityError:
        return 0  # another worker, or their own check-in, was a moment faster
    return 1


def has_begun(watch: Watch, at: datetime) -> bool:
    return watch.checked_in_at is not None or watch.due_in <= at


def close_by_itself(watch: Watch, words: str, at: datetime) -> None:
    watch.closed_at, watch.closed_by, watch.closed_words = at, JOB, words
