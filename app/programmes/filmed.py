"""Who is on camera at a video session, and whose consent to film stands.

As planned for the session; where nobody has planned it, the carer it concerns and every child. When
a session is done, who was filmed is written down, so that a child who comes later was not in it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from app.db import db
from app.families.models import Carer, Child
from app.programmes.models import Consent, OnCamera
from app.scheduling.models import Appointment

Person = tuple[str, int]  # ('carer' or 'child', id)


def on_camera(videos: Sequence[Appointment]) -> dict[int, list[Person]]:
    """Who is planned, or was, on camera at each video session, in one statement."""
    found: dict[int, list[Person]] = defaultdict(list)
    people = on_camera_at(select_videos(videos)).subquery()
    for row in db.session.execute(select(people).order_by(*in_order(people))):
        found[row.appointment_id].append((row.person_kind, row.person_id))
    return found


def select_videos(videos: Sequence[Appointment]) -> Select[int]:
    return select(Appointment.id).where(Appointment.id.in_([video.id for video in videos]))


def on_camera_at(videos: Select[int]) -> CompoundSelect[Any]:
    """The same as a statement about video sessions that another one selects: appointment_id,
    person_kind, person_id, first_name.
    """
    planned = exists().where(OnCamera.appointment_id == Appointment.id)
    carer = literal("carer", Text()), Carer.id, Carer.first_name
    child = literal("child", Text()), Child.id, Child.first_name
    names = {"carer": OnCamera.person_kind == "carer", "child": OnCamera.person_kind == "child"}
    return union_all(
        select(
            OnCamera.appointment_id, OnCamera.person_kind, OnCamera.person_id,
            func.coalesce(Carer.first_name, Child.first_name).label("first_name"),
        )
        .outerjoin(Carer, names["carer"] & (Carer.id == OnCamera.person_id))
        .outerjoin(Child, names["child"] & (Child.id == OnCamera.person_id))
        .where(OnCamera.appointment_id.in_(videos)),
        select(Appointment.id, *carer)
        .join(Carer, Carer.id == Appointment.carer_id)
        .where(Appointment.id.in_(videos), ~planned),
        select(Appointment.id, *child)
        .join(Child, (Child.family_id == Appointment.family_id) & born_here())
        .where(Appointment.id.in_(videos), ~planned),
    )  # fmt: skip


def in_order(people: Subquery) -> tuple[Any, ...]:
    """Carers before children."""
    return people.c.appointment_id, people.c.person_kind, people.c.person_id


def born_here() -> ColumnElement[bool]:
    """Children who live with their family and are born, as far as anybody knows."""
    return and_(
        Child.left_on.is_(None), or_(Child.expected_on.is_(None), Child.born_on.is_not(None))
    )


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


def without_consent(videos: Select[int]) -> Select[Any]:
    """Who on camera at these video sessions has no standing consent to be filmed: appointment_id,
    person_kind, person_id, first_name, and whether they had answered before (`lapsed`).
    """
    people = on_camera_at(videos).subquery()
    key = people.c.person_kind + ":" + cast(people.c.person_id, Text) + ":film_session"
    agreed = exists().where(Consent.live == key, Consent.given)
    before = exists().where(
        Consent.person_kind == people.c.person_kind,
        Consent.person_id == people.c.person_id,
        Consent.purpose == "film_session",
    )
    nobody = case((people.c.person_kind == "child", "the child"), else_="somebody")
    return select(
        people.c.appointment_id, people.c.person_kind, people.c.person_id,
        func.coalesce(people.c.first_name, nobody).label("first_name"), before.label("lapsed"),
    ).where(~agreed)  # fmt: skip


def lapsed_names(videos: Sequence[Appointment]) -> dict[int, list[str]]:
    """For each video session, who on camera has no standing consent to be filmed, by first name:
    one statement."""
    found: dict[int, list[str]] = {}
    if videos:
        missing = without_consent(select_videos(videos)).subquery()
        for row in db.session.execute(select(missing).order_by(*in_order(missing))):
            found.setdefault(row.appointment_id, []).append(row.first_name)
    return found


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
