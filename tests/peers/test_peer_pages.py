"""The pages of peer parents: who may open them, forms that keep what was typed, their own link."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Staff
from app.db import db, transact
from app.links.tokens import make_link
from app.messaging.models import Outbox
from app.peers.exclusions import exclude
from app.peers.models import Exclusion, Peer
from tests.cast import NOW, Cast

pytestmark = pytest.mark.one_database
SignIn = Callable[[Staff], FlaskClient]


def test_practitioners_find_no_page_of_peers(app: Flask, cast: Cast, sign_in: SignIn) -> None:
    tamsin = sign_in(cast.tamsin)
    answers = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("peers."):
            address = rule.rule.replace("<id:peer_id>", "1").replace("<id:pair_id>", "1")
            address = address.replace("<reference>", "F1042").replace("<id:carer_id>", "1")
            for method in {"GET", "POST"} & set(rule.methods or ()):
                answers[method, address] = tamsin.open(address, method=method).status_code

    assert len(answers) > 12
    assert set(answers.values()) == {404}


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("", ["Chloe U", "Yusuf B"], []),
        ("?q=chloe", ["Chloe U"], ["Yusuf B"]),
        ("?q=900+017", ["Yusuf B"], ["Chloe U"]),
        ("?show=break", ["Chloe U"], ["Yusuf B"]),
        ("?show=left", [], ["Chloe U", "Yusuf B"]),
        ("?show=nonsense&sort=drop&page=x", ["Chloe U", "Yusuf B"], []),
        ("?sort=-checks&page=99", ["Chloe U", "Yusuf B"], []),
    ],
)
def test_the_list_is_searched_and_filtered(
    cast: Cast, sign_in: SignIn, query: str, shown: list, hidden: list
) -> None:
    cast.chloe.status = "paused"
    db.session.commit()

    page = sign_in(cast.jago).get(f"/peers{query}").text

    assert [name for name in shown if name not in page] == []
    assert [name for name in hidden if name in page] == []


def form(**more) -> dict:
    return {"first_name": "Perran", "safe_to_text": "yes", "mobile": "07700 900 321", **more}


def test_a_peer_is_added_with_times_limits_and_dates(cast: Cast, sign_in: SignIn) -> None:
    answer = sign_in(cast.jago).post(
        "/peers/add",
        data=form(
            languages="English, Cornish", free_times="Mon-Thu 10-12", limits=["mums_only"],
            other_limits="not about school\n", checks_until=["1", "3", "2028"],
        ),
        follow_redirects=True,
    )  # fmt: skip

    assert "was added" in answer.text
    made = db.session.query(Peer).filter_by(first_name="Perran").one()
    assert made.limits == ["mums_only", "not about school"]
    assert (made.languages, made.checks_until) == (["English", "Cornish"], date(2028, 3, 1))
    assert made.free_times.words() == "Mon to Thu 10:00–12:00"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (form(first_name=""), "Enter the first name"),
        (form(safe_to_text=""), "Choose whether we may text them"),
        (form(mobile=""), "Enter the mobile number that is safe to text."),
        (form(free_times="when the moon shines"), "Write days and times"),
        (form(checks_until=["31", "2", "2028"]), "Enter a real date"),
    ],
)
def test_a_wrong_form_says_what_is_wrong_and_keeps_what_was_typed(
    cast: Cast, sign_in: SignIn, data: dict, sentence: str
) -> None:
    answer = sign_in(cast.jago).post("/peers/add", data=data | {"notes": "typed with care"})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert "typed with care" in answer.text
    assert db.session.query(Peer).count() == 2


def test_opening_and_saving_a_peer_changes_nothing(cast: Cast, sign_in: SignIn) -> None:
    import re

    browser = sign_in(cast.jago)
    page = browser.get(f"/peers/{cast.chloe.id}/edit").text
    assert re.search(r'name="free_times"[^>]*>\s*Mon to Fri 09:00–20:00', page)
    assert 'value="adoption" checked' in page


def test_a_stale_form_shows_what_is_stored_now(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.jago)
    cast.chloe.version = 7
    db.session.commit()

    answer = browser.post(f"/peers/{cast.chloe.id}/edit", data=form(first_name="Clo", version="6"))

    assert answer.status_code == 409
    assert db.session.get(Peer, cast.chloe.id, populate_existing=True).first_name == "Chloe"


def test_why_two_are_kept_apart_is_for_managers(cast: Cast, sign_in: SignIn) -> None:
    transact(lambda: exclude(cast.chloe, cast.hannah, "a dispute over a hedge",
                             by=cast.morwenna, at=NOW))  # fmt: skip
    pair = db.session.query(Exclusion).one()
    jago, morwenna = sign_in(cast.jago), sign_in(cast.morwenna)

    assert "hedge" not in jago.get(f"/peers/{cast.chloe.id}").text
    assert "hedge" in morwenna.get(f"/peers/{cast.chloe.id}").text
    lift = f"/peers/{cast.chloe.id}/apart/{pair.id}/lift"
    assert jago.post(lift).status_code == 404
    assert "They may meet again." in morwenna.post(lift, follow_redirects=True).text


def test_a_coordinator_keeps_two_apart_by_reference(cast: Cast, sign_in: SignIn) -> None:
    jago = sign_in(cast.jago)
    apart = f"/peers/{cast.chloe.id}/apart"

    wrong = jago.post(apart, data={"reference": "F9999", "reason": "a long dispute"})
    assert wrong.status_code == 422
    assert "There is no family with this reference." in wrong.text
    jago.post(apart, data={"reference": "f1042", "reason": "a long dispute"})
    assert db.session.query(Exclusion).one().family_id == cast.hannah.id


def test_break_leave_and_link_from_the_page(cast: Cast, sign_in: SignIn) -> None:
    jago, here = sign_in(cast.jago), f"/peers/{cast.chloe.id}"

    assert jago.post(f"{here}/break", data={"how_long": "until"}).status_code == 422
    jago.post(f"{here}/break", data={"how_long": "say"})
    assert "On a break" in jago.get(here).text
    jago.post(f"{here}/back")
    assert "/p/" in jago.post(f"{here}/link").text
    jago.post(f"{here}/text-link")
    assert db.session.query(Outbox).one().purpose == "peer_times"
    jago.post(f"{here}/leave", data={"version": "9"})
    assert db.session.get(Peer, cast.chloe.id, populate_existing=True).status == "active"
    now = db.session.get(Peer, cast.chloe.id).version
    jago.post(f"{here}/leave", data={"version": str(now)})
    assert db.session.get(Peer, cast.chloe.id, populate_existing=True).status == "left"


@pytest.fixture
def own(cast: Cast) -> str:
    return "/p/" + transact(
        lambda: make_link(
            "p", cast.chloe.id, "peer", cast.chloe.id, expires_at=NOW + timedelta(days=9), at=NOW
        )
    )


def test_a_peer_sets_times_and_conversations_a_month(
    cast: Cast, client: FlaskClient, own: str
) -> None:
    assert client.get(own).status_code == 200

    answer = client.post(
        own, data={"do": "times", "free": ["1-evening", "9-night"], "monthly_limit": "1"}
    )

    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers
    peer = db.session.get(Peer, cast.chloe.id, populate_existing=True)
    assert (peer.free_times.words(), peer.monthly_limit) == ("Tue 17:00–20:00", 1)


def test_a_peer_starts_and_ends_a_break(cast: Cast, client: FlaskClient, own: str) -> None:
    client.post(own, data={"do": "break", "how_long": "say"})
    assert "You are on a break" in client.get(own).text
    client.post(own, data={"do": "back"})
    assert "When are you free to talk?" in client.get(own).text


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"do": "x"},
        {"do": "times", "monthly_limit": "lots"},
        {"do": "times", "monthly_limit": "²"},
        {"do": "break"},
        {"do": "break", "how_long": "until", "until-day": "²", "until-month": "1"},
        {"do": "break", "how_long": "until", "until-day": "31", "until-month": "12",
         "until-year": "9999"},
    ],
)  # fmt: skip
def test_a_hand_made_answer_changes_nothing(
    cast: Cast, client: FlaskClient, own: str, data: dict
) -> None:
    assert client.post(own, data=data).status_code == 409
    assert db.session.get(Peer, cast.chloe.id, populate_existing=True).version == 1


def test_said_yes_today_is_one_click_where_nobody_has_asked(cast: Cast, sign_in: SignIn) -> None:
    cast.chloe.safe_to_text = "not_asked"
    db.session.commit()
    jago, address = sign_in(cast.jago), f"/peers/{cast.chloe.id}"
    assert f'action="{address}/said-yes"' in jago.get(address).text

    jago.post(f"{address}/said-yes")

    assert db.session.get_one(Peer, cast.chloe.id, populate_existing=True).safe_to_text == "yes"
    assert f'action="{address}/said-yes"' not in jago.get(address).text
