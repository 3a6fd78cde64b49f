"""Fault 15: SQLite is held by another writer, PostgreSQL restarts in a claim or in a record: tried
again, and no row is claimed twice.
"""

import threading
from datetime import timedelta

from app.db import db
from app.engines import PATIENCE
from app.messaging import send
from app.worker.jobs import Job
from app.worker.run import run_job
from tests.cast import NOW
from tests.messaging.locked import let_go, lock_for
from tests.messaging.steps import forget, reconcile, stored, work

LOST, SETTLED = NOW + timedelta(minutes=2), NOW + timedelta(minutes=10)


def job(name: str = "worker") -> Job:
    return Job("send", 1, lambda at: send.send_next(name, at=at))


def in_the_worker(app, name: str = "worker") -> bool:
    """One step as the worker takes it: what fails is logged, and the next step comes."""
    db.session.remove()
    return run_job(app, job(name), lambda: NOW)


def test_fault_15_a_claim_waits_for_another_writer(standin, app, queue, database):
    assert PATIENCE >= 10  # seconds
    row_id = queue(1)
    db.session.remove()
    other = lock_for(database, 0.7)
    assert in_the_worker(app)
    other.join()
    assert (stored(row_id).state, stored(row_id).attempt) == ("accepted", 1)


def test_fault_15_a_record_waits_for_another_writer(standin, app, queue, database):
    row_id = queue(1)
    locks = []
    standin.on_accept = lambda _: locks.append(lock_for(database, 0.7))
    assert in_the_worker(app)
    locks[0].join()
    assert (stored(row_id).state, len(standin.texts)) == ("accepted", 1)


def test_fault_15_two_workers_behind_one_lock_claim_a_row_once(standin, app, queue, database):
    rows = [queue(n) for n in (1, 2)]
    db.session.remove()
    other = lock_for(database, 0.7)
    both = [
        threading.Thread(target=run_job, args=(app, job(name), lambda: NOW)) for name in "ab"
    ]  # fmt: skip
    for worker in both:
        worker.start()
    for thread in (*both, other):
        thread.join()
    work()
    assert sorted(text.to[-1] for text in standin.texts) == ["1", "2"]
    assert {stored(row_id).attempt for row_id in rows} == {1}


class OnceLetGo(dict):
    """Asked in the claim whether a text is wanted; the first time the database goes away."""

    def get(self, *_: object) -> None:
        if not self:
            self[True] = True
            let_go()


def test_fault_15_the_server_restarted_in_a_claim(standin, app, people, queue):
    row_id = queue(1)
    people.unwanted = OnceLetGo()
    if not in_the_worker(app):  # the claim was cut off: the row is nobody's
        assert stored(row_id).state == "ready"
        assert standin.asked == 0
        assert in_the_worker(app)
    assert (stored(row_id).state, stored(row_id).attempt) == ("accepted", 1)
    assert len(standin.texts) == 1


def test_fault_15_the_server_restarted_before_a_record(standin, app, queue):
    row_id = queue(1)
    standin.on_accept = lambda _: let_go()
    in_the_worker(app)
    standin.on_accept = None
    while send.expire_next(at=LOST):
        forget()
    reconcile(SETTLED)
    work(SETTLED)
    assert (stored(row_id).state, stored(row_id).provider_id) == ("accepted", standin.texts[0].sid)
    assert len(standin.texts) == 1
