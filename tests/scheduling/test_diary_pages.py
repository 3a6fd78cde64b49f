"""The diary and Today: whose is busy to whom, and days out of reach."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Staff
from app.db import db
from app.scheduling.models import Appointment
from tests.cast import NOW, Cast

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]
PAGES = ("/", "/diary", "/diary?view=week", "/diary/feed.json?start=2026-11-23&end=2026-11-24")
TELLING = ("Jodie", "Hosking", "F1031", "Follow-up")


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def visit(app: Flask, cast: Cast) -> Appointment:
    """Kerensa is with Jodie's family at 14:00 today."""
    row = Appointment(
        kind="follow_up", family_id=cast.jodie.id, staff_id=cast.kerensa.id, how="phone",
        starts_at=NOW + timedelta(hours=4), ends_at=NOW + timedelta(hours=5), status="booked",
        uid="u1", booked_by="test", created_at=NOW,
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row


def told(client: FlaskClient, page: str) -> set[str]:
    """What a page gives away of Jodie's family."""
    answer = client.get(page)
    assert answer.status_code == 200
    return {word for word in TELLING if word in answer.text}


@pytest.mark.parametrize("page", PAGES)
def test_another_practitioner_reads_only_busy(
    cast: Cast, visit: Appointment, sign_in: SignIn, page: str
) -> None:
    assert told(sign_in(cast.tamsin), page) == set()
    assert told(sign_in(cast.kerensa), page) > {"F1031"}


@pytest.mark.parametrize("page", PAGES)
def test_a_coordinator_reads_only_busy_of_a_family_closed_to_who_matches(
    cast: Cast, visit: Appointment, sign_in: SignIn, page: str
) -> None:
    assert told(sign_in(cast.jago), page) > {"F1031"}

    cast.jodie.closed_to_matchers = True
    db.session.commit()

    assert told(sign_in(cast.jago), page) == set()
    assert told(sign_in(cast.morwenna), page) > {"F1031"}


@pytest.mark.parametrize(
    "page",
    [
        "/diary/9999-12-31",
        "/diary/0001-01-01",
        "/diary/feed.json?start=9999-12-30&end=9999-12-31",
        "/day-sheet/9999-12-31",
    ],
)
def test_a_day_without_neighbours_is_no_page(cast: Cast, sign_in: SignIn, page: str) -> None:
    assert sign_in(cast.tamsin).get(page).status_code == 404
