"""Faults 9, 10 and 12: delivery statuses before the answer, out of order, many times, at once, and
while our database is locked or down.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import pytest
from sqlalchemy import select

from app.db import db
from app.messaging import webhooks
from app.messaging.models import Reply
from app.tasks.models import Task
from app.wiring import create_app
from tests import databases
from tests.messaging.locked import locked
from tests.messaging.signed import SMS, TEXT, post, status
from tests.messaging.steps import stored, use_twilio, work
from tests.standins.people import fill
from tests.standins.twilio import ACCOUNT


def test_fault_09_a_callback_before_the_answer_is_stored_finds_its_row(standin, app, queue):
    row_id = queue(1)
    standin.on_accept = lambda text: status(app.test_client(), row_id, "sent", sid=text.sid)
    work()
    row = stored(row_id)
    assert (row.state, row.provider_id) == ("sent", standin.texts[0].sid)
    assert row.lease_owner is None


@pytest.mark.parametrize("fault", ["after_500", "reset_after", "cut", "html", "late"])
def test_fault_09_a_callback_tells_the_sid_of_an_answer_that_was_lost(
    standin, client, queue, fault, impatient
):
    row_id = queue(1)
    standin.faults.append(fault)
    with impatient():
        work()
    assert stored(row_id).state == "unknown"
    status(client, row_id, "delivered", sid=standin.texts[0].sid)
    row = stored(row_id)
    assert (row.state, row.provider_id) == ("delivered", standin.texts[0].sid)


def test_fault_09_the_sid_is_saved_once(standin, client, queue):
    """Another text's sid in a later callback, or none at all, takes nothing away."""
    row_id = queue(1)
    work()
    sid = stored(row_id).provider_id
    status(client, row_id, "delivered", sid="SM" + "9" * 32)
    path = f"/webhooks/twilio/status/{row_id}/1"
    post(client, path, {"MessageStatus": "sent", "AccountSid": ACCOUNT})
    assert (stored(row_id).state, stored(row_id).provider_id) == ("accepted", sid)


@pytest.mark.one_database
def test_fault_10_in_every_order_the_end_is_the_same(standin, client, queue):
    orders = list(permutations(["queued", "sending", "sent", "delivered"]))
    rows = [queue(number) for number in range(1, len(orders) + 1)]
    work()
    for row_id, order in zip(rows, orders, strict=True):
        for state in order:
            assert status(client, row_id, state).status_code == 204
    assert {stored(row_id).state for row_id in rows} == {"delivered"}


def test_fault_10_a_status_moves_a_text_forwards_only(standin, client, queue):
    row_id = queue(1)
    work()
    for state in ("sent", "delivered", "sent", "queued", "undelivered", "failed"):
        assert status(client, row_id, state).status_code == 204
    row = stored(row_id)
    assert row.state == "delivered"
    assert row.final_at is not None


def test_fault_10_delivered_overrules_a_failure(standin, client, queue):
    row_id = queue(1)
    work()
    status(client, row_id, "undelivered", code="30005")
    assert stored(row_id).state == "undelivered"
    status(client, row_id, "delivered")
    row = stored(row_id)
    assert (row.state, row.error_code, row.reason) == ("delivered", None, None)


def test_fault_10_reversed_tenfold_and_at_once_end_the_same(standin, app, queue):
    row_id = queue(1)
    work()
    sid = stored(row_id).provider_id
    db.session.rollback()  # reading holds the writer's lock on SQLite outside a request
    states = ["delivered", "sent", "queued"] * 10
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda s: from_twilio(app, row_id, s, sid), states))
    assert set(answers) == {204}
    assert stored(row_id).state == "delivered"


def test_fault_10_a_failure_ten_times_at_once_asks_a_person_once(standin, app, queue):
    row_id = queue(1)
    work()
    sid = stored(row_id).provider_id
    db.session.rollback()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: from_twilio(app, row_id, "undelivered", sid, "30005"), range(10)))
    assert stored(row_id).state == "undelivered"
    assert db.session.scalars(select(Task.kind)).all() == ["number"]


def from_twilio(app, row_id, state, sid, code=None):
    return status(app.test_client(), row_id, state, sid=sid, code=code).status_code


def test_fault_10_of_another_text_attempt_or_word_changes_nothing(standin, client, queue):
    row_id, other = queue(1), queue(2)
    work()
    status(client, row_id, "delivered", sid=stored(other).provider_id)
    status(client, row_id, "delivered", attempt=2)
    status(client, row_id, "unheard-of")
    assert stored(row_id).state == "accepted"


def test_fault_10_of_no_row_is_taken_and_changes_nothing(standin, client):
    assert status(client, 1, "delivered", sid="SMx").status_code == 204


@pytest.fixture
def hasty(monkeypatch):
    monkeypatch.setattr(webhooks, "PATIENCE", 1)


def test_fault_12_a_locked_database_is_503_in_time_and_the_next_try_is_stored(
    standin, client, queue, database, hasty
):
    """Twilio hangs up after five seconds and tries again only after an answer or a silence."""
    row_id = queue(1)
    work()
    sid = stored(row_id).provider_id
    db.session.remove()
    began = time.monotonic()
    with locked(database):
        answers = [post(client, SMS, TEXT), status(client, row_id, "delivered", sid=sid)]
    assert [(answer.status_code, answer.data) for answer in answers] == [(503, b"")] * 2
    assert time.monotonic() - began < 4
    assert post(client, SMS, TEXT).status_code == 200
    assert status(client, row_id, "delivered", sid=sid).status_code == 204
    assert stored(row_id).state == "delivered"
    assert len(db.session.scalars(select(Reply)).all()) == 1


@pytest.mark.one_database
@pytest.mark.parametrize(
    "nowhere", ["postgresql+psycopg://127.0.0.1:9/nothing", "sqlite:////nowhere/at/all.db"]
)
def test_fault_12_a_database_that_is_down_is_503_without_a_page(standin, people, nowhere, caplog):
    down = create_app(databases.environ(nowhere), instance=databases.folder() / "instance")
    fill(people)
    use_twilio(down, standin.url)
    sent = {**TEXT, "Body": "hes here"}
    answers = [
        post(down.test_client(), SMS, sent),
        status(down.test_client(), 1, "delivered", sid="SM1"),
    ]
    assert [(answer.status_code, answer.data) for answer in answers] == [(503, b"")] * 2
    assert caplog.text.count("a webhook could not be stored") == 2
    for private in (TEXT["From"], "hes here", "nothing", "nowhere"):
        assert private not in caplog.text
