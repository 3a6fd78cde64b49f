"""A password for the cast, made once and cheaply: verifying follows the parameters in the hash."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

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

    def go(client: FlaskClient, person: Staff | str, password: str = PASSWORD, **kw) -> TestResponse:
        email = person if isinstance(person, str) else person.email
        return client.post("/sign-in", data={"email": email, "password": password}, **kw)

    return go
