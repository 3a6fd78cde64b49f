"""Signing in: what the page answers, to whom, and how often."""

import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from app.accounts import passwords
from app.accounts.models import SignInAttempt
from app.audit.record import history
from app.db import db
from tests.accounts.conftest import HASH, PASSWORD
from tests.cast import NOW

pytestmark = pytest.mark.one_database

WRONG = "not the password at all"


def stranger(number: int) -> dict[str, dict[str, str]]:
    return {"environ_overrides": {"REMOTE_ADDR": f"203.0.113.{number}"}}


def guess(client, email: str, times: int, **kw) -> list[int]:
    data = {"email": email, "password": WRONG}
    return [client.post("/sign-in", data=data, **kw).status_code for _ in range(times)]


@pytest.fixture(autouse=True)
def quick_hash(monkeypatch):
    """Where there is no account a hash is made all the same; here a cheap one."""
    monkeypatch.setattr(passwords, "NOBODY", HASH)
    monkeypatch.setattr(passwords, "is_outdated", lambda stored: False)


def test_signs_in_and_goes_where_the_person_wanted_to(staff, client):
    answer = client.post(
        "/sign-in?next=/me?x=1", data={"email": " Tamsin.Nance@Example.org", "password": PASSWORD}
    )

    assert (answer.status_code, answer.location) == (302, "/me?x=1")
    assert history(staff.tamsin)[0].tag == "staff:signed_in"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example", "/\t/evil.example", "/\\evil.example", "https://evil.example/",
        "javascript:alert(1)", "/%09/evil.example", "/%5cevil.example", "///evil.example",
        "\\/evil.example", "/sign-in/../..//evil.example", "/no-such-page", "/sign-out",
        " /me", "http:evil.example", "/me@evil.example", "/me\r\nSet-Cookie: a=b",
    ],
)  # fmt: skip
def test_a_hostile_next_leads_home(staff, client, target: str):
    answer = client.post(
        "/sign-in", query_string={"next": target},
        data={"email": staff.tamsin.email, "password": PASSWORD},
    )  # fmt: skip

    assert answer.location == "/"


def test_known_unknown_new_and_left_accounts_get_the_same_bytes(app, staff):
    staff.jago.password_hash = None
    staff.kerensa.left_at = NOW
    db.session.commit()

    def answer(email: str) -> tuple[int, str, list[str]]:
        page = app.test_client().post("/sign-in", data={"email": email, "password": WRONG})
        plain = re.sub(r'name="csrf_token"[^>]*', "", page.text).replace(email, "EMAIL")
        return page.status_code, plain, sorted(page.headers.keys())

    known = answer(staff.tamsin.email)

    assert "The e-mail address or the password is not right." in known[1]
    for email in ("nobody@example.org", staff.jago.email, staff.kerensa.email):
        assert answer(email) == known


def test_known_and_unknown_accounts_take_the_same_statements(app, staff):
    counts = []

    def statements(email: str) -> int:
        counts.clear()
        app.test_client().post("/sign-in", data={"email": email, "password": WRONG})
        return len(counts)

    event.listen(db.engine, "before_cursor_execute", lambda *_: counts.append(1))

    assert statements(staff.tamsin.email) == statements("nobody@example.org")


def test_an_account_without_a_password_takes_a_hash_too(staff, client, monkeypatch):
    tried = []
    monkeypatch.setattr(passwords, "HASHER", Recorder(tried))

    guess(client, "nobody@example.org", 1)
    guess(client, staff.tamsin.email, 1)

    assert tried == [HASH, HASH]


def test_the_hash_of_nobody_costs_what_a_real_one_does():
    real = passwords.HASHER.hash("x").rsplit("$", 2)[0]

    assert real == "$argon2id$v=19$m=47104,t=2,p=1"
    assert NOBODY.rsplit("$", 2)[0] == real


def test_keeps_the_address_that_was_typed_and_never_the_password(staff, client):
    page = client.post("/sign-in", data={"email": "tamsin@example.org", "password": WRONG})

    assert page.status_code == 400
    assert 'value="tamsin@example.org"' in page.text
    assert WRONG not in page.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"email": "", "password": "x"}, "Enter your e-mail address"),
        ({"email": "a@example.org", "password": ""}, "Enter your password"),
        ({"email": "nonsense", "password": "x"}, "Enter an e-mail address, like"),
    ],
)
def test_says_what_is_missing(client, app, typed, sentence):
    page = client.post("/sign-in", data=typed)

    assert page.status_code == 400
    assert sentence in page.text


def test_a_password_is_neither_trimmed_nor_cut(staff, client, enter):
    staff.tamsin.password_hash = passwords.HASHER.hash(" spaces at both ends ")
    db.session.commit()

    assert enter(client, staff.tamsin, "spaces at both ends").status_code == 400
    assert enter(client, staff.tamsin, " spaces at both ends ").status_code == 302


