"""How many SQL statements a page makes, by name: at most twelve, whatever the data.

Each is asserted with its name, so that another one is noticed where it comes from. The families are
those of the benchmark: with programmes, conversations, texts, watches and tasks.
"""

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db
from tests.bench.many import NOW
from tests.bench.years import fill
from tests.sessions import signed_in
from tests.statements import statements

pytestmark = pytest.mark.one_database
MOST = 12

# Whose session, rules and small numbers of the frame; who is out now.
SESSION, WATCH = "SELECT staff", "SELECT watch"
TODAY = [
    SESSION,
    "SELECT duty",
    "SELECT conversation",
    "SELECT family",  # who wants to talk, and whether a peer parent is asked
    "SELECT programme",
    "SELECT appointment",  # cancelled, over, in doubt
    WATCH,
    "SELECT peer …",  # what waits by single rows
    "SELECT family …",  # names
    "SELECT appointment",  # two days
    "SELECT outbox",
]
FAMILY = [
    SESSION,
    "INSERT audit",
    "SELECT family",  # with its people
    "SELECT appointment",
    "SELECT family",  # choices, enquiry, referral
    "SELECT family_note …",  # what has happened
    "SELECT assessment",
    "SELECT task",
    "SELECT programme",
    "SELECT consent …",
    WATCH,
]
GOALS = "SELECT goal"
OWN_DAY = ["SELECT assessment …"]  # the homes they visit, and the ways there
# The team with its hours and absences, and the appointments.
DIARY = [SESSION, "SELECT staff", "SELECT closure …", "SELECT appointment", WATCH]
FEED = [SESSION, "SELECT staff", "SELECT closure …", "SELECT appointment"]


def made(app: Flask, role: str, address: str) -> list[str]:
    """The statements of a page for the first of a role, in a session that knows nothing yet."""
    person = db.session.scalars(select(Staff).where(Staff.role == role).order_by(Staff.id)).first()
    assert person is not None
    with time_machine.travel(NOW, tick=False):
        client = signed_in(app, person)
        db.session.remove()
        with statements() as seen:
            assert client.get(address).status_code == 200
    return seen


@pytest.fixture(params=[(130, 300), (170, 1200)], ids=["few", "many"])
def reference(request: pytest.FixtureRequest, app: Flask) -> str:
    """A family of a filled service with a bit of everything."""
    with time_machine.travel(NOW, tick=False):
        return fill(*request.param)


@pytest.mark.parametrize("role", ["coordinator", "manager"])
def test_today(app: Flask, reference: str, role: str) -> None:
    seen = made(app, role, "/")

    assert sorted(seen) == sorted(TODAY)
    assert len(seen) <= MOST


def test_a_practitioners_today(app: Flask, reference: str) -> None:
    seen = made(app, "practitioner", "/")

    assert sorted(seen) == sorted([*TODAY, *OWN_DAY])
    assert len(seen) <= MOST


@pytest.mark.parametrize(("role", "more"), [("coordinator", []), ("manager", [GOALS])])
def test_a_family_page(app: Flask, reference: str, role: str, more: list[str]) -> None:
    seen = made(app, role, f"/families/{reference}")

    assert sorted(seen) == sorted([*FAMILY, *more])
    assert len(seen) <= MOST


@pytest.mark.parametrize("role", ["coordinator", "manager", "practitioner"])
@pytest.mark.parametrize(
    "view", ["team", "week", "month", "list", "week&who=3", "team&kind=follow_up"]
)
def test_the_diary(app: Flask, reference: str, role: str, view: str) -> None:
    assert sorted(made(app, role, f"/diary/2026-11-23?view={view}")) == sorted(DIARY)


@pytest.mark.parametrize("role", ["coordinator", "manager", "practitioner"])
def test_the_diarys_feed(app: Flask, reference: str, role: str) -> None:
    seen = made(app, role, "/diary/feed.json?start=2026-11-23&end=2026-11-30")

    assert sorted(seen) == sorted(FEED)
