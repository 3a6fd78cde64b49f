"""A worker's own day: the visit they are on, the next ones with when to leave, tomorrow.

References and towns only: the family may see the screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import clock, phones
from app.accounts.models import Staff
from app.db import db
from app.families.models import Family
from app.lone_working import frame, ladder, queries, words
from app.lone_working.models import Watch
from app.lone_working.watches import levels_of
from app.places.travel import NOWHERE, minutes_between, spot_for
from app.risk.duty import covering
from app.risk.levels import current_assessments
from app.risk.models import LEVEL_MEANS, LEVELS, Assessment
from app.scheduling.models import HOWS, KINDS, LETTERS, LIVE, STATUSES, Appointment
from app.settings import store
from app.settings.rules import Rules
from app.times import staff_range, staff_time


@dataclass(frozen=True)
class Stop:
    """One appointment of somebody's day. `leave_by` None where nobody travels."""

    appointment_id: int
    reference: str
    kind: str
    letter: str
    minutes: int
    starts_at: datetime
    ends_at: datetime
    status: str
    where: str
    town: str
    leave_by: datetime | None
    leave_words: str
    visited: bool
    level: str
    level_words: str
    controls: str | None
    signal: str | None


@dataclass(frozen=True)
class Live:
    """The visit that somebody is on or about to begin."""

    appointment_id: int
    watch_id: int | None
    tag: str
    red: bool
    words: str
    kind: str
    checked_in: bool
    may_extend: bool


@dataclass(frozen=True)
class MyDay:
    """`to_tell`: today's appointments that are over, of which nobody has said how they went."""

    at: datetime
    live: Sequence[Live]
    to_tell: Sequence[Stop]
    next: Sequence[Stop]
    tomorrow: Sequence[Stop]
    buddy: str | None
    helper: str | None
    number: str | None
    extend_minutes: int


def mine() -> MyDay:
    """The signed-in worker's day now, for the page that includes it."""
    return my_day(current_user, clock.now())


def my_day(staff: Staff, at: datetime) -> MyDay:
    """What one worker's day is at an instant: what is live, what comes, and tomorrow."""
    rules = store.current()
    today = clock.london(at).date()
    stops = stops_of(staff, today, rules)
    watches = own_watches(staff.id, at)
    early = timedelta(minutes=rules.check_in_early_minutes)
    live = live_ones(watches, stops, at, early)
    shown = {one.appointment_id for one in live}
    over = {w.appointment_id for w in watches if w.closed_at is not None}
    manager, buddy = covering(at, rules)
    helper = next((p for p in (buddy, manager) if p and p.id != staff.id and p.mobile), None)
    return MyDay(
        at=at,
        live=live,
        to_tell=[
            stop
            for stop in stops
            if stop.appointment_id in over
            or (stop.ends_at <= at and stop.appointment_id not in shown)
        ],
        next=[
            stop for stop in stops if stop.ends_at > at and stop.appointment_id not in shown | over
        ],
        tomorrow=stops_of(staff, today + timedelta(days=1), rules),
        buddy=buddy.first_name if buddy and buddy.id != staff.id else None,
        helper=helper.first_name if helper else None,
        number=text_number(),
        extend_minutes=rules.extend_minutes,
    )


def text_number() -> str | None:
    """The number to which staff text IN and OUT, where the service has one of its own."""
    number = current_app.config["SERVICE"].twilio_from
    return phones.shown(number) if number else None


def own_watches(staff_id: int, at: datetime) -> Sequence[Watch]:
    """Somebody's open watches, and those of today that are closed."""
    midnight = clock.midnight(clock.london(at).date())
    own = Watch.closed_at.is_(None) | (Watch.due_in >= midnight)
    rows = queries.with_visit().where(Watch.staff_id == staff_id, own).order_by(Watch.due_in)
    return db.session.scalars(rows).unique().all()


