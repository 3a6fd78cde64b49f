"""The same promises through the web server: several processes, real sockets."""

import pytest
from sqlalchemy import select

from app.db import db
from app.scheduling.models import Appointment, Reservation
from app.scheduling.reservations import subjects_of
from tests.contention.rounds import each_others_times, one_slot
from tests.contention.test_at_once import held_on_tuesday, words_of
from tests.contention.web import send_through, serving

pytestmark = pytest.mark.xdist_group("crowd")

NUMBER = 16


def test_one_of_many_books(app, database) -> None:
    attempts = one_slot(NUMBER)
    db.session.remove()

    with serving(database) as port:
        answers = send_through(port, database, attempts)

    assert [each.booked for each in answers].count(True) == 1, words_of(answers)
    assert [each.refused for each in answers].count(True) == NUMBER - 1, words_of(answers)
    held_on_tuesday()


def test_two_visits_into_each_others_times(app, database) -> None:
    """Neither is free while the other stands there: both are refused with other times, nothing
    waits for the other for ever, and both stand where they stood."""
    attempts = each_others_times(NUMBER)
    before = standing()
    db.session.remove()

    with serving(database) as port:
        answers = send_through(port, database, attempts)

    assert [each.refused for each in answers].count(True) == NUMBER, words_of(answers)
    assert standing() == before


def standing() -> list[tuple]:
    """Where the appointments stand and what they hold: exactly their people, for their time."""
    db.session.rollback()
    rows = db.session.scalars(select(Appointment).order_by(Appointment.id)).all()
    for row in rows:
        held = db.session.scalars(
            select(Reservation).where(Reservation.appointment_id == row.id)
        ).all()
        assert sorted((r.kind, r.subject_id) for r in held) == subjects_of(row)
        assert {(r.starts_at, r.ends_at) for r in held} == {(row.starts_at, row.ends_at)}
    return [(row.id, row.starts_at, row.ends_at, row.staff_id, row.version) for row in rows]
