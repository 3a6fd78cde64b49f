"""What people and rooms hold near the dates of a search: stops, absences with the busy times of
own calendars, and reservations, each read in one statement whatever the number of people. What
places are closed for, and the drives that somebody measured, come with the reservations.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Executable,
    Integer,
    Select,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from app.accounts.models import Staff
from app.db import UtcDateTime, plain_rows
from app.places.models import TRAVELLED_TO, Closure, MeasuredDrive, Place, Postcode
from app.places.travel import Overrides, spot_for
from app.scheduling.models import (
    LIVE,
    LONGEST,
    PLACE,
    ROOM,
    Absence,
    Appointment,
    Reservation,
)
from app.scheduling.own_calendars.models import BusyTime
from app.scheduling.records import point
from app.scheduling.wanted import Stop, Worker
from app.windows import Span, Windows

ONE_DAY = timedelta(days=1)
DRIVE = 0  # the kind of the rows that are measured drives: nobody holds them


class Held(dict[tuple[int, int], tuple[Span, ...]]):
    """Spans by (kind, subject); nothing held is an empty tuple."""

    def __missing__(self, _key: tuple[int, int]) -> tuple[Span, ...]:
        return ()


class InTheWay(NamedTuple):
    """What people, rooms and places are held or closed for, and the measured drives."""

    held: Held
    drives: Overrides


def read_workers(team: Sequence[Any], span: Span, rows: Iterable[Any]) -> dict[int, Worker]:
    """Each person's hours, absences, busy times and stops near the dates: one statement for all of
    them. `team` are rows of `team_rows`, `rows` those of `stop_rows`. A held appointment in person
    travels, unless its place is nowhere to travel to."""
    ids = [person.id for person in team]
    away: dict[int, list[Span]] = {number: [] for number in ids}
    busy: dict[int, list[Span]] = {number: [] for number in ids}
    for staff_id, starts_at, ends_at, own in plain_rows(
        away_or_busy(), ids=ids, begins=span[0], ends=span[1]
    ):
        (busy if own else away)[staff_id].append((starts_at, ends_at))
    stops: dict[int, list[Stop]] = {number: [] for number in ids}
    for first, second, _, _, starts_at, ends_at, how, place_id, kind, postcode, *there in rows:
        travels = how == "in_person" and (place_id is None or kind in TRAVELLED_TO)
        spot = spot_for(postcode, place_id, point(*there)) if travels and place_id else None
        stop = Stop(starts_at, ends_at, spot, travels)
        if first in stops:
            stops[first].append(stop)
        if second in stops and second != first:
            stops[second].append(stop)
    return {
        number: Worker(
            number,
            name.split()[0],
            hours or Windows(),
            spot_for(postcode, None, point(*there)),
            tuple(away[number]),
            tuple(stops[number]),
            tuple(busy[number]),
        )
        for number, name, hours, postcode, _, *there in team
    }


@cache
def away_or_busy() -> Executable:
    """Absences and, with `own`, the busy times of own calendars."""
    return union_all(
        *(
            select(
                of.staff_id, of.starts_at, of.ends_at, literal(of is BusyTime).label("own")
            ).where(
                of.staff_id.in_(bindparam("ids", expanding=True)),
                of.ends_at > bindparam("begins"),
                of.starts_at < bindparam("ends"),
            )
            for of in (Absence, BusyTime)
        )
    )


def team_rows(ids: Iterable[int], *, anybody: bool) -> Sequence[Any]:
    """Those of these numbers who work here, or with `anybody` also whoever takes visits: id, name,
    hours, base_postcode, takes_visits, and where the base lies."""
    return plain_rows(team(anybody), ids=list(ids))


@cache
def team(anybody: bool) -> Executable:
    wanted = Staff.id.in_(bindparam("ids", expanding=True))
    return (
        select(
            Staff.id, Staff.name, Staff.hours, Staff.base_postcode, Staff.takes_visits,
            Postcode.latitude, Postcode.longitude,
        )
        .outerjoin(Postcode, Postcode.postcode == Staff.base_postcode)
        .where(Staff.left_at.is_(None), Staff.takes_visits | wanted if anybody else wanted)
        .order_by(Staff.id)
    )  # fmt: skip


def stop_rows(
    ids: list[int], span: Span, ignoring: Iterable[int], family_id: int | None = None
) -> Sequence[Any]:
    """The live appointments of these people, and of a family whose carers must not meet."""
    if family_id is not None:
        span = (span[0] - ONE_DAY, span[1] + ONE_DAY)
    given: dict[str, Any] = {
        "ids": ids, "after": span[0] - LONGEST, "begins": span[0], "ends": span[1],
    }  # fmt: skip
    if ignored := list(ignoring):
        given["ignored"] = ignored
    if family_id is not None:
        given["family"] = family_id
    return plain_rows(appointments("ignored" in given, "family" in given), **given)


@cache
def appointments(ignoring: bool, with_family: bool) -> Executable:
    ids: BindParameter[int] = bindparam("ids", expanding=True)
    whose = Appointment.staff_id.in_(ids) | Appointment.second_id.in_(ids)
    if with_family:
        whose = whose | (Appointment.family_id == bindparam("family"))
    found = (
        select(
            Appointment.staff_id,
            Appointment.second_id,
            Appointment.family_id,
            Appointment.carer_id,
            Appointment.starts_at,
            Appointment.ends_at,
            Appointment.how,
            Place.id.label("place_id"),
            Place.kind.label("place_kind"),
            Place.postcode,
            Postcode.latitude,
            Postcode.longitude,
        )
        .outerjoin(Place, Place.id == Appointment.place_id)
        .outerjoin(Postcode, Postcode.postcode == Place.postcode)
        .where(
            Appointment.status.in_(LIVE),
            Appointment.starts_at > bindparam("after"),
            Appointment.ends_at > bindparam("begins"),
            Appointment.starts_at < bindparam("ends"),
            whose,
        )
    )
    if ignoring:
        found = found.where(Appointment.id.not_in(bindparam("ignored", expanding=True)))
    return found


def read_held(span: Span, subjects: Iterable[tuple[int, int]], ignoring: Iterable[int]) -> InTheWay:
    """What these people, rooms and places, as (kind, id), hold or are closed for in the span, and
    every measured drive: one statement. The rooms of a place come with it."""
    by_kind: dict[int, list[int]] = defaultdict(list)
    for kind, subject_id in subjects:
        by_kind[kind].append(subject_id)
    given: dict[str, Any] = {f"of_{kind}": ids for kind, ids in by_kind.items()}
    if ignored := list(ignoring):
        given["ignored"] = ignored
    rows = plain_rows(
        in_the_way(tuple(sorted(by_kind)), "ignored" in given),
        begins=span[0], ends=span[1], **given,
    )  # fmt: skip
    held: dict[tuple[int, int], list[Span]] = defaultdict(list)
    drives: dict[tuple[int, int], int] = {}
    for kind, subject_id, starts_at, ends_at, to_id, minutes in rows:
        if kind == DRIVE:
            drives[subject_id, to_id] = minutes
        else:
            held[kind, subject_id].append((starts_at, ends_at))
    return InTheWay(Held({subject: tuple(spans) for subject, spans in held.items()}), drives)


@cache
def in_the_way(kinds: tuple[int, ...], ignoring: bool) -> Executable:
    never, no_number = cast(null(), UtcDateTime()), cast(null(), Integer)
    drives = select(
        literal(DRIVE), MeasuredDrive.from_id, never, never, MeasuredDrive.to_id,
        MeasuredDrive.minutes,
    )  # fmt: skip
    closed = select(
        case((Closure.room_id.is_(None), PLACE), else_=ROOM),
        func.coalesce(Closure.room_id, Closure.place_id),
        Closure.starts_at, Closure.ends_at, no_number, no_number,
    ).where(
        Closure.place_id.in_(bindparam(f"of_{PLACE}", expanding=True)),
        Closure.ends_at > bindparam("begins"),
        Closure.starts_at < bindparam("ends"),
    )  # fmt: skip
    reserved = reservations(kinds, ignoring).add_columns(no_number, no_number)
    return union_all(reserved, *([closed] if PLACE in kinds else []), drives)


def reservations(kinds: tuple[int, ...], ignoring: bool) -> Select[*tuple[Any, ...]]:
    found: Select[*tuple[Any, ...]] = select(
        Reservation.kind, Reservation.subject_id, Reservation.starts_at, Reservation.ends_at
    ).where(
        or_(
            *(
                (Reservation.kind == kind)
                & Reservation.subject_id.in_(bindparam(f"of_{kind}", expanding=True))
                for kind in kinds
                if kind != PLACE
            )
        ),
        Reservation.ends_at > bindparam("begins"),
        Reservation.starts_at < bindparam("ends"),
    )
    if ignoring:
        found = found.where(Reservation.appointment_id.not_in(bindparam("ignored", expanding=True)))
    return found


def apart_from(
    rows: Iterable[Any], family_id: int | None, carer_id: int | None
) -> tuple[Span, ...]:
    """The appointments of this family's other carers, where its carers must not meet."""
    return tuple(
        (row.starts_at, row.ends_at)
        for row in rows
        if family_id is not None
        and row.family_id == family_id
        and row.carer_id is not None
        and row.carer_id != carer_id
    )
