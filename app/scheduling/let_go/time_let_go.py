"""The time that a cancelled or moved appointment let go, kept for a person to offer to others.

Nothing is sent and nobody is booked by itself. A time waits until it is over, until its
practitioner has something else then or is away, or until somebody sets it aside.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import joinedload

from app.access import PRACTITIONER, User
from app.accounts.models import Staff
from app.audit.record import actor, record
from app.db import db, hold
from app.errors import DomainError
from app.prepared import only_from
from app.scheduling.hooks import waiting_for
from app.scheduling.models import STAFF, Absence, Appointment, LetGo, Reservation
from app.scheduling.own_calendars.models import BusyTime
from app.tasks.causes import AT, Cause, Rows, columns
from app.tasks.waiting import Item
from app.times import for_staff


def note_let_go(
    appointment: Appointment, staff_id: int, starts_at: datetime, ends_at: datetime, *, at: datetime
) -> None:
    """This practitioner has this time again, if it is still to come."""
    if starts_at > at:
        db.session.add(
            LetGo(
                appointment_id=appointment.id, staff_id=staff_id, starts_at=starts_at,
                ends_at=ends_at, created_at=at,
            )
        )  # fmt: skip


def set_aside(let_go: LetGo, *, by: Any, at: datetime) -> None:
    """Nobody is to be offered this time. Refused where somebody has said so already."""
    hold(let_go)
    if let_go.set_aside_at:
        raise DomainError("Somebody has set this time aside already.")
    let_go.set_aside_at, let_go.set_aside_by = at, actor(by)
    record("let_go:set_aside", let_go, by=by, at=at)


def taken() -> ColumnElement[bool]:
    """Whether the practitioner has something else at a time let go, is away, or busy by their own
    calendar."""
    held = exists().where(
        Reservation.kind == STAFF,
        Reservation.subject_id == LetGo.staff_id,
        Reservation.starts_at < LetGo.ends_at,
        Reservation.ends_at > LetGo.starts_at,
    )
    not_here = [
        exists().where(
            of.staff_id == LetGo.staff_id,
            of.starts_at < LetGo.ends_at,
            of.ends_at > LetGo.starts_at,
        )
        for of in (Absence, BusyTime)
    ]
    return or_(held, *not_here)


def by_number(let_go_id: int) -> tuple[LetGo, int, bool] | None:
    """A time let go with its practitioner, the family that let it go, and whether it is taken."""
    row = db.session.execute(
        select(LetGo, Appointment.family_id, taken())
        .join(LetGo.appointment)
        .where(LetGo.id == let_go_id)
        .options(joinedload(LetGo.staff))
    ).one_or_none()
    return (row[0], row[1], bool(row[2])) if row else None


def open_of(appointment: Appointment, *, at: datetime) -> LetGo | None:
    """The last time that this appointment let go, while it waits."""
    return db.session.scalars(
        select(LetGo)
        .where(
            LetGo.appointment_id == appointment.id,
            LetGo.set_aside_at.is_(None),
            LetGo.starts_at > at,
            ~taken(),
        )
        .options(joinedload(LetGo.staff))
        .order_by(LetGo.id.desc())
    ).first()


def who_waits_words(appointment: Appointment, user: User, at: datetime) -> Markup:
    """After a time was let go, for the message: how many families wait for it, with the page that
    shows them; nothing where none does, or where it is another practitioner's.
    """
    row = open_of(appointment, at=at)
    if row is None or (user.role == PRACTITIONER and row.staff_id != user.id):
        return Markup()
    number = sum(count(row, appointment.family_id, at) for count in waiting_for.values())
    if not number:
        return Markup()
    words = "1 family waits" if number == 1 else f"{number} families wait"
    return Markup(' {} for {}. <a class="govuk-link" href="{}">See who could have it</a>.').format(
        words, row.staff.first_name, url_for("desk.let_go", let_go_id=row.id)
    )


def free_again() -> Select[Any]:
    """The times that wait, each with its practitioner's name (`words`) and the family that let it
    go."""
    return (
        select(
            *columns(
                id=LetGo.id, owner_id=LetGo.staff_id, words=Staff.name, due_at=LetGo.starts_at,
                created_at=LetGo.created_at, family_id=Appointment.family_id,
            )
        )
        .select_from(LetGo)
        .join(Staff, Staff.id == LetGo.staff_id)
        .join(Appointment, Appointment.id == only_from(LetGo.appointment_id))
        .where(
            LetGo.starts_at > AT,
            LetGo.set_aside_at.is_(None),
            Staff.left_at.is_(None),
            ~taken(),
        )
    )  # fmt: skip


def to_offer(rows: Rows, at: datetime) -> Iterator[Item]:
    """An item for each; the work list leaves out those for which no other family waits."""
    offered: set[tuple[int, datetime]] = set()
    for row in rows:
        if (row.owner_id, row.due_at) in offered:  # let go twice, by one family after another
            continue
        offered.add((row.owner_id, row.due_at))
        yield Item(
            kind="let_go",
            why=f"{for_staff(row.due_at)} is free again, and others wait.",
            due_at=row.due_at,
            since=row.created_at,
            endpoint="desk.let_go",
            button="See who waits",
            values={"let_go_id": row.id},
            owner_id=row.owner_id,
            about=row.words,
            let_go_by=row.family_id,
        )


CAUSES = (Cause("let_go", free_again, to_offer),)
