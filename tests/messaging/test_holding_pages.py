"""Holding back, releasing, sending now and stopping a message that waits, from the pages on which
it stands; and what is said when it is too late.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db, transact
from app.families.models import Carer
from app.messaging.models import Outbox
from app.scheduling.book import Booking, book
from app.scheduling.queries import by_id
from app.windows import read_windows
from app.wiring import fill_registries
from tests.cast import NOW, Cast
from tests.messaging.steps import work
from tests.programmes.course import VIDEO_DAY, at, says, wanted
from tests.sessions import signed_in

pytestmark = pytest.mark.one_database
LAST = at(date(2026, 11, 30), 10)  # the reminder is due then, on the working day before the visit
EVENING = at(date(2026, 11, 23), 20)


@pytest.fixture
def app(app: Flask) -> Flask:
    """The service itself: no invented people here."""
    fill_registries()
    return app


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def visit(cast: Cast, clock: time_machine.Traveller) -> int:
    """Hannah's visit, of whose booking she has been told."""
    says(cast)
    asked = wanted(cast, "goals_visit", at(VIDEO_DAY, 10))
    number = transact(lambda: book(asked, by=cast.jago, at=NOW)).id
    work(NOW)
    return number


@pytest.fixture
def browser(app: Flask, visit: int) -> FlaskClient:
    return person(app, "Jago Penrose")


def person(app: Flask, name: str) -> FlaskClient:
    return signed_in(app, db.session.scalars(select(Staff).where(Staff.name == name)).one())


def reminder() -> Outbox:
    return db.session.scalars(
        select(Outbox).where(Outbox.purpose == "reminder"),
        execution_options={"populate_existing": True},
    ).one()


def acts(what: str) -> str:
    return f"/texts/messages/{reminder().id}/{what}"


def thread() -> str:
    return f"/texts/carer/{reminder().recipient_id}"


PAGES: dict[str, Callable[[int], str]] = {
    "the appointment": lambda number: f"/appointments/{number}",
    "the thread": lambda _: thread(),
    "the family": lambda _: "/families/F1042/texts",
}


@pytest.mark.parametrize("where", PAGES)
def test_each_page_offers_what_may_be_decided_and_comes_back(
    browser: FlaskClient, visit: int, where: str
) -> None:
    page = PAGES[where](visit)

    shown = browser.get(page).text
    assert f'action="{acts("hold")}"' in shown
    assert acts("send-now") in shown
    assert acts("stop") in shown
    answer = browser.post(acts("hold"), data={"to": page})

    assert answer.location == page
    assert "It is held back until somebody releases it." in browser.get(page).text


def test_what_is_held_back_does_not_go_until_it_is_released(
    app: Flask, browser: FlaskClient, visit: int, clock: time_machine.Traveller
) -> None:
    browser.post(acts("hold"))
    held = browser.get(f"/appointments/{visit}").text
    assert "Held back" in held
    assert "If it is released it goes Mon 30 Nov 10:00." in held
    clock.move_to(LAST)
    work(LAST)
    assert reminder().state == "held"

    later = person(app, "Jago Penrose")
    assert "If it is released it goes now." in later.get(f"/appointments/{visit}").text
    later.post(acts("release"))
    work(LAST)
    assert reminder().state == "accepted"


def test_sending_now_is_asked_first_and_shows_the_words(browser: FlaskClient) -> None:
    page = browser.get(acts("send-now")).text
    assert "Send this text now?" in page
    assert "with Tamsin, Tue 1 Dec 10am, at your home." in page  # not "tomorrow"
    assert reminder().state == "ready"

    answer = browser.post(acts("send-now"))
    assert answer.location == thread()
    work(NOW)
    assert (reminder().state, reminder().sent_at) == ("accepted", NOW)
    assert "with Tamsin, Tue 1 Dec 10am, at your home." in (reminder().body or "")


def test_sending_now_goes_outside_the_hours_for_texts_but_never_outside_safe_times(
    app: Flask, browser: FlaskClient, clock: time_machine.Traveller
) -> None:
    carer = db.session.scalars(select(Carer).where(Carer.first_name == "Hannah")).one()
    carer.safe_times = read_windows("Mon-Fri 13:00-15:00")
    db.session.commit()
    clock.move_to(EVENING)
    late = person(app, "Jago Penrose")
    assert "it goes on Tue 24 Nov 13:00" in late.get(acts("send-now")).text

    late.post(acts("send-now"))
    work(EVENING)
    assert reminder().state == "ready"
    work(EVENING + timedelta(hours=17))
    assert reminder().state == "accepted"


def test_what_may_not_go_cannot_be_sent_now(browser: FlaskClient) -> None:
    carer = db.session.scalars(select(Carer).where(Carer.first_name == "Hannah")).one()
    carer.safe_to_text = "no"
    db.session.commit()

    page = browser.get(acts("send-now")).text

    assert "It cannot go. They said that texting is not safe: ring." in page
    assert "Send it now" not in page


