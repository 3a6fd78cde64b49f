"""Several people approve at one instant: one family gets one time, and nobody waits for ever."""

import threading

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db, transact
from app.errors import DomainError
from app.scheduling.models import Appointment
from app.scheduling.replan.approve import Choice, approve
from app.scheduling.replan.breaks import Broken
from tests.cast import NOW, Cast
from tests.programmes.course import at, one, says
from tests.scheduling.breaking import TUESDAY, booked, elowen, ill


def race(app: Flask, lines: list[tuple[int, Choice]], broken: Broken, staff_id: int) -> list[str]:
    """Each line approved in a thread of its own, at once; what each was told ('' for done)."""
    barrier, told = threading.Barrier(len(lines)), [""] * len(lines)

    def run(place: int, appointment_id: int, choice: Choice) -> None:
        with app.app_context():
            by = db.session.get(Staff, staff_id)
            db.session.rollback()
            barrier.wait()
            try:
                transact(lambda: approve(one(appointment_id), choice, broken, by=by, at=NOW))
            except DomainError as refused:
                told[place] = refused.message
            finally:
                db.session.remove()

    threads = [
        threading.Thread(target=run, args=(place, *line)) for place, line in enumerate(lines)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


@pytest.fixture
def scene(cast: Cast, monday: time_machine.Traveller) -> tuple[list[int], Broken, int, int]:
    """Three visits of a day on which Tamsin is away, and Elowen, who could take one at a time."""
    says(cast)
    near = elowen().id
    visits = [booked(cast, "follow_up", hour).id for hour in (10, 11, 13)]
    return visits, ill(cast), near, cast.jago.id


def test_one_of_several_gets_a_time(app: Flask, scene) -> None:
    visits, broken, near, jago = scene
    choice = Choice(at(TUESDAY, 15), near)
    db.session.remove()

    told = race(app, [(visit, choice) for visit in visits * 2], broken, jago)

    assert told.count("") == 1
    taken = select(Appointment.id).where(Appointment.starts_at == at(TUESDAY, 15))
    assert len(db.session.scalars(taken).all()) == 1


def test_two_take_each_others_people_without_waiting_for_ever(app: Flask, scene) -> None:
    visits, broken, near, jago = scene
    lines = [(visit, Choice(one(visit).starts_at, near)) for visit in visits]
    db.session.remove()

    told = race(app, [*lines, *reversed(lines)], broken, jago)

    assert told.count("") >= 3
    assert {one(visit).staff_id for visit in visits} == {near}
