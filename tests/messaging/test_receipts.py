"""What callbacks missed is asked about: after an hour, seldom, one at a time, and not for ever."""

from datetime import timedelta

import pytest

from app.db import db
from app.messaging import channels, receipts
from app.worker import run
from app.worker.jobs import jobs, messaging_jobs
from tests.cast import NOW
from tests.messaging.signed import status
from tests.messaging.steps import forget, stored, work
from tests.statements import statements

HOUR = timedelta(hours=1)


def ask(at, times=1):
    for _ in range(times):
        receipts.ask_one(at=at)
        forget()


@pytest.mark.parametrize("said", ["delivered", "read"])
def test_a_text_whose_callbacks_were_lost_is_asked_about_after_an_hour(standin, queue, said):
    row_id = queue(1)
    work()
    standin.texts[0].status = said
    ask(NOW + HOUR - timedelta(seconds=1))
    assert standin.read == []
    ask(NOW + HOUR)
    row = stored(row_id)
    assert (row.state, row.final_at) == ("delivered", NOW + HOUR)
    ask(NOW + 9 * HOUR, 3)
    assert len(standin.read) == 1


def test_what_a_callback_ended_is_not_asked_about(standin, client, queue):
    row_id = queue(1)
    work()
    status(client, row_id, "delivered")
    ask(NOW + HOUR)
    assert standin.read == []


def test_it_is_asked_again_each_time_its_age_has_doubled_and_given_up_after_three_days(
    standin, queue
):
    row_id = queue(1)
    work()
    standin.texts[0].status = "sent"
    asked = []
    for hour in range(1, 80):
        before = len(standin.read)
        ask(NOW + hour * HOUR)
        asked += [hour] * (len(standin.read) - before)
    assert asked == [1, 2, 4, 8, 16, 32, 64, 72]
    row = stored(row_id)
    assert (row.state, row.reason, row.final_at) == ("sent", receipts.NEVER_SAID, NOW + 72 * HOUR)


def test_a_receipt_after_that_still_counts(standin, client, queue):
    row_id = queue(1)
    work()
    for hour in (1, 72):
        ask(NOW + hour * HOUR)
    status(client, row_id, "delivered")
    assert (stored(row_id).state, stored(row_id).reason) == ("delivered", None)


@pytest.mark.parametrize("fault", ["404", "429", "401", "500", "503"])
def test_a_provider_that_cannot_say_changes_nothing_and_is_asked_again(standin, queue, fault):
    row_id = queue(1)
    work()
    standin.read_faults.append(fault)
    ask(NOW + HOUR)
    assert stored(row_id).state == "accepted"
    standin.texts[0].status = "delivered"
    ask(NOW + 2 * HOUR)
    assert stored(row_id).state == "delivered"


def test_each_round_asks_about_one_the_oldest_first(standin, queue):
    rows = [queue(n, due_at=NOW + timedelta(minutes=n)) for n in range(3)]
    for n in range(3):
        work(NOW + timedelta(minutes=n))
    for text in standin.texts:
        text.status = "delivered"
    for done in range(1, 4):
        ask(NOW + 2 * HOUR)
        states = [stored(row_id).state for row_id in rows]
        assert states == ["delivered"] * done + ["accepted"] * (3 - done)


def test_nothing_is_asked_while_the_channel_rests(standin, queue):
    queue(1)
    work()
    channels.slow("text", HOUR, "slow", at=NOW + HOUR)
    db.session.commit()
    ask(NOW + HOUR)
    assert standin.read == []
    ask(NOW + 2 * HOUR)
    assert len(standin.read) == 1


def test_an_email_is_never_asked_about(standin, people, queue):
    people.change("carer", 1, email="a@example.org", email_refusal=None)
    queue(1, "letter", email=True)
    work()
    ask(NOW + HOUR)
    assert standin.read == []


def test_a_status_that_comes_while_we_ask_is_not_taken_back(standin, app, queue):
    row_id = queue(1)
    work()

    class Meanwhile:
        def ask(self, provider_id):
            status(app.test_client(), row_id, "delivered")
            return receipts.Trace("found", sid=provider_id, status="sent")

    app.extensions["transports"] = {"text": Meanwhile()}
    ask(NOW + HOUR)
    assert stored(row_id).state == "delivered"


def test_the_worker_asks_in_the_thread_of_what_waits_for_others(standin, app, queue):
    (job,) = [job for job in messaging_jobs() if job.name == "ask after texts"]
    assert job.aside
    row_id = queue(1)
    work()
    standin.texts[0].status = "delivered"
    jobs.clear()
    jobs.add(job.name, job)
    db.session.remove()
    run.run_worker(app, once=True, now=lambda: NOW + HOUR)
    jobs.clear()
    assert stored(row_id).state == "delivered"


def test_where_nothing_is_to_be_asked_two_statements_say_so(app):
    with statements() as seen:
        receipts.ask_one(at=NOW)
    assert seen == ["SELECT channel", "SELECT outbox"]
