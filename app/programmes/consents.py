"""Consent to film: each person's own answer for each purpose, and what its withdrawal touches."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select

from app import clock
from app.audit.record import actor, record
from app.db import db, hold
from app.errors import DomainError
from app.families.models import Family
from app.programmes.filmed import Person, live_key, people_of
from app.programmes.models import METHODS, PURPOSES, Consent, OnCamera
from app.scheduling.models import LIVE, Appointment
from app.scheduling.recheck import recheck
from app.scheduling.reservations import lock_subjects, subjects_of
from app.scheduling.versions import refresh, touch
from app.tasks.open import open_task
from app.working_days import evening_after

FILMING = ("film_session", "film_review")
DELETE_WITHIN = 2  # working days: somebody must have looked at what was kept of a person by then


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

    `person` is ('carer', id) or ('child', id) of this family. A no is as good an answer as a yes;
    after a yes it takes that back. The very same answer again (a double click) is the one on
    record.
    """
    hold(family)
    earlier = standing(person, purpose)
    check_answer(family, person, purpose, given_by, method, on, earlier, at)
    said = (given, given_by.strip(), method, on)
    if earlier and said == (earlier.given, earlier.given_by, earlier.method, earlier.on):
        return earlier
    if earlier and earlier.given and not given:
        withdraw_consent(earlier, on, by=by, at=at)
    elif earlier:
        earlier.live = None
        db.session.flush()
    consent = Consent(
        family_id=family.id, person_kind=person[0], person_id=person[1],
        person_name=people_of(family.id, left=True)[person], purpose=purpose, given=given,
        given_by=given_by.strip(), method=method, on=on, recorded_by=actor(by),
        live=live_key(person, purpose),
    )  # fmt: skip
    db.session.add(consent)
    record(
        "consent:recorded", consent, by=by, at=at, family_id=family.id, purpose=purpose,
        given=given,
    )  # fmt: skip
    follow(family.id, purpose, by=by, at=at)
    return consent


def check_answer(
    family: Family,
    person: Person,
    purpose: str,
    given_by: str,
    method: str,
    on: date,
    earlier: Consent | None,
    at: datetime,
) -> None:
    """Raise DomainError for an answer that cannot be: a stranger's, a coming day's, an older
    one's.
    """
    if purpose not in PURPOSES:
        raise DomainError("Choose what the consent is for.", "purpose")
    if method not in METHODS:
        raise DomainError("Choose how it was given.", "method")
    if not given_by.strip():
        raise DomainError("Enter who gave the answer.", "given_by")
    if len(given_by.strip()) > 120:
        raise DomainError("Use 120 characters or fewer.", "given_by")
    if person not in people_of(family.id, left=True):
        raise DomainError("Choose a person of this family.", "person")
    if on > clock.london(at).date():
        raise DomainError("Enter the day they answered; it cannot lie ahead.", "on")
    if earlier and on < earlier.on:
        raise DomainError(
            f"An answer of {earlier.on:%-d %B %Y} is on record. Enter that day or a later one.",
            "on",
        )


def standing(person: Person, purpose: str) -> Consent | None:
    """The answer of a person for a purpose that stands, yes or no."""
    return db.session.scalars(
        select(Consent).where(Consent.live == live_key(person, purpose))
    ).one_or_none()


def withdraw_consent(consent: Consent, on: date, *, by: Any, at: datetime) -> None:
    """A yes is taken back: what was planned with it goes into doubt, and what was kept must be
    looked at. It costs the family nothing.
    """
    db.session.refresh(consent, with_for_update=True)
    if consent.live is None or not consent.given:
        raise DomainError("This consent does not stand any more.")
    if not consent.on <= on <= clock.london(at).date():
        raise DomainError(
            "Enter the day they took it back: not before they gave it, nor ahead.", "on"
        )
    consent.withdrawn_on, consent.live = on, None
    record(
        "consent:withdrawn", consent, by=by, at=at, family_id=consent.family_id,
        purpose=consent.purpose,
    )  # fmt: skip
    owner = db.session.scalar(select(Family.practitioner_id).where(Family.id == consent.family_id))
    open_task(
        "to_check",
        f"{consent.person_name} took back “{PURPOSES[consent.purpose].lower()}”. "
        f"{TO_LOOK_AT[consent.purpose]}",
        about=("consent", consent.id), at=at, family_id=consent.family_id, owner_id=owner,
        due_at=evening_after(clock.london(at).date(), DELETE_WITHIN),
    )  # fmt: skip
    follow(consent.family_id, consent.purpose, by=by, at=at)


# What somebody must look at when a yes is taken back, by its purpose.
TO_LOOK_AT = {
    "film_session": "Delete what was filmed of them, or write down why it may stay.",
    "film_review": "Delete what was filmed of them at reviews, and film no more of them.",
    "show_supervisor": "Tell the supervisor, and show no more of them.",
    "training": "Take it out of training, and delete the copies.",
    "keep_copy": "Ask the family what should happen to the copy it has.",
}


def follow(family_id: int, purpose: str, *, by: Any, at: datetime) -> None:
    """Ask every live video session and review of the family again what stands in its way."""
    if purpose not in FILMING:
        return
    for appointment in filmed_to_come(family_id, at):
        recheck(appointment, by=by, at=at)


def filmed_to_come(family_id: int, at: datetime) -> Sequence[Appointment]:
    """The video sessions and shared reviews of a family that still lie ahead, soonest first."""
    return db.session.scalars(
        select(Appointment)
        .where(
            Appointment.family_id == family_id,
            Appointment.status.in_(LIVE),
            Appointment.kind.in_(("video_session", "shared_review")),
            Appointment.starts_at > at,
        )
        .order_by(Appointment.starts_at)
    ).all()


def plan_on_camera(
    appointment: Appointment,
    people: Sequence[Person],
    *,
    by: Any,
    at: datetime,
    opened_at: int | None = None,
) -> None:
    """Who is to be filmed at a video session, at least one person of its family.

    A session that was confirmed and now lacks somebody's consent goes into doubt.
    """
    lock_subjects(subjects_of(appointment))
    refresh(appointment, opened_at)
    if appointment.kind != "video_session":
        raise DomainError("Only a video session has people on camera.")
    if not appointment.live:
        raise DomainError("This video session is over, so who was filmed cannot be changed.")
    chosen = list(dict.fromkeys(people))
    if not chosen:
        raise DomainError("Choose who will be on camera.", "people")
    if not set(chosen) <= people_of(appointment.family_id).keys():
        raise DomainError("Choose from the people of this family.", "people")
    db.session.execute(delete(OnCamera).where(OnCamera.appointment_id == appointment.id))
    db.session.add_all(
        OnCamera(appointment_id=appointment.id, person_kind=kind, person_id=person_id)
        for kind, person_id in chosen
    )
    touch(appointment)
    record(
        "camera:planned", appointment, by=by, at=at, family_id=appointment.family_id,
        people=len(chosen),
    )  # fmt: skip
    recheck(appointment, by=by, at=at)
