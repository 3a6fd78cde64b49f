"""Fixtures for everybody: an application on each database, a signed-in client, no network beyond
this machine.
"""

import gc
import os
import socket
from collections.abc import Callable, Iterator
from functools import lru_cache

import pytest
from flask import Flask, g, request_started
from flask.testing import FlaskClient

from app import clock
from app.accounts.models import Staff
from app.accounts.sessions import open_session
from app.db import db, transact
from app.wiring import create_app, fill_registries
from tests import databases
from tests.cast import Cast

BOTH = ("sqlite", "postgresql")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "one_database: a page or a pure matter: SQLite is enough")
    os.environ["NO_PROXY"] = "127.0.0.1,localhost"
    # Two applications' worth of objects live as long as the process: to walk them all for every 700
    # new ones was a third of the suite's time.
    gc.set_threshold(100_000, 50, 100)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" not in metafunc.fixturenames:
        return
    one = metafunc.definition.get_closest_marker("one_database")
    metafunc.parametrize("database", BOTH[:1] if one else BOTH, indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """The address of this process's database, migrated and empty."""
    return databases.emptied(request.param)


@pytest.fixture
def app(database: str) -> Iterator[Flask]:
    """The application of this process on this database, as it was when it was made.

    Made once: what takes long are the addresses and the first use of each template and statement.
    """
    app = application(database)
    settings, extensions = dict(app.config), dict(app.extensions)
    fill_registries()
    with app.app_context():
        yield app
        db.session.remove()
        if db.engine.dialect.name == "sqlite":
            db.engine.dispose()  # the next test has another file of this name
    for kept, before in ((app.config, settings), (app.extensions, extensions)):
        kept.clear()
        kept.update(before)


@lru_cache(maxsize=2)
def application(database: str) -> Flask:
    app = create_app(databases.environ(database), instance=databases.folder() / "instance")
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    request_started.connect(begin_afresh, app)
    with app.app_context():
        databases.careless(db.engine)
    return app


def begin_afresh(app: Flask, **_: object) -> None:
    """Each request finds an empty `g`, as in service: the context that a test holds would keep
    whoever was signed in.
    """
    for name in list(g):
        g.pop(name)


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The people that the tests, the sample service and the README share."""
    return Cast.made()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Staff], FlaskClient]:
    """A browser of its own in which this member of staff is signed in, without the sign-in page."""

    def enter(person: Staff) -> FlaskClient:
        browser = app.test_client()
        key = transact(lambda: open_session(person, agent="", at=clock.now()))
        with browser.session_transaction() as session:
            session["_user_id"] = key
        return browser

    return enter


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket to any other machine fails the test by name."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "local"
        if host not in ("127.0.0.1", "::1", "localhost", "local"):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
