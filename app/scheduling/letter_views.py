"""The letter about an appointment: reading it, printing it, and that it was printed."""

from typing import Any

from flask import flash, make_response, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.exceptions import NotFound

from app import clock
from app.access import signed_in
from app.audit.record import record
from app.db import db, transact, write_in_get
from app.errors import DomainError
from app.forms import Form, check, put
from app.places.models import Place
from app.scheduling.blueprint import opened, scheduling, this_appointment
from app.scheduling.letter import ASKED_BY_TASKS, carer_of, letter_about, print_letter, refusal
from app.settings import store
from app.tasks.open import open_of_family


class PrintedForm(Form):
    settles = check("It is on its way: take “please ring” off the list")


@scheduling.route("/appointments/<id:appointment_id>/letter", methods=["GET", "POST"])
@signed_in
def letter(appointment_id: int) -> Any:
    """The letter as it is printed. That it was read, with its address, is written first."""
    row, at = opened(appointment_id), clock.now()
    if refusal(row, at):
        raise NotFound
    form = PrintedForm()
    if form.validate_on_submit():
        try:
            transact(
                lambda: print_letter(
                    this_appointment(appointment_id),
                    settles=bool(form.settles.data), by=current_user, at=at,
                )
            )  # fmt: skip
            flash("It is recorded that the letter was printed.", "success")
            return redirect(url_for("scheduling.appointment", appointment_id=appointment_id))
        except DomainError as error:
            put(form, error)
    else:
        family = row.family
        write_in_get(
            lambda: record(
                "family:address_read", family, by=current_user, at=at, family_id=family.id
            )
        )
        row = this_appointment(appointment_id)
    carer = carer_of(row)
    assert carer is not None, "refusal() has looked"
    asked = any(
        task.kind in ASKED_BY_TASKS and (task.about_kind, task.about_id) == ("appointment", row.id)
        for task in open_of_family(row.family_id)
    )
    if not asked:
        del form.settles
    words = render_template(
        "scheduling/letter.html",
        row=row, form=form, carer=carer, home=home_of(row.family.home_id),
        letter=letter_about(row, carer, store.current()),
    )  # fmt: skip
    return make_response(words, 409 if form.errors else 200)


def home_of(place_id: int | None) -> Place | None:
    return db.session.get(Place, place_id) if place_id else None
