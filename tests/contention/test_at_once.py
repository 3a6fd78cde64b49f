"""Many forms at one instant from eight processes, through the whole stack: one is booked, and every
other answer is a clear refusal that offers other times. `make bench` does it with a hundred.
"""

from collections import Counter

import pytest
from sqlalchemy import select

from app.audit.record import history
from app.db import db
from app.messaging.models import Outbox
from app.scheduling.models import Appointment, Reservation
from app.scheduling.reservations import subjects_of
from tests.contention.crowd import Answer
from tests.contention.rounds import ROUNDS, TUESDAY, double_click

pytestmark = pytest.mark.xdist_group("crowd")

NUMBER = 16


def held_on_tuesday() -> Appointment:
    """The one appointment of that day, with exactly its people held and everybody told once."""
    db.session.rollback()
    rows = db.session.scalars(select(Appointment).where(Appointment.status == "booked")).all()
    [row] = [row for row in rows if row.starts_at.date() == TUESDAY]
    held = select(Reservation).where(Reservation.appointment_id == row.id)
    assert sorted((r.kind, r.subject_id) for r in db.session.scalars(held)) == subjects_of(row)
    changes = [entry.tag for entry in history(row)]
    assert [changes.count(tag) for tag in ("appointment:booked", "appointment:moved")] in (
        [1, 0],
        [1, 1],
    )
    told = select(Outbox.dedupe).where(Outbox.about_kind == "appointment")
    assert max(Counter(db.session.scalars(told)).values()) == 1
    return row


def words_of(answers: list[Answer]) -> Counter[tuple[int, bool, str]]:
    return Counter((each.status, bool(each.others), each.words) for each in answers)


@pytest.mark.parametrize("name", ROUNDS)
def test_one_is_booked_and_the_others_read_what_else_is_free(app, database, crowd, name) -> None:
    attempts = ROUNDS[name](NUMBER)
    db.session.remove()

    answers = crowd.send(database, attempts)

    stale = [each for each in answers if each.stale]
    assert [each.booked for each in answers].count(True) == 1, words_of(answers)
    assert [each.refused for each in answers].count(True) + len(stale) == NUMBER - 1
    assert not stale or name == "a move or a booking"
    held_on_tuesday()


def test_one_form_sent_again_and_again_makes_one(app, database, crowd) -> None:
    attempts = double_click(NUMBER)
    db.session.remove()

    answers = crowd.send(database, attempts)

    assert {(each.status, each.location) for each in answers} == {(302, "/families/F1042")}
    held_on_tuesday()
