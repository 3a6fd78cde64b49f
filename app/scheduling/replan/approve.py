"""Approving one line of a plan for a broken day: an act of its own, refused like any other.

What was shown is looked at again: that the visit is affected at all, the family's wishes and the
order of its course here; the family's choice and every slot rule inside `move`. Nobody is told of
anything before.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.clock import london
from app.db import db
from app.errors import DomainError
from app.scheduling.cancel import cancel
from app.scheduling.let_go.time_let_go import set_aside
from app.scheduling.models import KINDS, Appointment, LetGo
from app.scheduling.move import Change, move, take_hold
from app.scheduling.replan.breaks import CANCELLED_FOR, WEATHER, Broken, affected_of_family
from app.scheduling.replan.cases import against
from app.scheduling.replan.facts import read_cases
from app.scheduling.replan.options import AGREED
from app.scheduling.reservations import lock_subjects, subjects_of
from app.scheduling.versions import refresh
from app.settings import store
from app.tasks.open import open_task
from app.times import for_staff
from app.working_days import evening_after

NOT_AFFECTED = "This visit is not affected any more. Nothing was changed."


@dataclass(frozen=True)
class Choice:
    """What somebody chose for a visit: when, who goes, and where; None keeps the place."""

    starts_at: datetime
    staff_id: int
    second_id: int | None = None
    place_id: int | None = None
    room_id: int | None = None


def approve(
    appointment: Appointment,
    choice: Choice,
    broken: Broken,
    *,
    by: Any,
    at: datetime,
    opened_at: int | None = None,
) -> Appointment:
    """Move an affected visit as somebody approved, and tell of it as `move` does.

    A visit that keeps its time keeps what was agreed with it (short notice, the family's times);
    no rule about whoever goes is set aside. Raises DomainError, and Stale for an old form.
    """
    kept = choice.starts_at == appointment.starts_at
    change = Change(
        starts_at=choice.starts_at,
        staff_id=choice.staff_id,
        second_id=choice.second_id,
        place_id=choice.place_id,
        room_id=choice.room_id,
        override_reason=reason_for(appointment, broken) if kept else None,
        aside=AGREED,
        reason=CANCELLED_FOR[broken.kind],
    )
    take_hold(appointment, change, opened_at)
    if not broken.touches(appointment):
        raise DomainError(NOT_AFFECTED)
    rules = store.current()
    moving = affected_of_family(broken, appointment.family_id, at=at)
    facts = read_cases([appointment], broken, rules, at=at, moving=moving)
    people = [choice.staff_id, *([choice.second_id] if choice.second_id else [])]
    if not set(people) <= facts.team.takers.keys():
        raise DomainError("Choose who goes: nobody of that name works here now.", "who")
    why_not = against(
        facts.cases[0],
        people,
        choice.starts_at,
        choice.starts_at + timedelta(minutes=appointment.minutes),
        choice.place_id or appointment.place_id,
        facts.team.takers,
        rules.review_least_working_days,
    )
    if why_not:
        raise DomainError(why_not)
    move(appointment, change, by=by, at=at)
    keep_from_others(appointment, broken, by=by, at=at)
    return appointment


def keep_from_others(appointment: Appointment, broken: Broken, *, by: Any, at: datetime) -> None:
    """On a day on which nobody should drive, a time that is let go is for no other family."""
    if broken.kind != WEATHER:
        return
    times = select(LetGo).where(
        LetGo.appointment_id == appointment.id,
        LetGo.set_aside_at.is_(None),
        LetGo.starts_at < broken.until,
        LetGo.ends_at > broken.since,
    )
    for let_go in db.session.scalars(times).all():
        set_aside(let_go, by=by, at=at)


def reason_for(appointment: Appointment, broken: Broken) -> str:
    """Why a visit that keeps its time may break what it breaks; an earlier reason stays."""
    why = f"It keeps its time: {broken.why}."
    before = appointment.override_reason
    return f"{before} {why}" if before else why


def ask_to_ring(
    appointment: Appointment,
    broken: Broken,
    *,
    by: Any,
    at: datetime,
    opened_at: int | None = None,
) -> None:
    """Ask somebody to ring about a visit that cannot take place as booked; it stands until then."""
    refresh(appointment, opened_at)
    if not broken.touches(appointment):
        raise DomainError(NOT_AFFECTED)
    what = f"{KINDS[appointment.kind]} on {for_staff(appointment.starts_at)}"
    open_task(
        "ring",
        f"{what}: {broken.why}. Ring the family and agree what happens.",
        about=("appointment", appointment.id),
        due_at=min(appointment.starts_at, evening_after(london(at).date(), 1)),
        at=at,
        family_id=appointment.family_id,
    )


def call_off(
    appointment: Appointment,
    broken: Broken,
    *,
    by: Any,
    at: datetime,
    opened_at: int | None = None,
) -> Appointment:
    """Cancel an affected visit for the day's reason; it waits on the work list to be booked
    again."""
    lock_subjects(subjects_of(appointment))
    refresh(appointment, opened_at)
    if not broken.touches(appointment):
        raise DomainError(NOT_AFFECTED)
    cancel(
        appointment, CANCELLED_FOR[broken.kind], by=by, at=at, words=f"{broken.why}.",
    )  # fmt: skip
    keep_from_others(appointment, broken, by=by, at=at)
    return appointment
