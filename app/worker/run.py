"""Running the jobs, the watch in a thread of its own and the senders in theirs (`senders.py`),
until told to stop. Jobs that go aside have another thread.

The watch shares nothing with the jobs but the process: its own thread, its own connection, its own
beat, so that a slow provider or a failing job never delays an alarm. A failing job is logged by
the kind of its error only, because messages carry people.
"""

import logging
import signal
import sys
import threading
import time
from collections.abc import Sequence
from datetime import datetime

from flask import Flask

from app.db import db, transact
from app.health.beats import record_beat
from app.messaging.claim import Clock, database_now
from app.worker import senders
from app.worker.jobs import Job, watches
from app.worker.jobs import jobs as registered

log = logging.getLogger("app.worker")

BEAT_SECONDS = 10.0
WATCH_SECONDS = 5.0
# Threads here wait for a database and a provider: with Python's own five milliseconds each answer
# may wait as long for its thread to have its turn.
SWITCH_SECONDS = 0.0005
IDLE_SECONDS = senders.IDLE_SECONDS
MOST_AT_ONCE = 100_000  # of one job in a run with `once`: a job that never ends is a fault


def run_worker(
    app: Flask,
    *,
    once: bool = False,
    now: Clock = database_now,
    stop: threading.Event | None = None,
) -> None:
    """Run every job in turn and the watch beside them, until SIGTERM or SIGINT.

    With `once`: the watch once, then everything that is due, then return. `now` is asked inside an
    application context. Whoever gives `stop` sets it; else the two signals do.
    """
    jobs = registered.values()
    if once:
        run_watch(app, now)
        run_everything_due(app, jobs, now)
        run_job(app, beat_job(), now)
        return
    stop = stop or stopped_by_signals()
    sys.setswitchinterval(SWITCH_SECONDS)
    at_once = [beat_job(), *(job for job in jobs if not (job.aside or job.sends))]
    aside = [job for job in jobs if job.aside]
    beside = [
        threading.Thread(target=keep_watch, args=(app, now, stop), name="watch"),
        threading.Thread(target=keep_working, args=(app, aside, now, stop), name="aside"),
    ]
    if any(job.sends for job in jobs):
        beside += senders.threads(app, now, stop)
    for thread in beside:
        thread.start()
    try:
        keep_working(app, at_once, now, stop)
    finally:
        stop.set()
        for thread in beside:
            thread.join()


def stopped_by_signals() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def beat_job() -> Job:
    return Job("beat", BEAT_SECONDS, lambda at: transact(lambda: record_beat("worker", at=at)))


def keep_working(app: Flask, jobs: Sequence[Job], now: Clock, stop: threading.Event) -> None:
    """Each job whose time has come, once a round; a job with more to do comes again in the next
    round.
    """
    due = {job.name: 0.0 for job in jobs}
    while not stop.is_set():
        busy = False
        for job in jobs:
            if stop.is_set():
                return
            if time.monotonic() < due[job.name]:
                continue
            more = run_job(app, job, now)
            busy = busy or more
            due[job.name] = 0.0 if more else time.monotonic() + job.every_seconds
        if not busy:
            stop.wait(IDLE_SECONDS)


def keep_watch(app: Flask, now: Clock, stop: threading.Event) -> None:
    while not stop.is_set():
        run_watch(app, now)
        stop.wait(WATCH_SECONDS)


def run_watch(app: Flask, now: Clock) -> None:
    """One look of the watch. Its beat is written only when the look succeeded: a blind watch is no
    watch.
    """
    try:
        with app.app_context():
            at = instant(now)
            for watch in watches.values():
                watch(at)
            transact(lambda: record_beat("watch", at=at))
    except Exception as error:
        log.error("the watch failed: %s", type(error).__name__)


def run_everything_due(app: Flask, jobs: Sequence[Job], now: Clock) -> None:
    """Every job until a whole round finds nothing more."""
    for _ in range(MOST_AT_ONCE):
        if not any([run_job(app, job, now) for job in jobs]):
            return
    log.error("the jobs never came to an end")


def run_job(app: Flask, job: Job, now: Clock) -> bool:
    """One call of a job; says whether there is more. Its failure is logged and never stops
    another.
    """
    try:
        with app.app_context():
            return bool(job.run(instant(now)))
    except Exception as error:
        log.error("job %s failed: %s", job.name, type(error).__name__)
        return False


def instant(now: Clock) -> datetime:
    """The time of a step, asked in a transaction that ends at once."""
    at = now()
    db.session.rollback()
    return at
