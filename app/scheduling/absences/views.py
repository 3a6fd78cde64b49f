"""Leave, sickness and training: who is away in the coming weeks; adding, changing, taking away.

One's own for everybody; anybody's for coordinators and managers. What is booked in that time is
listed before it is saved, and `seen` carries that it was.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import HiddenField

from app import clock
from app.access import ARRANGERS, found, signed_in
from app.accounts import queries as accounts
from app.accounts.models import Staff
from app.db import transact
from app.errors import DomainError
from app.forms import DayField, Form, WallTimeField, put, radios, select
from app.saving import save
from app.scheduling.absences.absence import (
    KINDS,
    absence_for,
    add_absence,
    booked_then,
    change_absence,
    coming_absences,
    remove_absence,
)
from app.scheduling.absences.span_form import NARROW, Spanned, span_typed
from app.scheduling.blueprint import scheduling
from app.scheduling.models import KINDS as APPOINTMENT_KINDS
from app.scheduling.models import Absence, Appointment
from app.scheduling.own_calendars.own_calendar import listed
from app.scheduling.queries import openable
from app.times import staff_span


class AwayNowForm(Form):
    """Somebody is away from this minute on."""

    who = select("Who is away?", required="Choose who is away")
    kind = select("What is it?", list(KINDS.items()), required="Choose what kind of absence it is")
    last = DayField("Until the end of", required="Enter the last day")


class AbsenceForm(Spanned, Form):
    """Who is away, from when until when, and why."""

    who = select("Who is away?", required="Choose who is away")
    kind = radios("What is it?", list(KINDS.items()), required="Choose what kind of absence it is")
    first = DayField("First day", required="Enter the first day")
    from_time = WallTimeField(
        "From, if not from the morning", hint="For example, 13:00", render_kw=NARROW
    )
    last = DayField("Last day", hint="Leave empty for one day")
    until_time = WallTimeField(
        "Until, if not to the evening", hint="For example, 13:00", render_kw=NARROW
    )
    seen = HiddenField()


def span_words(row: Absence) -> str:
    return staff_span(row.starts_at, row.ends_at, clock.today())


@scheduling.get("/absences")
@signed_in
def absences() -> str:
    """Who is away from now on; for those who do not arrange, others are only away."""
    all_kinds = current_user.role in ARRANGERS
    rows = [
        (row, span_words(row), all_kinds or row.staff_id == current_user.id, booked, in_doubt)
        for row, booked, in_doubt in coming_absences(after=clock.now())
    ]
    calendars = listed(current_user)
    return render_template("scheduling/absences.html", rows=rows, kinds=KINDS, calendars=calendars)


def people() -> Sequence[Staff]:
    """Whose absence the reader may enter."""
    here = accounts.working_here()
    if current_user.role in ARRANGERS:
        return here
    return [person for person in here if person.id == current_user.id]


@scheduling.route("/absences/new", methods=["GET", "POST"])
@signed_in
def new_absence() -> Any:
    """Add an absence; `staff` chooses whose beforehand."""
    here = people()
    typed = request.args.get("staff", "")
    known = next((p for p in here if str(p.id) == typed), None)
    form = AbsenceForm(data={"who": str(known.id if known else current_user.id)})
    form.who.choices = [(str(person.id), person.name) for person in here]
    if current_user.role not in ARRANGERS:
        del form.who

    def whose() -> Staff:
        return here[0] if "who" not in form else next(p for p in here if str(p.id) == form.who.data)

    def act() -> Absence:
        return add_absence(whose(), form.kind.data, *form.span(), by=current_user, at=clock.now())

    return answer(form, act, whose)


@scheduling.route("/absences/now", methods=["GET", "POST"])
@signed_in
def away_now() -> Any:
    """Somebody is away from now until the end of a day; then their visits are replanned."""
    here = people()
    typed = request.args.get("staff", "")
    known = next((p for p in here if str(p.id) == typed), None)
    whose = str(known.id if known else current_user.id)
    form = AwayNowForm(data={"who": whose, "kind": "sickness", "last": clock.today()})
    form.who.choices = [(str(person.id), person.name) for person in here]
    at = clock.now().replace(second=0, microsecond=0)

    def act() -> Absence:
        who = next(person for person in here if str(person.id) == form.who.data)
        assert form.last.data is not None
        until = clock.midnight(form.last.data + timedelta(days=1))
        return add_absence(who, form.kind.data, at, until, by=current_user, at=clock.now())

    return save(
        form,
        act,
        page=lambda: render_template("scheduling/away_now.html", form=form),
        then=then,
        said="The absence is saved.",
    )


@scheduling.route("/absences/<id:absence_id>", methods=["GET", "POST"])
@signed_in
def edit_absence(absence_id: int) -> Any:
    """Another time or kind for an absence."""
    row: Absence = found(absence_for(current_user, absence_id))
    span = span_typed(row.starts_at, row.ends_at)
    form = AbsenceForm(data={**span, "kind": row.kind, "version": str(row.version)})
    del form.who

    def act() -> Absence:
        change_absence(
            row, form.kind.data, *form.span(), by=current_user, at=clock.now(),
            expect_version=form.opened_at,
        )  # fmt: skip
        return row

    return answer(form, act, lambda: row.staff, row)


@scheduling.post("/absences/<id:absence_id>/remove")
@signed_in
def remove_this_absence(absence_id: int) -> Response:
    row: Absence = found(absence_for(current_user, absence_id))
    transact(lambda: remove_absence(row, by=current_user, at=clock.now()))
    flash("It is taken away. New appointments may be booked then.", "success")
    return redirect(url_for("scheduling.absences"))


def answer(
    form: AbsenceForm,
    act: Callable[[], Absence],
    whose: Callable[[], Staff],
    row: Absence | None = None,
) -> Any:
    """Save what was typed; where appointments are booked then, only after they were shown."""
    name = row.staff.name if row else ""

    def page(booked: Sequence[Appointment] = ()) -> str:
        return render_template(
            "scheduling/absence.html",
            form=form, row=row, name=name, booked=booked,
            seen=openable(booked, current_user), kinds=APPOINTMENT_KINDS,
        )  # fmt: skip

    if form.validate_on_submit():
        try:
            starts_at, ends_at = form.span()
        except DomainError as refused:
            put(form, refused)
            return make_response(page(), 422)
        booked = booked_then(whose().id, starts_at, ends_at, after=clock.now())
        if form.has_more_to_show(booked):
            return make_response(page(booked))
    return save(form, act, page=page, then=then, said="The absence is saved.", row=row)


def then(absence: Absence) -> str:
    """To the visits that somebody must take or move, if there are any."""
    span = absence.starts_at, absence.ends_at
    if booked_then(absence.staff_id, *span, after=clock.now()):
        return url_for("scheduling.replan_absence", absence_id=absence.id)
    return url_for("scheduling.absences")
