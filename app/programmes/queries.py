"""Reads of programmes: the open one of a family, cycles as facts, goals with ratings, consents."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.db import db
from app.families.models import Carer, Child
from app.programmes.cycles import CycleFacts, Event
from app.programmes.models import Clip, Consent, Cycle, Goal, OnCamera, Programme
from app.scheduling.models import Appointment

Person = tuple[str, int]


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
    ).all()


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


def facts_of(cycles: Iterable[Cycle]) -> dict[int, CycleFacts]:
    """Each cycle's facts, in four statements however many there are."""
    rows = list(cycles)
    ids = [cycle.id for cycle in rows]
    if not ids:
        return {}
    events: dict[int, list[Event]] = defaultdict(list)
    appointments = db.session.scalars(
        select(Appointment)
        .where(Appointment.cycle_id.in_(ids), Appointment.status != "cancelled")
        .order_by(Appointment.starts_at)
    ).all()
    for appointment in appointments:
        events[appointment.cycle_id or 0].append(event_of(appointment))
    programmes = {
        programme.id: programme
        for programme in db.session.scalars(
            select(Programme).where(Programme.id.in_({cycle.programme_id for cycle in rows}))
        )
    }
    clips: dict[int, int] = defaultdict(int)
    for (cycle_id,) in db.session.execute(select(Clip.cycle_id).where(Clip.cycle_id.in_(ids))):
        clips[cycle_id] += 1
    lapsed = lapsed_names([a for a in appointments if a.kind == "video_session"])
    return {
        cycle.id: CycleFacts(
            number=cycle.number,
            events=tuple(events[cycle.id]),
            clips=clips[cycle.id],
            clips_chosen_at=cycle.clips_chosen_at,
            reviewed_on=cycle.reviewed_on,
            practitioner_id=programmes[cycle.programme_id].practitioner_id,
            lapsed=tuple(
                name
                for appointment in appointments
                if appointment.cycle_id == cycle.id and appointment.status == "done"
                for name in lapsed.get(appointment.id, ())
            ),
        )
        for cycle in rows
    }


def event_of(appointment: Appointment) -> Event:
    return Event(
        id=appointment.id,
        kind=appointment.kind,
        status=appointment.status,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        staff_id=appointment.staff_id,
    )


def on_camera(videos: Sequence[Appointment]) -> dict[int, list[Person]]:
    """Who is planned on camera at each video session: as recorded, else the carer and every
    child.
    """
    recorded: dict[int, list[Person]] = defaultdict(list)
    for row in db.session.scalars(
        select(OnCamera).where(OnCamera.appointment_id.in_([video.id for video in videos]))
    ):
        recorded[row.appointment_id].append((row.person_kind, row.person_id))
    missing = [video for video in videos if video.id not in recorded]
    if missing:
        children: dict[int, list[Person]] = defaultdict(list)
        for child_id, family_id in db.session.execute(
            select(Child.id, Child.family_id).where(
                Child.family_id.in_([video.family_id for video in missing]),
                Child.left_on.is_(None),
                Child.expected_on.is_(None) | Child.born_on.is_not(None),
            )
        ):
            children[family_id].append(("child", child_id))
        for video in missing:
            carer: list[Person] = [("carer", video.carer_id)] if video.carer_id else []
            recorded[video.id] = carer + children[video.family_id]
    return recorded


def live_consents(family_ids: Iterable[int], purpose: str) -> set[Person]:
    """The people whose yes for a purpose stands."""
    return {
        (row.person_kind, row.person_id)
        for row in db.session.scalars(
            select(Consent).where(
                Consent.family_id.in_(list(family_ids)),
                Consent.purpose == purpose,
                Consent.given,
                Consent.live.is_not(None),
            )
        )
        if row.person_id is not None
    }


def lapsed_names(videos: Sequence[Appointment]) -> dict[int, list[str]]:
    """For each video session, who on camera has no standing consent to be filmed, by first name."""
    if not videos:
        return {}
    people = on_camera(videos)
    agreed = live_consents({video.family_id for video in videos}, "film_session")
    without = {
        video.id: [person for person in people[video.id] if person not in agreed]
        for video in videos
    }
    names = first_names({person for group in without.values() for person in group})
    return {
        video_id: [names.get(person, "somebody") for person in group]
        for video_id, group in without.items()
        if group
    }


def first_names(people: set[Person]) -> dict[Person, str]:
    """First names of carers and children, for staff."""
    names: dict[Person, str] = {}
    if carers := [person_id for kind, person_id in people if kind == "carer"]:
        for row in db.session.execute(
            select(Carer.id, Carer.first_name).where(Carer.id.in_(carers))
        ):
            names["carer", row.id] = row.first_name
    if children := [person_id for kind, person_id in people if kind == "child"]:
        for child in db.session.execute(
            select(Child.id, Child.first_name).where(Child.id.in_(children))
        ):
            names["child", child.id] = child.first_name or "the child"
    return names


def consents_of(family_id: int) -> Sequence[Consent]:
    """Every consent answer of a family, newest first."""
    return db.session.scalars(
        select(Consent).where(Consent.family_id == family_id).order_by(Consent.id.desc())
    ).all()
