"""Faults 18, 19, 21 and 22: what changes between queueing a text and sending it: a STOP, the
number, a second click, an act that is taken back.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.db import db, transact
from app.errors import DomainError
from app.messaging import send
from app.messaging.blocks import block_of, lift_block
from app.messaging.claim import claim_next
from app.messaging.models import Outbox
from app.messaging.outbox import queue_text
from app.tasks.models import Task
from tests.cast import NOW
from tests.messaging.signed import SMS, TEXT, post
from tests.messaging.steps import arrive, forget, read_all, reconcile, stored, work

MINUTE = timedelta(minutes=1)
STOP = {**TEXT, "Body": "STOP", "OptOutType": "STOP"}
START = {**TEXT, "MessageSid": "SM2", "Body": "START", "OptOutType": "START"}


@pytest.mark.parametrize("read", [True, False])
def test_fault_18_a_stop_stored_before_the_claim_stops_it(standin, client, queue, read):
    """Read or not yet: no text goes while a reply of that phone waits to be read."""
    row_id = queue(1)
    post(client, SMS, STOP)
    if read:
        read_all()
    work()
    assert standin.asked == 0
    read_all()
    work(NOW + MINUTE)
    assert stored(row_id).reason.startswith(("This phone asked for no", "Twilio stopped texts"))
    assert standin.asked == 0


def test_fault_18_a_stop_between_claim_and_send_is_twilios_to_keep(standin, client, queue):
    """The row is in a worker's hands: Twilio, which took the STOP first, refuses it (21610)."""
    row_id, later = queue(1), queue(1, "reminder", due_at=NOW + MINUTE)
    standin.on_post = lambda: post(client.application.test_client(), SMS, STOP)
    standin.faults.append("21610")
    work()
    standin.on_post = None
    assert (stored(row_id).state, stored(row_id).error_code) == ("failed", "21610")
    assert block_of("+447700900001").kind == "twilio"
    read_all()
    work(NOW + MINUTE)
    assert stored(later).reason.startswith(("This phone asked for no", "Twilio stopped texts"))
    assert standin.asked == 1
    assert {kind for kind in db.session.scalars(select(Task.kind))} == {"ring"}


def test_fault_18_start_lifts_twilios_stop_and_a_person_lifts_ours(standin, client, queue):
    post(client, SMS, STOP)
    read_all()
    post(client, SMS, START)
    read_all(NOW + MINUTE)
    first = queue(1)
    work()
    assert stored(first).reason == "This phone asked for no more texts."
    lift_block(block_of("+447700900001"), by="staff:1", at=NOW)
    db.session.commit()
    second = queue(1, dedupe="after")
    work()
    assert stored(second).state == "accepted"


def test_fault_19_only_the_new_number_gets_it(standin, people, queue):
    row_id = queue(1)
    people.change("carer", 1, number="+447700900555")
    work()
    assert [text.to for text in standin.texts] == ["+447700900555"]
    assert stored(row_id).to_address == "+447700900555"


def test_fault_19_what_never_reached_the_old_number_goes_to_the_new_alone(standin, people, queue):
    row_id = queue(1)
    standin.faults.append("before_500")
    work()
    people.change("carer", 1, number="+447700900555")
    reconcile(NOW + 6 * MINUTE)
    work(NOW + 6 * MINUTE)
    assert [text.to for text in standin.texts] == ["+447700900555"]
    assert stored(row_id).to_address == "+447700900555"


def test_fault_19_what_reached_the_old_number_is_not_sent_to_the_new(standin, people, queue):
    """It is looked for where it went."""
    row_id = queue(1)
    standin.faults.append("after_500")
    work()
    people.change("carer", 1, number="+447700900555")
    reconcile(NOW + 6 * MINUTE)
    work(NOW + 6 * MINUTE)
    assert [text.to for text in standin.texts] == ["+447700900001"]
    assert stored(row_id).state == "accepted"


def test_fault_19_a_number_taken_away_is_rung_about_nothing_it_could_not_get(
    standin, people, queue
):
    row_id = queue(1)
    people.change("carer", 1, number=None)
    work()
    assert (stored(row_id).reason, standin.asked) == ("There is no mobile number.", 0)
    assert db.session.scalars(select(Task.kind)).all() == ["not_sent"]


def to_send(dedupe: str) -> dict[str, object]:
    return {
        "about": ("appointment", 1), "to": ("carer", 1), "due_at": NOW,
        "expires_at": NOW + timedelta(days=1), "dedupe": dedupe, "at": NOW,
    }  # fmt: skip


def rows() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Outbox.id))) or 0


def test_fault_21_a_thing_queued_eight_times_at_once_is_one_row_and_one_text(standin, app):
    db.session.remove()

    def click(_):
        with app.app_context():
            return transact(lambda: queue_text("booked", **to_send("appointment:1:booked:0"))).id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(click, range(8)))) == 1
    assert rows() == 1
    work()
    assert len(standin.texts) == 1


def test_fault_21_four_workers_at_once_send_each_row_once(standin, app, queue):
    made = [queue(number) for number in range(1, 21)]
    db.session.remove()

    def drain(name):
        with app.app_context():
            while send.send_next(name, at=NOW):
                forget()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(drain, "abcd"))
    assert sorted(text.to for text in standin.texts) == [
        f"+447700900{number:03d}" for number in range(1, 21)
    ]
    assert {stored(row_id).state for row_id in made} == {"accepted"}


@pytest.mark.parametrize("error", [DomainError("refused"), RuntimeError("a fault of ours")])
def test_fault_22_an_act_that_is_taken_back_texts_nobody(standin, app, error):
    def act():
        queue_text("booked", **to_send("appointment:1:booked:0"))
        raise error

    with pytest.raises(type(error)):
        transact(act)
    work()
    assert (rows(), standin.asked) == (0, 0)


def test_fault_22_a_worker_sees_nothing_of_an_act_that_is_not_committed(standin, app):
    """PostgreSQL: another connection; SQLite: the writer's place is taken until the act ends."""
    if db.engine.dialect.name == "postgresql":
        queue_text("booked", **to_send("appointment:1:booked:0"))
        db.session.flush()
        with app.app_context(), ThreadPoolExecutor(1) as pool:
            pool.submit(claims_nothing, app).result()
        db.session.rollback()
    work()
    assert (rows(), standin.asked) == (0, 0)


def claims_nothing(app) -> None:
    with app.app_context():
        assert claim_next("worker", at=NOW) is None


def test_fault_18_a_stop_in_words_is_a_stop_too(standin, queue):
    row_id = queue(1)
    arrive(1, "please no more texts")
    work()
    read_all()
    work(NOW + MINUTE)
    assert (stored(row_id).reason, standin.asked) == ("This phone asked for no more texts.", 0)
