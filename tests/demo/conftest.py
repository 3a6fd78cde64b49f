"""The sample service as it is told on a Saturday evening, read by all tests of this folder."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from app.db import db
from app.demo.load import load_demo
from app.wiring import create_app
from tests import databases

SATURDAY = datetime(2026, 11, 28, 18, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def sample() -> Iterator[Flask]:
    """The sample service as it is told on a Saturday evening, read by several tests."""
    app = create_app(
        databases.environ(databases.fresh_sqlite()), instance=databases.folder() / "instance"
    )
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    with time_machine.travel(SATURDAY, tick=True), app.app_context():
        load_demo(SATURDAY)
    yield app  # no context: each page is read with a session of its own, as in service
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(autouse=True)
def a_saturday() -> Iterator[None]:
    with time_machine.travel(SATURDAY, tick=True):
        yield
