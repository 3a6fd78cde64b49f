"""A worker killed between an alarm and its text: the alarm stands, and the next worker texts it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app import clock
from app.db import db
from app.messaging.models import Outbox
from tests import databases
from tests.lone_working.conftest import steps, texted

ROOT = Path(__file__).parents[2]
PATIENCE = 30  # seconds, on a busy machine


@pytest.fixture(autouse=True)
def a_monday() -> None:
    """The worker's process has the machine's own clock, and so has this test."""


@pytest.fixture
def start(app, database) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    running = []

    def go(moment: str) -> subprocess.Popen[str]:
        db.session.remove()
        command = [sys.executable, "-m", "tests.standins.watch_process"]
        worker = subprocess.Popen(
            [*command, database, str(databases.folder() / "instance"), moment],
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


def state_of(purpose: str) -> str | None:
    state = db.session.scalar(select(Outbox.state).where(Outbox.purpose == purpose))
    db.session.rollback()  # on SQLite a test that goes on reading would hold the writer's lock
    return state


def test_killed_before_its_text_the_alarm_stands_and_is_texted_after_the_restart(
    visit, start, cast
):
    manager = cast.morwenna.id
    began = clock.now() - timedelta(minutes=95)
    visit(began, 60)
    worker = start("raised")
    assert worker.stdout.readline() == "raised\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert "manager" in steps()
    assert texted() == []

    db.session.rollback()
    start("never")
    until = time.monotonic() + PATIENCE
    while state_of("overdue_manager") not in ("accepted", "delivered"):
        assert time.monotonic() < until, "no text within half a minute"
        time.sleep(0.2)
    assert ("overdue_manager", manager) in texted()
    assert steps().count("manager") == 1
