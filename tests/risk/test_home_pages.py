"""The page of a home: what was found, its level, a manager's yes."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Staff
from app.audit.models import AuditEntry
from app.db import db
from app.risk.levels import NOT_ASSESSED, level_of
from app.risk.models import Assessment
from tests.cast import NOW, Cast
from tests.programmes.pages import refused, typed, words_of

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]
HOME = "/families/F1042/home"
TODAY = NOW.date()
GOOD = {
    "triggers": ["dog"], "level": "raised", "controls": "Ask for the dog to be shut away.",
    "looked_on": typed(TODAY),
}  # fmt: skip


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def newest() -> Assessment:
    return db.session.scalars(select(Assessment).order_by(Assessment.id.desc()).limit(1)).one()


def test_what_may_be_booked_is_spelled_out(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    page = words_of(sign_in(cast.tamsin).get(HOME))

    assert "One worker, check in and check out." in page
    assert "two workers, or meet at a place" in page, "for each level that can be chosen"
    assert "1 Example Street" not in page
    assert '<a class="govuk-service-navigation__link" href="/families" aria-current' in page


def test_a_finding_waits_for_a_manager_who_agrees(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    tamsin, morwenna = sign_in(cast.tamsin), sign_in(cast.morwenna)

    assert tamsin.post(HOME, data=GOOD).location == HOME

    assert level_of(cast.hannah.home_id, on=TODAY) == NOT_ASSESSED
    page = words_of(tamsin.get(HOME))
    assert "waits for a manager’s yes" in page
    assert "Agree to raised" not in page
    assert "F1042" in words_of(morwenna.get("/homes-to-agree"))
    agree = f"{HOME}/{newest().id}/agree"
    assert tamsin.post(agree).status_code == 404
    assert level_of(cast.hannah.home_id, on=TODAY) == NOT_ASSESSED
    assert morwenna.post(agree).location == HOME
    assert level_of(cast.hannah.home_id, on=TODAY) == "raised"
    assert "Nothing waits" in words_of(morwenna.get("/homes-to-agree"))
    assert "Ask for the dog to be shut away." in words_of(tamsin.get("/families/F1042"))


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"level": ""}, "Choose a level", "level"),
        ({"level": "safe"}, "Choose a level", "level"),
        ({"level": "standard"}, "at least raised: A dog that is not kept away", "level"),
        ({"triggers": ["violence"]}, "at least high", "level"),
        ({"triggers": ["bad_smell"]}, "Tick only", "triggers"),
        ({"controls": " "}, "what a worker is to do", "controls"),
        ({"controls": "x" * 301}, "300 characters", "controls"),
        ({"looked_on": ["", "", ""]}, "Enter the day", "looked_on"),
        ({"looked_on": ["31", "11", "2026"]}, "Enter a real date", "looked_on"),
        ({"looked_on": typed(TODAY + timedelta(days=1))}, "in the future", "looked_on"),
        ({"look_again_on": typed(TODAY)}, "after the day", "look_again_on"),
        ({"look_again_on": typed(date(2028, 1, 1))}, "within 12 months", "look_again_on"),
    ],
)
def test_a_wrong_finding_is_kept_beside_its_sentence(
    app: Flask, cast: Cast, sign_in: SignIn, change: dict, sentence: str, field: str
) -> None:
    before = newest().id

    page = refused(sign_in(cast.tamsin), HOME, {**GOOD, **change}, sentence, field)

    assert change.get("controls", GOOD["controls"]).strip() in page
    assert newest().id == before
    assert level_of(cast.hannah.home_id, on=TODAY) == "standard"


def test_reading_the_address_is_recorded(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    page = words_of(sign_in(cast.tamsin).get(f"{HOME}?show=address"))

    assert "1 Example Street" in page
    tags = db.session.scalars(select(AuditEntry.tag))
    assert "family:address_read" in list(tags)


def test_a_family_without_an_address_has_no_home_to_assess(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    cast.hannah.home_id = None
    db.session.commit()
    tamsin = sign_in(cast.tamsin)

    assert "/families/F1042/move" in words_of(tamsin.get(HOME))
    answer = tamsin.post(HOME, data=GOOD)
    assert answer.status_code == 422
    assert "No address is on record" in words_of(answer)


def test_another_homes_finding_is_not_agreed_to_here(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    sign_in(cast.tamsin).post(HOME, data=GOOD)

    answer = sign_in(cast.morwenna).post(f"/families/F1031/home/{newest().id}/agree")

    assert answer.status_code == 404
    assert newest().approved_at is None


def test_only_managers_see_what_waits(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    for person in (cast.jago, cast.tamsin):
        assert sign_in(person).get("/homes-to-agree").status_code == 404
