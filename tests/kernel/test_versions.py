"""A form that changes a record wins only with the version that it was drawn from."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db
from app.families.models import Carer, Child, Family
from app.peers.models import Peer
from app.places.models import Place
from tests.cast import NOW, Cast

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


# The page of each form, the record behind it, and what makes it fit.
FORMS = [
    ("/families/F1042/edit", Family, {"language": "English", "where": "home"}),
    ("/families/F1042/carers/1", Carer, {"first_name": "Anna", "carer_type": "birth"}),
    (
        "/families/F1042/contact/1",
        Carer,
        {"phone_owner": "own", "safe_to_text": "no", "wording": "strict", "voicemail": "none"},
    ),
    ("/families/F1042/children/1", Child, {"first_name": "Mia"}),
    ("/peers/1/edit", Peer, {"first_name": "Anna", "carer_type": "birth", "safe_to_text": "no"}),
    ("/places/1/edit", Place, {"name": "Elsewhere", "kind": "venue"}),
    ("/me", Staff, {"mobile": ""}),
]


@pytest.mark.parametrize(("page", "model", "fits"), FORMS)
@pytest.mark.parametrize("version", [None, "", "0", "99", "1x", "-1"])
def test_another_version_or_none_changes_nothing(
    app: Flask, cast: Cast, sign_in: SignIn, page: str, model: type, fits: dict, version: str | None
) -> None:
    before = rows(model)
    typed = fits if version is None else {**fits, "version": version}

    answer = sign_in(cast.morwenna).post(page, data=typed)

    assert answer.status_code in (409, 422)
    assert rows(model) == before


@pytest.mark.parametrize(("page", "model", "fits"), FORMS)
def test_the_version_shown_changes_it(
    app: Flask, cast: Cast, sign_in: SignIn, page: str, model: type, fits: dict
) -> None:
    before = rows(model)

    answer = sign_in(cast.morwenna).post(page, data={**fits, "version": "1"})

    assert answer.status_code == 302
    assert rows(model) != before


def rows(model: type) -> list[tuple[object, ...]]:
    db.session.expire_all()
    table = model.__table__
    found = [tuple(map(str, row)) for row in db.session.execute(select(table).order_by(table.c.id))]
    db.session.rollback()
    return found
