"""What may keep an appointment to come from taking place: somebody who goes is away, its place or
room is closed then or for good, its interpreter left.

Derived anew each time, so a doubt goes by itself when its cause goes. A person may explain it
("the caretaker opens for us"): that counts for this one cause of this one appointment.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)

from app.accounts.models import Staff
from app.audit.record import actor, record
from app.db import db, hold, plain_rows
from app.errors import DomainError
from app.places.models import Closure, Place, Room
from app.scheduling.check import check_opened
from app.scheduling.models import LIVE, Absence, Appointment, Explained, Interpreter
from app.scheduling.queries import with_people
from app.scheduling.stands import check_stands
from app.scheduling.versions import refresh, touch
from app.tasks.models import Task
from app.tasks.open import close_about, close_task, open_about

LONGEST_WORDS = 500
# The tasks about an appointment that an explanation closes.
EXPLAINABLE = ("change_asked", "in_doubt", "to_check")

SAYS = {
    "away": "{} is away then.",
    "closed": "{} is closed then.",
    "shut": "{} is closed for good.",
    "interpreter": "{} does not interpret any more.",
}


class Doubt(NamedTuple):
    """One cause of an appointment ('away:7', the number of the absence), and its sentence."""

    cause: str
    words: str


@cache
def causes() -> dict[str, Any]:
    """Each cause as a column for a statement about appointments: 'away:7 Tamsin Nance', or NULL
    where there is none that nobody has explained.
    """
    here = Place.id == Appointment.place_id
    goes = or_(Absence.staff_id == Appointment.staff_id, Absence.staff_id == Appointment.second_id)
    found = {
        "away": told("away", Absence.id, Staff.name)
        .join(Absence, Absence.staff_id == Staff.id)
        .where(overlaps(Absence), goes)
        .order_by(Absence.id),
        "closed": told("closed", Closure.id, named_place())
        .select_from(Closure)
        .join(Place, Place.id == Closure.place_id)
        .outerjoin(Room, Room.id == Closure.room_id)
        .where(closed_over())
        .order_by(Closure.id),
        "shut": told(
            "shut", Place.id, case((Place.closed_at.is_not(None), Place.name), else_=named_place())
        )
        .select_from(Place)
        .outerjoin(Room, Room.id == Appointment.room_id)
        .where(here, Place.kind != "home", or_(Place.closed_at.is_not(None), closed_room())),
        "interpreter": told("interpreter", Interpreter.id, Interpreter.name).where(
            Interpreter.id == Appointment.interpreter_id, Interpreter.left_at.is_not(None)
        ),
    }
    return {
        name: rows.limit(1).correlate(Appointment).scalar_subquery() for name, rows in found.items()
    }


def told(cause: str, number: Any, name: Any) -> Select[Any]:
    """The column of one cause, without those that somebody explained."""
    return select(key_of(cause, number) + " " + name).where(~is_explained(cause, number))


def key_of(cause: str, number: Any) -> ColumnElement[str]:
    return literal(f"{cause}:", Text()) + cast(number, Text)


def is_explained(cause: str, number: Any) -> ColumnElement[bool]:
    """Whether somebody explained this cause of an appointment."""
    key = key_of(cause, number)
    said = exists().where(Explained.appointment_id == Appointment.id, Explained.cause == key)
    return said.correlate_except(Explained)


def named_place() -> ColumnElement[str]:
    """'Truro Family Hub', or 'Room 1, Truro Family Hub' where a room is joined."""
    from_room: ColumnElement[str] = Room.name + ", " + Place.name
    return func.coalesce(from_room, Place.name)


def closed_room() -> ColumnElement[bool]:
    return and_(Room.id.is_not(None), Room.closed_at.is_not(None))


def overlaps(period: Any) -> ColumnElement[bool]:
    return and_(period.starts_at < Appointment.ends_at, period.ends_at > Appointment.starts_at)


def closed_over() -> ColumnElement[bool]:
    """Whether a closure is of an appointment's place or room, at its time."""
    return and_(
        Closure.place_id == Appointment.place_id,
        or_(Closure.room_id.is_(None), Closure.room_id == Appointment.room_id),
        overlaps(Closure),
    )


