"""Another practitioner's family is not there: for each page and each button of programmes and
homes.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import Staff
from app.audit.models import AuditEntry
from app.db import db
from tests.cast import Cast
from tests.programmes.course import AFTER_VIDEO, agreed, filmed, goal, paired, started

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]
FAMILY = "/families/F1042"
PAGES = [
    f"{FAMILY}/programme", f"{FAMILY}/programme/end", f"{FAMILY}/media", f"{FAMILY}/media/kept",
    f"{FAMILY}/follow-up", f"{FAMILY}/consent", f"{FAMILY}/consent/1/withdraw",
    f"{FAMILY}/goals", f"{FAMILY}/goals/rate", "/cycles/1/clips", "/cycles/1/review",
    "/appointments/1/on-camera", "/appointments/2/cycle", f"{FAMILY}/home", f"{FAMILY}/move",
]  # fmt: skip
BUTTONS = [f"{FAMILY}/goals/1/close", f"{FAMILY}/home/1/agree"]
MISSING = [
    "/families/F9999/programme", "/families/F9999/consent", "/families/F9999/goals",
    "/families/F9999/home", "/cycles/999/clips", "/cycles/999/review",
    "/appointments/999/on-camera", "/appointments/999/cycle",
]  # fmt: skip


@pytest.fixture(autouse=True)
def course(cast: Cast) -> Iterator[Any]:
    with time_machine.travel(AFTER_VIDEO, tick=False):
        programme = started(cast)
        goal(cast, programme)
        agreed(cast)
        filming, _ = paired(cast, programme)
        filmed(cast, filming)
        yield programme


def written() -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def test_anothers_family_is_not_there(cast: Cast, sign_in: SignIn) -> None:
    kerensa = sign_in(cast.kerensa)
    before = written()

    got = {path: kerensa.get(path).status_code for path in PAGES}
    sent = {path: kerensa.post(path, data={}).status_code for path in PAGES + BUTTONS}

    assert set(got.values()) == {404}, got
    assert set(sent.values()) == {404}, sent
    assert written() == before


def test_its_own_practitioner_opens_every_page(cast: Cast, sign_in: SignIn) -> None:
    tamsin = sign_in(cast.tamsin)

    got = {path: tamsin.get(path).status_code for path in PAGES if "follow-up" not in path}

    assert set(got.values()) == {200}, got


def test_what_is_missing_and_what_is_anothers_look_the_same(cast: Cast, sign_in: SignIn) -> None:
    tamsin = sign_in(cast.tamsin)

    assert {tamsin.get(path).status_code for path in MISSING} == {404}
    assert {tamsin.post(path, data={}).status_code for path in MISSING} == {404}


def test_nobody_signed_out_opens_any(cast: Cast, client: FlaskClient) -> None:
    for path in PAGES:
        assert client.get(path).location.startswith("/sign-in")
        assert client.post(path, data={}).location.startswith("/sign-in")