def test_stopping_is_asked_first_and_nothing_goes(
    browser: FlaskClient, visit: int, clock: time_machine.Traveller
) -> None:
    assert "This cannot be undone." in browser.get(acts("stop")).text
    assert reminder().state == "ready"

    browser.post(acts("stop"))
    clock.move_to(LAST)
    work(LAST)
    assert reminder().state == "cancelled"
    assert reminder().sent_at is None


@pytest.mark.parametrize("what", ["hold", "release", "send-now", "stop"])
def test_a_page_of_a_while_ago_is_told_that_it_has_gone(
    app: Flask, browser: FlaskClient, clock: time_machine.Traveller, what: str
) -> None:
    clock.move_to(LAST)
    work(LAST)
    late = person(app, "Jago Penrose")

    answer = late.post(acts(what), data={"to": "/appointments/1"})

    assert answer.status_code == 409
    assert "It has gone already." in answer.text
    assert 'href="/appointments/1"' in answer.text
    assert reminder().state == "accepted"
    if what in ("send-now", "stop"):
        assert late.get(acts(what)).status_code == 409


def test_two_people_press_at_once_and_the_second_is_told(browser: FlaskClient) -> None:
    browser.post(acts("hold"))

    again = browser.post(acts("hold"))

    assert (again.status_code, "already" in again.text) == (409, True)


def test_only_who_may_read_the_thread_decides(app: Flask, browser: FlaskClient) -> None:
    kerensa, tamsin = person(app, "Kerensa Tregenza"), person(app, "Tamsin Nance")

    for what in ("hold", "release", "send-now", "stop"):
        assert kerensa.post(acts(what)).status_code == 404
    assert kerensa.get(acts("stop")).status_code == 404
    assert reminder().state == "ready"
    assert tamsin.post(acts("hold")).status_code == 302
    assert reminder().state == "held"


def test_an_alarm_is_not_decided_about_from_a_thread(app: Flask, browser: FlaskClient) -> None:
    row = Outbox(
        channel="text", purpose="overdue_buddy", about_kind="watch", about_id=1, lane="alarm",
        recipient_kind="staff", recipient_id=1, dedupe="an alarm", state="ready",
        due_at=NOW, expires_at=NOW + timedelta(hours=1), created_at=NOW,
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()

    assert browser.post(f"/texts/messages/{row.id}/hold").status_code == 404
    assert browser.post(f"/texts/messages/{row.id}/stop").status_code == 404


def test_own_words_that_wait_for_the_morning_are_shown_and_can_be_stopped(
    app: Flask, browser: FlaskClient, clock: time_machine.Traveller
) -> None:
    clock.move_to(EVENING)
    late = person(app, "Jago Penrose")
    late.post(thread(), data={"once": "x", "words": "I ring you on Friday.", "send": "1"})

    shown = late.get(thread()).text
    assert "Tue 24 Nov 09:00" in shown
    assert shown.count("I ring you on Friday.") == 1
    row = db.session.scalars(select(Outbox).where(Outbox.purpose == "free_text")).one()
    late.post(f"/texts/messages/{row.id}/stop")
    assert "Not sent at 20:00:" in late.get(thread()).text


def test_a_foreign_way_back_is_not_followed(browser: FlaskClient) -> None:
    answer = browser.post(acts("hold"), data={"to": "https://evil.example/"})

    assert answer.location == thread()


def test_one_sent_now_speaks_for_the_other_of_its_day_as_shown(
    browser: FlaskClient, cast: Cast, clock: time_machine.Traveller
) -> None:
    jago = db.session.scalars(select(Staff).where(Staff.name == "Jago Penrose")).one()
    hannah = db.session.scalars(select(Carer).where(Carer.first_name == "Hannah")).one()
    number = reminder().id
    transact(
        lambda: book(
            wanted_again(hannah, at(VIDEO_DAY, 14)), by=jago, at=NOW
        )
    )  # fmt: skip
    shown = browser.get(f"/texts/messages/{number}/send-now").text
    assert "2 appointments with Tamsin, Tue 1 Dec, 10am and 2pm" in shown

    browser.post(f"/texts/messages/{number}/send-now")
    work(NOW)
    assert "2 appointments with Tamsin" in (db.session.get_one(Outbox, number).body or "")


def wanted_again(carer: Carer, starts_at: datetime) -> Booking:
    first = by_id(1)
    assert first is not None
    return Booking(
        kind="follow_up", family_id=carer.family_id, staff_id=first.staff_id, minutes=30,
        starts_at=starts_at, place_id=first.place_id,
    )  # fmt: skip
