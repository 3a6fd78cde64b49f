"""Choosing a cycle's clips, which frees its review."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from app import clock
from app.audit.record import actor, record
from app.db import db, hold
from app.errors import DomainError
from app.messaging.outbox import drop_waiting
from app.programmes.cycles import PLANNED, REVIEWED, VIDEO_BOOKED, Event, review_of, state_of
from app.programmes.models import Clip, Cycle, Programme
from app.programmes.queries import facts_of
from app.programmes.time_codes import clip_problems
from app.scheduling.models import LIVE
from app.scheduling.queries import by_id
from app.scheduling.recheck import recheck
from app.scheduling.telling import REMINDERS
from app.settings import store
from app.settings.rules import Rules
from app.tasks.open import open_task
from app.times import for_staff
from app.working_days import working_days_between

LONGEST_NOTE = 500
CAME_LATE = "The clips came late: a person rings instead."


@dataclass(frozen=True)
class Moment:
    """A clip as it was typed: from and to in seconds, and a note."""

    starts_s: int
    ends_s: int
    note: str | None = None


def choose_clips(
    cycle: Cycle,
    moments: Sequence[Moment],
    *,
    by: Any,
    at: datetime,
    kept_where: str | None = None,
    opened_at: int | None = None,
) -> list[str]:
    """Set a filmed cycle's clips; the review, if booked, is told to the family, or by a call if it
    is near.

    Returns warnings (one or two clips where three are usual). Lengths in `time_codes`.
    """
    hold(cycle, opened_at, "This cycle")
    programme = running(cycle)
    rules = store.current()
    check_clips(cycle, moments, rules)
    drop_clips(cycle)
    db.session.add_all(
        Clip(cycle_id=cycle.id, starts_s=m.starts_s, ends_s=m.ends_s, note=m.note) for m in moments
    )
    cycle.clips_chosen_at, cycle.clips_chosen_by = at, actor(by)
    cycle.kept_where = kept_where or cycle.kept_where
    cycle.version += 1
    record(
        "cycle:clips_chosen", cycle, by=by, at=at, family_id=programme.family_id,
        clips=len(moments),
    )  # fmt: skip
    db.session.flush()
    free_review(cycle, by=by, at=at)
    if len(moments) < rules.clips_wanted:
        return [f"{len(moments)} of {rules.clips_wanted} clips: fewer than usual."]
    return []


def drop_clips(cycle: Cycle) -> None:
    db.session.execute(delete(Clip).where(Clip.cycle_id == cycle.id))
    db.session.expire(cycle, ["clips"])


def running(cycle: Cycle) -> Programme:
    """The cycle's programme, while it runs."""
    programme = db.session.get(Programme, cycle.programme_id)
    assert programme is not None, "a cycle belongs to a programme"
    if programme.ended_on:
        raise DomainError("This programme has ended.")
    return programme


def check_clips(cycle: Cycle, moments: Sequence[Moment], rules: Rules) -> None:
    """Raise DomainError where there is nothing to choose from, or a clip cannot be."""
    state = state_of(facts_of([cycle])[cycle.id])
    if state in (PLANNED, VIDEO_BOOKED):
        raise DomainError(
            "The video session has not taken place yet, so there is nothing to choose from."
        )
    if state == REVIEWED:
        raise DomainError("This cycle is reviewed, so its clips stay as they were shown.")
    if problems := clip_problems([(m.starts_s, m.ends_s) for m in moments], rules):
        sentences = " ".join(sentence for _, sentence in problems)
        raise DomainError(sentences, f"to_{problems[0][0] + 1}")
    for number, moment in enumerate(moments, start=1):
        if len(moment.note or "") > LONGEST_NOTE:
            raise DomainError(f"Use {LONGEST_NOTE} characters or fewer.", f"note_{number}")


def is_near(review: Event, rules: Rules, at: datetime) -> bool:
    """Whether a review is too near for a text about it: fewer working days than the rule asks."""
    days = working_days_between(clock.london(at).date(), clock.london(review.starts_at).date())
    return days < rules.clips_call_days


def free_review(cycle: Cycle, *, by: Any, at: datetime) -> None:
    """A provisional review becomes booked: by a text, or by a call where it is too near for one."""
    review = review_of(facts_of([cycle])[cycle.id])
    appointment = by_id(review.id) if review and review.status in LIVE else None
    if review is None or appointment is None:
        return
    near = is_near(review, store.current(), at)
    recheck(appointment, by=by, at=at, quietly=near)
    if not near or review.status != "provisional" or appointment.status != "booked":
        return
    drop_waiting(
        ("appointment", appointment.id), purposes=REMINDERS, reason=CAME_LATE, at=at
    )  # fmt: skip
    open_task(
        "ring",
        f"The clips are chosen and the review on {for_staff(appointment.starts_at)} is near: "
        "ring the family, no text goes.",
        about=("appointment", appointment.id), due_at=appointment.starts_at, at=at,
        family_id=appointment.family_id, owner_id=appointment.staff_id,
    )  # fmt: skip