def test_an_outdated_hash_is_renewed_by_signing_in(staff, client, enter, monkeypatch):
    monkeypatch.undo()
    enter(client, staff.tamsin)

    db.session.refresh(staff.tamsin)
    assert staff.tamsin.password_hash.startswith("$argon2id$v=19$m=47104,t=2,p=1$")
    assert enter(client, staff.tamsin).status_code == 302


# How often


def test_the_eleventh_try_from_one_place_is_refused_until_a_time_with_whom_to_ring(staff, client):
    assert guess(client, staff.tamsin.email, 10) == [400] * 10

    page = client.post("/sign-in", data={"email": staff.tamsin.email, "password": PASSWORD})

    assert page.status_code == 429
    assert "10:15" in page.text
    assert "01632 960 100" in page.text


def test_an_unknown_address_is_refused_after_as_many_tries(staff, client):
    assert guess(client, "nobody@example.org", 11) == [400] * 10 + [429]


def test_a_refused_try_is_heard_again_after_a_quarter_of_an_hour(staff, client, enter, a_monday):
    guess(client, staff.tamsin.email, 11)

    a_monday.shift(timedelta(minutes=16))

    assert enter(client, staff.tamsin).status_code == 302


def test_an_office_behind_one_address_has_fifty_tries(staff, client):
    for number in range(5):
        guess(client, f"person{number}@example.org", 10)

    assert guess(client, "somebody.else@example.org", 1) == [429]
    assert guess(client, "somebody.else@example.org", 1, **stranger(9)) == [400]


def test_sixty_strangers_do_not_stop_the_owners_own_browser(app, staff, client, enter):
    enter(client, staff.tamsin)
    client.post("/sign-out")

    answers = [guess(app.test_client(), staff.tamsin.email, 1, **stranger(n)) for n in range(1, 61)]

    assert answers == [[400]] * 60
    assert guess(app.test_client(), staff.tamsin.email, 1, **stranger(99)) == [429]
    assert enter(client, staff.tamsin).status_code == 302


def test_a_known_browser_has_ten_tries_of_its_own(app, staff, client, enter):
    enter(client, staff.tamsin)
    client.post("/sign-out")

    assert guess(client, staff.tamsin.email, 11) == [400] * 10 + [429]
    assert guess(app.test_client(), staff.tamsin.email, 1) == [400]


def test_a_browser_is_known_for_the_accounts_it_signed_in_as_only(staff, client, enter):
    enter(client, staff.tamsin)
    client.post("/sign-out")
    guess(client, staff.jago.email, 1)

    assert db.session.scalars(select(SignInAttempt.browser)).all() == [None]


def test_a_forged_device_cookie_makes_a_browser_no_better_known(staff, client, enter):
    client.set_cookie("device", "WyJhIixbMSwyLDMsNF1d.Z0.forged")
    guess(client, staff.tamsin.email, 1)

    assert db.session.scalars(select(SignInAttempt.browser)).all() == [None]


def test_a_device_is_forgotten_after_180_days(staff, client, enter, a_monday):
    enter(client, staff.tamsin)
    client.post("/sign-out")

    a_monday.shift(timedelta(days=181))
    guess(client, staff.tamsin.email, 1)

    assert db.session.scalars(select(SignInAttempt.browser)).all() == [None]


def test_signing_in_forgives_the_persons_own_slips(staff, client, enter):
    guess(client, staff.tamsin.email, 9)
    enter(client, staff.tamsin)

    assert db.session.scalars(select(SignInAttempt)).all() == []


def test_addresses_and_accounts_are_kept_as_digests(staff, client):
    guess(client, staff.tamsin.email, 1)

    attempt = db.session.scalars(select(SignInAttempt)).one()
    assert re.fullmatch(r"[0-9a-f]{64}", attempt.account)
    assert re.fullmatch(r"[0-9a-f]{64}", attempt.address)


def test_one_network_of_ipv6_counts_as_one_place(staff, client):
    for number in range(10):
        here = {"REMOTE_ADDR": f"2001:db8::{number}"}
        guess(client, staff.tamsin.email, 1, environ_overrides=here)

    last = {"REMOTE_ADDR": "2001:db8::ffff"}
    assert guess(client, staff.tamsin.email, 1, environ_overrides=last) == [429]


def test_a_fourth_password_at_once_is_told_to_come_again(staff, client, enter):
    with passwords._one:
        waiting = [threading.Thread(target=passwords.matches, args=("x", HASH)) for _ in range(3)]
        for thread in waiting:
            thread.start()
        while passwords._places._value:  # all three have a place
            pass
        answer = enter(client, staff.tamsin)
    for thread in waiting:
        thread.join()

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert db.session.scalars(select(SignInAttempt)).all() == []
    assert enter(client, staff.tamsin).status_code == 302


NOBODY = passwords.NOBODY


class Recorder:
    def __init__(self, tried: list[str]):
        self.tried = tried

    def verify(self, stored: str, password: bytes) -> bool:
        self.tried.append(stored)
        return False
