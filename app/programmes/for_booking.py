"""Cycles as the pages of booking see them; wiring hands these functions to `scheduling.hooks`."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from app import clock
from app.access import found
from app.db import db
from app.programmes.booking import book_pair, repeat_video
from app.programmes.cycles import CycleFacts, review_of, video_of
from app.programmes.models import Cycle, Programme
from app.programmes.queries import cycle_by_id, facts_of, open_cycles
from app.scheduling.book import Booking
from app.scheduling.hooks import CycleShown
from app.scheduling.models import LIVE, Appointment
from app.scheduling.pairs import first_review_day
from app.settings import store
from app.windows import instant
from app.working_days import is_working_day

STANDS = ("provisional", "booked", "confirmed", "done")


def cycle_shown(cycle_id: int) -> CycleShown | None:
    """One cycle of a programme that has not ended; None where there is none."""
    cycle = cycle_by_id(cycle_id)
    return as_shown(cycle) if cycle is not None else None


def next_of(family_id: int) -> CycleShown | None:
    """The first cycle of the family's programme that still lacks an appointment."""
    cycles = open_cycles(family_id)
    facts = facts_of(cycles)
    for cycle in cycles:
        if lacks(facts[cycle.id]):
            return shown(cycle, facts[cycle.id], family_id)
    return None


def as_shown(cycle: Cycle) -> CycleShown | None:
    programme = running(cycle)
    if programme is None:
        return None
    return shown(cycle, facts_of([cycle])[cycle.id], programme)


def running(cycle: Cycle) -> int | None:
    """The family whose programme this cycle belongs to, while it runs."""
    programme = db.session.get(Programme, cycle.programme_id)
    return programme.open_for if programme else None


def shown(cycle: Cycle, facts: CycleFacts, family_id: int) -> CycleShown:
    video = video_of(facts)
    return CycleShown(
        id=cycle.id,
        family_id=family_id,
        number=cycle.number,
        lacks=lacks(facts),
        practitioner_id=facts.practitioner_id,
        video_ends_at=video.ends_at if video and video.status in STANDS else None,
    )


def lacks(facts: CycleFacts) -> tuple[str, ...]:
    """What is still to be booked: nothing once it is reviewed."""
    if facts.reviewed_on:
        return ()
    video, review = video_of(facts), review_of(facts)
    needed = [
        ("video_session", video is None or video.status not in STANDS),
        ("shared_review", review is None or review.status not in STANDS),
    ]
    return tuple(kind for kind, missing in needed if missing)


def pair_booked(
    cycle_id: int, video: Booking, review: Booking, *, by: Any, at: datetime
) -> tuple[Appointment, Appointment]:
    """Book both of a cycle, as `book_pair` does."""
    return book_pair(found(cycle_by_id(cycle_id)), video, review, by=by, at=at)


def video_repeated(cycle_id: int, video: Booking, *, by: Any, at: datetime) -> Appointment:
    """Film again in the same cycle, as `repeat_video` does."""
    return repeat_video(found(cycle_by_id(cycle_id)), video, by=by, at=at)


def first_moment(appointment: Appointment) -> datetime | None:
    """The start of the first London day on which one of a cycle keeps the programme's order: later
    than every date before it, and a review its working days after the video. None without one."""
    own = cycle_by_id(appointment.cycle_id) if appointment.cycle_id else None
    if own is None:
        return None
    before = select(Cycle).where(Cycle.programme_id == own.programme_id, Cycle.number <= own.number)
    facts = facts_of(db.session.scalars(before).all())
    video, days = video_of(facts[own.id]), []
    for cycle in facts.values():
        held = (video_of(cycle), review_of(cycle)) if cycle.number < own.number else ()
        days += [
            clock.london(one.starts_at).date() + timedelta(days=1)
            for one in held
            if one is not None and one.status in STANDS
        ]
    if appointment.kind == "shared_review" and video is not None and video.status in STANDS:
        filmed = clock.london(video.starts_at).date()
        least = store.current().review_least_working_days
        days.append(first_review_day(filmed, least, is_working_day))
    return instant(max(days), 0) if days else None


def later_than(appointment: Appointment, at: datetime) -> int:
    """How many appointments of its programme, still to come, follow one in the order of cycles."""
    own = aliased(Cycle)
    after = Cycle.number > own.number
    if appointment.kind == "video_session":
        after = after | ((Cycle.id == own.id) & (Appointment.kind == "shared_review"))
    number = db.session.scalar(
        select(func.count())
        .select_from(own)
        .join(Cycle, Cycle.programme_id == own.programme_id)
        .join(Appointment, Appointment.cycle_id == Cycle.id)
        .join(Programme, Programme.id == own.programme_id)
        .where(
            own.id == appointment.cycle_id,
            after,
            Appointment.kind.in_(("video_session", "shared_review")),
            Appointment.status.in_(LIVE),
            Appointment.starts_at > at,
            Programme.open_for.is_not(None),
        )
    )
    return number or 0
