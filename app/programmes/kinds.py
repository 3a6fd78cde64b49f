"""What video sessions and shared reviews add to booking: the cycle, consent, clips, and what
follows.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.db import db
from app.errors import DomainError
from app.programmes.cycles import CycleFacts, review_blocks, video_blocks
from app.programmes.filmed import keep_who_was_filmed, lapsed_names
from app.programmes.models import Cycle, Programme
from app.programmes.queries import cycle_by_id, event_of, facts_of, programme_by_id
from app.scheduling.kinds import Kind, Reason
from app.scheduling.models import LIVE, Appointment
from app.scheduling.queries import by_id
from app.scheduling.recheck import recheck
from app.settings import store

WORDS = {"video_session": "video session", "shared_review": "shared review"}


def missing_consent(appointment: Appointment) -> list[Reason]:
    """A video session is confirmed only with live consent of everybody planned on camera."""
    names = lapsed_names([appointment]).get(appointment.id, [])
    if not names:
        return []
    who = " and ".join(names)
    return [("consent", f"Consent to film is not on record for {who}. Ask for it first.")]


def cycle_before(appointment: Appointment) -> list[Reason]:
    """A video session is provisional, and the family is not told, until the review of the cycle
    before has taken place. What the family was told of already is not taken back.
    """
    if appointment.cycle_id is None or appointment.status != "provisional":
        return []
    cycle = db.session.get(Cycle, appointment.cycle_id)
    if cycle is None or cycle.number == 1:
        return []
    before = db.session.scalars(
        select(Cycle).where(
            Cycle.programme_id == cycle.programme_id,
            Cycle.number < cycle.number,
            Cycle.reviewed_on.is_(None),
        )
    ).all()
    return video_blocks(list(facts_of(before).values()), cycle.number)


def review_not_ready(appointment: Appointment) -> list[Reason]:
    """A review is provisional, and the family is not told, until its clips are chosen."""
    cycle = cycle_by_id(appointment.cycle_id) if appointment.cycle_id else None
    if cycle is None:
        return [("no_cycle", "This review belongs to no cycle: choose one.")]
    facts: CycleFacts = facts_of([cycle])[cycle.id]
    return review_blocks(facts, event_of(appointment), store.current())


def follow_video(appointment: Appointment, what: str, by: Any, at: datetime) -> None:
    """Whatever happens to a video session, its review is asked again whether it can stand."""
    if what == "booked":
        check_cycle(appointment)
    if what == "done":
        keep_who_was_filmed(appointment)
    if appointment.cycle_id is not None:
        ask_reviews_again(appointment.cycle_id, by=by, at=at)


def ask_reviews_again(cycle_id: int, *, by: Any, at: datetime) -> None:
    """Ask a cycle's reviews to come again what stands in their way."""
    cycle = cycle_by_id(cycle_id)
    if cycle is None:
        return
    for event in facts_of([cycle])[cycle.id].events:
        if event.kind == "shared_review" and event.status in LIVE:
            review = by_id(event.id)
            if review is not None:
                recheck(review, by=by, at=at)


def follow_review(appointment: Appointment, what: str, by: Any, at: datetime) -> None:
    """Once a review has taken place, the family is told of the next video session."""
    if what == "booked":
        check_cycle(appointment)
    cycle = cycle_by_id(appointment.cycle_id) if appointment.cycle_id else None
    if what == "done" and cycle is not None:
        ask_videos_again(cycle, by=by, at=at)


def ask_videos_again(cycle: Cycle, *, by: Any, at: datetime) -> None:
    """Ask the provisional video sessions of a programme's later cycles what stands in their way."""
    later = select(Appointment).join(Cycle, Cycle.id == Appointment.cycle_id).where(
        Cycle.programme_id == cycle.programme_id,
        Cycle.number > cycle.number,
        Appointment.kind == "video_session",
        Appointment.status == "provisional",
    )  # fmt: skip
    for video in db.session.scalars(later.order_by(Appointment.starts_at)).all():
        recheck(video, by=by, at=at)


def check_cycle(appointment: Appointment) -> None:
    """Refuse an appointment in a cycle that is another family's, over, or has one of its kind.

    Asked in the transaction that books it, so that no form can pass it by.
    """
    if appointment.cycle_id is None:
        return
    cycle = cycle_by_id(appointment.cycle_id)
    programme: Programme | None = programme_by_id(cycle.programme_id) if cycle else None
    if cycle is None or programme is None or programme.family_id != appointment.family_id:
        raise DomainError("Choose a cycle of this family.", "cycle")
    if programme.ended_on:
        raise DomainError("This programme has ended. Start another one first.", "cycle")
    if cycle.reviewed_on:
        raise DomainError(f"Cycle {cycle.number} is reviewed already.", "cycle")
    for event in facts_of([cycle])[cycle.id].events:
        other = event.id != appointment.id and event.kind == appointment.kind
        if other and event.status in LIVE:
            raise DomainError(
                f"Cycle {cycle.number} has a {WORDS[appointment.kind]} booked already. "
                "Move that one, or cancel it first.",
                "cycle",
            )


VIDEO_SESSION = Kind(
    needs_yes=True,
    provisional=cycle_before,
    unconfirmed=missing_consent,
    changed=follow_video,
)
SHARED_REVIEW = Kind(
    needs_yes=True,
    provisional=review_not_ready,
    unconfirmed=review_not_ready,
    changed=follow_review,
)
GOALS_VISIT = Kind(needs_yes=True)
FOLLOW_UP = Kind(needs_yes=False)
