"""A password for the cast, made once and cheaply: verifying follows the parameters in the hash."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts import hooks
from app.accounts.models import Staff
from app.db import db
from tests.cast import NOW, Cast

PASSWORD = "three loud herons"  # typed as it stands
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def staff(cast: Cast) -> Cast:
    for person in (cast.morwenna, cast.jago, cast.tamsin, cast.kerensa):
        person.password_hash = HASH
    db.session.commit()
    return cast


@pytest.fixture
def enter(app: Flask) -> Callable[..., TestResponse]:
    """Sign in through the page."""

    def go(client: FlaskClient, person: Staff, password: str = PASSWORD, **kw) -> TestResponse:
        return client.post("/sign-in", data={"email": person.email, "password": password}, **kw)

    return go


@pytest.fixture
def unfrozen() -> Iterator[None]:
    """The tables of leaving, to be filled by a test; as they were afterwards."""
    tables = (hooks.caseload, hooks.on_leaving)
    before = [(dict(table._entries), table._frozen) for table in tables]
    for table in tables:
        table.clear()
    yield
    for table, (entries, frozen) in zip(tables, before, strict=True):
        table._entries, table._frozen = entries, frozen