def live_ones(
    watches: Sequence[Watch], stops: Sequence[Stop], at: datetime, early: timedelta
) -> list[Live]:
    """Open watches that have begun or may be checked in to; also today's visits that no watch was
    opened for yet, so that the button is there whatever the worker process does."""
    open_ones = [w for w in watches if w.closed_at is None and w.due_in <= at + early]
    lines = {line.watch_id: line for line in frame.lines_of(open_ones, at)}
    live = [live_watch(watch, lines[watch.id]) for watch in open_ones]
    known = {watch.appointment_id for watch in watches}
    return live + [
        Live(
            appointment_id=stop.appointment_id,
            watch_id=None,
            tag="Not started",
            red=False,
            words=f"{stop.reference}, {stop.town}, {staff_range(stop.starts_at, stop.ends_at)}",
            kind=stop.kind,
            checked_in=False,
            may_extend=False,
        )
        for stop in stops
        if stop.visited
        and stop.appointment_id not in known
        and stop.starts_at - early <= at < stop.ends_at
    ]


def live_watch(watch: Watch, line: words.Line) -> Live:
    inside = watch.checked_in_at is not None
    when = (
        f"until {staff_time(watch.due_out)}" if inside else staff_range(watch.due_in, watch.due_out)
    )
    tag = line.tag
    if line.state == ladder.INSIDE and watch.checked_in_at:
        tag = f"Checked in {staff_time(watch.checked_in_at)}"
    return Live(
        appointment_id=watch.appointment_id,
        watch_id=watch.id,
        tag=tag,
        red=line.red,
        words=f"{watch.appointment.family.reference}, {line.town}, {when}",
        kind=KINDS[watch.appointment.kind],
        checked_in=inside,
        may_extend=inside and not watch.extended,
    )


def stops_of(staff: Staff, day: date, rules: Rules) -> list[Stop]:
    """Somebody's live appointments of a London date in order, with when to leave for each: from
    base, or from the visit before."""
    rows = appointments_on(staff.id, day)
    levels = levels_of(rows, clock.midnight(day))
    homes = [row.place_id for row in rows if row.place and row.place.kind == "home"]
    held = current_assessments([h for h in homes if h], on=day) if homes else {}
    here, from_words, pause = spot_for(staff.base_postcode), "base", 0
    stops = []
    for row in rows:
        leave_by, leave_words = None, ""
        visited = row.how == "in_person" and (row.place is None or row.place.is_travelled_to)
        if visited:
            there = spot_for(row.place.postcode, row.place.id) if row.place else NOWHERE
            drive = minutes_between(here, there, rules)
            if drive.minutes:
                leave_by = row.starts_at - timedelta(minutes=drive.minutes + pause)
                known = "" if drive.known else ", the distance is not known"
                leave_words = f"from {from_words}: {drive.minutes} minutes{known}"
            here, from_words, pause = there, words.town(row), rules.between_visits_minutes
        stops.append(stop_of(row, visited, leave_by, leave_words, levels[row.id], held))
    return stops


def stop_of(
    row: Appointment,
    visited: bool,
    leave_by: datetime | None,
    leave_words: str,
    level: str,
    held: dict[int, Assessment],
) -> Stop:
    assessment = held.get(row.place_id) if row.place_id else None
    where = words.where(row) if row.how == "in_person" else HOWS[row.how].lower()
    if row.room is not None:
        where = f"{where}, {row.room.name}"
    return Stop(
        appointment_id=row.id,
        reference=row.family.reference,
        kind=KINDS[row.kind],
        letter=LETTERS[row.kind],
        minutes=row.minutes,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        status=STATUSES[row.status],
        where=where,
        town=words.town(row) if visited else where,
        leave_by=leave_by,
        leave_words=leave_words,
        visited=visited,
        level=LEVELS[level],
        level_words=LEVEL_MEANS[level],
        controls=assessment.controls if assessment else None,
        signal=row.place.signal if row.place else None,
    )


def appointments_on(staff_id: int, day: date) -> Sequence[Appointment]:
    start, end = clock.midnight(day), clock.midnight(day + timedelta(days=1))
    return db.session.scalars(
        select(Appointment)
        .where(
            (Appointment.staff_id == staff_id) | (Appointment.second_id == staff_id),
            Appointment.status.in_(LIVE),
            Appointment.starts_at < end,
            Appointment.ends_at > start,
        )
        .options(
            joinedload(Appointment.place),
            joinedload(Appointment.room),
            joinedload(Appointment.family).load_only(Family.reference, Family.practitioner_id),
        )
        .order_by(Appointment.starts_at)
    ).all()
