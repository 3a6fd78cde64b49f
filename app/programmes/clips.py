"""Choosing a cycle's clips, which frees its review, and recording that the review took place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app import clock
from app.audit.record import actor, record
from app.db import db
from app.errors import DomainError, Stale
from app.programmes.cycles import FILMED, PLANNED, VIDEO_BOOKED, clip_problems, review_of, state_of
from app.programmes.models import Clip, Cycle
from app.programmes.queries import facts_of
from app.scheduling.models import LIVE
from app.scheduling.queries import by_id
from app.scheduling.recheck import recheck
from app.settings import store
from app.tasks.open import open_task
from app.times import for_staff
from app.working_days import working_days_between

CALL_WITHIN = 2  # working days: clips later than that before the review mean a call, not a text


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
    family_id: int,
    by: Any,
    at: datetime,
    kept_where: str | None = None,
    opened_at: int | None = None,
) -> list[str]:
    """Set a filmed cycle's clips; the review, if booked, is told to the family, or by a call if it
    is near.

    Returns warnings (one or two clips where three are usual). Each clip lasts 2 to 60 seconds.
    """
    db.session.refresh(cycle, ["version", "clips"])
    if opened_at is not None and opened_at != cycle.version:
        raise Stale("This cycle")
    if state_of(facts_of([cycle])[cycle.id]) in (PLANNED, VIDEO_BOOKED):
        raise DomainError(
            "The video session has not taken place yet, so there is nothing to choose from."
        )
    rules = store.current()
    if problems := clip_problems([(m.starts_s, m.ends_s) for m in moments], rules):
        raise DomainError(" ".join(problems), "clips")
    for clip in list(cycle.clips):
        db.session.delete(clip)
    db.session.flush()
    db.session.add_all(
        Clip(cycle_id=cycle.id, starts_s=m.starts_s, ends_s=m.ends_s, note=m.note) for m in moments
    )
    cycle.clips_chosen_at, cycle.clips_chosen_by = at, actor(by)
    cycle.kept_where = kept_where or cycle.kept_where
    cycle.version += 1
    record("cycle:clips_chosen", cycle, by=by, at=at, family_id=family_id, clips=len(moments))
    db.session.flush()
    free_review(cycle, by=by, at=at)
    if len(moments) < rules.clips_wanted:
        return [f"{len(moments)} of {rules.clips_wanted} clips: fewer than usual."]
    return []


def free_review(cycle: Cycle, *, by: Any, at: datetime) -> None:
    """A provisional review becomes booked: by a text, or by a call where it is too near for one."""
    review = review_of(facts_of([cycle])[cycle.id])
    if review is None or review.status not in LIVE:
        return
    appointment = by_id(review.id)
    if appointment is None:
        return
    days = working_days_between(clock.london(at).date(), clock.london(review.starts_at).date())
    near = days < CALL_WITHIN
    recheck(appointment, by=by, at=at, quietly=near)
    if near and appointment.status == "booked":
        open_task(
            "ring",
            f"The clips are chosen and the review on {for_staff(appointment.starts_at)} is near: "
            "ring the family, no text goes.",
            about=("appointment", appointment.id), due_at=appointment.starts_at, at=at,
            family_id=appointment.family_id, owner_id=appointment.staff_id,
        )  # fmt: skip


def finish_review(
    cycle: Cycle, on: date, *, family_id: int, by: Any, at: datetime, words: str | None = None
) -> None:
    """The cycle counts: its shared review took place."""
    facts = facts_of([cycle])[cycle.id]
    if cycle.reviewed_on:
        raise DomainError("This cycle is reviewed already.")
    if state_of(facts) in (PLANNED, VIDEO_BOOKED, FILMED):
        raise DomainError("Choose the clips first: the review shows them.")
    review = review_of(facts)
    if review is None or review.status != "done":
        raise DomainError("Record the shared review as done first.")
    cycle.reviewed_on, cycle.review_words = on, words
    cycle.version += 1
    record("cycle:reviewed", cycle, by=by, at=at, family_id=family_id)
