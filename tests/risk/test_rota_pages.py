"""The page of the duty rota."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Staff
from app.db import db
from app.risk.models import Duty
from tests.cast import NOW, Cast
from tests.programmes.pages import refused, typed, words_of

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def typed_for(cast: Cast, **change) -> dict:
    return {
        "manager": str(cast.morwenna.id), "buddy": str(cast.jago.id), "first": typed(TODAY),
        "last": typed(TODAY + timedelta(days=1)), "start": "08:30", "end": "6pm", **change,
    }  # fmt: skip


def test_a_manager_puts_somebody_on_and_takes_them_off(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    morwenna = sign_in(cast.morwenna)
    before = db.session.query(Duty).count()

    assert morwenna.post("/rota", data=typed_for(cast)).location == "/rota"

    assert db.session.query(Duty).count() == before + 2
    last = db.session.query(Duty).order_by(Duty.id.desc()).first()
    assert last is not None
    assert "Morwenna Trevithick" in words_of(morwenna.get("/rota"))
    assert morwenna.post(f"/rota/{last.id}/remove").location == "/rota"
    assert db.session.query(Duty).count() == before + 1
    assert morwenna.post("/rota/999/remove").status_code == 404


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"manager": ""}, "Choose the duty manager", "manager"),
        ({"manager": "999"}, "Choose the duty manager", "manager"),
        ({"buddy": "1"}, "somebody else", "buddy"),
        ({"first": ["", "", ""]}, "Enter the first day", "first"),
        ({"last": ["29", "2", "2027"]}, "Enter a real date", "last"),
        ({"last": typed(TODAY - timedelta(days=1))}, "before the first", "last"),
        ({"last": typed(TODAY + timedelta(days=90))}, "at most 60 days", "last"),
        ({"start": ""}, "Enter a time such as 08:30", "start"),
        ({"start": "early"}, "Enter a time", "start"),
        ({"end": "08:00"}, "after the start", "end"),
    ],
)
def test_wrong_days_are_kept_beside_their_sentence(
    app: Flask, cast: Cast, sign_in: SignIn, change: dict, sentence: str, field: str
) -> None:
    before = db.session.query(Duty).count()

    page = refused(
        sign_in(cast.morwenna), "/rota", typed_for(cast, **change), sentence, field
    )  # fmt: skip

    assert f'value="{cast.jago.id}" selected' in page or "buddy" in change
    assert db.session.query(Duty).count() == before


def test_others_see_the_rota_and_change_nothing(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    before = db.session.query(Duty).count()
    for person in (cast.jago, cast.tamsin):
        browser = sign_in(person)
        page = words_of(browser.get("/rota"))
        assert "On duty now" in page
        assert "Take off" not in page
        assert "Put somebody on duty" not in page
        assert browser.post("/rota", data=typed_for(cast)).status_code == 404
        assert browser.post("/rota/1/remove").status_code == 404
    assert db.session.query(Duty).count() == before


def test_a_gap_and_what_it_prevents_stand_first(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    db.session.query(Duty).delete()
    db.session.commit()
    morwenna = sign_in(cast.morwenna)
    morwenna.post("/rota", data=typed_for(cast, end="15:00"))

    page = words_of(morwenna.get("/rota"))

    assert "Gaps: 2" in page
    assert "no home visits that end after 14:00" in page
