from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.db import db
from app.messaging.models import Outbox
from app.messaging.outbox import drop_waiting, drop_waiting_to, queue_text, rows_about, was_texted
from tests.cast import NOW
from tests.messaging.steps import stored, work

TO_SEND = {
    "about": ("appointment", 1),
    "to": ("carer", 1),
    "due_at": NOW,
    "expires_at": NOW + timedelta(days=1),
    "at": NOW,
}


def test_a_rolled_back_act_sends_nothing(app):
    queue_text("booked", dedupe="one", **TO_SEND)
    db.session.rollback()
    assert work() == 0
    assert db.session.scalar(select(func.count(Outbox.id))) == 0


def test_one_key_makes_one_row(app):
    first = queue_text("booked", dedupe="one", **TO_SEND)
    db.session.commit()
    second = queue_text("booked", dedupe="one", **{**TO_SEND, "to": ("carer", 2)})
    assert second.id == first.id
    assert second.recipient_id == 1


def test_a_purpose_that_nobody_declared_is_refused(app):
    with pytest.raises(KeyError):
        queue_text("unheard of", dedupe="one", **TO_SEND)


def test_now_is_kept_with_the_row(app):
    row = queue_text("booked", dedupe="one", now=True, payload={"was": "x"}, **TO_SEND)
    assert row.payload == {"was": "x", "now": True}


def test_what_waits_about_a_thing_is_dropped_with_its_reason(app, queue):
    waits = queue(1, "reminder")
    other_purpose = queue(1, "booked")
    other_thing = queue(2, "reminder")
    dropped = drop_waiting(
        ("appointment", 1), purposes=("reminder",), reason="It was cancelled.", at=NOW
    )
    db.session.commit()
    assert dropped == 1
    assert (stored(waits).state, stored(waits).reason) == ("cancelled", "It was cancelled.")
    assert stored(other_purpose).state == stored(other_thing).state == "ready"


def test_what_has_gone_is_not_dropped(app, queue):
    gone = queue(1)
    work()
    assert drop_waiting(("appointment", 1), reason="Too late.", at=NOW) == 0
    assert stored(gone).state == "accepted"


def test_what_waits_for_a_person_is_dropped(app, queue):
    text, other = queue(1), queue(2)
    email = queue(1, "letter", email=True)
    drop_waiting_to(("carer", 1), reason="They said stop.", at=NOW)
    db.session.commit()
    assert [stored(i).state for i in (text, other, email)] == ["suppressed", "ready", "ready"]


def test_rows_about_a_thing_come_oldest_first(app, queue):
    later = queue(1, "reminder", due_at=NOW + timedelta(hours=1))
    first = queue(1, "booked")
    assert [row.id for row in rows_about(("appointment", 1))] == [first, later]


def test_a_number_counts_as_texted_once_a_text_went(app, queue):
    queue(1)
    assert not was_texted("+447700900001")
    work()
    assert was_texted("+447700900001")
