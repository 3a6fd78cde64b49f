"""A member of staff's private calendar feed: made, read, taken back; never a name or an address."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db, transact
from app.links.models import Link
from app.scheduling.cancel import cancel
from app.scheduling.models import Appointment
from app.scheduling.move import Change, move
from tests.cast import NOW, Cast
from tests.programmes.course import VIDEO_DAY, at, one
from tests.scheduling.reading import read

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("monday")]
SignIn = Callable[[Staff], FlaskClient]


@pytest.fixture
def tamsin(cast: Cast, goals: Appointment, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.tamsin)


@pytest.fixture
def feed(tamsin: FlaskClient) -> str:
    return made(tamsin)


def made(browser: FlaskClient) -> str:
    """Make an address, as its page shows it once."""
    page = browser.post("/me/feed", data={"do": "make"}).text
    found = re.search(r"http://[^/]+(/feeds/\w+\.ics)", page)
    assert found is not None
    return found[1]


def entries(client: FlaskClient, address: str) -> list:
    return Calendar.from_ical(client.get(address).data).walk("VEVENT")


def test_the_address_is_shown_once_and_kept_only_hashed(tamsin: FlaskClient) -> None:
    address = made(tamsin)

    again = read(tamsin, "/me/feed")
    token = address.removeprefix("/feeds/").removesuffix(".ics")
    assert token not in tamsin.get("/me/feed").text
    assert "It was not read yet." in again
    assert token not in [link.digest for link in db.session.scalars(select(Link))]


def test_is_read_without_signing_in_and_sets_no_cookie(feed: str, client: FlaskClient) -> None:
    answer = client.get(feed)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    assert "no-store" in answer.headers["Cache-Control"]


def test_holds_kind_reference_and_time_and_no_name_or_address(
    feed: str, goals: Appointment, client: FlaskClient
) -> None:
    entry = entries(client, feed)[0]

    assert entry["SUMMARY"] == "Goals visit: F1042"
    assert entry["LOCATION"] == "Home"
    assert entry["DTSTART"].dt == goals.starts_at
    whole = client.get(feed).text
    assert [s for s in ("Hannah", "Rowe", "Leo", "Example", "TR15", "+44") if s in whole] == []


def test_holds_only_ones_own(cast: Cast, sign_in: SignIn, feed: str, client: FlaskClient) -> None:
    assert entries(client, made(sign_in(cast.kerensa))) == []
    assert len(entries(client, feed)) == 1


def test_a_cancelled_one_stays_as_cancelled_with_a_higher_sequence(
    cast: Cast, feed: str, goals: Appointment, client: FlaskClient
) -> None:
    before = entries(client, feed)[0]
    change = Change(starts_at=at(VIDEO_DAY + timedelta(1), 10))
    transact(lambda: move(one(goals.id), change, by=cast.jago, at=NOW))
    moved = entries(client, feed)[0]
    transact(lambda: cancel(one(goals.id), "weather", by=cast.jago, at=NOW))
    after = entries(client, feed)[0]

    assert before["UID"] == moved["UID"] == after["UID"]
    assert before["SEQUENCE"] < moved["SEQUENCE"] < after["SEQUENCE"]
    assert after["STATUS"] == "CANCELLED"


def test_says_not_modified_until_something_has_changed(
    cast: Cast, feed: str, goals: Appointment, client: FlaskClient
) -> None:
    tag = client.get(feed).headers["ETag"]
    unchanged = client.get(feed, headers={"If-None-Match": tag})
    assert (unchanged.status_code, unchanged.data) == (304, b"")

    transact(lambda: cancel(one(goals.id), "weather", by=cast.jago, at=NOW))

    assert client.get(feed, headers={"If-None-Match": tag}).status_code == 200


def test_when_it_was_last_read_is_shown_to_its_owner(
    tamsin: FlaskClient, feed: str, client: FlaskClient, monday: time_machine.Traveller
) -> None:
    client.get(feed)

    assert "Last read Mon 23 Nov 10:00." in read(tamsin, "/me/feed")


def test_taking_it_back_and_making_another_end_the_old_one(
    tamsin: FlaskClient, feed: str, client: FlaskClient
) -> None:
    another = made(tamsin)
    assert client.get(feed).status_code == 404
    assert client.get(another).status_code == 200

    tamsin.post("/me/feed", data={"do": "end"})

    assert client.get(another).status_code == 404
    assert "You have no feed." in read(tamsin, "/me/feed")


def test_whoever_has_left_has_none(cast: Cast, feed: str, client: FlaskClient) -> None:
    cast.tamsin.left_at = NOW
    db.session.commit()

    assert client.get(feed).status_code == 404


def test_every_token_that_does_not_open_is_the_same_404(
    tamsin: FlaskClient, feed: str, client: FlaskClient
) -> None:
    tamsin.post("/me/feed", data={"do": "end"})
    tokens = [feed, "/feeds/" + "A" * 22 + ".ics", "/feeds/short.ics"]

    answers = {(client.get(address).status_code, client.get(address).data) for address in tokens}

    assert {status for status, _ in answers} == {404}
    assert len(answers) == 1


def test_a_feed_is_ones_own_business(client: FlaskClient) -> None:
    assert client.get("/me/feed").status_code == 302
    assert client.post("/me/feed", data={"do": "make"}).status_code in (302, 401, 403)
