"""The list of families as a page."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Staff
from app.db import db
from app.enquiries.record_choice import record_choice
from app.families.add_family import add_family
from tests.cast import NOW, Cast
from tests.statements import statements

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_it_names_families_with_what_they_said(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    record_choice(cast.hannah, "yes", on=date(2026, 11, 2), how="phone", by=cast.jago, at=NOW)
    db.session.commit()

    page = sign_in(cast.jago).get("/families").text

    assert "Hannah Rowe" in page
    assert "since Mon 2 Nov" in page
    assert "Said yes (1)" in page
    assert "07700" not in page


def test_it_never_names_another_practitioners_family(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    page = sign_in(cast.kerensa).get("/families").text

    assert "Jodie Hosking" in page
    assert "Hannah" not in page
    assert "All (1)" in page


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?stage=thinking", "No family is thinking it over"),
        ("?q=nobody", "No family has this"),
        ("?stage=yes-please", "Hannah Rowe"),
        ("?sort=colour", "Hannah Rowe"),
        ("?page=0", "Hannah Rowe"),
        ("?page=99999999999999999999", "Hannah Rowe"),
        ("?page=²", "Hannah Rowe"),
        ("?q=%00", "Hannah Rowe"),
        ("?q=%F0%9F%91%AA", "No family has this"),
    ],
)
def test_any_address_of_it_answers(
    app: Flask, cast: Cast, sign_in: SignIn, query: str, says: str
) -> None:
    page = sign_in(cast.morwenna).get(f"/families{query}")

    assert page.status_code == 200
    assert says in page.text


def test_the_sorted_column_says_so(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.jago).get("/families?sort=-name").text

    assert page.count('aria-sort="descending"') == 1


def test_on_day_one_it_says_what_to_do_first(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    for family in (cast.hannah, cast.jodie):
        family.merged_into_id = cast.hannah.id
    db.session.commit()

    assert "Start with an enquiry by phone" in sign_in(cast.jago).get("/families").text
    assert "No family is yours yet" in sign_in(cast.tamsin).get("/families").text


def test_its_statements_are_few_and_do_not_grow_with_the_families(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    jago = sign_in(cast.jago)
    counts = []
    for _ in range(2):
        with statements() as made:
            jago.get("/families")
        counts.append(len(made))
        for _ in range(20):
            add_family(carer={"first_name": "Ana"}, by="test", at=NOW)
        db.session.commit()

    assert counts[1] == counts[0] <= 14
