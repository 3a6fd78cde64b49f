"""A visit's own page, its address once asked for, and what its worker presses: in, out, longer."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app import clock
from app.access import found, signed_in
from app.accounts.queries import who
from app.audit.record import history, record
from app.db import db, transact, write_in_get
from app.errors import DomainError
from app.families.models import Family
from app.lone_working import check_ins, frame, queries
from app.lone_working.blueprint import lone_working
from app.lone_working.models import Watch
from app.lone_working.ring_me import ask_to_be_rung
from app.lone_working.watches import watch_for
from app.lone_working.who_may import may_act, may_open
from app.risk.duty import covering
from app.risk.levels import current_assessments
from app.risk.models import LEVEL_MEANS
from app.scheduling.models import Appointment
from app.settings import store
from app.times import staff_time

HAPPENED = {
    "watch:checked_in": "Checked in",
    "watch:extended": "Made longer",
    "watch:checked_out": "Checked out",
    "watch:closed": "Closed: known to be safe",
    "alarm:raised": "Alarm raised",
    "alarm:acknowledged": "Alarm taken",
    "family:address_read": "Address shown",
}
STEPS = {
    "not_in": "not checked in",
    "remind_out": "reminder to check out",
    "buddy": "buddy",
    "manager": "duty manager",
    "all_managers": "all managers",
    "help": "asked for help",
}


@lone_working.get("/lone-working/<id:watch_id>")
@signed_in
def visit(watch_id: int) -> str:
    """One visit: its ladder, whom to ring, what is known of the place; the address only once it is
    asked for, and that is recorded before it is shown."""
    at = clock.now()
    watch = to_open(watch_id, at)
    shows_address = request.args.get("show") == "address"
    if shows_address:
        write_in_get(lambda: note_address(watch_id, at))
        watch = to_open(watch_id, at)
    rules = store.current()
    place = watch.appointment.place
    homes = [place.id] if place and place.kind == "home" else []
    held = current_assessments(homes, on=clock.london(at).date()) if homes else {}
    manager, buddy = covering(at, rules)
    return render_template(
        "lone_working/visit.html",
        at=at,
        watch=watch,
        line=frame.lines_of([watch], at)[0],
        place=place,
        assessment=held.get(place.id) if place else None,
        level_means=LEVEL_MEANS[watch.level],
        address=place.address if place and (shows_address or not homes) else None,
        postcode=place.postcode if place and (shows_address or not homes) else None,
        home=bool(homes),
        manager=manager,
        buddy=buddy,
        acts=may_act(current_user, at),
        entries=[(entry, who(entry.by)) for entry in history(watch)],
        happened=HAPPENED,
        step_words=STEPS,
        rules_words=rules,
    )


def to_open(watch_id: int, at: datetime) -> Watch:
    watch: Watch = found(queries.one(watch_id))
    if not may_open(current_user, watch, at):
        found(None)
    return watch


def note_address(watch_id: int, at: datetime) -> None:
    watch = db.session.get_one(Watch, watch_id)
    family_id = db.session.get_one(Appointment, watch.appointment_id).family_id
    family = db.session.get_one(Family, family_id)
    record("family:address_read", family, by=current_user, at=at, family_id=family_id)


def own_act(
    appointment_id: int, act: Callable[[Watch, datetime], Any], done: Callable[[Watch], str]
) -> Response:
    """What a worker presses on My day, for their own visit only; opens its watch if need be."""
    at = clock.now()
    appointment = found(db.session.get(Appointment, appointment_id))
    if current_user.id not in (appointment.staff_id, appointment.second_id):
        own = queries.current_of(current_user.id, at, check_ins.ANY_TIME)
        found(own if own and own.appointment_id == appointment_id else None)

    def both() -> str:
        watch = found(watch_for(appointment, current_user.id, at))
        act(watch, at)
        return done(watch)

    try:
        flash(transact(both), "success")
    except DomainError as error:
        flash(error.message, "error")
    return redirect(url_for("desk.index"))


@lone_working.post("/visits/<id:appointment_id>/in")
@signed_in
def own_in(appointment_id: int) -> Response:
    return own_act(
        appointment_id,
        lambda watch, at: check_ins.check_in(watch, how="button", by=current_user, at=at),
        lambda watch: f"Checked in {staff_time(watch.checked_in_at or watch.due_in)}.",
    )


@lone_working.post("/visits/<id:appointment_id>/out")
@signed_in
def own_out(appointment_id: int) -> Response:
    return own_act(
        appointment_id,
        lambda watch, at: check_ins.check_out(watch, how="button", by=current_user, at=at),
        lambda watch: f"Checked out {staff_time(watch.checked_out_at or watch.due_out)}.",
    )


@lone_working.post("/visits/<id:appointment_id>/longer")
@signed_in
def own_longer(appointment_id: int) -> Response:
    return own_act(
        appointment_id,
        lambda watch, at: check_ins.extend(watch, how="button", by=current_user, at=at),
        lambda watch: f"You stay until {staff_time(watch.due_out)}.",
    )


@lone_working.post("/visits/<id:appointment_id>/ring-me")
@signed_in
def ring_me(appointment_id: int) -> Response:
    return own_act(
        appointment_id,
        lambda watch, at: ask_to_be_rung(watch, at=at),
        lambda _watch: "You will be rung.",
    )
