"""The pages of places: staff read, coordinators and managers change; homes are not there."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Staff
from app.db import db
from app.places import hooks
from app.places.models import Place
from app.places.queries import list_places
from tests.cast import Cast

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]
HUB = {"kind": "venue", "name": "Bodmin Family Hub", "postcode": "PL31 2JB"}


def test_everybody_on_the_team_reads_them(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    tamsin = sign_in(cast.tamsin)

    page = tamsin.get("/places").text
    assert "Truro Family Hub" in page
    assert "Add a place" not in page
    assert "Room 1" in tamsin.get(f"/places/{cast.hub.id}").text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/places/new"),
        ("POST", "/places/new"),
        ("POST", "/places/3/edit"),
        ("POST", "/places/3/rooms"),
        ("POST", "/places/3/close"),
        ("POST", "/places/3/reopen"),
        ("POST", "/places/3/rooms/1/close"),
    ],
)
def test_practitioners_change_none(
    app: Flask, cast: Cast, sign_in: SignIn, method: str, path: str
) -> None:
    address = path.replace("/3", f"/{cast.hub.id}")

    assert sign_in(cast.tamsin).open(address, method=method, data=HUB).status_code == 404


def test_a_home_is_a_404_on_every_page(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    morwenna, home = sign_in(cast.morwenna), cast.hannah.home_id

    for path in ("", "/edit", "/close"):
        assert morwenna.get(f"/places/{home}{path}").status_code == 404
    assert morwenna.post(f"/places/{home}/edit", data=HUB).status_code == 404


def test_a_place_is_added_with_rooms(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.jago).post("/places/new", data={**HUB, "rooms": "Blue, Red, Blue"})

    added = next(place for place in list_places() if place.name == "Bodmin Family Hub")
    assert answer.location == f"/places/{added.id}"
    assert [room.name for room in added.rooms] == ["Blue", "Red"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"kind": ""}, "Choose what kind of place"),
        ({"kind": "home"}, "Choose what kind of place"),
        ({"name": ""}, "Enter the place’s name"),
        ({"name": "Truro Family Hub"}, "There is a place of this name already"),
        ({"postcode": "Bodmin"}, "Enter a postcode"),
        ({"hours": "sometimes"}, "Write days"),
        ({"phone": "abc"}, "not a phone number"),
        ({"rooms": "x" * 81}, "Use 80 characters"),
    ],
)
def test_a_wrong_form_adds_nothing(
    app: Flask, cast: Cast, sign_in: SignIn, changed, says: str
) -> None:
    page = sign_in(cast.jago).post("/places/new", data={**HUB, **changed})

    assert page.status_code == 422
    assert says in page.text
    assert len(list_places()) == 1


def test_a_form_opened_before_a_change_is_stale(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    jago, address = sign_in(cast.jago), f"/places/{cast.hub.id}/edit"
    typed = {"kind": "venue", "name": "Truro Family Hub", "version": "1"}
    jago.post(address, data={**typed, "notes": "Ring the bell"})

    page = jago.post(address, data={**typed, "notes": "Park behind"})

    assert page.status_code == 409
    assert "Ring the bell" in page.text


def test_closing_says_what_is_booked_there(
    app: Flask, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks.booked, "_entries", {"test": lambda place, room, at: 3})
    jago, address = sign_in(cast.jago), f"/places/{cast.hub.id}/close"

    assert "3 appointments are booked there" in jago.get(address).text
    assert db.session.get(Place, cast.hub.id, populate_existing=True).closed_at is None
    jago.post(address)
    assert db.session.get(Place, cast.hub.id, populate_existing=True).closed_at is not None


def test_rooms_are_added_and_closed(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    jago, hub = sign_in(cast.jago), f"/places/{cast.hub.id}"

    jago.post(f"{hub}/rooms", data={"name": "Room 3"})
    assert "Room 3" in jago.get(hub).text
    assert jago.post(f"{hub}/rooms", data={"name": "Room 3"}).status_code == 422
    assert jago.post(f"{hub}/rooms/1/close").status_code == 302
    assert jago.get(f"{hub}/rooms/999/close").status_code == 404
