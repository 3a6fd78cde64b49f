"""Reads of programmes: the open one of a family, one cycle or goal, and cycles as facts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.access import MANAGER, User
from app.db import db
from app.families.models import Family
from app.programmes.cycles import CycleFacts, Event, video_of
from app.programmes.filmed import lapsed_names
from app.programmes.models import Clip, Cycle, Goal, Programme
from app.scheduling.models import Appointment


def may_read_goals(user: User, family: Family) -> bool:
    """Goals' words, ratings and clips: only for the family's own practitioner and managers."""
    return user.role == MANAGER or family.practitioner_id == user.id


def open_programme(family_id: int) -> Programme | None:
    """The family's programme that has not ended, with its cycles and goals."""
    return db.session.scalars(
        select(Programme)
        .where(Programme.open_for == family_id)
        .options(*with_everything())
        .execution_options(populate_existing=True)
    ).one_or_none()


def programmes_of(family_id: int) -> Sequence[Programme]:
    """Every programme of a family, newest first."""
    return db.session.scalars(
        select(Programme)
        .where(Programme.family_id == family_id)
        .options(*with_everything())
        .order_by(Programme.id.desc())
        .execution_options(populate_existing=True)
    ).all()


def programme_by_id(programme_id: int) -> Programme | None:
    return db.session.scalars(
        select(Programme)
        .where(Programme.id == programme_id)
        .options(*with_everything())
        .execution_options(populate_existing=True)
    ).one_or_none()


def with_everything() -> list[Any]:
    return [
        selectinload(Programme.cycles).selectinload(Cycle.clips),
        selectinload(Programme.goals).selectinload(Goal.ratings),
    ]


def cycle_by_id(cycle_id: int) -> Cycle | None:
    return db.session.scalars(
        select(Cycle)
        .where(Cycle.id == cycle_id)
        .options(selectinload(Cycle.clips))
        .execution_options(populate_existing=True)
    ).one_or_none()


def open_cycles(family_id: int) -> Sequence[Cycle]:
    """The cycles of the family's programme that has not ended, in their order and nothing else."""
    return db.session.scalars(
        select(Cycle)
        .join(Programme, Programme.id == Cycle.programme_id)
        .where(Programme.open_for == family_id)
        .order_by(Cycle.number)
        .execution_options(populate_existing=True)
    ).all()


def facts_of(cycles: Iterable[Cycle]) -> dict[int, CycleFacts]:
    """Each cycle's facts, in a fixed number of statements however many there are."""
    rows = list(cycles)
    ids = [cycle.id for cycle in rows]
    if not ids:
        return {}
    appointments = db.session.scalars(
        select(Appointment)
        .where(Appointment.cycle_id.in_(ids), Appointment.status != "cancelled")
        .order_by(Appointment.starts_at)
    ).all()
    counts = select(Clip.cycle_id, func.count()).where(Clip.cycle_id.in_(ids))
    clips: dict[int, int] = {
        cycle_id: number for cycle_id, number in db.session.execute(counts.group_by(Clip.cycle_id))
    }
    facts = facts_from(rows, appointments, clips, practitioners_of(rows))
    filmed = filmed_in(facts)
    lapsed = lapsed_names([each for each in appointments if each.id in filmed])
    return with_lapsed(facts, lapsed)


def facts_from(
    cycles: Sequence[Cycle],
    appointments: Sequence[Appointment],
    clips: Mapping[int, int],
    practitioners: Mapping[int, int | None],
) -> dict[int, CycleFacts]:
    """Facts of rows that were read already: appointments that are not cancelled, clips counted by
    cycle, the family's practitioner by programme.
    """
    events: dict[int, list[Event]] = defaultdict(list)
    for appointment in appointments:
        events[appointment.cycle_id or 0].append(event_of(appointment))
    return {
        cycle.id: CycleFacts(
            number=cycle.number,
            events=tuple(events[cycle.id]),
            clips=clips.get(cycle.id, 0),
            clips_chosen_at=cycle.clips_chosen_at,
            reviewed_on=cycle.reviewed_on,
            practitioner_id=practitioners.get(cycle.programme_id),
        )
        for cycle in cycles
    }


def filmed_in(facts: Mapping[int, CycleFacts]) -> dict[int, int]:
    """Appointment id -> cycle id of the video sessions that count and are done."""
    videos = ((cycle_id, video_of(fact)) for cycle_id, fact in facts.items())
    return {video.id: cycle_id for cycle_id, video in videos if video and video.status == "done"}


def with_lapsed(
    facts: dict[int, CycleFacts], lapsed: Mapping[int, Sequence[str]]
) -> dict[int, CycleFacts]:
    """The same with the names of those filmed (by appointment) whose consent no longer stands."""
    for appointment_id, cycle_id in filmed_in(facts).items():
        if names := lapsed.get(appointment_id):
            facts[cycle_id] = replace(facts[cycle_id], lapsed=tuple(names))
    return facts


def practitioners_of(cycles: Sequence[Cycle]) -> dict[int, int | None]:
    """Programme id -> the family's present practitioner."""
    rows = db.session.execute(
        select(Programme.id, Family.practitioner_id)
        .join(Family, Family.id == Programme.family_id)
        .where(Programme.id.in_({cycle.programme_id for cycle in cycles}))
    )
    return {programme_id: staff_id for programme_id, staff_id in rows}


def event_of(appointment: Appointment) -> Event:
    return Event(
        id=appointment.id,
        kind=appointment.kind,
        status=appointment.status,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        staff_id=appointment.staff_id,
    )
