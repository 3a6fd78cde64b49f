"""Booking a cycle: video session and shared review in one go, a video again, and giving an
appointment that was agreed elsewhere its cycle.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app import clock
from app.audit.record import record
from app.db import db, hold
from app.errors import DomainError
from app.programmes.clips import drop_clips, running
from app.programmes.cycles import REVIEWED, state_of, video_of
from app.programmes.kinds import ask_reviews_again, check_cycle
from app.programmes.models import Cycle
from app.programmes.queries import facts_of
from app.scheduling.book import Booking, book, same_form, wanted_subjects
from app.scheduling.models import LIVE, Appointment
from app.scheduling.recheck import recheck
from app.scheduling.reservations import lock_subjects, stand_still, subjects_of
from app.scheduling.versions import refresh, touch
from app.settings import store
from app.working_days import working_days_after, working_days_between


def book_pair(
    cycle: Cycle, video: Booking, review: Booking, *, by: Any, at: datetime
) -> tuple[Appointment, Appointment]:
    """Book a cycle's video session and its shared review, both or neither; returns both.

    The review is provisional, and the family hears only of the video, until the clips are chosen.
    Refused like two bookings, and where the review comes sooner after its video than the settings
    allow. The same form sent twice (`once`) makes one pair.
    """
    if (video.kind, review.kind) != ("video_session", "shared_review"):
        raise DomainError("A pair is a video session and its shared review.", "kind")
    if video.once and not review.once:
        review = replace(review, once=f"{video.once}:review")
    stand_still(video.family_id, video.place_id)
    lock_subjects(wanted_subjects(video), wanted_subjects(review))
    if (made := same_form(video.once)) and (with_it := same_form(review.once)):
        return made, with_it
    hold(cycle)
    check_family(cycle, video.family_id, review.family_id)
    check_gap(video, review)
    first = book(replace(video, cycle_id=cycle.id), by=by, at=at)
    return first, book(replace(review, cycle_id=cycle.id), by=by, at=at)


def check_family(cycle: Cycle, *family_ids: int) -> None:
    if {running(cycle).family_id} != set(family_ids):
        raise DomainError("Choose a cycle of this family.", "cycle")


def check_gap(video: Booking, review: Booking) -> None:
    """Raise DomainError where a review comes too soon after its video (working days)."""
    least = store.current().review_least_working_days
    filmed_on = clock.london(video.starts_at).date()
    gap = working_days_between(filmed_on, clock.london(review.starts_at).date())
    if review.starts_at <= video.starts_at or gap < least:
        day = "working day" if least == 1 else "working days"
        raise DomainError(f"The review needs {least} {day} after its video.", "slot")


def repeat_video(cycle: Cycle, video: Booking, *, by: Any, at: datetime) -> Appointment:
    """Film again in the same cycle: nobody was seen, or the film cannot be used.

    Clips of the earlier film are put aside, and a review that was booked waits until clips of the
    new one are chosen.
    """
    if video.kind != "video_session":
        raise DomainError("Choose a video session.", "kind")
    stand_still(video.family_id, video.place_id)
    lock_subjects(wanted_subjects(video))
    if made := same_form(video.once):
        return made
    hold(cycle)
    check_family(cycle, video.family_id)
    facts = facts_of([cycle])[cycle.id]
    if state_of(facts) == REVIEWED:
        raise DomainError("This cycle is reviewed already.")
    earlier = video_of(facts)
    if earlier and earlier.status in LIVE:
        raise DomainError("A video session is booked already. Move that one.", "cycle")
    if facts.clips:
        drop_clips(cycle)
        cycle.clips_chosen_at = cycle.clips_chosen_by = None
        cycle.version += 1
    return book(replace(video, cycle_id=cycle.id), by=by, at=at)


def join_cycle(
    appointment: Appointment, cycle: Cycle, *, by: Any, at: datetime, opened_at: int | None = None
) -> None:
    """Say which cycle a video session or review belongs to that was entered without one.

    Spreadsheets know no cycles; a review without one stays provisional.
    """
    hold(cycle)
    lock_subjects(subjects_of(appointment))
    refresh(appointment, opened_at)
    if appointment.kind not in ("video_session", "shared_review"):
        raise DomainError("Only video sessions and shared reviews belong to a cycle.", "cycle")
    if appointment.status == "cancelled":
        raise DomainError("This appointment is cancelled.", "cycle")
    check_family(cycle, appointment.family_id)
    before = appointment.cycle_id
    appointment.cycle_id = cycle.id
    check_cycle(appointment)
    touch(appointment)
    record(
        "cycle:joined", cycle, by=by, at=at, family_id=appointment.family_id,
        appointment_id=appointment.id,
    )  # fmt: skip
    for cycle_id in {before, cycle.id} - {None}:
        assert cycle_id is not None
        ask_reviews_again(cycle_id, by=by, at=at)


def look_again(at: datetime) -> None:
    """Ask every video session and review up to the end of the next working day again whether
    something stands in its way: the worker does this each morning.
    """
    soon = clock.midnight(working_days_after(clock.london(at).date(), 1) + timedelta(days=1))
    rows = select(Appointment).where(
        Appointment.status.in_(LIVE),
        Appointment.kind.in_(("video_session", "shared_review")),
        Appointment.starts_at > at,
        Appointment.starts_at < soon,
    )
    for appointment in db.session.scalars(rows.order_by(Appointment.id)).all():
        recheck(appointment, by="look_again", at=at)
