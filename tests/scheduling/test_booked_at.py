"""Closing a place says how many appointments to come are there, whatever books them."""

from datetime import timedelta

from flask import Flask

from app.db import transact
from app.places.hooks import still_booked
from app.places.models import Place, Room
from app.places.queries import place_by_id
from app.scheduling.enter import Entry, enter_appointment
from app.scheduling.models import Appointment
from tests.cast import NOW, Cast


def found_again(place_id: int) -> Place:
    place = place_by_id(place_id)
    assert place is not None
    return place


def held(cast: Cast, room: Room, days: int, status: str) -> Appointment:
    starts_at = NOW + timedelta(days=days)
    return transact(
        lambda: enter_appointment(
            Entry(
                kind="goals_visit", family_id=cast.hannah.id, carer_id=None,
                staff_id=cast.tamsin.id, place_id=cast.hub.id, room_id=room.id,
                starts_at=starts_at, ends_at=starts_at + timedelta(hours=1), status=status,
            ),
            by=cast.jago, at=NOW,
        )
    )  # fmt: skip


def test_counts_what_is_to_come_there(app: Flask, cast: Cast) -> None:
    room, other = found_again(cast.hub.id).rooms
    for days, status in ((1, "booked"), (2, "booked"), (-3, "done")):
        held(cast, room, days, status)

    assert still_booked(cast.hub, None, NOW) == 2
    assert still_booked(cast.hub, room, NOW) == 2
    assert still_booked(cast.hub, other, NOW) == 0
