"""Faults 13, 14 and 16: workers killed at each instant, told to stop in a send, or overtaken while
they wait: one text, and no row stuck. Real processes, killed by SIGKILL.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from app import clock
from app.db import db, transact
from app.messaging import send
from app.messaging.claim import claim_next
from app.messaging.outcomes import record_outcome
from app.messaging.send import expire_next
from app.messaging.transports import Outcome
from tests import databases
from tests.cast import NOW
from tests.messaging.steps import forget, reconcile, stored, work
from tests.standins.forked import Worker, workers

LOST, SETTLED = timedelta(minutes=2), timedelta(minutes=10)


@pytest.fixture(autouse=True)
def a_monday() -> None:
    """A worker's process has the machine's own clock, and so have these tests."""


@pytest.fixture
def start(app, standin, database) -> Iterator[Callable[[str], Worker]]:
    db.session.remove()
    with workers(database, standin.url, databases.folder() / "instance") as begin:
        yield begin


def of_use(at: datetime) -> dict[str, object]:
    """A person's decision, so that it may go at whatever hour the machine's clock shows."""
    return {"now": True, "due_at": at, "expires_at": at + timedelta(days=30), "at": at}


def settle(at: datetime) -> None:
    """What a worker that comes after does with what was left."""
    while send.expire_next(at=at + LOST):
        forget()
    work(at + LOST)
    reconcile(at + SETTLED)
    work(at + SETTLED)


def is_sent_once(standin, row_id: int) -> None:
    assert len(standin.texts) == 1
    row = stored(row_id)
    assert (row.state, row.provider_id) == ("accepted", standin.texts[0].sid)
    assert row.lease_owner is None


@pytest.mark.parametrize("moment", ["claiming", "claimed", "answered"])
def test_fault_13_killed_at_this_moment_one_text_goes(start, standin, queue, moment):
    at = clock.now()
    row_id = queue(1, **of_use(at))
    db.session.remove()
    worker = start(moment)
    worker.reach(moment)
    if moment != "claiming":
        assert stored(row_id).state == "sending"
        db.session.remove()
    worker.kill()
    settle(at)
    is_sent_once(standin, row_id)


@pytest.mark.parametrize("when", ["on_post", "on_accept"])
def test_fault_13_killed_during_the_post_one_text_goes(start, standin, queue, when):
    """Before Twilio has accepted it, and after; the connection stays open for Twilio's answer."""
    at = clock.now()
    row_id = queue(1, **of_use(at))
    db.session.remove()
    setattr(standin, when, lambda *_: worker.kill())
    worker = start("never")
    worker.process.join(30)
    setattr(standin, when, None)
    standin.finish()
    settle(at)
    is_sent_once(standin, row_id)


def test_fault_13_killed_after_it_was_recorded_one_text_goes(start, standin, queue):
    at = clock.now()
    row_id = queue(1, **of_use(at))
    db.session.remove()
    worker = start("never")
    while stored(row_id).state != "accepted":
        db.session.remove()
    worker.kill()
    settle(at)
    is_sent_once(standin, row_id)


def test_fault_13_two_workers_killed_again_and_again_send_every_text_once(start, standin, queue):
    at = clock.now()
    rows = [queue(n, **of_use(at)) for n in range(1, 21)]
    db.session.remove()
    for moment in ("claimed", "answered"):
        pair = [start(moment), start(moment)]
        for worker in pair:
            worker.reach(moment)
            worker.kill()
    settle(at)
    assert sorted(t.to for t in standin.texts) == [f"+447700900{n:03d}" for n in range(1, 21)]
    assert {stored(row_id).state for row_id in rows} == {"accepted"}


def test_fault_14_told_to_stop_in_a_send_it_finishes_that_row_and_exits(start, standin, queue):
    at = clock.now()
    row_id = queue(1, **of_use(at))
    db.session.remove()
    standin.on_accept = lambda _: worker.process.terminate()
    worker = start("never")
    worker.process.join(30)
    assert worker.process.exitcode == 0
    is_sent_once(standin, row_id)


def test_fault_14_told_to_stop_while_nothing_answers_it_leaves_unknown_and_exits(
    start, standin, queue
):
    at = clock.now()
    row_id = queue(1, **of_use(at))
    db.session.remove()
    standin.faults.append("reset_after")
    standin.on_accept = lambda _: worker.process.terminate()
    worker = start("never")
    worker.process.join(30)
    assert worker.process.exitcode == 0
    assert stored(row_id).state == "unknown"
    standin.on_accept = None
    settle(at)
    is_sent_once(standin, row_id)


def test_fault_16_a_worker_whose_lease_ran_out_changes_nothing(standin, app, queue):
    at = clock.now()
    row_id = queue(1, **of_use(at))
    parcel = claim_next("slow", at=at)
    assert expire_next(at=at + LOST)
    assert stored(row_id).state == "unknown"
    done = transact(lambda: record_outcome(parcel, Outcome("accepted", sid="SMx"), at=NOW))
    assert done is False
    assert (stored(row_id).state, stored(row_id).provider_id) == ("unknown", None)


def test_fault_16_overtaken_while_it_waits_for_the_answer_one_text_goes(standin, app, queue):
    """The lease ends, the row is looked for and found, and then the old worker has its answer."""
    at = clock.now()
    row_id = queue(1, **of_use(at))

    def others_work(_):
        with app.app_context():
            assert send.expire_next(at=at + LOST)
            reconcile(at + SETTLED, owner="another")
            work(at + SETTLED, owner="another")

    standin.on_accept = others_work
    work(at, owner="slow")
    is_sent_once(standin, row_id)
    assert stored(row_id).attempt == 1
