"""Whether an appointment may be at a time: the family's choice, the slot rules, and what was
overridden.

Called inside `book()` and `move()` under locks; a form cannot pass it by. Hard rules refuse with
the sentence of the rule; soft ones refuse unless a reason is given.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app import clock
from app.db import db
from app.enquiries.queries import has_said_yes
from app.errors import DomainError
from app.families.models import Family
from app.families.queries import visible_to
from app.scheduling.conditions import room_for
from app.scheduling.facts import Ask, Facts, read_facts
from app.scheduling.kinds import kinds
from app.scheduling.models import Appointment
from app.scheduling.queries import visible_to as visible_appointments
from app.scheduling.reasons import SOFT
from app.scheduling.refusals import check_slot
from app.scheduling.wanted import Refusal
from app.settings import store
from app.settings.rules import Rules, lengths
from app.working_days import bank_holidays

ASKS_REASON = "Give a reason to book it all the same."


@dataclass(frozen=True)
class Checked:
    """The facts an act was checked against, with the room that is free then, and the reason that
    set rules aside, where it was needed."""

    facts: Facts
    room_id: int | None
    override_reason: str | None


def check_choice(kind: str, family_id: int) -> None:
    """No VIG visit before the family's own yes is on record."""
    if kinds[kind].needs_yes and not has_said_yes(family_id):
        raise DomainError(
            "This family has not said yes. Record what they decided first; "
            "a conversation with a peer parent can be booked before that.",
            "kind",
        )


def check_family(family_id: int, by: Any) -> None:
    """Staff book for the families that they may see; for them no other is on record."""
    if getattr(by, "role", None) is None:
        return  # a job, a command or a person behind a link, whose own act has looked
    seen = visible_to(by).with_only_columns(Family.id).where(Family.id == family_id)
    if db.session.scalar(seen) is None:
        raise DomainError("This family is not on record.")


def check_opened(appointment: Appointment, by: Any) -> None:
    """Staff act on the appointments that they may open; for them no other is on record."""
    if getattr(by, "role", None) is None:
        return  # a job, a command or a person behind a link, whose own act has looked
    opened = visible_appointments(by).with_only_columns(Appointment.id)
    if db.session.scalar(opened.where(Appointment.id == appointment.id)) is None:
        raise DomainError("This appointment is not on record.")


def check_length(kind: str, minutes: int, *, interpreter: bool) -> int:
    """The minutes to hold: within the kind's limits, doubled for an interpreter after that
    check.
    """
    least, most = lengths(kind, store.current())
    if not least <= minutes <= most:
        raise DomainError(f"Choose from {least} to {most} minutes for this.", "minutes")
    return minutes * 2 if interpreter else minutes


def check_time(
    ask: Ask,
    starts_at: datetime,
    second_id: int | None,
    rules: Rules,
    *,
    override_reason: str | None,
    at: datetime,
    aside: frozenset[str] = SOFT,
) -> Checked:
    """Check one start for one practitioner (and second worker) against every rule, or refuse. A
    reason sets aside the soft rules in `aside` and no other; blanks are none."""
    reason = (override_reason or "").strip()
    facts, refusals = refusals_at(ask, starts_at, second_id, rules, at=at)
    hard = [refusal for refusal in refusals if not refusal.soft]
    if hard:
        raise DomainError(hard[0].staff, "slot", family=hard[0].family)
    broken = [refusal for refusal in refusals if not reason or refusal.code not in aside]
    if broken:
        sentences = " ".join(refusal.staff for refusal in broken)
        more = "" if reason else f" {ASKS_REASON}"
        raise DomainError(f"{sentences}{more}", "override_reason", family=broken[0].family)
    ends_at = starts_at + timedelta(minutes=ask.minutes)
    room_id = room_for(facts.wanted, starts_at, ends_at) if facts.wanted.rooms else None
    return Checked(facts, room_id, reason if refusals else None)


def refusals_at(
    ask: Ask, starts_at: datetime, second_id: int | None, rules: Rules, *, at: datetime
) -> tuple[Facts, tuple[Refusal, ...]]:
    """The facts about one start, and every rule that it breaks."""
    day = clock.london(starts_at).date()
    first, last = day - timedelta(days=1), day + timedelta(days=1)
    facts = read_facts(ask, first, last, rules, on=day)
    second = next((worker for worker in facts.seconds if worker.id == second_id), None)
    if facts.wanted.needs_two and second is None:
        raise DomainError("Two workers are needed here. Choose who else goes.", "second")
    refusals = check_slot(
        facts.wanted,
        facts.workers[0],
        second,
        starts_at,
        rules,
        now=at,
        bank_holidays=bank_holidays(first, last),
        overrides=facts.drives,
    )
    return facts, refusals
