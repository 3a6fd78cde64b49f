"""Pages of staff: an enquiry, the family's choice, referrals."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import Staff
from app.db import db
from app.enquiries import hooks
from app.enquiries.models import Referral
from app.enquiries.queries import latest_choice
from app.enquiries.receive_referral import receive_referral
from app.enquiries.settle_referral import decline_referral, take_up_referral
from app.families.models import Carer, Family
from tests.cast import NOW, Cast
from tests.enquiries.letters import answers

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]

ENQUIRY = {
    "first_name": "Ana",
    "phone_owner": "own",
    "safe_to_text": "not_asked",
    "language": "English",
    "worker_name": "Dee Angove",
}
CHOICE = {"step": "thinking", "on": ["23", "11", "2026"], "how": "phone"}


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def referral(app: Flask) -> Referral:
    made = receive_referral(answers(), at=NOW)
    db.session.commit()
    return made


def families() -> int:
    return db.session.scalar(select(func.count()).select_from(Family)) or 0


def test_an_enquiry_becomes_a_family(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.jago).post("/families/new", data=ENQUIRY)

    assert answer.location == "/families/F1043"
    family = db.session.scalars(select(Family).where(Family.reference == "F1043")).one()
    assert latest_choice(family.id).step == "wants_to_talk"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"first_name": ""}, "Enter the carer’s first name"),
        ({"safe_to_text": ""}, "Choose whether we may text"),
        ({"safe_to_text": "sure"}, "Choose whether we may text"),
        ({"safe_to_text": "yes"}, "Enter the mobile number that is safe"),
        ({"phone_owner": ""}, "Choose whose phone"),
        (
            {"phone_owner": "child", "safe_to_text": "yes", "mobile": "07700900321"},
            "We never text a child’s phone",
        ),
        ({"worker_name": ""}, "Ask who the family’s worker is"),
        ({"postcode": "Truro"}, "Enter a postcode"),
        ({"ways_to_talk": ["pigeon"]}, "Tick only from the answers"),
        ({"free_times": "x"}, "Write days"),
    ],
)
def test_a_wrong_enquiry_makes_no_family(
    app: Flask, cast: Cast, sign_in: SignIn, changed, says: str
) -> None:
    page = sign_in(cast.jago).post("/families/new", data={**ENQUIRY, **changed})

    assert (page.status_code, families()) == (422, 2)
    assert says in page.text


def test_a_known_number_is_looked_at_before_a_second_record(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    jago, typed = sign_in(cast.jago), {**ENQUIRY, "mobile": "07700 900 142"}

    page = jago.post("/families/new", data=typed)
    assert (page.status_code, families()) == (422, 2)
    assert "Hannah Rowe, F1042" in page.text

    assert jago.post("/families/new", data={**typed, "another": "y"}).status_code == 302
    assert families() == 3


def test_what_a_family_said_is_recorded(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.tamsin).post(
        "/families/F1042/choice", data={**CHOICE, "words": "Let me ask my mum"}
    )

    assert answer.location == "/families/F1042"
    choice = latest_choice(cast.hannah.id)
    assert (choice.step, choice.on, choice.recorded_by) == (
        "thinking", date(2026, 11, 23), "Tamsin Nance",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"step": ""}, "Choose what the family said"),
        ({"step": "told_by_referrer"}, "Choose what the family said"),
        ({"step": "not_now"}, "Enter the day on which to ask again"),
        ({"step": "not_now", "ask_again_on": ["30", "2", "2027"]}, "Enter a real date"),
        ({"step": "withdrew"}, "There is nothing to stop"),
        ({"step": "yes", "how": "worker"}, "A yes is the family’s own"),
        ({"how": "link"}, "Choose how they said it"),
        ({"on": ["24", "11", "2026"]}, "cannot lie ahead"),
        ({"on": ["", "", ""]}, "Enter the day they said it"),
        ({"words": "x" * 2001}, "Use 2000 characters"),
    ],
)
def test_a_wrong_answer_is_not_recorded(
    app: Flask, cast: Cast, sign_in: SignIn, changed, says: str
) -> None:
    page = sign_in(cast.tamsin).post("/families/F1042/choice", data={**CHOICE, **changed})

    assert page.status_code == 422
    assert says in page.text
    assert latest_choice(cast.hannah.id) is None


def test_all_six_answers_look_alike_and_none_is_chosen(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    page = sign_in(cast.tamsin).get("/families/F1042/choice").text

    radios = page.split('name="step"')[1:]
    assert len(radios) == 6
    assert not any("checked" in radio.split(">")[0] for radio in radios)
    assert "govuk-tag--red" not in page


def test_what_stopping_cancels_is_shown_before_it_is_saved(
    app: Flask, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stops(family, at) -> list[str]:
        return [f"Video session of {family.reference}"]

    monkeypatch.setattr(hooks.stops, "_entries", {"test": stops})

    assert "Video session of F1042" in sign_in(cast.tamsin).get("/families/F1042/choice").text


def test_referrals_wait_in_a_list_and_open(
    app: Flask, cast: Cast, sign_in: SignIn, referral: Referral
) -> None:
    jago = sign_in(cast.jago)

    assert "Ana Kelly" in jago.get("/referrals").text
    page = jago.get(f"/referrals/{referral.id}").text
    assert "07700 900 321" in page
    assert "large dog" in page


@pytest.mark.parametrize("path", ["/referrals", "/referrals/1", "/referrals/1/not-taken-up"])
def test_practitioners_read_no_referral(
    app: Flask, cast: Cast, sign_in: SignIn, referral: Referral, path: str
) -> None:
    assert sign_in(cast.tamsin).get(path).status_code == 404


def test_taking_it_up_leads_to_the_family(
    app: Flask, cast: Cast, sign_in: SignIn, referral: Referral
) -> None:
    answer = sign_in(cast.jago).post(
        f"/referrals/{referral.id}", data={"join": "new", "practitioner_id": str(cast.tamsin.id)}
    )

    assert answer.location == "/families/F1043"


def test_a_record_that_looks_the_same_must_be_decided_about(
    app: Flask, cast: Cast, sign_in: SignIn
) -> None:
    referral = receive_referral(answers(mobile="+447700900142"), at=NOW)
    db.session.commit()
    jago, address = sign_in(cast.jago), f"/referrals/{referral.id}"

    page = jago.get(address).text
    assert "This looks like" in page
    assert " checked" not in page
    assert jago.post(address, data={}).status_code == 422
    assert jago.post(address, data={"join": str(cast.jodie.id)}).status_code == 422
    assert jago.post(address, data={"join": str(cast.hannah.id)}).location == "/families/F1042"


def test_a_second_coordinator_is_told_who_was_first(
    app: Flask, cast: Cast, sign_in: SignIn, referral: Referral
) -> None:
    take_up_referral(referral, by=cast.morwenna, at=NOW)
    db.session.commit()

    page = sign_in(cast.jago).post(f"/referrals/{referral.id}", data={"join": "new"})

    assert page.status_code == 422
    assert "Morwenna Trevithick has settled" in page.text


def test_not_taken_up_gives_a_letter_that_names_no_family(
    app: Flask, cast: Cast, sign_in: SignIn, referral: Referral
) -> None:
    jago, address = sign_in(cast.jago), f"/referrals/{referral.id}"
    assert jago.get(f"{address}/letter").status_code == 404

    jago.post(f"{address}/not-taken-up", data={"reason": "area"})

    letter = jago.get(f"{address}/letter").text
    assert "Dee Angove" in letter
    assert "outside our area" in letter
    assert "Kelly" not in letter


@pytest.mark.parametrize(
    ("typed", "says"),
    [({}, "Choose a reason"), ({"reason": "x"}, "Choose a reason"), ({"reason": "other"}, "Write")],
)
def test_without_a_reason_it_still_waits(
    app: Flask, cast: Cast, sign_in: SignIn, referral: Referral, typed, says: str
) -> None:
    page = sign_in(cast.jago).post(f"/referrals/{referral.id}/not-taken-up", data=typed)

    assert page.status_code == 422
    assert says in page.text
    assert db.session.get(Referral, referral.id, populate_existing=True).state == "new"


@pytest.mark.parametrize("number", ["0", "999", "99999999999", "x"])
def test_a_referral_that_is_not_there_is_a_404(
    app: Flask, cast: Cast, sign_in: SignIn, number: str
) -> None:
    assert sign_in(cast.jago).get(f"/referrals/{number}").status_code == 404


def test_settled_ones_stay_readable(
    app: Flask, cast: Cast, sign_in: SignIn, referral: Referral
) -> None:
    decline_referral(referral, "area", by=cast.jago, at=NOW)
    db.session.commit()

    page = sign_in(cast.jago).get("/referrals?state=not_taken_up").text

    assert "The family lives outside our area" in page
    assert db.session.scalars(select(Carer).where(Carer.first_name == "Ana")).all() == []


def test_the_referral_of_a_family_closed_to_who_matches_is_closed_with_it(
    app: Flask, cast: Cast, sign_in: SignIn, referral: Referral
) -> None:
    cast.jodie.closed_to_matchers = True
    take_up_referral(referral, join=cast.jodie, by=cast.morwenna, at=NOW)
    db.session.commit()
    number, name = referral.id, referral.answers["first_name"]

    jago, morwenna = sign_in(cast.jago), sign_in(cast.morwenna)

    for address in (f"/referrals/{number}", f"/referrals/{number}/not-taken-up"):
        assert {jago.open(address, method=m).status_code for m in ("GET", "POST")} == {404}
    assert name not in jago.get("/referrals?state=taken_up").text
    assert morwenna.get(f"/referrals/{number}").status_code == 200
    assert name in morwenna.get("/referrals?state=taken_up").text
