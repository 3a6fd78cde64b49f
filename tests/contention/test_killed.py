"""The web process killed in the middle of a booking: all of it stands or nothing, and the same form
sent again books once.
"""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

import pytest
import time_machine
from flask import g
from sqlalchemy import event, func, select

from app.audit.models import AuditEntry
from app.db import db
from app.messaging.models import Outbox
from app.scheduling.invitations.models import Invitation
from app.scheduling.models import Appointment, Reservation
from tests.cast import NOW
from tests.contention.crowd import Attempt, answer_of, open_page, post, service
from tests.contention.rounds import one_slot

pytestmark = pytest.mark.xdist_group("crowd")

MOMENTS = {"written": "commit", "committed": "after_commit"}


def book_and_stall(pipe: Connection, database: str, attempt: Attempt, moment: str) -> None:
    """Sends the form, says so when the moment has come, and waits there to be killed."""

    def stall(_: Any) -> None:
        if "writing" in g and not db.session().in_nested_transaction():
            pipe.send(moment)
            time.sleep(60)

    with time_machine.travel(NOW, tick=True):
        app = service(database)
        browser = open_page(app, attempt)
        with app.app_context():
            # The connection's event comes with everything flushed, just before COMMIT.
            target = db.engine if moment == "written" else db.session
            event.listen(target, MOMENTS[moment], stall)
        post(attempt, *browser, 0)


@pytest.fixture
def kill_at() -> Iterator[Callable[[str, Attempt, str], None]]:
    started: list[BaseProcess] = []

    def go(database: str, attempt: Attempt, moment: str) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["tests.contention.crowd"])
        ours, theirs = context.Pipe()
        process = context.Process(target=book_and_stall, args=(theirs, database, attempt, moment))
        process.start()
        started.append(process)
        assert ours.poll(60)
        assert ours.recv() == moment
        process.kill()
        process.join()

    yield go
    for process in started:
        process.kill()
        process.join()


def stored() -> list[int]:
    """How many appointments, reservations, outbox rows, invitations and audit entries there are."""
    db.session.rollback()
    tables = (Appointment, Reservation, Outbox, Invitation, AuditEntry)
    return [db.session.scalar(select(func.count()).select_from(table)) for table in tables]


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_then_all_of_it_stands_or_nothing(app, database, kill_at, moment) -> None:
    [form] = one_slot(1)
    once = Attempt(form.page, {"once": "the number of one form"}, form.session)
    before = stored()
    browser = open_page(app, once)
    db.session.remove()

    kill_at(database, once, moment)
    after_the_kill = stored()
    db.session.remove()
    again = answer_of(*post(once, *browser, 0))

    assert again.booked
    whole = stored()
    assert all(now > then for now, then in zip(whole, before, strict=True))
    assert whole[0] == 1
    assert after_the_kill == (before if moment == "written" else whole)
