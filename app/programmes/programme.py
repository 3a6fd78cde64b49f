"""Starting, changing and ending a family's course of VIG."""

from datetime import date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from app.access import MANAGER
from app.audit.record import record
from app.db import db
from app.enquiries.queries import has_said_yes
from app.errors import DomainError, Stale
from app.families.models import Family
from app.programmes.cycles import REVIEWED, counted, state_of
from app.programmes.models import ENDINGS, Cycle, Programme
from app.programmes.queries import facts_of, open_programme
from app.scheduling.cancel import cancel
from app.scheduling.models import LIVE, Appointment
from app.scheduling.queries import of_family
from app.settings import store


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
    """Begin a course of 3 to 7 cycles (settings), after the family's yes; one at a time."""
    if not has_said_yes(family.id):
        raise DomainError("This family has not said yes. Record what they decided first.")
    check_planned(planned_cycles, reason, by)
    programme = Programme(
        family_id=family.id, open_for=family.id, practitioner_id=practitioner_id,
        planned_cycles=planned_cycles, planned_reason=reason, started_on=on, created_at=at,
    )  # fmt: skip
    db.session.add(programme)
    db.session.flush()
    add_cycles(programme, 1, planned_cycles)
    family.practitioner_id = practitioner_id
    record(
        "programme:started", programme, by=by, at=at, family_id=family.id, planned=planned_cycles
    )
    return programme


def check_planned(planned: int, reason: str | None, by: Any) -> None:
    rules = store.current()
    if planned < rules.cycles_least:
        raise DomainError(f"Plan at least {rules.cycles_least} cycles.", "planned_cycles")
    if planned <= rules.cycles_most:
        return
    if not reason or getattr(by, "role", MANAGER) != MANAGER:
        raise DomainError(
            f"More than {rules.cycles_most} cycles needs a manager’s reason.", "planned_cycles"
        )


def add_cycles(programme: Programme, first: int, last: int) -> None:
    db.session.add_all(
        Cycle(programme_id=programme.id, number=number) for number in range(first, last + 1)
    )
    db.session.flush()


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
    db.session.refresh(programme, ["version", "planned_cycles", "ended_on", "cycles"])
    if opened_at is not None and opened_at != programme.version:
        raise Stale("This programme")
    must_run(programme)
    check_planned(planned, reason, by)
    facts = facts_of(programme.cycles)
    begun = [c.number for c in programme.cycles if facts[c.id].events or facts[c.id].reviewed_on]
    if begun and planned < max(begun):
        raise DomainError(
            f"Cycle {max(begun)} has begun, so plan at least that many.", "planned_cycles"
        )
    for cycle in programme.cycles:
        if cycle.number > planned:
            db.session.delete(cycle)
    add_cycles(programme, len(programme.cycles) + 1, planned)
    programme.planned_cycles, programme.planned_reason = planned, reason
    programme.version += 1
    record(
        "programme:changed", programme, by=by, at=at, family_id=programme.family_id,
        fields=["planned_cycles"],
    )  # fmt: skip


def must_run(programme: Programme) -> None:
    if programme.ended_on:
        raise DomainError("This programme has ended.")


def end_programme(
    programme: Programme, ending: str, *, on: date, by: Any, at: datetime, words: str | None = None
) -> list[Appointment]:
    """End it, after all cycles or early, with a reason and no blame.

    Cancels the video sessions and reviews still to come and returns them; a follow-up is due after
    the settings' months, and what was filmed is to be deleted by the date that the settings give.
    """
    if ending not in ENDINGS:
        raise DomainError("Choose how it ended.", "ending")
    must_run(programme)
    rules = store.current()
    cancelled = [
        appointment
        for appointment in of_family(programme.family_id)
        if appointment.status in LIVE
        and appointment.kind in ("goals_visit", "video_session", "shared_review")
    ]
    for appointment in cancelled:
        cancel(
            appointment, "family_asked" if ending == "family_chose" else "other", by=by, at=at,
            settled="The programme ended.",
        )  # fmt: skip
    programme.ended_on, programme.ending, programme.ending_words = on, ending, words
    programme.open_for = None
    programme.follow_up_due = on + relativedelta(months=rules.follow_up_months)
    programme.media_delete_by = on + timedelta(days=rules.media_keep_days)
    programme.version += 1
    record("programme:ended", programme, by=by, at=at, family_id=programme.family_id, ending=ending)
    return cancelled


def complete(programme: Programme) -> bool:
    """Whether every planned cycle is reviewed."""
    facts = facts_of(programme.cycles)
    return bool(facts) and all(state_of(f) == REVIEWED for f in facts.values())


def stop_with_choice(family: Family, step: str, *, by: Any, at: datetime) -> None:
    """What follows in programmes when a family says no or stops: kindly, the course ends."""
    programme = open_programme(family.id)
    if programme is None or step not in ("no", "withdrew"):
        return
    done = counted(list(facts_of(programme.cycles).values()))
    end_programme(
        programme, "family_chose", on=at.date(), by=by, at=at,
        words=f"The family stopped after {done} cycles." if done else "The family stopped.",
    )  # fmt: skip
