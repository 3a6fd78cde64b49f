"""What somebody who leaves would leave behind: families, appointments to come, tasks; and handing
it over.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update

from app.accounts.hooks import Held
from app.accounts.models import Staff
from app.db import db
from app.families.models import Family
from app.scheduling.models import KINDS, LIVE, Appointment
from app.tasks.models import Task
from app.tasks.open import open_task
from app.times import for_staff


def families_of(staff: Staff, at: datetime) -> Held:
    """The families whose practitioner they are and that have not ended."""
    number = db.session.scalar(
        select(func.count())
        .select_from(Family)
        .where(
            Family.practitioner_id == staff.id,
            Family.ended_on.is_(None),
            Family.merged_into_id.is_(None),
        )
    )
    return Held(counted(number or 0, "family", "families"), number or 0)


def appointments_of(staff: Staff, at: datetime) -> Held:
    """The appointments to come in which they take part."""
    number = len(coming(staff, at))
    return Held(counted(number, "appointment to come", "appointments to come"), number)


def tasks_of(staff: Staff, at: datetime) -> Held:
    """The open tasks that are theirs."""
    number = db.session.scalar(
        select(func.count())
        .select_from(Task)
        .where(Task.owner_id == staff.id, Task.closed_at.is_(None))
    )
    return Held(counted(number or 0, "task", "tasks"), number or 0)


def counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def coming(staff: Staff, at: datetime) -> list[Appointment]:
    return list(
        db.session.scalars(
            select(Appointment)
            .where(
                or_(Appointment.staff_id == staff.id, Appointment.second_id == staff.id),
                Appointment.status.in_(LIVE),
                Appointment.ends_at > at,
            )
            .order_by(Appointment.starts_at)
        )
    )


def hand_over(staff: Staff, hand_to: Staff | None, by: Any, at: datetime) -> None:
    """Families and tasks go to `hand_to`; each appointment to come waits for somebody to decide.

    An appointment is not given to another practitioner by itself: they may not be free then, and a
    review may have to wait for whoever chose the clips.
    """
    if hand_to is None:
        return
    db.session.execute(
        update(Family)
        .where(Family.practitioner_id == staff.id)
        .values(practitioner_id=hand_to.id, version=Family.version + 1)
    )
    db.session.execute(
        update(Task)
        .where(Task.owner_id == staff.id, Task.closed_at.is_(None))
        .values(owner_id=hand_to.id)
    )
    for appointment in coming(staff, at):
        open_task(
            "caseload",
            f"{staff.name} has left. Who takes the {KINDS[appointment.kind].lower()} on "
            f"{for_staff(appointment.starts_at)}?",
            about=("appointment", appointment.id), due_at=appointment.starts_at, at=at,
            family_id=appointment.family_id, owner_id=hand_to.id,
        )  # fmt: skip
