"""The page of one appointment, and the buttons on it that need no form."""

from collections.abc import Callable
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.access import signed_in
from app.db import db, transact
from app.errors import DomainError, Stale, page_for
from app.forms import Form, area, put
from app.messaging.coming import deciders
from app.scheduling.answer import confirm
from app.scheduling.blueprint import opened, scheduling, this_appointment
from app.scheduling.history import events_of, told_about
from app.scheduling.hooks import later_dates
from app.scheduling.in_doubt import EXPLAINABLE, doubts_of, explain, explanations_of
from app.scheduling.invitations.answers import answers_about
from app.scheduling.kinds import kinds
from app.scheduling.letter import refusal
from app.scheduling.models import (
    CANCEL_REASONS,
    FELL_THROUGH,
    KINDS,
    NOT_SEEN_REASONS,
    STATUSES,
    Appointment,
)
from app.scheduling.recheck import clear_check
from app.scheduling.settle import settle
from app.scheduling.versions import refresh
from app.scheduling.where import where_words
from app.tasks.open import open_about
from app.times import near


class ExplainForm(Form):
    words = area(
        "Why it need not be booked again", required="Say why it need not be booked again", most=500,
        render_kw={"params": {"rows": 3}},
    )  # fmt: skip


class StandsForm(Form):
    words = area(
        "Why it stands as it is", hint="It leaves the work list until something else changes",
        required="Say why it stands as it is", most=500,
        render_kw={"params": {"rows": 3}},
    )  # fmt: skip


class PressForm(Form):
    """A button alone: it carries the version it was drawn at."""


@scheduling.get("/appointments/<id:appointment_id>")
@signed_in
def appointment(appointment_id: int) -> Response:
    """Who, when, where; what keeps it from standing; what was sent; who changed it."""
    row = opened(appointment_id)
    return appointment_page(row, form_for(row))


def form_for(row: Appointment) -> Form:
    """The one form on the page: why it stands, or why it need not be booked again."""
    return StandsForm() if row.live else ExplainForm()


def appointment_page(row: Appointment, form: Form, status: int = 200) -> Response:
    at = clock.now()
    form.version.data = str(row.version)
    missing = kinds[row.kind].unconfirmed(row) if row.status == "booked" else []
    doubts = doubts_of(row, at=at)
    told = told_about(row, at)
    asked = row.live and open_about(("appointment", row.id), EXPLAINABLE)
    words = render_template(
        "scheduling/appointment.html",
        row=row,
        form=form,
        family=row.family,
        kind=KINDS[row.kind],
        state=STATUSES[row.status],
        where=where_words(row),
        reasons=[sentence for _code, sentence in row.reasons],
        missing=[sentence for _code, sentence in missing],
        stands=explanations_of(row),
        doubts=[doubt.words for doubt in doubts],
        explainable=bool(doubts or asked or (row.live and row.change_asked_at)),
        may_print=refusal(row, at) is None,
        cancelled=CANCEL_REASONS.get(row.cancel_reason or "", ""),
        not_seen=NOT_SEEN_REASONS.get(row.cancel_reason or "", ""),
        open_again=row.status in FELL_THROUGH and row.settled_at is None,
        begun=row.starts_at <= at,
        events=events_of(row),
        told=told,
        deciders=deciders(told.coming, current_user),
        answers=answers_about(row),
        later=later_dates(row, at) if row.status != "done" else 0,
    )
    return make_response(words, status)


def changed_since(row: Appointment) -> Response:
    """The page that says who changed it, and what, since the form was opened."""
    db.session.rollback()
    fresh = this_appointment(row.id)
    last = events_of(fresh)[0]
    said = f"{last.title} by {last.by}, {near(last.at, clock.now())}. {last.more}".strip()
    here = url_for("scheduling.appointment", appointment_id=fresh.id)
    return page_for(409, reason=said, href=here)


def pressed(appointment_id: int, act: Callable[[Appointment], Any], said: str) -> Any:
    """Run what a button asks for, at the version it was drawn at; show a refusal on the page."""
    row = this_appointment(appointment_id)
    form = PressForm()

    def once() -> None:
        refresh(row, form.opened_at)
        act(row)

    try:
        transact(once)
    except Stale:
        return changed_since(row)
    except DomainError as refused:
        fresh = this_appointment(appointment_id)
        again = form_for(fresh)
        put(again, refused)
        return appointment_page(fresh, again, 409)
    flash(said, "success")
    return redirect(url_for("scheduling.appointment", appointment_id=appointment_id))


@scheduling.post("/appointments/<id:appointment_id>/keep")
@signed_in
def keep(appointment_id: int) -> Any:
    """They said on the phone that they keep the time."""
    return pressed(
        appointment_id,
        lambda row: confirm(row, by=current_user, at=clock.now(), how="phone"),
        "They keep this time.",
    )


@scheduling.post("/appointments/<id:appointment_id>/check-done")
@signed_in
def check_done(appointment_id: int) -> Any:
    """A person has looked at an imported appointment: it stands."""
    return pressed(
        appointment_id,
        lambda row: clear_check(row, by=current_user, at=clock.now()),
        "Checked: it stands as it is shown.",
    )


@scheduling.post("/appointments/<id:appointment_id>/stands")
@signed_in
def stands(appointment_id: int) -> Any:
    """Why an appointment that is in doubt, or of which a change was asked, stands as it is."""
    row = this_appointment(appointment_id)
    form = StandsForm()
    if not form.validate():
        return appointment_page(row, form, 422)
    words = str(request.form["words"]).strip()
    return pressed(
        appointment_id,
        lambda fresh: explain(fresh, words, by=current_user, at=clock.now()),
        "It stands as it is.",
    )


@scheduling.post("/appointments/<id:appointment_id>/explained")
@signed_in
def explained(appointment_id: int) -> Any:
    """Why a cancelled or not seen appointment need not be booked again."""
    row = this_appointment(appointment_id)
    form = ExplainForm()
    if not form.validate():
        return appointment_page(row, form, 422)
    words = str(request.form["words"]).strip()
    return pressed(
        appointment_id,
        lambda fresh: settle(fresh, words, by=current_user, at=clock.now()),
        "It need not be booked again.",
    )
