"""Reads of appointments that are used twice."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import defer, joinedload

from app.access import PRACTITIONER, User
from app.accounts.models import Staff
from app.db import db, once_a_page, plain_rows
from app.families import queries as families
from app.families.models import Family
from app.peers.models import Peer
from app.places.models import Place, Room
from app.scheduling.listed import Listed, in_span, listed
from app.scheduling.models import LIVE, LONGEST, Appointment


def with_people() -> list[Any]:
    """Loader options for an appointment with everybody it names."""
    return [
        joinedload(Appointment.family).selectinload(Family.carers),
        joinedload(Appointment.staff),
        joinedload(Appointment.second),
        joinedload(Appointment.carer),
        joinedload(Appointment.peer),
        joinedload(Appointment.interpreter),
        joinedload(Appointment.place),
        joinedload(Appointment.room),
    ]


def visible_to(user: User) -> Select[Appointment]:
    """The appointments whose details a user may open: of families they may see, and their own."""
    seen = families.visible_to(user).with_only_columns(Family.id)
    rows = select(Appointment)
    if user.role == PRACTITIONER:
        return rows.where(
            or_(
                Appointment.family_id.in_(seen),
                Appointment.staff_id == user.id,
                Appointment.second_id == user.id,
            )
        )
    return rows.where(Appointment.family_id.in_(seen))


def appointment_for(user: User, appointment_id: int) -> Appointment | None:
    """One appointment with its people, if this user may open it."""
    return db.session.scalars(
        visible_to(user).where(Appointment.id == appointment_id).options(*with_people())
    ).one_or_none()


def openable(rows: Iterable[Appointment], user: User) -> set[int]:
    """The numbers of those of these appointments whose details a user may open: a list names the
    families of no other."""
    ids = [row.id for row in rows]
    seen = visible_to(user).with_only_columns(Appointment.id).where(Appointment.id.in_(ids))
    return set(db.session.scalars(seen)) if ids else set()


def by_id(appointment_id: int) -> Appointment | None:
    """One appointment with its people, for acts and messages that have no user."""
    return db.session.scalars(
        select(Appointment).where(Appointment.id == appointment_id).options(*with_people())
    ).one_or_none()


@once_a_page
def of_family(family_id: int) -> Sequence[Appointment]:
    """Every appointment of a family, newest first, with what a list shows of it; without the family
    itself.
    """
    return db.session.scalars(all_of_family(), {"family": family_id}).all()


@cache
def all_of_family() -> Select[Appointment]:
    """The statement of `of_family`, built once; long words and what nobody lists stay unread."""
    return (
        select(Appointment)
        .where(Appointment.family_id == bindparam("family"))
        .options(
            *for_lists(),
            *(defer(column) for column in (
                Appointment.video_link, Appointment.change_words, Appointment.guest,
                Appointment.override_reason, Appointment.cancel_words, Appointment.settled_words,
                Appointment.uid, Appointment.once, Appointment.booked_by, Appointment.created_at,
            )),
        )
        .order_by(Appointment.starts_at.desc())
    )  # fmt: skip


@once_a_page
def between(starts_at: datetime, ends_at: datetime, user: User) -> list[Listed]:
    """Every appointment of the team in a span, cancelled ones left out, each with whether this user
    may see its family: one statement.

    Others' appointments come too, to be shown as busy: the view decides what may be said.
    """
    rows = plain_rows(
        in_span(user.role),
        reader=user.id, begins=starts_at, begins_after=starts_at - LONGEST, ends=ends_at,
    )  # fmt: skip
    return [listed(row) for row in rows]


def for_lists() -> list[Any]:
    """Loader options for what a list of appointments shows of them."""
    return [
        joinedload(Appointment.staff).load_only(Staff.name),
        joinedload(Appointment.second).load_only(Staff.name),
        joinedload(Appointment.peer).load_only(Peer.first_name, Peer.surname),
        joinedload(Appointment.place).load_only(
            Place.kind, Place.name, Place.postcode, Place.signal
        ),
        joinedload(Appointment.room).load_only(Room.name),
    ]


def booked_at(place: Place, room: Room | None, at: datetime) -> int:
    """How many live appointments to come are at a place, or in one of its rooms."""
    here = Appointment.place_id == place.id if room is None else Appointment.room_id == room.id
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Appointment)
            .where(here, Appointment.status.in_(LIVE), Appointment.ends_at > at)
        )
        or 0
    )


def next_of_carer(carer_id: int, *, at: datetime) -> Sequence[Appointment]:
    """The live appointments of a carer that have not ended, soonest first."""
    return db.session.scalars(
        select(Appointment)
        .where(
            Appointment.carer_id == carer_id, Appointment.status.in_(LIVE), Appointment.ends_at > at
        )
        .options(*with_people())
        .order_by(Appointment.starts_at)
    ).all()
