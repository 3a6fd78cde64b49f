"""An application whose messaging knows invented people and purposes, and Twilio's stand-in."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Staff
from app.db import db
from app.messaging import twilio
from app.messaging.outbox import queue_email, queue_text
from tests.cast import NOW, Cast
from tests.messaging.steps import use_twilio
from tests.sessions import signed_in
from tests.standins.people import People, clear, fill
from tests.standins.twilio import TwilioStandIn


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def people() -> Iterator[People]:
    everybody = People()
    fill(everybody)
    yield everybody
    clear()


@pytest.fixture
def app(app: Flask, people: People) -> Flask:
    fill(people)  # after wiring's own
    return app


@pytest.fixture
def standin(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[TwilioStandIn]:
    made = TwilioStandIn()
    monkeypatch.setattr(twilio, "TIMEOUT", 20.0)  # a machine busy with other things
    use_twilio(app, made.url)
    yield made
    made.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Callable[[], AbstractContextManager[None]]:
    """`with impatient():` the client hangs up after less than the stand-in's `delay`."""

    @contextmanager
    def hanging_up() -> Iterator[None]:
        with monkeypatch.context() as patched:
            patched.setattr(twilio, "TIMEOUT", 0.4)
            yield

    return hanging_up


@pytest.fixture
def queue(app: Flask) -> Callable[..., int]:
    """Queue one message as an act would, and commit; answers the row's id."""

    def go(number: int = 1, purpose: str = "booked", **more: object) -> int:
        chosen = {
            "about": ("appointment", number),
            "to": ("carer", number),
            "due_at": NOW,
            "expires_at": NOW + timedelta(days=1),
            "dedupe": f"{purpose}:{number}",
            "at": NOW,
            **more,
        }
        make = queue_email if chosen.pop("email", False) else queue_text
        row = make(purpose, **chosen)
        db.session.commit()
        return row.id

    return go


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Staff], FlaskClient]:
    return lambda person: signed_in(app, person)


@pytest.fixture
def jago(cast: Cast, sign_in: Callable[[Staff], FlaskClient]) -> FlaskClient:
    """The coordinator's browser."""
    return sign_in(cast.jago)
