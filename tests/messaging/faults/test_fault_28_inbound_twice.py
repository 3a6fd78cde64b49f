"""Fault 28: Twilio delivers an inbound text again, one after the other or at one instant: it is
handled once.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry
from app.db import db
from app.messaging import inbound
from app.messaging.blocks import block_of
from app.messaging.models import NumberBlock, Reply
from app.tasks.models import Task
from tests.cast import NOW
from tests.messaging.signed import SMS, TEXT, post
from tests.messaging.steps import arrive, read_all, reply, stored, work

PHONE = TEXT["From"]
STOP = {**TEXT, "Body": "Stop"}
START = {**TEXT, "MessageSid": "SM2", "Body": "START", "OptOutType": "START"}


def rows(column):
    return list(db.session.scalars(select(column)))


def test_fault_28_a_stop_delivered_again_before_and_after_it_was_read(standin, client, queue):
    queue(1)
    for _ in range(2):
        assert post(client, SMS, STOP).status_code == 200
    read_all()
    for _ in range(2):
        assert post(client, SMS, STOP).status_code == 200
    assert read_all() == 0
    assert len(rows(Reply)) == 1
    assert sorted(rows(NumberBlock.kind)) == ["stop", "twilio"]
    assert rows(Task.kind) == ["ring"]
    assert rows(AuditEntry.tag).count("text:stopped") == 2


def test_fault_28_ten_deliveries_at_one_instant_are_one_stop(standin, app):
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: post(app.test_client(), SMS, STOP), range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert read_all() == 1
    assert sorted(rows(NumberBlock.kind)) == ["stop", "twilio"]


def test_fault_28_two_workers_read_one_stop_once(standin, app, client):
    post(client, SMS, STOP)
    db.session.remove()

    def read(_):
        with app.app_context():
            return sum(inbound.read_next(at=NOW) for _ in range(3))

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(read, range(2))) == 1
    assert sorted(rows(NumberBlock.kind)) == ["stop", "twilio"]
    assert rows(Task.kind) == ["ring"]


def test_fault_28_an_old_stop_delivered_after_a_start_stops_nothing_again(standin, client, queue):
    only_twilio = {**STOP, "Body": "x", "OptOutType": "STOP"}
    post(client, SMS, only_twilio)
    read_all()
    post(client, SMS, START)
    read_all()
    post(client, SMS, only_twilio)
    read_all()
    assert [b.kind for b in rows(NumberBlock) if b.lifted_at is None] == ["stop"]


def test_fault_28_twilios_word_counts_whatever_the_language_of_the_keyword(standin, client, queue):
    """A Messaging Service may have keywords of its own: its OptOutType says what it did."""
    row_id = queue(1)
    post(client, SMS, {**TEXT, "Body": "Zatrzymaj", "OptOutType": "STOP"})
    read_all()
    work()
    assert stored(row_id).reason == "This phone asked for no more texts."
    assert block_of(PHONE).kind == "twilio"
    assert rows(Task.kind) == ["ring"]


def test_fault_28_a_stop_counts_from_when_it_came_not_from_when_it_was_read(app):
    arrive(1, "STOP", NOW)
    read_all(NOW + timedelta(days=2))
    arrive(1, "START", NOW + timedelta(hours=1))
    read_all(NOW + timedelta(days=2))
    twilio = db.session.scalars(select(NumberBlock).where(NumberBlock.kind == "twilio")).one()
    assert (twilio.at, twilio.lifted_at) == (NOW, NOW + timedelta(hours=1))
    assert twilio.source == "the phone sent “STOP”"


@pytest.mark.parametrize("sender", ["whatsapp:+447700900001", "HMRC", "", "+" + "4" * 39])
def test_fault_28_a_stop_of_no_phone_holds_up_nobody(app, sender):
    odd, fine = arrive(sender, "STOP"), arrive(8, "1")
    assert read_all() == 2
    assert reply(odd).read_at is not None
    assert reply(fine).reader == "appointment"
