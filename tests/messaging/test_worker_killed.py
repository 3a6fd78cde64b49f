"""Workers killed again and again: one text for every row in the end, and none stuck. What one
worker leaves at each instant is in faults/test_faults_13_14_16_killed.py.
"""

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
