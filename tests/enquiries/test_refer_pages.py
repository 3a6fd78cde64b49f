"""The public referral form: one thing a page, nothing kept before Send, never guessed."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import db
from app.enquiries.models import Referral
from tests.cast import NOW

pytestmark = pytest.mark.one_database

YOU = {
    "referrer_name": "Dee Angove",
    "referrer_role": "Health visitor",
    "referrer_email": "dee@example.org",
    "still_involved": "yes",
}
CARERS = {"first_name": "Ana", "surname": "Kelly", "postcode": "TR1 3AY"}
REACH = {"mobile": "07700 900 321", "phone_owner": "own", "safe_to_text": "yes"}
CHILDREN: dict[str, Any] = {"child_1_first_name": "Mia", "child_1_day": ["1", "2", "2024"]}
CHOICE = dict.fromkeys(("choice_explained", "willing", "wants_to_talk", "goals_discussed"), "yes")
VISITS = {"where": "home"}
PAGES = (YOU, CARERS, REACH, CHILDREN, CHOICE, VISITS)
ALL = {name: value for page in PAGES for name, value in page.items()}


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def hidden(page: str) -> dict[str, list[str]]:
    """What a browser would send back without anything typed."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value:
            found.setdefault(name[1], []).append(value[1])
    return found


def referrals() -> list[Referral]:
    return list(db.session.scalars(select(Referral)))


def test_walked_page_by_page_it_ends_with_a_reference(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True  # as in service: each page carries the token on
    page = client.get("/refer").text
    for typed in PAGES:
        page = client.post("/refer", data={**hidden(page), **typed}).text
        assert referrals() == []
    assert "Check your answers" in page
    for answer in ("07700 900 321", "1 February 2024", "Their own"):
        assert f">{answer}</dd>" in page
    sent = client.post("/refer", data=hidden(page))

    (referral,) = referrals()
    assert sent.location == f"/refer/sent/{referral.reference}"
    assert referral.reference in client.get(sent.location).text
    assert referral.answers["safe_to_text"] == "yes"
    assert referral.answers["children"] == [{"first_name": "Mia", "day": "2024-02-01"}]


def test_going_back_keeps_what_was_typed(app: Flask, client: FlaskClient) -> None:
    page = client.post("/refer", data={**hidden(client.get("/refer").text), **YOU}).text
    page = client.post("/refer", data={**hidden(page), **CARERS, "to": "0"}).text

    assert "About you" in page
    assert 'value="Dee Angove"' in page
    assert hidden(page)["surname"] == ["Kelly"]


def test_a_change_from_the_check_page_comes_back_to_it(app: Flask, client: FlaskClient) -> None:
    page = client.post("/refer", data={**ALL, "page": "6", "to": "1"}).text
    assert "Kelly" in page

    page = client.post("/refer", data={**hidden(page), **CARERS, "first_name": "Bea"}).text

    assert "Check your answers" in page
    assert "Bea" in page


@pytest.mark.parametrize(
    ("number", "changed", "says"),
    [
        (0, {"referrer_name": ""}, "Enter your name"),
        (0, {"referrer_email": ""}, "Enter your e-mail address or your phone number"),
        (0, {"still_involved": "x"}, "Choose yes or no"),
        (1, {"first_name": ""}, "Enter the carer’s first name"),
        (1, {"postcode": "Truro"}, "Enter a postcode"),
        (2, {"safe_to_text": ""}, "Choose whether we may text this parent"),
        (2, {"safe_to_text": "maybe"}, "Choose whether we may text this parent"),
        (2, {"phone_owner": "child"}, "We never text a child’s phone"),
        (2, {"mobile": ""}, "Enter the mobile number that is safe"),
        (2, {"mobile": "07700 900 32"}, "digits"),
        (2, {"safe_times": "??"}, "Write days"),
        (3, {"child_1_day": ["31", "2", "2024"]}, "Enter a real date"),
        (4, {"wants_to_talk": ""}, "Choose yes, no or not yet"),
        (5, {"safety_words": "x" * 2001}, "Use 2000 characters"),
    ],
)
def test_a_wrong_page_is_shown_again_with_what_was_typed(
    app: Flask, client: FlaskClient, number: int, changed, says: str
) -> None:
    page = client.post("/refer", data={**ALL, **changed, "page": str(number)})

    assert page.status_code == 422
    assert says in page.text
    assert hidden(page.text).get("where" if number != 5 else "first_name")


@pytest.mark.parametrize("missing", ["referrer_name", "first_name", "safe_to_text", "willing"])
def test_a_send_made_by_hand_is_checked_like_every_page(
    app: Flask, client: FlaskClient, missing: str
) -> None:
    answer = client.post("/refer", data={**ALL, missing: "", "page": "6"})

    assert (answer.status_code, referrals()) == (422, [])


@pytest.mark.parametrize(
    "odd", [{}, {"page": "-1"}, {"page": "99"}, {"page": "²"}, {"to": "x"}, {"once": "'" * 50}]
)
def test_odd_posts_begin_again(app: Flask, client: FlaskClient, odd) -> None:
    page = client.post("/refer", data=odd)

    assert "About you" in page.text
    assert referrals() == []


def test_not_asked_is_an_answer(app: Flask, client: FlaskClient) -> None:
    client.post("/refer", data={**ALL, "safe_to_text": "not_asked", "page": "6"})

    assert [referral.answers["safe_to_text"] for referral in referrals()] == ["not_asked"]


def test_nothing_is_chosen_beforehand(app: Flask, client: FlaskClient) -> None:
    page = client.post("/refer", data={**YOU, **CARERS, "page": "1"}).text

    assert "May we text this parent?" in page
    assert " checked" not in page


def test_sent_twice_it_is_one(app: Flask, client: FlaskClient) -> None:
    sends = {**ALL, "page": "6", "once": "a" * 22}

    first, second = client.post("/refer", data=sends), client.post("/refer", data=sends)

    assert first.location == second.location
    assert len(referrals()) == 1


def test_the_eleventh_in_an_hour_is_asked_to_wait(app: Flask, client: FlaskClient) -> None:
    for _ in range(10):
        assert client.post("/refer", data={**ALL, "page": "6"}).status_code == 302

    assert client.post("/refer", data={**ALL, "page": "6"}).status_code == 429
    assert len(referrals()) == 10


def test_the_answer_is_the_same_whether_the_family_is_known(
    app: Flask, client: FlaskClient, cast
) -> None:
    known = {**ALL, "first_name": "Hannah", "surname": "Rowe", "mobile": "07700 900 142"}

    pages = [client.post("/refer", data={**who, "page": "6"}) for who in (known, ALL)]
    told = [re.sub(r"R-\w{5}", "", client.get(page.location).text) for page in pages]

    assert told[0] == told[1]


@pytest.mark.parametrize("reference", ["R-7K2M9", "R-AAAAA"])
def test_the_acknowledgement_says_only_what_stands_in_its_address(
    app: Flask, client: FlaskClient, reference: str
) -> None:
    assert client.get(f"/refer/sent/{reference}").status_code == 200


@pytest.mark.parametrize("reference", ["R-0O1I2", "hello", "R-7K2M9x"])
def test_an_address_that_is_no_reference_is_a_404(
    app: Flask, client: FlaskClient, reference: str
) -> None:
    assert client.get(f"/refer/sent/{reference}").status_code == 404
