"""A family's home, the assessments that wait for a manager, and the duty rota."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app import clock
from app.access import MANAGER, allow, found, signed_in
from app.accounts.models import Staff
from app.accounts.queries import managers, names, working_here
from app.audit.record import record
from app.db import db, transact, write_in_get
from app.errors import DomainError
from app.families.models import Family
from app.families.queries import family_by_reference
from app.forms import put
from app.places.models import Place
from app.risk import cover_days, queries
from app.risk.assess import approve_assessment, record_assessment
from app.risk.duty import cover, covering
from app.risk.duty import rota as rota_rows
from app.risk.forms import AssessmentForm, DutyForm
from app.risk.levels import NOT_ASSESSED, assessments_of
from app.risk.models import LEVEL_MEANS, LEVELS, Assessment
from app.risk.proposals import TRIGGERS
from app.risk.rota import remove_duty, set_duty
from app.risk.standing import in_force, standing_of
from app.settings import store
from app.windows import days

risk = Blueprint("risk", __name__)

WEEKS_SHOWN = 4


@risk.route("/families/<reference>/home", methods=["GET", "POST"])
@signed_in
def home(reference: str) -> Any:
    """What may be done at a family's home, what was found there, and looking at it again."""
    family = family_of(reference)
    if isinstance(family, Response):
        return family
    shows_address = request.method == "GET" and request.args.get("show") == "address"
    if shows_address and family.home_id:
        family_id = family.id
        write_in_get(lambda: note_address(family_id))
        family = found(family_by_reference(current_user, reference))
    form = AssessmentForm()
    if form.validate_on_submit():
        try:
            transact(lambda: as_typed(family, form, clock.now()))
        except DomainError as error:
            put(form, error)
        else:
            flash("Saved. Visits booked there were checked against it.", "success")
            return redirect(url_for("risk.home", reference=reference))
    elif not form.is_submitted():
        form.looked_on.data = clock.today()
    return make_response(page_of(family, form, shows_address), 422 if form.errors else 200)


def family_of(reference: str) -> Any:
    """The family that the user may see; the address of a merged one leads to what it became."""
    family: Family = found(family_by_reference(current_user, reference))
    if family.reference != reference:
        return redirect(url_for("risk.home", reference=family.reference))
    return family


def page_of(family: Family, form: AssessmentForm, shows_address: bool) -> str:
    today = clock.today()
    places = queries.homes_of(family.id)
    rows = assessments_of([place.id for place in places])
    here = rows.get(family.home_id, []) if family.home_id else []
    held = in_force(here, today)
    last, waits = standing_of(here)
    return render_template(
        "risk/home.html",
        form=form,
        family=family,
        address=family.home if shows_address else None,
        held=held,
        last=last,
        waits=waits,
        level=held.level if held else NOT_ASSESSED,
        levels=LEVELS,
        level_means=LEVEL_MEANS,
        triggers=TRIGGERS,
        history=[(place, list(reversed(rows.get(place.id, [])))) for place in places],
        names=names(),
        may_agree=current_user.role == MANAGER,
    )


def as_typed(family: Family, form: AssessmentForm, at: datetime) -> Assessment:
    if family.home_id is None:
        raise DomainError("No address is on record for this family. Enter it on the family’s page.")
    assert form.looked_on.data, "the form asked for it"
    return record_assessment(
        db.session.get_one(Place, family.home_id),
        form.triggers.data or [],
        form.level.data,
        form.controls.data,
        form.looked_on.data,
        form.look_again_on.data,
        by=current_user,
        at=at,
    )


def note_address(family_id: int) -> None:
    family = db.session.get_one(Family, family_id)
    record("family:address_read", family, by=current_user, at=clock.now(), family_id=family_id)


@risk.post("/families/<reference>/home/<id:assessment_id>/agree")
@allow(MANAGER)
def agree(reference: str, assessment_id: int) -> Response:
    """A manager's yes to a level."""
    family: Family = found(family_by_reference(current_user, reference))
    row = found(db.session.get(Assessment, assessment_id))
    found(row if row.place_id == family.home_id else None)
    said(
        lambda: approve_assessment(row, by=current_user, at=clock.now()),
        "Agreed. Visits booked there were checked against it.",
    )
    return redirect(url_for("risk.home", reference=family.reference))


@risk.get("/homes-to-agree")
@allow(MANAGER)
def to_agree() -> str:
    """Every assessment that waits for a manager's yes."""
    return render_template(
        "risk/to_agree.html",
        rows=queries.waiting_for_yes(),
        levels=LEVELS,
        triggers=TRIGGERS,
        names=names(),
    )


def said(act: Callable[[], Any], done: str) -> None:
    try:
        transact(act)
        flash(done, "success")
    except DomainError as error:
        flash(error.message, "error")


@risk.route("/rota", methods=["GET", "POST"])
@signed_in
def rota() -> Any:
    """Who is on duty in the coming weeks, the gaps first; everybody sees it, managers change it."""
    if request.method == "POST" and current_user.role != MANAGER:
        raise NotFound
    rules = store.current()
    form = DutyForm()
    form.manager.choices = [("", "Choose"), *((str(p.id), p.name) for p in managers())]
    form.buddy.choices = [("", "Nobody"), *((str(p.id), p.name) for p in working_here())]
    if form.validate_on_submit():
        try:
            rows = transact(lambda: duty_as_typed(form, clock.now()))
        except DomainError as error:
            put(form, error)
        else:
            number = len(rows)
            flash(f"Set for {number} days." if number != 1 else "Set.", "success")
            return redirect(url_for("risk.rota"))
    elif not form.is_submitted():
        form.start.data, form.end.data = wall_of(rules.cover_from), wall_of(rules.cover_until)
    return make_response(rota_page(form), 422 if form.errors else 200)


def rota_page(form: DutyForm) -> str:
    at, rules = clock.now(), store.current()
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    last = monday + timedelta(weeks=WEEKS_SHOWN, days=-1)
    rows = rota_rows(monday, last)
    manager, buddy = covering(at, rules)
    return render_template(
        "risk/rota.html",
        form=form,
        at=at,
        weeks=[[(day, cover_days.turns(day, rows)) for day in week] for week in weeks(monday)],
        gaps=cover_days.gaps(days(today, last), cover(today, last, rules), rules),
        default=next(iter(sorted(managers(), key=lambda person: person.id)), None),
        manager=manager,
        buddy=buddy,
        names=names(),
        may_change=current_user.role == MANAGER,
    )


def weeks(monday: date) -> list[list[date]]:
    return [
        list(days(monday + timedelta(weeks=n), monday + timedelta(weeks=n, days=6)))
        for n in range(WEEKS_SHOWN)
    ]


def wall_of(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def minutes_of(wall: time) -> int:
    return wall.hour * 60 + wall.minute


def duty_as_typed(form: DutyForm, at: datetime) -> Any:
    assert form.first.data, "the form asked for it"
    assert form.last.data, "the form asked for it"
    buddy = db.session.get(Staff, int(form.buddy.data)) if form.buddy.data else None
    return set_duty(
        db.session.get_one(Staff, int(form.manager.data)),
        buddy,
        form.first.data,
        form.last.data,
        minutes_of(form.start.data),
        minutes_of(form.end.data),
        by=current_user,
        at=at,
    )


@risk.post("/rota/<id:duty_id>/remove")
@allow(MANAGER)
def remove(duty_id: int) -> Response:
    row = found(queries.duty_by_id(duty_id))
    said(lambda: remove_duty(row, by=current_user, at=clock.now()), "Taken off the rota.")
    return redirect(url_for("risk.rota"))
