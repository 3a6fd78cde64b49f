"""The senders: many at one time, and alarms on a path that nothing else can stand in."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text

from app.db import db, transact
from app.messaging import channels, registry, send
from app.messaging.claim import claim_next
from app.messaging.models import ALARM, Outbox
from app.messaging.transports import Lost, Outcome, Parcel, Trace, elapsed
from app.worker import run
from app.worker.jobs import MORE, add_jobs, jobs, messaging_jobs, watches
from tests.cast import NOW
from tests.messaging.steps import reconcile, stored, work

PATIENCE = 20  # seconds, on a busy machine


class Provider:
    """A transport that asks `act` what becomes of each parcel."""

    paced = False

    def __init__(self, act: Callable[[Parcel], Outcome]):
        self.act = act

    def send(self, parcel: Parcel) -> Outcome:
        return self.act(parcel)

    def find(self, _: Lost) -> Trace:
        return Trace("unsure")


@pytest.fixture
def working(app) -> Iterator[Callable[[Callable[[Parcel], Outcome]], threading.Event]]:
    """A worker in a thread of the test, whose provider does as the test says."""
    jobs.clear()
    watches.clear()
    add_jobs(messaging_jobs())
    stop, threads = threading.Event(), []

    def go(act: Callable[[Parcel], Outcome]) -> threading.Event:
        app.extensions["transports"] = {"text": Provider(act), "email": Provider(act)}
        db.session.remove()
        worker = threading.Thread(
            target=run.run_worker, args=(app,), kwargs={"now": lambda: NOW, "stop": stop}
        )
        threads.append(worker)
        worker.start()
        return stop

    yield go
    db.session.remove()  # a test that goes on reading would hold the writer's lock on SQLite
    stop.set()
    for worker in threads:
        worker.join(PATIENCE)
        assert not worker.is_alive()
    jobs.clear()
    watches.clear()


def number_in(state: str, rows: list[int]) -> int:
    found = [stored(row_id).state for row_id in rows].count(state)
    db.session.remove()  # else SQLite's one writer waits for this reader
    return found


def until(seen: Callable[[], bool], *, within: float = PATIENCE) -> None:
    end = time.monotonic() + within
    while not seen():
        assert time.monotonic() < end
        time.sleep(0.02)  # a poll with a limit, not a guess


def accepted(parcel: Parcel) -> Outcome:
    return Outcome("accepted", sid=f"SM{parcel.row_id}.{parcel.attempt}")


def test_eight_texts_go_at_one_time_each_by_a_sender_of_its_own(working, queue):
    rows = [queue(n) for n in range(1, 9)]
    together, owners = threading.Barrier(9), []

    def all_at_once(parcel: Parcel) -> Outcome:
        owners.append(parcel.owner)
        together.wait(PATIENCE)
        return accepted(parcel)

    stop = working(all_at_once)
    together.wait(PATIENCE)
    stop.set()
    assert len(set(owners)) == 8
    for thread in threading.enumerate():
        if thread.name.startswith("texts"):
            thread.join(PATIENCE)
    assert {stored(row_id).state for row_id in rows} == {"accepted"}


def test_an_alarm_leaves_while_every_other_sender_hangs(working, queue):
    rows = [queue(n) for n in range(1, 21)]
    hanging, free, left = threading.Semaphore(0), threading.Event(), threading.Event()

    def blocked(parcel: Parcel) -> Outcome:
        if parcel.alarm:
            left.set()
        else:
            hanging.release()
            free.wait(PATIENCE)
        return accepted(parcel)

    stop = working(blocked)
    for _ in range(8):
        assert hanging.acquire(timeout=PATIENCE)
    assert not hanging.acquire(timeout=0.1)  # that is all of them
    queue(30, "alarm", to=("staff", 1))
    db.session.remove()
    assert left.wait(PATIENCE)
    stop.set()
    free.set()
    assert {stored(row_id).attempt for row_id in rows} <= {0, 1}


def test_eight_alarms_leave_while_the_provider_answers_nobody(working, queue):
    came, free = threading.Semaphore(0), threading.Event()

    def silent(parcel: Parcel) -> Outcome:
        came.release()
        free.wait(PATIENCE)
        return Outcome("unknown", "no answer")

    for n in range(1, 9):
        queue(n, "alarm", to=("staff", n))
    stop = working(silent)
    for _ in range(8):
        assert came.acquire(timeout=PATIENCE)
    stop.set()
    free.set()


def test_a_text_in_hand_waits_for_a_connection_and_no_more_go_at_once(working, queue):
    rows = [queue(n) for n in range(1, 13)]
    came, free = threading.Semaphore(0), threading.Semaphore(0)

    def one_by_one(parcel: Parcel) -> Outcome:
        came.release()
        free.acquire(timeout=PATIENCE)
        return accepted(parcel)

    stop = working(one_by_one)
    for _ in range(8):
        assert came.acquire(timeout=PATIENCE)
    until(lambda: number_in("sending", rows) == 8 + MORE)
    assert not came.acquire(timeout=0.1)  # in hand, but not on its way
    free.release()
    assert came.acquire(timeout=PATIENCE)  # one is back, so one more goes
    assert not came.acquire(timeout=0.1)
    free.release(len(rows))
    until(lambda: number_in("accepted", rows) == len(rows))
    stop.set()


def test_a_text_in_hand_is_given_back_where_the_worker_stops(working, queue):
    rows = [queue(n) for n in range(1, 13)]
    free = threading.Event()

    def blocked(parcel: Parcel) -> Outcome:
        free.wait(PATIENCE)
        return accepted(parcel)

    stop = working(blocked)
    until(lambda: number_in("sending", rows) == 8 + MORE)
    stop.set()
    # Well before its time in hand is over.
    until(lambda: number_in("ready", rows) == len(rows) - 8, within=4)
    free.set()
    until(lambda: number_in("accepted", rows) == 8)


def test_a_text_in_hand_is_judged_again_where_no_connection_becomes_free(working, queue):
    rows = [queue(n) for n in range(1, 9 + MORE)]
    free = threading.Event()

    def blocked(parcel: Parcel) -> Outcome:
        free.wait(PATIENCE)
        return accepted(parcel)

    stop = working(blocked)
    until(lambda: number_in("sending", rows) == 8 + MORE)
    until(lambda: number_in("ready", rows) == MORE, within=9)
    stop.set()
    free.set()
    until(lambda: number_in("accepted", rows) == 8)


def test_an_alarm_waits_ten_seconds_for_an_answer_and_a_text_thirty(standin, queue, monkeypatch):
    from app.messaging import twilio

    monkeypatch.setattr(twilio, "TIMEOUT", 30.0)
    monkeypatch.setattr(twilio, "ALARM_TIMEOUT", 0.2)
    standin.faults.extend(["late", "late"])
    row_id = queue(1, "alarm", to=("staff", 1))
    work()
    assert stored(row_id).state == "ready"  # unknown: it goes again
    text = queue(2)
    work()
    assert stored(text).state == "accepted"


def test_an_alarm_goes_however_late_and_an_answer_to_a_worker_does_not(app, queue, monkeypatch):
    answer = replace(registry.purposes["alarm"], expires=True)
    monkeypatch.setitem(registry.purposes._entries, "answer", answer)
    late = NOW + timedelta(days=2)
    alarm, noted = queue(1, "alarm", to=("staff", 1)), queue(1, "answer", to=("staff", 1))
    work(late)
    assert (stored(alarm).state, stored(noted).state) == ("accepted", "expired")


@pytest.mark.parametrize("stopped", [True, False])
def test_no_rest_of_the_channel_holds_up_an_alarm(standin, queue, stopped):
    if stopped:
        transact(lambda: channels.stop("text", "it refuses us", at=NOW))
    else:
        transact(lambda: channels.slow("text", timedelta(minutes=5), "slow down", at=NOW))
    text, alarm = queue(1), queue(2, "alarm", to=("staff", 1))
    work()
    assert (stored(text).state, stored(alarm).state) == ("ready", "accepted")


@pytest.mark.parametrize("fault", ["429", "401", "21606"])
def test_an_alarm_that_is_refused_is_tried_again_within_ten_seconds(standin, queue, fault):
    alarm = queue(1, "alarm", to=("staff", 1))
    standin.retry_after = "300"
    standin.faults.append(fault)
    work()
    assert stored(alarm).state == "ready"
    work(NOW + timedelta(seconds=10))
    assert stored(alarm).state == "accepted"


def test_an_alarm_is_never_looked_for_but_sent_again(standin, queue):
    alarm = queue(1, "alarm", to=("staff", 1))
    standin.faults.extend(["after_500", "before_500"])
    work()
    assert reconcile(NOW + timedelta(minutes=6)) == 0
    work(NOW + timedelta(seconds=30))
    work(NOW + timedelta(seconds=90))
    assert stored(alarm).state == "accepted"
    assert standin.asked == 3


def test_news_go_before_reminders_and_alarms_before_both(app, queue):
    hour = timedelta(hours=1)
    reminder = queue(1, "reminder", due_at=NOW - hour)
    news = queue(2, due_at=NOW - hour / 2)
    alarm = queue(3, "alarm", to=("staff", 1))
    claimed = [claim_next(f"sender {n}", at=NOW) for n in range(3)]
    assert [parcel.row_id for parcel in claimed] == [alarm, news, reminder]


def test_a_sender_that_slept_does_not_send_what_may_have_been_sent_again(app, standin, queue):
    row_id = queue(1)
    parcel = claim_next("sleeper", at=NOW)
    slept = replace(parcel, begin_by=elapsed() - 1)
    send.record((slept, send.attempted(slept)), at=NOW)
    assert (standin.asked, stored(row_id).state) == (0, "ready")


def test_what_became_of_the_last_is_written_with_the_next_claim_or_without(app, queue):
    first, second = queue(1), queue(2)
    parcel = claim_next("sender", at=NOW)
    following = send.claim("sender", at=NOW, done=(parcel, accepted(parcel)))
    assert (following.row_id, stored(first).state) == (second, "accepted")
    assert send.claim("sender", at=NOW, done=(following, accepted(following))) is None
    assert stored(second).state == "accepted"


def test_what_became_of_the_last_is_kept_where_the_next_cannot_be_written(app, queue):
    first, broken = queue(1), queue(2, payload={"words": "broken"})
    parcel = claim_next("sender", at=NOW)
    assert send.claim("sender", at=NOW, done=(parcel, accepted(parcel))) == "settled"
    assert (stored(first).state, stored(broken).state) == ("accepted", "suppressed")


def test_what_became_of_the_last_is_kept_where_the_claim_fails(app, queue, monkeypatch):
    first = queue(1)
    parcel = claim_next("sender", at=NOW)

    def fail(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(channels, "rests", fail)
        with pytest.raises(RuntimeError):
            send.claim("sender", at=NOW, done=(parcel, accepted(parcel)))
    assert stored(first).state == "accepted"


def test_ten_thousand_that_wait_are_not_read_for_one(app, queue):
    """The database takes the first of a lane from an index, in its order, and sorts nothing. It
    knows how many there are: what it takes for a table without any is another matter.
    """
    row_id = queue(1)
    one = db.session.execute(select(Outbox.__table__).where(Outbox.id == row_id)).one()._asdict()
    many = [
        {**one, "id": row_id + n, "dedupe": f"waits {n}", "due_at": NOW + timedelta(seconds=n)}
        for n in range(1, 3000)
    ]
    db.session.execute(insert(Outbox), many)
    db.session.execute(text("ANALYZE outbox"))
    claim = (
        "SELECT * FROM outbox WHERE state = 'ready' AND lane = 'news' AND due_at <= :at "
        "ORDER BY due_at, id LIMIT 1"
    )
    explain = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "
    plan = " ".join(
        str(row) for row in db.session.execute(text(explain + claim), {"at": "2027-01-01"})
    )
    assert "ix_outbox_due" in plan
    assert "sort" not in plan.lower()
    assert "b-tree" not in plan.lower()
    db.session.rollback()


def test_alarms_have_senders_that_take_nothing_else(app):
    from app.worker.jobs import paths

    by_name = {path.name: path for path in paths(8)}
    assert tuple(by_name["alarms"].lanes) == (ALARM,)
    assert all(ALARM not in path.lanes for name, path in by_name.items() if name != "alarms")


def test_time_is_kept_by_a_clock_that_nobody_puts_back():
    before = elapsed()
    assert time.monotonic() >= 0
    assert elapsed() >= before
