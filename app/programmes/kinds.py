"""What video sessions and shared reviews add to booking: consent, clips, and the cycle that
follows.
"""

from datetime import datetime
from typing import Any

from app.programmes.cycles import CycleFacts, review_blocks
from app.programmes.queries import cycle_by_id, event_of, facts_of, lapsed_names
from app.scheduling.kinds import Kind, Reason
from app.scheduling.models import LIVE, Appointment
from app.scheduling.queries import by_id
from app.scheduling.recheck import recheck
from app.settings import store


def missing_consent(appointment: Appointment) -> list[Reason]:
    """A video session is confirmed only with live consent of everybody planned on camera."""
    names = lapsed_names([appointment]).get(appointment.id, [])
    if not names:
        return []
    return [
        (
            "consent",
            f"Consent to film is not on record for {' and '.join(names)}. Ask for it first.",
        )
    ]


def review_not_ready(appointment: Appointment) -> list[Reason]:
    """A review is provisional, and the family is not told, until its clips are chosen."""
    cycle = cycle_by_id(appointment.cycle_id) if appointment.cycle_id else None
    if cycle is None:
        return [("no_cycle", "This review belongs to no cycle: choose one.")]
    facts: CycleFacts = facts_of([cycle])[cycle.id]
    return review_blocks(facts, event_of(appointment), store.current())


def follow_video(appointment: Appointment, what: str, by: Any, at: datetime) -> None:
    """Whatever happens to a video session, its review is asked again whether it can stand."""
    if appointment.cycle_id is None or what == "booked":
        return
    cycle = cycle_by_id(appointment.cycle_id)
    if cycle is None:
        return
    for event in facts_of([cycle])[cycle.id].events:
        if event.kind == "shared_review" and event.status in LIVE and event.id != appointment.id:
            review = by_id(event.id)
            if review is not None:
                recheck(review, by=by, at=at)


VIDEO_SESSION = Kind(needs_yes=True, unconfirmed=missing_consent, changed=follow_video)
SHARED_REVIEW = Kind(needs_yes=True, provisional=review_not_ready, unconfirmed=review_not_ready)
GOALS_VISIT = Kind(needs_yes=True)
FOLLOW_UP = Kind(needs_yes=False)
