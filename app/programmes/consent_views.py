"""Consent to film: each person's own answer for each purpose, taking one back, who is on camera."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import NotFound

from app import clock
from app.access import found, signed_in
from app.db import db
from app.programmes.blueprint import programmes, this_family
from app.programmes.consent_table import table_of
from app.programmes.consents import (
    FILMING,
    TO_LOOK_AT,
    filmed_to_come,
    plan_on_camera,
    record_consent,
    withdraw_consent,
)
from app.programmes.filmed import Person, consents_of, live_consents, on_camera, people_of
from app.programmes.forms import ConsentForm, OnCameraForm, WithdrawForm
from app.programmes.models import METHODS, PURPOSES, Consent
from app.saving import save
from app.scheduling.blueprint import this_appointment
from app.scheduling.models import KINDS, Appointment
from app.times import for_staff


@programmes.route("/families/<reference>/consent", methods=["GET", "POST"])
@signed_in
def consent(reference: str) -> Any:
    """Each person's own answer for each purpose; one answer may be for several of them."""
    family, at = this_family(reference), clock.now()
    form = ConsentForm()
    form.person.choices = [(key_of(who), name) for who, name in people_of(family.id).items()]
    if request.method == "GET":
        form.on.data = clock.today()

    def act() -> list[Consent]:
        return [
            record_consent(
                family, person, form.purpose.data, form.given.data == "yes",
                given_by=form.given_by.data, method=form.method.data,
                on=form.on.data or clock.today(), by=current_user, at=at,
            )
            for person in chosen(form.person.data)
        ]  # fmt: skip

    def page() -> str:
        here = this_family(reference)
        answers = consents_of(here.id)
        return render_template(
            "programmes/consent.html", form=form, family=here, answers=answers,
            rows=table_of(people_of(here.id), answers), purposes=PURPOSES, methods=METHODS,
        )  # fmt: skip

    return save(
        form,
        act,
        page=page,
        then=lambda _: url_for("programmes.consent", reference=reference),
        said="The answer is recorded.",
    )


def key_of(person: Person) -> str:
    return f"{person[0]}:{person[1]}"


def chosen(keys: Sequence[str]) -> list[Person]:
    """The people of ticked boxes; the form let only its own choices pass."""
    return [(kind, int(number)) for kind, _, number in (key.partition(":") for key in keys)]


@programmes.route("/families/<reference>/consent/<id:consent_id>/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw(reference: str, consent_id: int) -> Any:
    """A yes is taken back; what that touches is shown first."""
    family, at = this_family(reference), clock.now()
    row: Consent = found(db.session.get(Consent, consent_id))
    if row.family_id != family.id:
        raise NotFound
    back = url_for("programmes.consent", reference=family.reference)
    if row.live is None and request.method == "GET":
        flash("This yes does not stand any more.", "error")
        return redirect(back)
    form = WithdrawForm()
    if request.method == "GET":
        form.on.data = clock.today()

    def page() -> str:
        return render_template(
            "programmes/withdraw.html", form=form, family=this_family(reference), consent=row,
            purpose=PURPOSES[row.purpose], touches=touched_by(row),
        )  # fmt: skip

    return save(
        form,
        lambda: withdraw_consent(row, form.on.data or clock.today(), by=current_user, at=at),
        page=page,
        then=lambda _: back,
        said="Taken back. What it touches is on the work list.",
    )


def touched_by(consent: Consent) -> list[str]:
    """What taking this yes back does, one sentence each."""
    sentences = [f"The work list asks somebody: {TO_LOOK_AT[consent.purpose]}"]
    if consent.purpose not in FILMING:
        return sentences
    for visit in filmed_to_come(consent.family_id, clock.now()):
        stays = (
            "stays booked, and cannot be confirmed until this is settled"
            if visit.kind == "video_session"
            else "waits until this is settled, if it shows them"
        )
        kind, when = KINDS[visit.kind].lower(), for_staff(visit.starts_at)
        sentences.append(f"The {kind} on {when} {stays}.")
    return sentences


@programmes.route("/appointments/<id:appointment_id>/on-camera", methods=["GET", "POST"])
@signed_in
def camera(appointment_id: int) -> Any:
    """Who is to be filmed at a video session, and whose yes is missing."""
    visit: Appointment = this_appointment(appointment_id)
    if visit.kind != "video_session":
        raise NotFound
    people = people_of(visit.family_id)
    agreed = live_consents(people, "film_session")
    form = OnCameraForm()
    form.people.choices = [
        (key_of(who), name if who in agreed else f"{name} (no consent on record)")
        for who, name in people.items()
    ]
    if request.method == "GET":
        form.version.data = str(visit.version)
        form.people.data = [key_of(who) for who in on_camera([visit])[visit.id]]
    return save(
        form,
        lambda: plan_on_camera(
            visit, chosen(form.people.data), by=current_user, at=clock.now(),
            opened_at=form.opened_at,
        ),
        page=lambda: render_template(
            "programmes/camera.html", form=form, visit=this_appointment(appointment_id)
        ),
        then=lambda _: url_for("scheduling.appointment", appointment_id=appointment_id),
        said="Saved: who will be on camera.",
        version=lambda: this_appointment(appointment_id).version,
    )  # fmt: skip
