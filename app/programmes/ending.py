"""Ending a programme, kindly, and what comes after: the follow-up, and deleting what was filmed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import clock
from app.audit.record import actor, record
from app.db import db, hold
from app.errors import DomainError
from app.programmes.cycles import REVIEWED, counted, state_of
from app.programmes.goals import rate_goals
from app.programmes.models import ENDINGS, Programme
from app.programmes.queries import facts_of
from app.programmes.start import cycles_of, must_run
from app.scheduling.cancel import cancel
from app.scheduling.models import LIVE, Appointment
from app.settings import store

VISITS = ("goals_visit", "video_session", "shared_review")
WHY_CANCELLED = {"family_chose": "family_asked", "completed": "other"}
LONGEST_WORDS = 2000


def end_programme(
    programme: Programme,
    ending: str,
    *,
    on: date,
    by: Any,
    at: datetime,
    words: str | None = None,
    ratings: Mapping[int, int] | None = None,
    tell_family: bool = True,
    cancel_reason: str | None = None,
    opened_at: int | None = None,
) -> list[Appointment]:
    """End it, after all cycles or early, with a reason and no blame.

    Cancels the visits still to come and returns them (`tell_family` False: they know). `ratings`
    are the last ones, goal id -> 0 to 10. A follow-up is due after the settings' months, and what
    was filmed is to be deleted by the date that the settings give. *Completed* needs the fewest
    cycles of the settings, reviewed.
    """
    hold(programme, opened_at, "This programme")
    must_run(programme)
    check_ending(programme, ending, on, words, at)
    rate_goals(programme, ratings or {}, on=on, by=by, at=at)
    to_come = visits_to_come(programme.family_id, at)
    for appointment in to_come:
        cancel(
            appointment, cancel_reason or WHY_CANCELLED.get(ending, "other"), by=by, at=at,
            settled="The programme ended.", tell_family=tell_family,
        )  # fmt: skip
    rules = store.current()
    programme.ended_on, programme.ending, programme.ending_words = on, ending, words or None
    programme.open_for = None
    programme.follow_up_due = on + relativedelta(months=rules.follow_up_months)
    if was_filmed(programme):
        programme.media_delete_by = on + timedelta(days=rules.media_keep_days)
    programme.version += 1
    record("programme:ended", programme, by=by, at=at, family_id=programme.family_id, ending=ending)
    return list(to_come)


def check_ending(
    programme: Programme, ending: str, on: date, words: str | None, at: datetime
) -> None:
    if ending not in ENDINGS:
        raise DomainError("Choose how it ended.", "ending")
    if not programme.started_on <= on <= clock.london(at).date():
        raise DomainError("Enter a day since the programme began, not one ahead.", "on")
    if len(words or "") > LONGEST_WORDS:
        raise DomainError(f"Use {LONGEST_WORDS} characters or fewer.", "words")
    least = store.current().cycles_least
    done = counted(list(facts_of(cycles_of(programme)).values()))
    if ending == "completed" and done < least:
        raise DomainError(
            f"{done} of at least {least} cycles are reviewed. Choose why it ended early.", "ending"
        )


def visits_to_come(
    family_id: int, at: datetime, kinds: Sequence[str] = VISITS
) -> Sequence[Appointment]:
    """A family's VIG visits (or others, by kind) that have not begun, soonest first, with who
    comes.
    """
    return db.session.scalars(
        select(Appointment)
        .where(
            Appointment.family_id == family_id,
            Appointment.status.in_(LIVE),
            Appointment.kind.in_(kinds),
            Appointment.starts_at > at,
        )
        .options(joinedload(Appointment.staff))
        .order_by(Appointment.starts_at)
    ).all()


def was_filmed(programme: Programme) -> bool:
    """Whether anything was filmed that must be deleted some day."""
    cycles = cycles_of(programme)
    facts = facts_of(cycles)
    return any(
        cycle.kept_where
        or any(e.kind == "video_session" and e.status == "done" for e in facts[cycle.id].events)
        for cycle in cycles
    )


def complete(programme: Programme) -> bool:
    """Whether every planned cycle is reviewed."""
    facts = facts_of(cycles_of(programme))
    return bool(facts) and all(state_of(f) == REVIEWED for f in facts.values())


def settle_follow_up(programme: Programme, words: str, *, by: Any, at: datetime) -> None:
    """Why no follow-up is needed, or what came of it by telephone; it is no longer due."""
    hold(programme)
    if not programme.ended_on:
        raise DomainError("The follow-up comes after the programme has ended.")
    if programme.follow_up_words:
        raise DomainError("What came of the follow-up is on record already.")
    if not words.strip():
        raise DomainError("Write in a few words what came of it.", "words")
    if len(words) > LONGEST_WORDS:
        raise DomainError(f"Use {LONGEST_WORDS} characters or fewer.", "words")
    programme.follow_up_words = words.strip()
    programme.version += 1
    record("follow_up:settled", programme, by=by, at=at, family_id=programme.family_id)


def keep_media(
    programme: Programme,
    places: Mapping[int, str | None],
    *,
    by: Any,
    at: datetime,
    opened_at: int | None = None,
) -> None:
    """Write down where each cycle's film is kept (cycle id -> a place in words, or nothing)."""
    hold(programme, opened_at, "This programme")
    if programme.media_deleted_on:
        raise DomainError("What was filmed is deleted already.")
    cycles = {cycle.id: cycle for cycle in cycles_of(programme)}
    if not places.keys() <= cycles.keys():
        raise DomainError("Choose a cycle of this programme.")
    for cycle_id, where in places.items():
        if len(where or "") > 200:
            raise DomainError("Use 200 characters or fewer.", f"kept_{cycle_id}")
        if (where or None) != cycles[cycle_id].kept_where:
            cycles[cycle_id].kept_where = where or None
            cycles[cycle_id].version += 1
    programme.version += 1
    record("media:kept", programme, by=by, at=at, family_id=programme.family_id, cycles=len(places))


def delete_media(
    programme: Programme, on: date, *, by: Any, at: datetime, opened_at: int | None = None
) -> None:
    """Everything that was filmed is deleted everywhere; only after the programme has ended."""
    hold(programme, opened_at, "This programme")
    if not programme.ended_on:
        raise DomainError("The programme has not ended, so its films are still needed.")
    if programme.media_deleted_on:
        raise DomainError("What was filmed is deleted already.")
    if not programme.started_on <= on <= clock.london(at).date():
        raise DomainError("Enter the day it was deleted; it cannot lie ahead.", "on")
    programme.media_deleted_on, programme.media_deleted_by = on, actor(by)
    programme.version += 1
    record("media:deleted", programme, by=by, at=at, family_id=programme.family_id)
