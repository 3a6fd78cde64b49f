import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.db import db
from app.health.beats import last_beat
from app.worker import run
from app.worker.jobs import Job, add_jobs, jobs, messaging_jobs, watches
from tests.cast import NOW
from tests.messaging.steps import arrive, reply, stored


@pytest.fixture(autouse=True)
def tables(app):
    jobs.clear()
    watches.clear()
    yield
    jobs.clear()
    watches.clear()


@pytest.fixture
def once(app):
    def go(at=NOW):
        db.session.remove()
        run.run_worker(app, once=True, now=lambda: at)
        db.session.rollback()

    return go


def test_once_does_everything_that_is_due_and_returns(once, app, queue):
    add_jobs(messaging_jobs())
    rows, reply_id = [queue(n) for n in (1, 2, 3)], arrive(7, "1")
    later = queue(4, due_at=NOW + timedelta(hours=1))
    once()
    assert [stored(i).state for i in rows] == ["accepted"] * 3
    assert stored(later).state == "ready"
    assert reply(reply_id).reader == "appointment"
    assert (last_beat("worker"), last_beat("watch")) == (NOW, NOW)
    once(NOW + timedelta(minutes=1))
    assert [stored(i).state for i in rows] == ["delivered"] * 3


def test_a_reply_that_says_stop_is_read_before_the_next_text_goes(once, queue):
    add_jobs(messaging_jobs())
    row_id = queue(7)
    arrive(7, "stop please")
    once()
    assert stored(row_id).state == "suppressed"


def test_a_failing_job_stops_no_other_and_is_logged_without_its_words(once, caplog):
    done = []

    def fail(at):
        raise ValueError("+447700900001 Hannah Rowe")

    add_jobs([Job("bad", 1, fail), Job("good", 1, lambda at: done.append(at))])
    with caplog.at_level(logging.INFO):
        once()
    assert done == [NOW]
    assert "job bad failed: ValueError" in caplog.text
    assert "Hannah" not in caplog.text
    assert last_beat("worker") == NOW


def test_what_a_failing_job_had_begun_is_undone(once, queue):
    from app.messaging.models import Outbox

    row_id = queue(1)

    def half(at):
        db.session.get(Outbox, row_id).state = "failed"
        db.session.flush()
        raise RuntimeError

    add_jobs([Job("half", 1, half)])
    once()
    assert stored(row_id).state == "ready"


def test_a_watch_that_fails_has_no_beat_and_the_jobs_go_on(once, queue, caplog):
    def blind(at):
        raise RuntimeError("secret")

    watches.add("blind", blind)
    add_jobs(messaging_jobs())
    row_id = queue(1)
    once()
    assert last_beat("watch") is None
    assert stored(row_id).state == "accepted"
    assert "secret" not in caplog.text


def test_the_watch_goes_on_while_a_job_hangs(app, monkeypatch):
    monkeypatch.setattr(run, "WATCH_SECONDS", 0.01)
    hang, seen, ended = threading.Event(), threading.Semaphore(0), threading.Event()
    add_jobs([Job("hangs", 1, lambda at: hang.wait(20))])
    watches.add("look", lambda at: seen.release())
    stop = threading.Event()
    db.session.remove()

    def work():
        run.run_worker(app, now=lambda: NOW, stop=stop)
        ended.set()

    worker = threading.Thread(target=work)
    worker.start()
    for _ in range(5):
        assert seen.acquire(timeout=10)
    assert not ended.is_set()
    stop.set()
    hang.set()
    worker.join(10)
    assert ended.is_set()
    assert last_beat("watch") == NOW


def test_a_long_queue_of_one_job_lets_the_others_have_their_turn(app):
    turns = []
    left = iter(range(5))

    def long(at):
        turns.append("long")
        return next(left, None) is not None

    add_jobs([Job("long", 1, long), Job("short", 0, lambda at: turns.append("short"))])
    stop = threading.Event()
    count = Job("end", 0, lambda at: len(turns) > 8 and stop.set())
    db.session.remove()
    run.keep_working(app, [*jobs.values(), count], lambda: NOW, stop)
    assert turns[:4] == ["long", "short", "long", "short"]


def test_a_job_that_goes_aside_holds_up_no_other(app):
    begun, free, stop = threading.Event(), threading.Event(), threading.Event()

    def slow(at):
        begun.set()
        assert free.wait(20)

    add_jobs(
        [
            Job("slow", 1, slow, aside=True),
            Job("quick", 0, lambda at: begun.wait(20) and free.set()),
        ]
    )
    db.session.remove()
    worker = threading.Thread(
        target=run.run_worker, args=(app,), kwargs={"now": lambda: NOW, "stop": stop}
    )
    worker.start()
    assert free.wait(10)
    stop.set()
    worker.join(10)
    assert not worker.is_alive()


def test_several_workers_may_begin_at_one_moment(app, caplog):
    together = threading.Barrier(4)
    db.session.remove()

    def begin(n):
        with app.app_context():
            together.wait(20)
            run.run_job(app, run.beat_job(), lambda: NOW)
            return last_beat("worker")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(begin, range(4))) == [NOW] * 4
    assert "failed" not in caplog.text
