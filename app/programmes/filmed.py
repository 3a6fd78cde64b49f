"""Who is on camera at a video session, and whose consent to film stands.

As planned for the session; where nobody has planned it, the carer it concerns and every child. When
a session is done, who was filmed is written down, so that a child who comes later was not in it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import or_, select

from app.db import db
from app.families.models import Carer, Child
from app.programmes.models import Consent, OnCamera
from app.scheduling.models import Appointment

Person = tuple[str, int]  # ('carer' or 'child', id)


def on_camera(videos: Sequence[Appointment]) -> dict[int, list[Person]]:
    """Who is planned, or was, on camera at each video session, in two statements."""
    found: dict[int, list[Person]] = defaultdict(list)
    for row in db.session.scalars(
        select(OnCamera)
        .where(OnCamera.appointment_id.in_([video.id for video in videos]))
        .order_by(OnCamera.id)
    ):
        found[row.appointment_id].append((row.person_kind, row.person_id))
    missing = [video for video in videos if video.id not in found]
    if missing:
        children = born_children({video.family_id for video in missing})
        for video in missing:
            carer: list[Person] = [("carer", video.carer_id)] if video.carer_id else []
            found[video.id] = carer + children[video.family_id]
    return found


def born_children(family_ids: set[int]) -> dict[int, list[Person]]:
    """The children of these families who live with them and are born, as far as anybody knows."""
    children: dict[int, list[Person]] = defaultdict(list)
    for child_id, family_id in db.session.execute(
        select(Child.id, Child.family_id)
        .where(
            Child.family_id.in_(family_ids),
            Child.left_on.is_(None),
            or_(Child.expected_on.is_(None), Child.born_on.is_not(None)),
        )
        .order_by(Child.id)
    ):
        children[family_id].append(("child", child_id))
    return children


def keep_who_was_filmed(video: Appointment) -> None:
    """Write down who was on camera at a session that is done, where nobody planned it."""
    planned = db.session.scalars(
        select(OnCamera.id).where(OnCamera.appointment_id == video.id).limit(1)
    ).first()
    if planned is None:
        db.session.add_all(
            OnCamera(appointment_id=video.id, person_kind=kind, person_id=person_id)
            for kind, person_id in on_camera([video])[video.id]
        )
        db.session.flush()


def live_consents(people: Iterable[Person], purpose: str) -> set[Person]:
    """Those of these people whose yes for a purpose stands."""
    keys = [live_key(person, purpose) for person in people]
    if not keys:
        return set()
    return {
        (row.person_kind, row.person_id)
        for row in db.session.scalars(select(Consent).where(Consent.live.in_(keys), Consent.given))
        if row.person_id is not None
    }


def live_key(person: Person, purpose: str) -> str:
    return f"{person[0]}:{person[1]}:{purpose}"


def lapsed_names(videos: Sequence[Appointment]) -> dict[int, list[str]]:
    """For each video session, who on camera has no standing consent to be filmed, by first name."""
    if not videos:
        return {}
    people = on_camera(videos)
    everybody = {person for group in people.values() for person in group}
    agreed = live_consents(everybody, "film_session")
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


def first_names(people: Iterable[Person]) -> dict[Person, str]:
    """First names of carers and children, for staff."""
    wanted = set(people)
    names: dict[Person, str] = {}
    if carers := [person_id for kind, person_id in wanted if kind == "carer"]:
        for row in db.session.execute(
            select(Carer.id, Carer.first_name).where(Carer.id.in_(carers))
        ):
            names["carer", row.id] = row.first_name
    if children := [person_id for kind, person_id in wanted if kind == "child"]:
        for child in db.session.execute(
            select(Child.id, Child.first_name).where(Child.id.in_(children))
        ):
            names["child", child.id] = child.first_name or "the child"
    return names


def people_of(family_id: int, *, left: bool = False) -> dict[Person, str]:
    """Everybody of a family who can be filmed, carers first, with their first names."""
    carers = select(Carer.id, Carer.first_name, Carer.left_on).where(
        Carer.family_id == family_id, Carer.same_as_id.is_(None)
    )
    children = select(Child.id, Child.first_name, Child.left_on).where(Child.family_id == family_id)
    rows: list[tuple[str, int, str | None, date | None]] = [
        *(("carer", *row) for row in db.session.execute(carers.order_by(Carer.position, Carer.id))),
        *(("child", *row) for row in db.session.execute(children.order_by(Child.id))),
    ]
    return {
        (kind, person_id): name or "the child"
        for kind, person_id, name, left_on in rows
        if left or left_on is None
    }


def consents_of(family_id: int) -> Sequence[Consent]:
    """Every consent answer of a family, newest first."""
    return db.session.scalars(
        select(Consent).where(Consent.family_id == family_id).order_by(Consent.id.desc())
    ).all()
