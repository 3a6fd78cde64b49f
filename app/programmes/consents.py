"""Consent to film: each person's own answer for each purpose, and what its withdrawal touches."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from app.audit.record import actor, record
from app.db import db
from app.errors import DomainError
from app.families.models import Family
from app.programmes.models import METHODS, PURPOSES, Consent, OnCamera
from app.programmes.queries import Person, first_names
from app.scheduling.models import LIVE, Appointment
from app.scheduling.move import touch
from app.scheduling.recheck import recheck
from app.tasks.open import open_task


def record_consent(
    family: Family,
    person: Person,
    purpose: str,
    given: bool,
    *,
    given_by: str,
    method: str,
    on: date,
    by: Any,
    at: datetime,
) -> Consent:
    """Record one person's yes or no for one purpose; it takes the place of the answer before.

    `person` is ('carer', id) or ('child', id) of this family. A no is as good an answer as a yes.
    """
    if purpose not in PURPOSES:
        raise DomainError("Choose what the consent is for.", "purpose")
    if method not in METHODS:
        raise DomainError("Choose how it was given.", "method")
    if on > at.date():
        raise DomainError("The date lies in the future.", "on")
    if not given_by.strip():
        raise DomainError("Enter who gave the answer.", "given_by")
    name = first_names({person}).get(person)
    if name is None:
        raise DomainError("Choose a person of this family.", "person")
    stand_down(family.id, person, purpose, on)
    consent = Consent(
        family_id=family.id, person_kind=person[0], person_id=person[1], person_name=name,
        purpose=purpose, given=given, given_by=given_by, method=method, on=on,
        recorded_by=actor(by), live=live_key(person, purpose),
    )  # fmt: skip
    db.session.add(consent)
    record(
        "consent:recorded", consent, by=by, at=at, family_id=family.id, purpose=purpose,
        given=given,
    )  # fmt: skip
    follow(family.id, purpose, by=by, at=at)
    return consent


def withdraw_consent(consent: Consent, on: date, *, by: Any, at: datetime) -> None:
    """A yes is taken back: filming that was planned goes into doubt, and what was kept must be
    looked at.
    """
    if consent.live is None or not consent.given:
        raise DomainError("This consent does not stand any more.")
    consent.withdrawn_on, consent.live = on, None
    record(
        "consent:withdrawn", consent, by=by, at=at, family_id=consent.family_id,
        purpose=consent.purpose,
    )  # fmt: skip
    open_task(
        "to_check",
        f"{consent.person_name} took back “{PURPOSES[consent.purpose].lower()}”. "
        "Delete what was filmed of them, or say why it may stay.",
        about=("consent", consent.id), due_at=at + timedelta(days=2), at=at,
        family_id=consent.family_id, urgent=True,
    )  # fmt: skip
    follow(consent.family_id, consent.purpose, by=by, at=at)


def live_key(person: Person, purpose: str) -> str:
    return f"{person[0]}:{person[1]}:{purpose}"


def stand_down(family_id: int, person: Person, purpose: str, on: date) -> None:
    earlier = db.session.scalars(
        select(Consent).where(Consent.live == live_key(person, purpose))
    ).first()
    if earlier:
        earlier.live = None
        if earlier.given:
            earlier.withdrawn_on = on
        db.session.flush()


def follow(family_id: int, purpose: str, *, by: Any, at: datetime) -> None:
    """Ask every live video session and review of the family again what stands in its way."""
    if purpose not in ("film_session", "film_review"):
        return
    for appointment in db.session.scalars(
        select(Appointment).where(
            Appointment.family_id == family_id,
            Appointment.status.in_(LIVE),
            Appointment.kind.in_(("video_session", "shared_review")),
            Appointment.starts_at > at,
        )
    ).all():
        recheck(appointment, by=by, at=at)


def plan_on_camera(
    appointment: Appointment, people: Sequence[Person], *, by: Any, at: datetime
) -> None:
    """Who is to be filmed at a video session; at least one person."""
    if not people:
        raise DomainError("Choose who will be on camera.", "people")
    db.session.execute(delete(OnCamera).where(OnCamera.appointment_id == appointment.id))
    db.session.add_all(
        OnCamera(appointment_id=appointment.id, person_kind=kind, person_id=person_id)
        for kind, person_id in dict.fromkeys(people)
    )
    touch(appointment)
    db.session.flush()
