"""Closing a place, or one of its rooms, for a time. What is booked in that time is listed before it
is saved, and `seen` carries that it was; nothing is cancelled by it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import HiddenField

from app import clock
from app.access import ARRANGERS, allow, found
from app.db import transact
from app.errors import DomainError
from app.forms import DayField, Form, WallTimeField, put, select, text
from app.places.closures import add_closure, change_closure, closure_by_id, remove_closure
from app.places.models import Closure, Place, Room
from app.places.queries import place_by_id
from app.saving import save
from app.scheduling.absences.span_form import NARROW, Spanned, span_typed
from app.scheduling.blueprint import scheduling
from app.scheduling.in_doubt import closed_then
from app.scheduling.models import KINDS, Appointment
from app.scheduling.queries import openable
from app.typed import read_number

WHOLE = "all"


class ClosureForm(Spanned, Form):
    """What is closed, from when until when, and why."""

    room = select("What is closed?", required="Choose what is closed")
    first = DayField("First day", required="Enter the first day")
    from_time = WallTimeField(
        "From, if not from the morning", hint="For example, 13:00", render_kw=NARROW
    )
    last = DayField("Last day", hint="Leave empty for one day")
    until_time = WallTimeField(
        "Until, if not to the evening", hint="For example, 13:00", render_kw=NARROW
    )
    why = text("Why?", hint="For staff only", required="Say why it is closed", most=200)
    seen = HiddenField()

    def fit(self, place: Place, now: int | None = None) -> None:
        """Offer the place, its open rooms and the one that is closed `now`, which may have closed
        for good since: else the form would close all of the place instead."""
        rooms = [room for room in place.rooms if not room.closed_at or room.id == now]
        self.room.choices = [(WHOLE, "All of it"), *((str(room.id), room.name) for room in rooms)]

    def room_of(self, place: Place) -> Room | None:
        chosen = read_number(self.room.data)
        return next((room for room in place.rooms if room.id == chosen), None)


@scheduling.route("/places/<id:place_id>/closures/new", methods=["GET", "POST"])
@allow(*ARRANGERS)
def new_closure(place_id: int) -> Any:
    """Close a place for a time; `room` chooses one of its rooms beforehand."""
    place: Place = found(place_by_id(place_id))
    room = request.args.get("room", "")
    form = ClosureForm(data={"room": room if read_number(room) else WHOLE})
    form.fit(place)

    def act() -> Closure:
        return add_closure(
            place, form.room_of(place), *form.span(), form.why.data,
            by=current_user, at=clock.now(),
        )  # fmt: skip

    return answer(form, act, place)


@scheduling.route("/closures/<id:closure_id>", methods=["GET", "POST"])
@allow(*ARRANGERS)
def edit_closure(closure_id: int) -> Any:
    """Another time or reason for a closure, or another room."""
    row: Closure = found(closure_by_id(closure_id))
    place: Place = found(place_by_id(row.place_id))
    form = ClosureForm(
        data={
            **span_typed(row.starts_at, row.ends_at),
            "room": str(row.room_id or WHOLE),
            "why": row.why,
            "version": str(row.version),
        }
    )
    form.fit(place, row.room_id)

    def act() -> None:
        change_closure(
            row, form.room_of(place), *form.span(), form.why.data, by=current_user,
            at=clock.now(), expect_version=form.opened_at,
        )  # fmt: skip

    return answer(form, act, place, row)


@scheduling.post("/closures/<id:closure_id>/remove")
@allow(*ARRANGERS)
def remove_this_closure(closure_id: int) -> Response:
    row: Closure = found(closure_by_id(closure_id))
    place_id = row.place_id
    transact(lambda: remove_closure(row, by=current_user, at=clock.now()))
    flash("It is open then after all. Appointments may be booked there.", "success")
    return redirect(url_for("places.place", place_id=place_id))


def answer(
    form: ClosureForm, act: Callable[[], Any], place: Place, row: Closure | None = None
) -> Any:
    """Save what was typed; where appointments are booked there then, only after they were shown."""
    place_id, at = place.id, clock.now()

    def page(booked: Sequence[Appointment] = ()) -> str:
        return render_template(
            "scheduling/closure.html",
            form=form, row=row, place=found(place_by_id(place_id)), booked=booked,
            seen=openable(booked, current_user), kinds=KINDS,
        )  # fmt: skip

    if form.validate_on_submit():
        try:
            starts_at, ends_at = form.span()
        except DomainError as refused:
            put(form, refused)
            return make_response(page(), 422)
        room = form.room_of(place)
        booked = closed_then(place.id, room.id if room else None, starts_at, ends_at, after=at)
        if form.has_more_to_show(booked):
            return make_response(page(booked))
    return save(
        form,
        act,
        page=page,
        then=lambda _: url_for("places.place", place_id=place_id),
        said="The closure is saved.",
        row=row,
    )
