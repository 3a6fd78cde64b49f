from datetime import timedelta

import pytest
from flask import Flask

from app.db import db
from app.scheduling.models import Appointment
from app.scheduling.thread_panel import concerns_of_carer, concerns_of_peer
from tests.cast import NOW, Cast

pytestmark = pytest.mark.one_database


def appointment(cast: Cast, **more: object) -> Appointment:
    chosen = {
        "kind": "goals_visit", "family_id": cast.hannah.id, "staff_id": cast.tamsin.id,
        "starts_at": NOW + timedelta(days=2), "ends_at": NOW + timedelta(days=2, hours=1),
        "status": "booked", "uid": "u1", "booked_by": "test", "created_at": NOW, "how": "phone",
        "carer_id": 1, **more,
    }  # fmt: skip
    row = Appointment(**chosen)
    db.session.add(row)
    db.session.commit()
    return row


def test_the_next_appointment_stands_in_the_thread_with_what_may_be_done(
    app: Flask, cast: Cast
) -> None:
    row = appointment(cast)
    with app.test_request_context():
        (concern,) = concerns_of_carer(1, NOW)
    assert concern.words == "Goals visit, Wed 25 Nov 10:00."
    assert concern.detail == "Tamsin Nance, by phone."
    assert [step.words for step in concern.steps] == ["Find another time", "They keep it", "Open"]
    assert concern.steps[1].fields == {"version": row.version}


def test_one_with_a_change_asked_says_that_it_stands(app: Flask, cast: Cast) -> None:
    appointment(cast, status="confirmed", change_asked_at=NOW)
    with app.test_request_context():
        (concern,) = concerns_of_carer(1, NOW)
    assert concern.detail.endswith("They asked for a change; it stands until you change it.")
    assert concern.steps[0].main


def test_what_is_over_or_cancelled_is_not_shown(app: Flask, cast: Cast) -> None:
    appointment(cast, status="cancelled")
    with app.test_request_context():
        assert concerns_of_carer(1, NOW) == []
        assert concerns_of_carer(1, NOW + timedelta(days=9)) == []


def test_a_peer_parent_sees_their_conversation(app: Flask, cast: Cast) -> None:
    appointment(cast, kind="conversation", peer_id=cast.chloe.id)
    with app.test_request_context():
        (concern,) = concerns_of_peer(cast.chloe.id, NOW)
    assert concern.words.startswith("Conversation")
