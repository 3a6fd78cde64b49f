"""A worker killed at any instant: one text in the end, and no row stuck."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app import clock
from app.db import db
from app.messaging import send
from tests import databases
from tests.messaging.steps import reconcile, stored, work

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def a_monday() -> None:
    """The worker's process has the machine's own clock, and so have these tests."""


@pytest.fixture
def start(app, standin, database, tmp_path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    running = []

    def go(moment: str) -> subprocess.Popen[str]:
        db.session.remove()
        command = [sys.executable, "-m", "tests.standins.worker_process"]
        worker = subprocess.Popen(
            [*command, database, standin.url, str(databases.folder() / "instance"), moment],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "NO_PROXY": "127.0.0.1"},
        )
        running.append(worker)
        assert worker.stdout.readline() == "started\n"
        return worker

    yield go
    for worker in running:
        worker.kill()
        worker.wait()
        worker.stdout.close()


def in_a_month(at: datetime) -> dict[str, object]:
    """A person's decision, so that it may go at whatever hour the machine's clock shows."""
    return {"now": True, "due_at": at, "expires_at": at + timedelta(days=30), "at": at}


@pytest.mark.parametrize("moment", ["claimed", "answered", "recorded"])
def test_killed_at_this_moment_one_text_goes(start, standin, queue, moment):
    at = clock.now()
    row_id = queue(1, **in_a_month(at))
    worker = start(moment)
    assert worker.stdout.readline() == f"{moment}\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    lost, settled = at + timedelta(minutes=2), at + timedelta(minutes=10)
    send.expire_next(at=lost)
    work(lost)
    reconcile(settled)
    work(settled)
    assert len(standin.texts) == 1
    assert stored(row_id).state == "accepted"
    assert stored(row_id).provider_id == standin.texts[0].sid


def test_killed_during_the_post_one_text_goes(start, standin, queue):
    at = clock.now()
    row_id = queue(1, **in_a_month(at))
    standin.faults.append("late")
    standin.delay = 1.0
    posted = []
    standin.on_accept = lambda text: posted.append(worker.send_signal(signal.SIGKILL))
    worker = start("never")
    worker.wait()
    standin.on_accept = None
    standin.finish()
    send.expire_next(at=at + timedelta(minutes=2))
    assert stored(row_id).state == "unknown"
    reconcile(at + timedelta(minutes=10))
    work(at + timedelta(minutes=10))
    assert (len(standin.texts), stored(row_id).state) == (1, "accepted")


def test_told_to_stop_it_finishes_the_row_in_hand_and_exits(start, standin, queue):
    at = clock.now()
    first = queue(1, **in_a_month(at))
    standin.on_accept = lambda text: worker.send_signal(signal.SIGTERM)
    worker = start("never")
    assert worker.wait(timeout=20) == 0
    assert stored(first).state == "accepted"


def test_two_workers_killed_again_and_again_send_every_text_once(start, standin, queue):
    at = clock.now()
    rows = [queue(n, **in_a_month(at)) for n in range(1, 21)]
    for moment in ("claimed", "answered"):
        pair = [start(moment), start(moment)]
        for worker in pair:
            assert worker.stdout.readline() == f"{moment}\n"
            worker.send_signal(signal.SIGKILL)
            worker.wait()
    lost, settled = at + timedelta(minutes=2), at + timedelta(minutes=10)
    while send.expire_next(at=lost):
        db.session.remove()
    work(lost)
    reconcile(settled)
    work(settled)
    assert sorted(t.to for t in standin.texts) == [f"+447700900{n:03d}" for n in range(1, 21)]
    assert {stored(row_id).state for row_id in rows} == {"accepted"}
