"""What ends a session: signing out, a new password, leaving, idleness and age."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import sessions
from app.accounts.models import SignIn
from app.db import db
from app.settings.rules import Rules
from tests.cast import NOW

pytestmark = pytest.mark.one_database


def opens_own_page(client) -> bool:
    return client.get("/me").status_code == 200


def copy_of(app, client):
    """Another browser with a copied cookie."""
    thief = app.test_client()
    thief.set_cookie("session", client.get_cookie("session").value)
    return thief


def test_only_a_digest_of_a_256_bit_key_is_stored(staff, client, enter):
    enter(client, staff.tamsin)

    with client.session_transaction() as cookie:
        key = cookie["_user_id"]
    assert len(bytes.fromhex(key)) == 32
    assert db.session.scalars(select(SignIn.key_digest)).all() == [
        hashlib.sha256(key.encode()).hexdigest()
    ]


def test_signing_in_leaves_nothing_of_the_session_before(staff, client, enter):
    with client.session_transaction() as cookie:
        cookie["left_behind"] = "by whoever sat here"

    enter(client, staff.tamsin)

    with client.session_transaction() as cookie:
        assert "left_behind" not in cookie


def test_a_copied_cookie_is_dead_after_signing_out(app, staff, client, enter):
    enter(client, staff.tamsin)
    thief = copy_of(app, client)
    assert opens_own_page(thief)

    answer = client.post("/sign-out")

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.location == "/sign-in?ended="
    assert not opens_own_page(thief)


def test_the_signed_out_page_says_so(staff, client, enter):
    enter(client, staff.tamsin)

    page = client.post("/sign-out", follow_redirects=True)

    assert "You were signed out" in page.text


def test_somebody_who_left_is_out_at_once(staff, client, enter):
    enter(client, staff.tamsin)

    staff.tamsin.left_at = NOW
    db.session.commit()

    assert not opens_own_page(client)


@pytest.mark.parametrize(("minutes", "still_in"), [(29, True), (31, False)])
def test_a_session_ends_when_it_is_not_used(staff, client, enter, a_monday, minutes, still_in):
    enter(client, staff.tamsin)

    a_monday.shift(timedelta(minutes=minutes))

    assert opens_own_page(client) is still_in


def test_a_used_session_ends_after_its_longest_life(staff, client, enter, a_monday):
    enter(client, staff.tamsin)

    for _ in range(12 * 3 - 1):
        a_monday.shift(timedelta(minutes=20))
        assert opens_own_page(client)
    a_monday.shift(timedelta(minutes=20))

    assert not opens_own_page(client)


def test_use_is_written_once_a_minute(staff, client, enter, a_monday):
    enter(client, staff.tamsin)

    a_monday.shift(timedelta(seconds=50))
    client.get("/me")
    before = db.session.scalar(select(SignIn.seen_at))
    a_monday.shift(timedelta(seconds=10))
    client.get("/me")

    assert before == NOW
    assert db.session.scalar(select(SignIn.seen_at)) == NOW + timedelta(minutes=1)


def test_a_page_that_renews_itself_does_not_keep_a_session_alive(staff, client, enter, a_monday):
    enter(client, staff.tamsin)

    a_monday.shift(timedelta(minutes=20))
    client.get("/me", headers={"Sec-Fetch-Dest": "empty"})

    assert db.session.scalar(select(SignIn.seen_at)) == NOW


def test_the_remember_cookie_is_not_read(staff, client):
    client.set_cookie("remember_token", f"{staff.tamsin.id}|\u00e9")

    assert client.get("/me").status_code == 302


def test_ended_sessions_are_forgotten(staff):
    sessions.open_session(staff.tamsin, agent="", at=NOW - timedelta(days=1))
    sessions.open_session(staff.tamsin, agent="", at=NOW)

    sessions.forget_ended(at=NOW, rules=Rules())

    assert len(db.session.scalars(select(SignIn)).all()) == 1


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
         "Chrome/131.0 Safari/537.36 Edg/131.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
         "Gecko) Version/18.1 Mobile/15E148 Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/2010 Firefox/133.0", "Firefox on Linux"),
        ("curl/8", "A browser"),
    ],
)  # fmt: skip
def test_a_session_is_recognised_by_its_browser(agent: str, words: str):
    assert sessions.browser_words(agent) == words