def read_doubt(value: str) -> Doubt:
    """A column of `causes` in words."""
    cause, _, name = value.partition(" ")
    return Doubt(cause, SAYS[cause.partition(":")[0]].format(name))


def doubts_of_row(row: Any) -> list[Doubt]:
    """The doubts of a row that has every column of `causes`."""
    return [read_doubt(value) for name in causes() if (value := getattr(row, name))]


def doubts_of(appointment: Appointment, *, at: datetime) -> list[Doubt]:
    """What may keep an appointment from taking place, if it is to come. One statement."""
    if not appointment.live or appointment.ends_at <= at:
        return []
    columns = [column.label(name) for name, column in causes().items()]
    rows = plain_rows(
        select(*columns).select_from(Appointment).where(Appointment.id == appointment.id)
    )
    return doubts_of_row(rows[0]) if rows else []


def closure_over(appointment: Appointment) -> Closure | None:
    """A closure of an appointment's place or room at its time, if there is one."""
    return db.session.scalars(
        select(Closure)
        .join(Appointment, closed_over())
        .where(Appointment.id == appointment.id)
        .order_by(Closure.id)
    ).first()


def closed_then(
    place_id: int, room_id: int | None, starts_at: datetime, ends_at: datetime, *, after: datetime
) -> Sequence[Appointment]:
    """The live appointments at a place, or in a room of it, that have not ended and would be in a
    closure's time: each must be moved, cancelled or explained.
    """
    there = Appointment.place_id == place_id if room_id is None else Appointment.room_id == room_id
    return db.session.scalars(
        select(Appointment)
        .where(
            there,
            Appointment.status.in_(LIVE),
            Appointment.starts_at < ends_at,
            Appointment.ends_at > max(starts_at, after),
        )
        .options(*with_people())
        .order_by(Appointment.starts_at, Appointment.id)
    ).all()


def explain(appointment: Appointment, words: str, *, by: Any, at: datetime) -> None:
    """An appointment that is in doubt, is to be looked at, or of which a change was asked, stands
    as it is: why. It leaves the work list until something else puts it in doubt. What nobody may
    set aside (`check_stands`) cannot be explained.
    """
    refresh(appointment, None)
    check_opened(appointment, by)
    said = " ".join(words.split())
    if not said:
        raise DomainError("Say why it stands as it is.", "words")
    if len(said) > LONGEST_WORDS:
        raise DomainError(f"Use {LONGEST_WORDS} characters or fewer.", "words")
    doubts = doubts_of(appointment, at=at)
    about = ("appointment", appointment.id)
    asked = bool(appointment.change_asked_at or open_about(about, EXPLAINABLE))
    if not appointment.live or not (doubts or asked):
        raise DomainError("Nothing about this appointment is in doubt any more.")
    check_stands(appointment, at=at)
    explained = [doubt.cause for doubt in doubts] or [f"asked:{appointment.version}"]
    for cause in explained:
        db.session.add(
            Explained(appointment_id=appointment.id, cause=cause, words=said, by=actor(by), at=at)
        )
    appointment.change_asked_at = appointment.change_words = None
    touch(appointment)
    close_about(about, said, by=by, at=at, kinds=EXPLAINABLE)
    record(
        "appointment:explained", appointment, by=by, at=at, family_id=appointment.family_id,
        causes=explained,
    )  # fmt: skip


def close_explained(task: Task, words: str, by: Any, at: datetime) -> None:
    """Close a task of `EXPLAINABLE` by hand: an appointment to come that it is about is explained;
    of any other only the task is left."""
    row = db.session.get(Appointment, task.about_id) if task.about_kind == "appointment" else None
    if row is not None and row.live and row.ends_at > at and not task.closed_at:
        explain(row, words, by=by, at=at)
    else:
        hold(task)
        close_task(task, words, by=by, at=at)


def explanations_of(appointment: Appointment) -> list[str]:
    """What was said of why it stands, first things first; of several causes at once, once."""
    rows = db.session.scalars(
        select(Explained.words)
        .where(Explained.appointment_id == appointment.id)
        .order_by(Explained.at, Explained.id)
    )
    return list(dict.fromkeys(rows))
