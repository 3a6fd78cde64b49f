"""The pages of consent: answers for each person and purpose, taking one back, who is on camera."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import Staff
from app.db import db, transact
from app.programmes.models import Consent, OnCamera
from app.scheduling.answer import confirm
from app.tasks.models import Task
from tests.cast import NOW, Cast
from tests.programmes.course import TODAY, agreed, days, one, paired, started
from tests.programmes.pages import refused, typed, words_of

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]
CONSENT = "/families/F1042/consent"
GOOD = {
    "person": ["carer:1", "child:1"], "purpose": "film_session", "given": "yes",
    "given_by": "Hannah Rowe", "method": "paper", "on": typed(TODAY),
}  # fmt: skip


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def answers() -> list[tuple[str, str, bool]]:
    rows = db.session.execute(
        select(Consent.person_name, Consent.purpose, Consent.given).order_by(Consent.id)
    )
    return [(name, purpose, given) for name, purpose, given in rows]


def test_one_answer_is_recorded_for_several_people(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    tamsin = sign_in(cast.tamsin)

    answer = tamsin.post(CONSENT, data=GOOD)

    assert answer.location == CONSENT
    assert answers() == [("Hannah", "film_session", True), ("Leo", "film_session", True)]
    page = words_of(tamsin.get(CONSENT))
    assert page.count("Take it back") == 2
    assert "Signed paper seen" in page


def test_nothing_is_answered_beforehand(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    page = words_of(sign_in(cast.tamsin).get(CONSENT))

    assert not [field for field in page.split("<input") if " checked" in field]
    assert page.count("Not asked") == 10


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"person": []}, "Choose whom", "person"),
        ({"person": ["carer:2"]}, "Tick only", "person"),
        ({"person": ["nobody"]}, "Tick only", "person"),
        ({"purpose": "show_friends"}, "Choose what it is for", "purpose"),
        ({"purpose": ""}, "Choose what it is for", "purpose"),
        ({"given": ""}, "Choose yes or no", "given"),
        ({"given": "perhaps"}, "Choose yes or no", "given"),
        ({"given_by": "  "}, "Enter who gave the answer", "given_by"),
        ({"given_by": "x" * 121}, "120 characters", "given_by"),
        ({"method": ""}, "Choose how it was given", "method"),
        ({"on": ["", "", ""]}, "Enter the day", "on"),
        ({"on": ["30", "2", "2026"]}, "Enter a real date", "on"),
        ({"on": typed(TODAY + days(1))}, "cannot lie ahead", "on"),
    ],
)
def test_a_wrong_answer_is_kept_beside_its_sentence(
    app: Flask, cast: Cast, sign_in: SignIn, change: dict, sentence: str, field: str
) -> None:
    page = refused(sign_in(cast.tamsin), CONSENT, {**GOOD, **change}, sentence, field)

    assert change.get("given_by", "Hannah Rowe").strip() in page
    assert answers() == []


def test_an_older_answer_than_the_one_on_record_records_nobodys(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    agreed(cast, who=1)
    before = answers()

    refused(
        sign_in(cast.tamsin), CONSENT, {**GOOD, "on": typed(TODAY - days(1))}, "is on record", "on"
    )

    assert answers() == before, "nor that of the one who was named first"


def test_a_no_is_an_answer(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    tamsin = sign_in(cast.tamsin)

    tamsin.post(CONSENT, data={**GOOD, "person": ["child:1"], "given": "no"})

    assert answers() == [("Leo", "film_session", False)]
    page = words_of(tamsin.get(CONSENT))
    assert "<b>No</b>, Mon 23 Nov" in page
    assert "Take it back" not in page


def test_what_taking_back_touches_is_said_before_it_is_done(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    programme = started(cast)
    agreed(cast)
    filming, _ = paired(cast, programme)
    transact(lambda: confirm(one(filming), how="phone", by=cast.jago, at=NOW))
    tamsin = sign_in(cast.tamsin)
    leos = db.session.scalars(select(Consent).where(Consent.person_name == "Leo")).one()
    path = f"{CONSENT}/{leos.id}/withdraw"

    page = words_of(tamsin.get(path))

    assert "The video session on Tue 1 Dec 10:00 stays booked, and cannot be confirmed" in page
    assert "Delete what was filmed of them" in page
    assert one(filming).status == "confirmed", "opening the page changes nothing"
    answer = tamsin.post(path, data={"on": typed(TODAY)})
    assert answer.location == CONSENT
    assert one(filming).status == "booked"
    words = " ".join(db.session.scalars(select(Task.words)))
    assert "Leo took back" in words
    assert "In doubt: Consent to film is not on record for Leo." in words
    assert "Leo" in words_of(tamsin.get(f"/appointments/{filming}")), "what is missing is asked for"


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (typed(TODAY + days(1)), "nor ahead"),
        (typed(TODAY - days(1)), "not before they gave it"),
        (["", "", ""], "Enter the day"),
    ],
)
def test_a_yes_is_not_taken_back_on_an_impossible_day(
    app: Flask, cast: Cast, sign_in: SignIn, on: list[str], sentence: str
) -> None:
    agreed(cast)

    refused(sign_in(cast.tamsin), f"{CONSENT}/1/withdraw", {"on": on}, sentence, "on")

    assert db.session.scalar(select(func.count()).where(Consent.withdrawn_on.is_not(None))) == 0


def test_a_yes_is_taken_back_once(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    agreed(cast)
    tamsin = sign_in(cast.tamsin)
    tamsin.post(f"{CONSENT}/1/withdraw", data={"on": typed(TODAY)})

    assert tamsin.get(f"{CONSENT}/1/withdraw").location == CONSENT
    again = tamsin.post(f"{CONSENT}/1/withdraw", data={"on": typed(TODAY)})
    assert again.status_code == 422
    assert "does not stand any more" in words_of(again)


def test_anothers_consent_is_not_reached_through_ones_own_family(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    agreed(cast)

    for answer in (
        sign_in(cast.kerensa).get("/families/F1031/consent/1/withdraw"),
        sign_in(cast.kerensa).post("/families/F1031/consent/1/withdraw", data={"on": typed(TODAY)}),
    ):
        assert answer.status_code == 404
    assert db.session.get_one(Consent, 1).withdrawn_on is None


def test_only_those_planned_on_camera_are_asked(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    programme = started(cast)
    agreed(cast, who=0)
    filming, _ = paired(cast, programme)
    tamsin = sign_in(cast.tamsin)
    path = f"/appointments/{filming}/on-camera"
    assert "Leo (no consent on record)" in words_of(tamsin.get(path))
    assert tamsin.post(f"/appointments/{filming}/keep", data={"version": "1"}).status_code == 409

    answer = tamsin.post(path, data={"people": ["carer:1"], "version": "1"})

    assert answer.location == f"/appointments/{filming}"
    kept = tamsin.post(f"/appointments/{filming}/keep", data={"version": str(one(filming).version)})
    assert kept.status_code == 302
    assert one(filming).status == "confirmed"


@pytest.mark.parametrize(
    ("people", "sentence"), [([], "Choose who will be"), (["carer:2"], "Tick only")]
)
def test_somebody_of_the_family_is_on_camera(
    app: Flask, cast: Cast, sign_in: SignIn, people: list[str], sentence: str
) -> None:
    filming, reviewing = paired(cast, started(cast))
    tamsin = sign_in(cast.tamsin)

    path = f"/appointments/{filming}/on-camera"
    refused(tamsin, path, {"people": people, "version": "1"}, sentence, "people")

    assert db.session.scalars(select(OnCamera)).all() == []
    assert tamsin.get(f"/appointments/{reviewing}/on-camera").status_code == 404
    stale = tamsin.post(path, data={"people": ["carer:1"], "version": "7"})
    assert stale.status_code == 409
    assert db.session.scalars(select(OnCamera)).all() == []
