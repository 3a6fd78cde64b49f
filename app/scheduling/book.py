"""Booking an appointment: one act, one transaction, whoever asks.

`book()` checks the family's choice and every slot rule under locks, holds each person and room,
queues the texts and invitations and writes the audit entry. The database has the last word on
overlaps.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.audit.record import actor, record
from app.db import db
from app.errors import DomainError
from app.scheduling.check import check_choice, check_family, check_length, check_time
from app.scheduling.facts import Ask
from app.scheduling.kinds import Reason, kinds
from app.scheduling.models import (
    FAMILY,
    INTERPRETER,
    KINDS,
    PEER,
    PLACE,
    ROOM,
    STAFF,
    Appointment,
)
from app.scheduling.records import FamilyRow
from app.scheduling.reservations import hold, lock_subjects, stand_still
from app.scheduling.settle import settle_earlier
from app.scheduling.telling import tell
from app.settings import store


@dataclass(frozen=True)
class Booking:
    """What somebody asks to be booked. `minutes` is before an interpreter doubles it.

    `once` is the form's own number: the same form sent twice makes one appointment. `tell` False
    means that the family is on the phone or told otherwise: no booking text, reminders all the
    same.
    """

    kind: str
    family_id: int
    staff_id: int
    starts_at: datetime
    minutes: int
    how: str = "in_person"
    place_id: int | None = None
    room_id: int | None = None
    second_id: int | None = None
    interpreter_id: int | None = None
    peer_id: int | None = None
    carer_id: int | None = None
    video_link: str | None = None
    activity: str | None = None
    guest: str | None = None
    cycle_id: int | None = None
    conversation_id: int | None = None
    override_reason: str | None = None
    tell: bool = True
    once: str | None = None


def book(
    wanted: Booking, *, by: Any, at: datetime, giving_way: tuple[int, ...] = ()
) -> Appointment:
    """Book an appointment, or raise DomainError with why not and what would work.

    `giving_way` are appointments that leave their time in the same transaction, later.

    Held at once for every person and room. It is *provisional*, and nobody is told, while its kind
    has reasons for that (a review before its clips are chosen); else it is *booked*.
    """
    if wanted.kind not in KINDS:
        raise DomainError("Choose what is to be booked.", "kind")
    minutes = check_length(wanted.kind, wanted.minutes, interpreter=bool(wanted.interpreter_id))
    stand_still(wanted.family_id, wanted.place_id)
    lock_subjects(wanted_subjects(wanted))
    check_family(wanted.family_id, by)
    if made := same_form(wanted.once):
        return made
    check_choice(wanted.kind, wanted.family_id)
    ask = replace(ask_for(wanted, minutes), ignoring=giving_way)
    checked = check_time(
        ask, wanted.starts_at, wanted.second_id, store.current(),
        override_reason=wanted.override_reason, at=at,
    )  # fmt: skip
    carer_id = carer_for(checked.facts.family, wanted.carer_id)
    appointment = Appointment(
        kind=wanted.kind,
        family_id=wanted.family_id,
        carer_id=carer_id,
        staff_id=wanted.staff_id,
        second_id=wanted.second_id,
        interpreter_id=wanted.interpreter_id,
        peer_id=wanted.peer_id,
        place_id=wanted.place_id,
        room_id=checked.room_id,
        how=wanted.how,
        video_link=wanted.video_link,
        starts_at=wanted.starts_at,
        ends_at=wanted.starts_at + timedelta(minutes=minutes),
        status="provisional",  # until its kind is asked
        reasons=[],
        activity=wanted.activity,
        guest=wanted.guest,
        cycle_id=wanted.cycle_id,
        conversation_id=wanted.conversation_id,
        override_reason=checked.override_reason,
        risk_level=checked.facts.wanted.level if checked.facts.wanted.at_home else None,
        once=wanted.once,
        uid=str(uuid.uuid4()),
        booked_by=actor(by),
        created_at=at,
    )
    db.session.add(appointment)
    hold(appointment)
    set_reasons(appointment, kinds[wanted.kind].provisional(appointment))
    kinds[wanted.kind].changed(appointment, "booked", by, at)
    settle_earlier(appointment, by=by, at=at)
    record(
        "appointment:booked", appointment, by=by, at=at, family_id=appointment.family_id,
        status=appointment.status,
    )  # fmt: skip
    tell(appointment, "booked" if wanted.tell else "booked_quietly", by=by, at=at)
    return appointment


def same_form(once: str | None) -> Appointment | None:
    """What the same form made a moment ago, if it was sent twice."""
    if not once:
        return None
    return db.session.scalars(select(Appointment).where(Appointment.once == once)).first()


def wanted_subjects(wanted: Booking) -> list[tuple[int, int]]:
    """Each person, room and place that a booking concerns, as (kind, id): what it locks."""
    needed = [
        (STAFF, wanted.staff_id),
        (STAFF, wanted.second_id),
        (FAMILY, wanted.family_id),
        (PEER, wanted.peer_id),
        (INTERPRETER, wanted.interpreter_id),
        (ROOM, wanted.room_id),
        (PLACE, wanted.place_id),
    ]
    return [(kind, subject) for kind, subject in needed if subject is not None]


def ask_for(wanted: Booking, minutes: int) -> Ask:
    return Ask(
        kind=wanted.kind,
        family_id=wanted.family_id,
        minutes=minutes,
        staff_ids=(wanted.staff_id,),
        second_ids=(wanted.second_id,) if wanted.second_id else (),
        two_workers=wanted.second_id is not None,
        how=wanted.how,
        place_id=wanted.place_id,
        room_id=wanted.room_id,
        interpreter_id=wanted.interpreter_id,
        peer_id=wanted.peer_id,
        carer_id=wanted.carer_id,
    )


def carer_for(family: FamilyRow, asked: int | None) -> int | None:
    """The carer whom an appointment concerns: the one asked for, else the family's first.

    Where two carers must not meet it is never guessed: the other one could be told, or be there.
    """
    ids = family.carer_ids
    if asked is None and family.carers_keep_apart and len(ids) > 1:
        raise DomainError(
            "Two carers of this family must not meet. Choose whom it is with.", "carer"
        )
    if asked is not None and asked not in ids:
        raise DomainError("That carer is not part of this family any more.", "carer")
    return asked or (ids[0] if ids else None)


def set_reasons(appointment: Appointment, reasons: list[Reason]) -> None:
    """Provisional while there are reasons, booked once there are none; a confirmed one stays so."""
    appointment.reasons = [list(reason) for reason in reasons]
    if reasons:
        appointment.status = "provisional"
    elif appointment.status == "provisional":
        appointment.status = "booked"
    db.session.flush()
