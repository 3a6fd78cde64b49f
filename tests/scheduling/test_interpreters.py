"""Interpreters: what is kept of them, closing, who may change them, and that they can be booked."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Staff
from app.db import db, transact
from app.errors import DomainError, Stale
from app.scheduling.interpreters import (
    add_interpreter,
    change_interpreter,
    close_interpreter,
    interpreters,
    reopen_interpreter,
)
from app.scheduling.models import Interpreter
from tests.cast import NOW, Cast

SignIn = Callable[[Staff], FlaskClient]
TYPED = {"name": "Oksana Melnyk", "languages": "Ukrainian, Russian", "phone": "07700 900 611"}


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def oksana(app: Flask, cast: Cast) -> Interpreter:
    return transact(
        lambda: add_interpreter(
            "Oksana Melnyk", ["Ukrainian", "Russian"], phone="07700900611", by=cast.jago, at=NOW
        )
    )


def test_is_found_by_a_language_in_any_letters(cast: Cast, oksana: Interpreter) -> None:
    assert interpreters("ukrainian") == [oksana]
    assert interpreters("Polish") == []
    assert oksana.phone == "+447700900611"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"languages": []}, "languages"),
        ({"languages": ["Polish Romanian Lithuanian Portuguese Tetum"]}, "languages"),
        ({"phone": "abc"}, "phone"),
    ],
)
def test_refuses_what_is_no_interpreter(
    cast: Cast, oksana: Interpreter, changes: dict, field: str
) -> None:
    with pytest.raises(DomainError) as refused:
        change_interpreter(oksana, changes, by=cast.jago, at=NOW)

    assert refused.value.field == field


def test_a_change_from_an_old_page_is_refused(cast: Cast, oksana: Interpreter) -> None:
    change_interpreter(oksana, {"notes": "BSL too"}, by=cast.jago, at=NOW, expect_version=1)

    with pytest.raises(Stale):
        change_interpreter(oksana, {"notes": ""}, by=cast.jago, at=NOW, expect_version=1)


def test_a_closed_one_is_offered_no_more_until_opened(cast: Cast, oksana: Interpreter) -> None:
    close_interpreter(oksana, by=cast.jago, at=NOW)
    assert interpreters() == []
    assert interpreters(closed=True) == [oksana]
    with pytest.raises(DomainError, match="closed already"):
        close_interpreter(oksana, by=cast.jago, at=NOW)

    reopen_interpreter(oksana, by=cast.jago, at=NOW)
    assert interpreters() == [oksana]


@pytest.mark.one_database
def test_is_added_and_stands_in_the_booking_form(cast: Cast, sign_in: SignIn) -> None:
    jago = sign_in(cast.jago)

    answer = jago.post("/interpreters/new", data={**TYPED, "free_times": "Mon to Thu 9-17"})

    added = interpreters()[0]
    assert answer.location == f"/interpreters/{added.id}"
    page = jago.get(answer.location).text
    assert "Ukrainian, Russian" in page
    assert "Nothing is booked with them" in page
    assert "Oksana Melnyk (Ukrainian, Russian)" in jago.get("/families/F1042/book").text


@pytest.mark.one_database
def test_who_speaks_the_familys_language_stands_first(
    cast: Cast, oksana: Interpreter, sign_in: SignIn
) -> None:
    add_interpreter("Ada Nowak", ["Polish"], by=cast.jago, at=NOW)
    cast.hannah.interpreter = "ukrainian"
    db.session.commit()

    page = sign_in(cast.jago).get("/families/F1042/book").text

    assert page.index("Oksana Melnyk") < page.index("Ada Nowak")
    assert "The family needs ukrainian" in page


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": ""}, "Enter the interpreter’s name"),
        ({"languages": " , "}, "Enter at least one language"),
        ({"phone": "abc"}, "not a phone number"),
        ({"email": "oksana"}, "Enter an e-mail address"),
        ({"free_times": "sometimes"}, "Write days"),
    ],
)
def test_a_wrong_form_adds_nothing(
    cast: Cast, sign_in: SignIn, changed: dict[str, str], says: str
) -> None:
    page = sign_in(cast.jago).post("/interpreters/new", data={**TYPED, **changed})

    assert page.status_code == 422
    assert says in page.text
    assert interpreters() == []


@pytest.mark.one_database
def test_a_form_opened_before_a_change_is_stale(
    cast: Cast, oksana: Interpreter, sign_in: SignIn
) -> None:
    jago, address = sign_in(cast.jago), f"/interpreters/{oksana.id}/edit"
    jago.post(address, data={**TYPED, "notes": "Drives", "version": "1"})

    page = jago.post(address, data={**TYPED, "notes": "Train only", "version": "1"})

    assert page.status_code == 409
    assert "Drives" in page.text


@pytest.mark.one_database
def test_practitioners_read_and_change_none(
    cast: Cast, oksana: Interpreter, sign_in: SignIn
) -> None:
    tamsin = sign_in(cast.tamsin)

    assert "Oksana Melnyk" in tamsin.get("/interpreters?q=russ").text
    assert "Oksana Melnyk" not in tamsin.get("/interpreters?q=polish").text
    assert 'href="/interpreters"' in tamsin.get("/me").text
    for address in ("/interpreters/new", f"/interpreters/{oksana.id}/edit"):
        assert tamsin.get(address).status_code == 404
    assert tamsin.post(f"/interpreters/{oksana.id}/close").status_code == 404


@pytest.mark.one_database
def test_is_closed_and_opened_by_one_button(
    cast: Cast, oksana: Interpreter, sign_in: SignIn
) -> None:
    jago, address = sign_in(cast.jago), f"/interpreters/{oksana.id}"

    jago.post(f"{address}/close")
    assert "Closed since Mon 23 Nov 10:00" in jago.get(address).text
    assert "Oksana Melnyk" in jago.get("/interpreters?show=closed").text
    jago.post(f"{address}/close")
    assert "Closed since" not in jago.get(address).text
