"""What people and rooms hold near the dates of a search: stops, absences and reservations, each
read in one statement whatever the number of people.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select

from app.accounts.models import Staff
from app.db import db
from app.places.models import TRAVELLED_TO, Place
from app.places.travel import spot_for
from app.scheduling.models import LIVE, LONGEST, Absence, Appointment, Reservation
from app.scheduling.wanted import Stop, Worker
from app.windows import Span, Windows

ONE_DAY = timedelta(days=1)


class Held(dict[tuple[int, int], tuple[Span, ...]]):
    """Spans by (kind, subject); nothing held is an empty tuple."""

    def __missing__(self, _key: tuple[int, int]) -> tuple[Span, ...]:
        return ()


def read_workers(team: Iterable[Staff], span: Span, rows: Iterable[Any]) -> dict[int, Worker]:
    """Each person's hours, absences and stops near the dates: one statement for all of them."""
    people = list(team)
    ids = [person.id for person in people]
    away: dict[int, list[Span]] = defaultdict(list)
    for staff_id, starts_at, ends_at in db.session.execute(
        select(Absence.staff_id, Absence.starts_at, Absence.ends_at).where(
            Absence.staff_id.in_(ids), Absence.ends_at > span[0], Absence.starts_at < span[1]
        )
    ):
        away[staff_id].append((starts_at, ends_at))
    stops: dict[int, list[Stop]] = defaultdict(list)
    for row in rows:
        stop = stop_from(row)
        for person_id in {row.staff_id, row.second_id}.intersection(ids):
            stops[person_id].append(stop)
    return {
        person.id: Worker(
            id=person.id,
            name=person.first_name,
            hours=person.hours or Windows(),
            base=spot_for(person.base_postcode),
            absences=tuple(away[person.id]),
            stops=tuple(stops[person.id]),
        )
        for person in people
    }


def stop_rows(
    ids: list[int], span: Span, ignoring: Iterable[int], family_id: int | None = None
) -> list[Any]:
    """The live appointments of these people, and of a family whose carers must not meet."""
    whose = Appointment.staff_id.in_(ids) | Appointment.second_id.in_(ids)
    if family_id is not None:
        whose = whose | (Appointment.family_id == family_id)
        span = (span[0] - ONE_DAY, span[1] + ONE_DAY)
    rows = (
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
        )
        .outerjoin(Place, Place.id == Appointment.place_id)
        .where(
            Appointment.status.in_(LIVE),
            Appointment.starts_at > span[0] - LONGEST,
            Appointment.ends_at > span[0],
            Appointment.starts_at < span[1],
            whose,
        )
    )
    if ignored := list(ignoring):
        rows = rows.where(Appointment.id.not_in(ignored))
    return list(db.session.execute(rows))


def stop_from(row: Any) -> Stop:
    travels = row.how == "in_person" and (row.place_kind in TRAVELLED_TO or row.place_id is None)
    spot = spot_for(row.postcode, row.place_id) if travels and row.place_id else None
    return Stop(row.starts_at, row.ends_at, spot, travels)


def read_held(span: Span, subjects: Iterable[tuple[int, int]], ignoring: Iterable[int]) -> Held:
    """What these people and rooms, as (kind, id), hold in the span: one statement."""
    by_kind: dict[int, list[int]] = defaultdict(list)
    for kind, subject_id in subjects:
        by_kind[kind].append(subject_id)
    rows = select(
        Reservation.kind, Reservation.subject_id, Reservation.starts_at, Reservation.ends_at
    ).where(
        or_(
            *(
                (Reservation.kind == kind) & Reservation.subject_id.in_(ids)
                for kind, ids in by_kind.items()
            )
        ),
        Reservation.ends_at > span[0],
        Reservation.starts_at < span[1],
    )
    if ignored := list(ignoring):
        rows = rows.where(Reservation.appointment_id.not_in(ignored))
    held: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for kind, subject_id, starts_at, ends_at in db.session.execute(rows):
        held[kind, subject_id].append((starts_at, ends_at))
    return Held({subject: tuple(spans) for subject, spans in held.items()})


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
