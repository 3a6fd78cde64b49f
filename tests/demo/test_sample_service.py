"""The sample service: told through the acts on any day, and no link of any page of it leads
astray.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import unescape
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import Staff
from app.db import db
from app.demo.load import STORIES, load_demo
from app.families.models import Family
from app.scheduling.models import LIVE, Appointment, Reservation
from app.wiring import create_app
from tests import databases
from tests.sessions import signed_in

SATURDAY = datetime(2026, 11, 28, 18, 0, tzinfo=UTC)
OFTEN_ENOUGH = 6  # pages opened of one kind, for one person
LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')


@pytest.fixture(scope="module")
def sample() -> Iterator[Flask]:
    """The sample service as it is told on a Saturday evening, read by several tests."""
    app = create_app(
        databases.environ(databases.fresh_sqlite()), instance=databases.folder() / "instance"
    )
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    with time_machine.travel(SATURDAY, tick=True):
        with app.app_context():
            load_demo(SATURDAY)
        yield app  # no context: each page is read with a session of its own, as in service
        with app.app_context():
            db.engine.dispose()


def test_every_story_has_its_family_at_a_step_of_its_own(sample: Flask) -> None:
    with sample.app_context():
        families = db.session.scalar(select(func.count()).select_from(Family)) or 0
        kinds = set(db.session.scalars(select(Appointment.status).distinct()))
    assert families >= 20 <= len(STORIES)
    assert kinds >= {"booked", "confirmed", "done", "cancelled", "provisional"}


def test_what_the_stories_hold_is_what_their_appointments_need(sample: Flask) -> None:
    """Reservations match the live appointments, no more and no fewer."""
    to_come = select(Appointment.id).where(Appointment.status.in_(LIVE))
    with sample.app_context():
        assert set(db.session.scalars(to_come)) == set(
            db.session.scalars(select(Reservation.appointment_id))
        )


@pytest.mark.parametrize("role", ["manager", "coordinator", "practitioner"])
def test_every_link_that_is_offered_opens(sample: Flask, role: str) -> None:
    with sample.app_context():
        person = db.session.scalars(
            select(Staff).where(Staff.role == role).order_by(Staff.id).limit(1)
        ).one()
        client = signed_in(sample, person)
    opened, astray = walk(sample, client)
    assert not astray
    assert len(opened) >= 30, sorted(opened)


def walk(app: Flask, client: FlaskClient) -> tuple[Counter[str], list[str]]:
    """Follows links from Today, a few of each kind of page: the kinds opened, and what failed."""
    kind_of = kinds_of(app)
    opened: Counter[str] = Counter()
    astray: list[str] = []
    waiting, known = [("/", "")], {"/"}
    while waiting:
        address, origin = waiting.pop(0)
        kind = kind_of(address)
        if kind == "static" or opened[kind] >= OFTEN_ENOUGH:
            continue
        opened[kind] += 1
        db.session.remove()  # as in service: each request begins with a session of its own
        answer = client.get(address, follow_redirects=True)
        if answer.status_code != 200:
            astray.append(f"{origin} -> {address}: {answer.status_code}")
            continue
        if answer.mimetype != "text/html":
            continue
        for link in LINK.findall(answer.text):
            target = unescape(link).partition("#")[0]
            if target.startswith("/") and target not in known:
                known.add(target)
                waiting.append((target, address))
    return opened, astray


def kinds_of(app: Flask) -> Callable[[str], str]:
    rules = app.url_map.bind("127.0.0.1")

    def kind(address: str) -> str:
        endpoint, _ = rules.match(urlsplit(address).path, method="GET")
        return str(endpoint)

    return kind
