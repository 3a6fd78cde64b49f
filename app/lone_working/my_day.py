"""A worker's own day: the visit they are on, the next ones with when to leave, tomorrow.

References and towns only: the family may see the screen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app
from flask_login import current_user

from app import clock, phones
from app.accounts.models import Staff
from app.lone_working import frame, ladder, words
from app.lone_working.ground import Ground, Look, read_ground
from app.lone_working.models import Watch
from app.lone_working.watches import homes_of, level_at
from app.risk.duty import covering
from app.risk.models import LEVEL_MEANS, LEVELS
from app.scheduling.diary.drives import Trip, drives_of, is_visit
from app.scheduling.listed import Listed
from app.scheduling.models import HOWS, KINDS, LETTERS, STATUSES
from app.scheduling.queries import between
from app.settings import store
from app.settings.rules import Rules
from app.times import staff_range, staff_time

NOWHERE_KNOWN = Ground({}, {}, {})


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
    stops, tomorrow = days_of(staff, today, 2, rules)
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
        tomorrow=tomorrow,
        buddy=buddy.first_name if buddy and buddy.id != staff.id else None,
        helper=helper.first_name if helper else None,
        number=text_number(),
        extend_minutes=rules.extend_minutes,
    )


def text_number() -> str | None:
    """The number to which staff text IN and OUT, where the service has one of its own."""
    number = current_app.config["SERVICE"].twilio_from
    return phones.shown(number) if number else None


def own_watches(staff_id: int, at: datetime) -> list[Watch]:
    """Somebody's open watches, and those of today that are closed."""
    midnight = clock.midnight(clock.london(at).date())
    return [
        watch
        for watch in sorted(frame.watches(at), key=lambda watch: watch.due_in)
        if watch.staff_id == staff_id and (watch.closed_at is None or watch.due_in >= midnight)
    ]


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


def stops_of(people: Sequence[Staff], day: date, rules: Rules) -> dict[int, list[Stop]]:
    """Each one's live appointments of a London date in order, with when to leave for each: from
    base, or from the visit before. Two statements for all of them.
    """
    rows = live_between(current_user, day, day + timedelta(days=1))
    ground = read_ground(homes_of(rows), people)
    held = ground.held_on(day)
    found = {}
    for one in people:
        own = [row for row in rows if goes_to(one, row)]
        trips = drives_of(ground.base(one), own, rules, ground.drives)
        found[one.id] = list(stops_on(own, trips, held))
    return found


def days_of(staff: Staff, first: date, number: int, rules: Rules) -> list[list[Stop]]:
    """One worker's stops on a number of days, in two statements; one where they go nowhere."""
    days = [first + timedelta(days=n) for n in range(number)]
    rows = own_appointments(staff, days[0], days[-1] + timedelta(days=1))
    ground = read_ground(homes_of(rows), [staff]) if any(map(is_visit, rows)) else NOWHERE_KNOWN
    found = []
    for day in days:
        end = clock.midnight(day + timedelta(days=1))
        of_day = [row for row in rows if row.starts_at < end and row.ends_at > clock.midnight(day)]
        trips = drives_of(ground.base(staff), of_day, rules, ground.drives)
        found.append(list(stops_on(of_day, trips, ground.held_on(day))))
    return found


def stops_on(
    rows: Sequence[Listed], trips: Iterable[Trip], held: Mapping[int, Look]
) -> Iterator[Stop]:
    """The stops of one day with its drives; `held` are the assessments in force by home."""
    drives = {one.go_to: one for one in trips}
    towns = {row.id: words.town(row) for row in rows}
    for row in rows:
        leave_by, leave_words = None, ""
        if drive := drives.get(row.id):
            leave_by = drive.leaves_at
            origin = "base" if drive.come_from is None else towns[drive.come_from]
            known = "" if drive.known else ", the distance is not known"
            leave_words = f"from {origin}: {drive.minutes} minutes{known}"
        yield stop_of(row, is_visit(row), leave_by, leave_words, level_at(row, held), held)


def stop_of(
    row: Listed,
    visited: bool,
    leave_by: datetime | None,
    leave_words: str,
    level: str,
    held: Mapping[int, Look],
) -> Stop:
    assessment = held.get(row.place_id) if row.place_id else None
    where = words.where(row) if row.how == "in_person" else HOWS[row.how].lower()
    if row.room is not None:
        where = f"{where}, {row.room.name}"
    return Stop(
        appointment_id=row.id,
        reference=row.reference,
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


def own_appointments(staff: Staff, first: date, last: date) -> list[Listed]:
    """Somebody's live appointments from `first` to before `last`: of the read that the page's list
    of the team's appointments is made of."""
    return [row for row in live_between(staff, first, last) if goes_to(staff, row)]


def live_between(reader: Staff, first: date, last: date) -> list[Listed]:
    rows = between(clock.midnight(first), clock.midnight(last), reader)
    return [row for row in rows if row.live]


def goes_to(staff: Staff, row: Listed) -> bool:
    return staff.id in (row.staff_id, row.second_id)
