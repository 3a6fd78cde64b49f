"""Fault 8: every code that Twilio may say no with, at once or later by a status."""

import pytest
from sqlalchemy import select

from app.db import db
from app.tasks.models import Task
from tests.messaging.signed import status
from tests.messaging.steps import stored, work


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("30003", ["not_sent"]),
        ("30005", ["number"]),
        ("30006", ["number"]),
        ("30008", ["not_sent"]),
        ("99999", ["not_sent"]),
        (None, ["not_sent"]),
    ],
)
def test_fault_08_a_failed_delivery_says_why_and_asks_a_person_once(
    standin, client, queue, code, kinds
):
    row_id = queue(1)
    work()
    for _ in range(3):
        status(client, row_id, "undelivered", code=code)
    row = stored(row_id)
    assert (row.state, row.error_code) == ("undelivered", code)
    assert row.reason.endswith(".")
    assert db.session.scalars(select(Task.kind)).all() == kinds
