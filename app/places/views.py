"""Places and their rooms: the list, one place, adding, changing and closing. Homes are not here."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app import clock
from app.access import ARRANGERS, allow, found, signed_in
from app.db import transact
from app.errors import DomainError
from app.places.closures import coming_closures
from app.places.drives import drive_from, drives_of, forget_drive, set_drive
from app.places.forms import DriveForm, PlaceForm, RoomForm, as_typed
from app.places.hooks import still_booked
from app.places.keep_places import (
    SIGNALS,
    add_place,
    add_room,
    change_place,
    close_place,
    close_room,
    reopen_place,
)
from app.places.load_postcodes import where_lies
from app.places.models import KINDS, Place, Room
from app.places.queries import list_places, open_places, place_by_id
from app.places.travel import outcode_of, spot_for
from app.saving import save
from app.settings import store
from app.typed import read_number

places = Blueprint("places", __name__, url_prefix="/places")


def this_place(place_id: int) -> Place:
    place: Place = found(place_by_id(place_id))
    return place


def this_room(place: Place, room_id: int) -> Room:
    room: Room = found(next((room for room in place.rooms if room.id == room_id), None))
    return room


@places.get("")
@signed_in
def index() -> str:
    closed = request.args.get("show") == "closed"
    words = request.args.get("q", "").strip()[:100].replace("\0", "")
    return render_template(
        "places/list.html",
        rows=list_places(words, closed=closed),
        words=words,
        closed=closed,
        kinds=KINDS,
        signals=SIGNALS,
    )


@places.route("/new", methods=["GET", "POST"])
@allow(*ARRANGERS)
def new() -> Any:
    form = PlaceForm()
    return save(
        form,
        lambda: add_place(
            by=current_user, at=clock.now(), rooms=form.room_names(), **form.particulars()
        ),
        page=lambda: render_template("places/form.html", form=form, place=None),
        then=lambda place: url_for("places.place", place_id=place.id),
        said=lambda place: f"{place.name} is added.",
    )


@places.get("/<id:place_id>")
@signed_in
def place(place_id: int) -> str:
    return place_page(place_id)


def place_page(
    place_id: int, form: RoomForm | None = None, drive_form: DriveForm | None = None
) -> str:
    row, at = this_place(place_id), clock.now()
    rooms = form or RoomForm(formdata=None)
    return render_template(
        "places/place.html",
        form=drive_form or rooms,  # whose errors are listed first of all
        room_form=rooms,
        drive_form=drive_form or drive_form_of(row, DriveForm(formdata=None)),
        place=row,
        kinds=KINDS,
        signals=SIGNALS,
        lies=lies_words(row),
        closures=coming_closures(after=at, place_id=row.id),
        drives=drives_of(row.id),
        booked=still_booked(row, None, at),
    )


def lies_words(place: Place) -> str:
    """How well it is known where a place lies, for whoever wonders about a drive."""
    if not place.is_travelled_to:
        return ""
    if where_lies(place.postcode):
        return "Journeys count from this postcode."
    if spot_for(place.postcode).latitude is not None:
        return f"Journeys count from the middle of its district, {outcode_of(place.postcode)}."
    minutes = store.current().unknown_travel_minutes
    return f"Not known where this is: each drive counts as {minutes} minutes."


def drive_form_of(place: Place, form: DriveForm) -> DriveForm:
    others = [other for other in open_places() if other.is_travelled_to and other.id != place.id]
    form.there.choices = [(str(other.id), other.name) for other in others]
    return form


@places.route("/<id:place_id>/edit", methods=["GET", "POST"])
@allow(*ARRANGERS)
def edit(place_id: int) -> Any:
    row = this_place(place_id)
    form = PlaceForm(data=as_typed(row))
    del form.rooms
    return save(
        form,
        lambda: change_place(
            row,
            by=current_user,
            at=clock.now(),
            expect_version=form.opened_at,
            **form.particulars(),
        ),
        page=lambda: render_template("places/form.html", form=form, place=this_place(place_id)),
        then=lambda _: url_for("places.place", place_id=place_id),
        said="Saved.",
        row=row,
    )


@places.post("/<id:place_id>/rooms")
@allow(*ARRANGERS)
def new_room(place_id: int) -> Any:
    row = this_place(place_id)
    form = RoomForm()
    return save(
        form,
        lambda: add_room(row, form.name.data, by=current_user, at=clock.now()),
        page=lambda: place_page(place_id, form),
        then=lambda _: url_for("places.place", place_id=place_id),
        said="The room is added.",
    )


@places.route("/<id:place_id>/rooms/<id:room_id>/close", methods=["GET", "POST"])
@allow(*ARRANGERS)
def close_a_room(place_id: int, room_id: int) -> Any:
    row = this_place(place_id)
    room = this_room(row, room_id)
    if request.method == "GET":
        return close_page(row, room)
    return done(row, lambda: close_room(row, room, by=current_user, at=clock.now()), "Closed.")


@places.route("/<id:place_id>/close", methods=["GET", "POST"])
@allow(*ARRANGERS)
def close(place_id: int) -> Any:
    row = this_place(place_id)
    if request.method == "GET":
        return close_page(row, None)
    return done(row, lambda: close_place(row, by=current_user, at=clock.now()), "Closed.")


@places.post("/<id:place_id>/reopen")
@allow(*ARRANGERS)
def reopen(place_id: int) -> Response:
    row = this_place(place_id)
    return done(row, lambda: reopen_place(row, by=current_user, at=clock.now()), "Open again.")


@places.post("/<id:place_id>/drives")
@allow(*ARRANGERS)
def new_drive(place_id: int) -> Any:
    """How long it takes to another place, as somebody measured it."""
    row = this_place(place_id)
    form = drive_form_of(row, DriveForm())

    def act() -> None:
        there = this_place(read_number(form.there.data) or 0)
        set_drive(
            row, there, form.minutes.data or 0, both_ways=bool(form.both_ways.data),
            by=current_user, at=clock.now(),
        )  # fmt: skip

    return save(
        form,
        act,
        page=lambda: place_page(place_id, drive_form=form),
        then=lambda _: url_for("places.place", place_id=place_id),
        said="The drive is kept. Free times count with it from now on.",
    )


@places.post("/<id:place_id>/drives/<id:from_id>/<id:to_id>/forget")
@allow(*ARRANGERS)
def forget_a_drive(place_id: int, from_id: int, to_id: int) -> Response:
    """Estimate one way again."""
    row = this_place(place_id)
    if place_id not in (from_id, to_id):
        raise NotFound
    this_place(to_id if from_id == place_id else from_id)
    drive = found(drive_from(from_id, to_id))
    said = "This drive is estimated again."
    return done(row, lambda: forget_drive(drive, by=current_user, at=clock.now()), said)


def close_page(row: Place, room: Room | None) -> str:
    return render_template(
        "places/close.html",
        place=row,
        room=room,
        booked=still_booked(row, room, clock.now()),
    )


def done(row: Place, act: Callable[[], None], said: str) -> Response:
    place_id = row.id
    try:
        transact(act)
        flash(said, "success")
    except DomainError as error:
        flash(error.message, "error")
    return redirect(url_for("places.place", place_id=place_id))
