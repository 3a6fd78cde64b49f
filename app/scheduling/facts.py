"""What the slot rules need to know, read from the tables in a fixed number of statements.

Whoever searches, checks or books asks with an `Ask`; `read_facts` answers with the plain values of
`wanted.py`. The number of statements does not grow with people or weeks.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Staff
from app.db import db
from app.errors import DomainError
from app.families.models import Family
from app.peers.models import Peer
from app.places.models import TRAVELLED_TO, Place
from app.places.travel import Spot, spot_for
from app.risk.duty import cover
from app.risk.levels import level_of
from app.scheduling.calendar_days import daylight_spans
from app.scheduling.models import (
    FAMILY,
    INTERPRETER,
    LIVE,
    PEER,
    ROOM,
    STAFF,
    Absence,
    Appointment,
    Interpreter,
    Reservation,
)
from app.scheduling.wanted import Other, Room, Stop, Wanted, Worker
from app.settings.rules import Rules
from app.windows import Span, Windows, instant


@dataclass(frozen=True)
class Ask:
    """What is to be booked, by numbers. `ignoring` are appointments that would give way (a move).

    `second_ids` says who may come along: None is anybody of the team who takes visits.
    """

    kind: str
    family_id: int
    minutes: int
    staff_ids: tuple[int, ...]
    how: str = "in_person"
    place_id: int | None = None
    second_ids: tuple[int, ...] | None = None
    two_workers: bool = False
    interpreter_id: int | None = None
    peer_id: int | None = None
    carer_id: int | None = None
    room_id: int | None = None
    ignoring: tuple[int, ...] = ()


@dataclass(frozen=True)
class Facts:
    """Everything a search needs, and the rows that the acts go on with."""

    wanted: Wanted
    workers: tuple[Worker, ...]
    seconds: tuple[Worker, ...]
    family: Family
    place: Place | None


class Held(dict[tuple[int, int], tuple[Span, ...]]):
    """Spans by (kind, subject); nothing held is an empty tuple."""

    def __missing__(self, _key: tuple[int, int]) -> tuple[Span, ...]:
        return ()


def read_facts(ask: Ask, first: date, last: date, rules: Rules, *, on: date) -> Facts:
    """The facts for the dates from `first` to `last`; raises DomainError for what is not there.

    `on` is the date for which the home's assessment must be current.
    """
    family = db.session.scalars(
        select(Family)
        .where(Family.id == ask.family_id)
        .options(selectinload(Family.carers))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if family is None:
        raise DomainError("This family is not on record.")
    place = place_of(ask)
    at_home = place is not None and place.kind == "home"
    level = level_of(ask.place_id, on=on) if at_home else "standard"
    needs_two = ask.two_workers or (at_home and level == "high")
    team = team_for(ask)
    asked = [person for person in team if person.id in ask.staff_ids]
    if not asked:
        raise DomainError("Choose who goes: nobody of that name works here now.", "who")
    span = (instant(first, 0), instant(last, 1440))
    workers = read_workers(team if needs_two else asked, span, ask.ignoring)
    held = read_held(span, ask.ignoring)
    spot = spot_of(place)
    wanted = Wanted(
        kind=ask.kind,
        minutes=ask.minutes,
        first=first,
        last=last,
        spot=spot,
        travels=ask.how == "in_person",
        place_hours=place.hours if place and not at_home else None,
        rooms=rooms_of(place, ask, held),
        family_times=family.free_times,
        family_held=held[FAMILY, family.id],
        others=others_of(ask, held),
        two_workers=ask.two_workers,
        at_home=at_home,
        level=level,
        cover=cover(first, last, rules) if at_home else (),
        daylight=daylight_spans(first, last, spot) if at_home and level == "raised" else (),
        keep_apart=apart_from(family, ask, span),
    )
    return Facts(
        wanted,
        tuple(workers[person.id] for person in asked),
        tuple(workers.values()) if needs_two else (),
        family,
        place,
    )


def place_of(ask: Ask) -> Place | None:
    """The place asked for, open and, where it is a home, this family's own."""
    if ask.place_id is None:
        if ask.how == "in_person":
            raise DomainError("Choose where it takes place.", "place")
        return None
    place = db.session.scalars(
        select(Place)
        .where(Place.id == ask.place_id)
        .options(selectinload(Place.rooms))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if place is None or place.closed_at:
        raise DomainError("That place is closed or not on record. Choose another.", "place")
    if place.kind == "home" and place.family_id != ask.family_id:
        raise DomainError("That is another family’s home. Choose another place.", "place")
    return place


def team_for(ask: Ask) -> list[Staff]:
    """Those asked for and, where a second worker may be needed, those who could come along."""
    wanted = set(ask.staff_ids) | set(ask.second_ids or ())
    people = select(Staff).where(Staff.left_at.is_(None)).order_by(Staff.id)
    if ask.second_ids is None:
        people = people.where(Staff.takes_visits | Staff.id.in_(wanted))
    else:
        people = people.where(Staff.id.in_(wanted))
    return list(db.session.scalars(people))


def read_workers(team: Iterable[Staff], span: Span, ignoring: Iterable[int]) -> dict[int, Worker]:
    """Each person's hours, absences and stops near the dates: two statements for all of them."""
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
    for row in stop_rows(ids, span, ignoring):
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


def stop_rows(ids: list[int], span: Span, ignoring: Iterable[int]) -> Iterable[Any]:
    rows = (
        select(
            Appointment.staff_id,
            Appointment.second_id,
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
            Appointment.ends_at > span[0],
            Appointment.starts_at < span[1],
            Appointment.staff_id.in_(ids) | Appointment.second_id.in_(ids),
        )
    )
    if ignored := list(ignoring):
        rows = rows.where(Appointment.id.not_in(ignored))
    return db.session.execute(rows)


def stop_from(row: Any) -> Stop:
    travels = row.how == "in_person" and (row.place_kind in TRAVELLED_TO or row.place_id is None)
    spot = spot_for(row.postcode, row.place_id) if travels and row.place_id else None
    return Stop(row.starts_at, row.ends_at, spot, travels)


def read_held(span: Span, ignoring: Iterable[int]) -> Held:
    """What every family, peer, interpreter and room holds in the span: one statement."""
    rows = select(
        Reservation.kind, Reservation.subject_id, Reservation.starts_at, Reservation.ends_at
    ).where(
        Reservation.kind != STAFF,
        Reservation.ends_at > span[0],
        Reservation.starts_at < span[1],
    )
    if ignored := list(ignoring):
        rows = rows.where(Reservation.appointment_id.not_in(ignored))
    held: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for kind, subject_id, starts_at, ends_at in db.session.execute(rows):
        held[kind, subject_id].append((starts_at, ends_at))
    return Held({subject: tuple(spans) for subject, spans in held.items()})


def spot_of(place: Place | None) -> Spot | None:
    if place is None or place.kind not in TRAVELLED_TO:
        return None
    return spot_for(place.postcode, place.id)


def rooms_of(place: Place | None, ask: Ask, held: Held) -> tuple[Room, ...] | None:
    open_rooms = [room for room in place.rooms if not room.closed_at] if place else []
    if not open_rooms:
        return None
    return tuple(
        Room(room.id, held[ROOM, room.id]) for room in open_rooms if ask.room_id in (None, room.id)
    )


def others_of(ask: Ask, held: Held) -> tuple[Other, ...]:
    """The peer parent and the interpreter, who have to be free too."""
    others = []
    if ask.peer_id is not None:
        peer = db.session.get(Peer, ask.peer_id, populate_existing=True)
        if peer is None:
            raise DomainError("This peer parent is not on record.")
        others.append(Other(peer.first_name, peer.free_times, held[PEER, peer.id]))
    if ask.interpreter_id is not None:
        interpreter = db.session.get(Interpreter, ask.interpreter_id, populate_existing=True)
        if interpreter is None or interpreter.left_at:
            raise DomainError("This interpreter is not on record.", "interpreter")
        others.append(
            Other(interpreter.name, interpreter.free_times, held[INTERPRETER, interpreter.id])
        )
    return tuple(others)


def apart_from(family: Family, ask: Ask, span: Span) -> tuple[Span, ...]:
    """The appointments of this family's other carers, where its carers must not meet."""
    if not family.carers_keep_apart:
        return ()
    rows = select(Appointment.starts_at, Appointment.ends_at).where(
        Appointment.family_id == family.id,
        Appointment.status.in_(LIVE),
        Appointment.ends_at > span[0] - timedelta(days=1),
        Appointment.starts_at < span[1] + timedelta(days=1),
        Appointment.carer_id != ask.carer_id,
        Appointment.id.not_in(ask.ignoring),
    )
    return tuple((starts_at, ends_at) for starts_at, ends_at in db.session.execute(rows))


def with_people() -> list[Any]:
    """Loader options for an appointment with everybody it names."""
    return [
        joinedload(Appointment.staff),
        joinedload(Appointment.second),
        joinedload(Appointment.family).selectinload(Family.carers),
        joinedload(Appointment.carer),
        joinedload(Appointment.peer),
        joinedload(Appointment.interpreter),
        joinedload(Appointment.place),
        joinedload(Appointment.room),
    ]
