"""Whoever has a feed as it is is told so without its being made; any change is a new one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from werkzeug.http import http_date

from app.db import db, transact
from app.links.models import Link
from app.places.models import Place
from app.scheduling import feed_views
from app.scheduling.answer import confirm
from app.scheduling.book import book
from app.scheduling.cancel import cancel
from app.scheduling.feed_views import renew
from app.scheduling.models import Appointment
from app.scheduling.move import Change, move
from app.settings import store
from tests.cast import NOW, Cast
from tests.programmes.course import VIDEO_DAY, at, one, wanted
from tests.statements import statements

pytestmark = pytest.mark.usefixtures("monday")
HOUR = timedelta(hours=1)


@pytest.fixture
def address(cast: Cast, goals: Appointment) -> str:
    token = transact(lambda: renew(cast.tamsin, NOW, make=True))
    return f"/feeds/{token}.ics"


def moved(cast: Cast, visit: int, **change: object) -> None:
    change = {"starts_at": at(VIDEO_DAY, 13), "override_reason": "They asked", **change}
    transact(lambda: move(one(visit), Change(**change), by=cast.jago, at=NOW))


def renamed(cast: Cast, visit: int) -> None:
    row = db.session.get(Place, cast.hub.id)
    row.name, row.version = "Elsewhere", row.version + 1
    db.session.commit()


CHANGES: dict[str, Callable[[Cast, int], object]] = {
    "moved": lambda cast, visit: moved(cast, visit),
    "given to another": lambda cast, visit: moved(cast, visit, staff_id=cast.kerensa.id),
    "cancelled": lambda cast, visit: transact(
        lambda: cancel(one(visit), "weather", by=cast.jago, at=NOW)
    ),
    "kept": lambda cast, visit: transact(
        lambda: confirm(one(visit), by=cast.jago, at=NOW, how="phone")
    ),
    "another booked": lambda cast, visit: transact(
        lambda: book(wanted(cast, "follow_up", at(VIDEO_DAY, 14)), by=cast.jago, at=NOW)
    ),
    "a place renamed": renamed,
    "the service renamed": lambda cast, visit: transact(
        lambda: store.change_setting("service_name", "Together", by=cast.jago, at=NOW)
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_seen_even_within_the_same_second(
    cast: Cast, goals: Appointment, address: str, client: FlaskClient, change: str
) -> None:
    first = client.get(address)
    tag, since = first.headers["ETag"], first.headers["Last-Modified"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert client.get(address, headers={"If-Modified-Since": since}).status_code == 304

    CHANGES[change](cast, goals.id)

    assert client.get(address, headers={"If-Modified-Since": since}).status_code == 200
    second = client.get(address, headers={"If-None-Match": tag})
    assert second.status_code == 200
    assert second.headers["ETag"] != tag
    assert client.get(address, headers={"If-None-Match": tag}).data == second.data


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": "{tag}"}, 304),
        ({"If-None-Match": "W/{tag}"}, 304),
        ({"If-None-Match": '"other", W/"another", {tag}'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-None-Match": '"other"', "If-Modified-Since": http_date(NOW + HOUR)}, 200),
        ({"If-None-Match": "{tag}", "If-Modified-Since": http_date(NOW - HOUR)}, 304),
        ({"If-Modified-Since": http_date(NOW - HOUR)}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
        ({}, 200),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.one_database
def test_what_a_reader_has_is_compared_as_the_standard_says(
    address: str, client: FlaskClient, headers: dict[str, str], status: int, method: str
) -> None:
    tag = client.get(address).headers["ETag"]
    asked = {name: value.replace("{tag}", tag) for name, value in headers.items()}

    answer = client.open(address, method=method, headers=asked)

    assert answer.status_code == status
    assert answer.headers["ETag"] == tag
    assert ("Last-Modified" in answer.headers) is (status == 200)
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert bool(answer.data) is (status == 200 and method == "GET")


def test_who_has_it_costs_one_statement_and_nothing_is_written_out(
    address: str, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = client.get(address).headers["ETag"]
    monkeypatch.delattr(feed_views, "body_of")  # nothing could make it

    with statements(db.engine) as seen:
        answer = client.get(address, headers={"If-None-Match": tag})

    assert answer.status_code == 304
    assert len(seen) == 1


def test_the_same_rows_are_the_same_bytes_tomorrow(
    address: str, client: FlaskClient, monday: time_machine.Traveller
) -> None:
    first = client.get(address)
    monday.move_to(NOW + timedelta(days=1))

    again = client.get(address)
    assert again.data == first.data
    assert (again.headers["ETag"], again.headers["Last-Modified"]) == (
        first.headers["ETag"], first.headers["Last-Modified"],
    )  # fmt: skip


def test_a_cancelled_one_stays_for_thirty_days(
    cast: Cast,
    goals: Appointment,
    address: str,
    client: FlaskClient,
    monday: time_machine.Traveller,
) -> None:
    far = transact(
        lambda: book(wanted(cast, "follow_up", at(VIDEO_DAY + timedelta(56), 10)), by=cast.jago,
                     at=NOW)
    )  # fmt: skip
    transact(lambda: cancel(one(far.id), "weather", by=cast.jago, at=NOW))
    shown = {}
    for days in (29, 30, 31):
        monday.move_to(NOW + timedelta(days=days))
        events = Calendar.from_ical(client.get(address).data).walk("VEVENT")
        shown[days] = [str(event["STATUS"]) for event in events if "Follow" in event["SUMMARY"]]

    assert shown == {29: ["CANCELLED"], 30: ["CANCELLED"], 31: []}


def test_a_change_is_stamped_when_it_was_made(
    cast: Cast, goals: Appointment, address: str, client: FlaskClient
) -> None:
    transact(lambda: cancel(one(goals.id), "weather", by=cast.jago, at=NOW + HOUR))

    (event,) = Calendar.from_ical(client.get(address).data).walk("VEVENT")
    assert (event["DTSTAMP"].dt, event["SEQUENCE"]) == (NOW + HOUR, 1)


def test_a_reading_is_written_down_once_an_hour_and_when_something_changed(
    cast: Cast,
    goals: Appointment,
    address: str,
    client: FlaskClient,
    monday: time_machine.Traveller,
) -> None:
    def read_at() -> object:
        db.session.expire_all()
        return db.session.scalars(select(Link.read_at).where(Link.purpose == "feed")).one()

    client.get(address)
    assert read_at() == NOW
    monday.move_to(NOW + timedelta(minutes=30))
    client.get(address)
    assert read_at() == NOW
    moved(cast, goals.id)
    client.get(address)
    assert read_at() == NOW + timedelta(minutes=30)


@pytest.mark.one_database
def test_what_opens_nothing_is_one_answer_whatever_it_asks(
    cast: Cast, address: str, client: FlaskClient
) -> None:
    transact(lambda: renew(cast.tamsin, NOW, make=False))
    never = "/feeds/" + "A" * 22 + ".ics"

    for headers in ({}, {"If-None-Match": "*"}):
        answers = [client.get(path, headers=headers) for path in (address, never, "/feeds/x.ics")]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.data for answer in answers}) == 1
        assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
