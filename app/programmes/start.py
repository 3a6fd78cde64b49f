"""Starting a family's course of VIG, and changing how many cycles are planned."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from app import clock
from app.access import MANAGER
from app.accounts.models import Staff
from app.audit.record import record
from app.db import db, hold
from app.enquiries.queries import has_said_yes
from app.errors import DomainError
from app.families.models import Family
from app.programmes.models import Cycle, Programme
from app.programmes.queries import facts_of
from app.scheduling.models import Appointment
from app.settings import store

MOST_EVER = 12  # the table's own limit, whatever a manager's reason
LONGEST_REASON = 500


def start_programme(
    family: Family,
    practitioner_id: int,
    planned_cycles: int,
    *,
    on: date,
    by: Any,
    at: datetime,
    reason: str | None = None,
) -> Programme:
    """Begin a course of 3 to 7 cycles (settings), after the family's yes; one at a time.

    The practitioner becomes the family's. More cycles need a manager and a reason.
    """
    hold(family)
    if family.merged_into_id:
        raise DomainError("This family has been joined with another: start it there.")
    if not has_said_yes(family.id):
        raise DomainError("This family has not said yes. Record what they decided first.")
    if db.session.scalar(select(Programme.id).where(Programme.open_for == family.id)):
        raise DomainError("This family has a programme that has not ended.")
    check_practitioner(practitioner_id)
    check_planned(planned_cycles, reason, by)
    if on > clock.london(at).date():
        raise DomainError("Enter the day it began; it cannot lie ahead.", "on")
    programme = Programme(
        family_id=family.id, open_for=family.id, practitioner_id=practitioner_id,
        planned_cycles=planned_cycles, planned_reason=reason or None, started_on=on, created_at=at,
    )  # fmt: skip
    db.session.add(programme)
    db.session.flush()
    add_cycles(programme, 1, planned_cycles)
    if family.practitioner_id != practitioner_id:
        family.practitioner_id = practitioner_id
        family.version += 1
    record(
        "programme:started", programme, by=by, at=at, family_id=family.id, planned=planned_cycles
    )
    return programme


def check_practitioner(staff_id: int) -> None:
    visits = select(Staff.id).where(
        Staff.id == staff_id, Staff.takes_visits, Staff.left_at.is_(None)
    )
    if db.session.scalar(visits) is None:
        raise DomainError("Choose a practitioner who works here.", "practitioner")


def check_planned(planned: int, reason: str | None, by: Any) -> None:
    """Raise DomainError outside the settings' limits, but for a manager with a reason."""
    rules = store.current()
    if planned < rules.cycles_least:
        raise DomainError(f"Plan at least {rules.cycles_least} cycles.", "planned_cycles")
    if planned > MOST_EVER:
        raise DomainError(f"Plan at most {MOST_EVER} cycles.", "planned_cycles")
    if planned <= rules.cycles_most:
        return
    if getattr(by, "role", None) != MANAGER:
        raise DomainError(
            f"More than {rules.cycles_most} cycles needs a manager.", "planned_cycles"
        )
    if not (reason or "").strip():
        raise DomainError(
            f"Write down why more than {rules.cycles_most} cycles are planned.", "reason"
        )
    if len(reason or "") > LONGEST_REASON:
        raise DomainError(f"Use {LONGEST_REASON} characters or fewer.", "reason")


def add_cycles(programme: Programme, first: int, last: int) -> None:
    db.session.add_all(
        Cycle(programme_id=programme.id, number=number) for number in range(first, last + 1)
    )
    db.session.flush()
    db.session.expire(programme, ["cycles"])


def change_planned(
    programme: Programme,
    planned: int,
    *,
    by: Any,
    at: datetime,
    reason: str | None = None,
    opened_at: int | None = None,
) -> None:
    """Plan more or fewer cycles; one that has begun stays."""
    hold(programme, opened_at, "This programme")
    must_run(programme)
    check_planned(planned, reason, by)
    cycles = cycles_of(programme)
    facts = facts_of(cycles)
    begun = [c.number for c in cycles if facts[c.id].events or facts[c.id].reviewed_on]
    if begun and planned < max(begun):
        last = facts[cycles[max(begun) - 1].id]
        ahead = not last.reviewed_on and all(event.status != "done" for event in last.events)
        raise DomainError(
            f"Cycle {max(begun)} has begun: dates are booked. Cancel them first, or plan more."
            if ahead
            else f"Cycle {max(begun)} has begun, so plan at least that many.",
            "planned_cycles",
        )
    for cycle in cycles:
        if cycle.number > planned:
            forget_cycle(cycle)
    add_cycles(programme, len(cycles) + 1, planned)
    programme.planned_cycles = planned
    programme.planned_reason = reason or None if planned > store.current().cycles_most else None
    programme.version += 1
    record(
        "programme:changed", programme, by=by, at=at, family_id=programme.family_id,
        fields=["planned_cycles"],
    )  # fmt: skip


def cycles_of(programme: Programme) -> list[Cycle]:
    """A programme's cycles as they are stored now."""
    rows = select(Cycle).where(Cycle.programme_id == programme.id).order_by(Cycle.number)
    return list(db.session.scalars(rows))


def forget_cycle(cycle: Cycle) -> None:
    """Delete a cycle that never began; its cancelled appointments point at it no more."""
    db.session.execute(
        update(Appointment).where(Appointment.cycle_id == cycle.id).values(cycle_id=None)
    )
    db.session.delete(cycle)
    db.session.flush()


def must_run(programme: Programme) -> None:
    if programme.ended_on:
        raise DomainError("This programme has ended.")
