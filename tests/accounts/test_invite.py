"""Links to set a password: the first one, a forgotten one, used once."""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select

from app.accounts import invite, invite_mail, passwords, sessions
from app.accounts.models import SignIn, Staff
from app.accounts.queries import staff_recipient
from app.audit.record import history
from app.db import db
from app.errors import DomainError
from app.links.models import Link
from app.messaging.models import Outbox
from tests.accounts.conftest import PASSWORD
from tests.cast import NOW

pytestmark = pytest.mark.one_database

NEW = "kitchen table moon"


def token_of(address: str) -> str:
    return re.fullmatch(r"http://127\.0\.0\.1:5000/account/([A-Za-z0-9]{22})", address)[1]


def link_for(staff, person: Staff) -> str:
    token = token_of(invite.link_for_new_staff(person, by=staff.morwenna, at=NOW))
    db.session.commit()
    return token


def asked(client, email: str):
    return client.post("/forgotten", data={"email": email})


def test_somebody_new_sets_a_password_once_and_signs_in(staff, client, enter):
    staff.tamsin.password_hash = None
    token = link_for(staff, staff.tamsin)

    first = client.post(f"/account/{token}", data={"password": NEW})
    second = client.post(f"/account/{token}", data={"password": "another loud heron"})

    assert (first.status_code, first.location) == (302, "/sign-in")
    assert second.status_code == 404
    assert enter(client, staff.tamsin, NEW).status_code == 302
    assert [e.tag for e in history(staff.tamsin)][:2] == ["staff:signed_in", "staff:password_set"]


def test_opening_a_link_changes_nothing(staff, client):
    token = link_for(staff, staff.tamsin)

    assert client.get(f"/account/{token}").status_code == 200
    assert client.get(f"/account/{token}").status_code == 200
    assert db.session.scalar(select(Link.used_at)) is None


@pytest.mark.parametrize("dead", ["used", "run out", "replaced", "left", "never made", "malformed"])
def test_every_dead_link_gets_the_same_answer(app, staff, client, a_monday, dead: str):
    never = client.get("/account/AAAAAAAAAAAAAAAAAAAAAA")
    token = link_for(staff, staff.tamsin)
    if dead == "used":
        client.post(f"/account/{token}", data={"password": NEW})
    elif dead == "run out":
        a_monday.shift(timedelta(days=7, seconds=1))
    elif dead == "replaced":
        link_for(staff, staff.tamsin)
    elif dead == "left":
        staff.tamsin.left_at = NOW
        db.session.commit()
    elif dead == "never made":
        token = "B" * 22
    else:
        token = "no-token"
    answer = app.test_client().get(f"/account/{token}")

    assert (answer.status_code, answer.text) == (404, never.text)
    assert "This link has ended" in answer.text


def test_a_first_link_lives_for_seven_days_and_its_token_is_not_stored(staff):
    token = link_for(staff, staff.tamsin)

    link = db.session.scalars(select(Link)).one()
    assert link.expires_at == NOW + timedelta(days=7)
    assert token not in (link.digest, str(link.__dict__))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("", "Enter a new password"), ("short", "12 characters"), ("tamsin at work", "your name")],
)
def test_a_password_that_may_not_be_chosen_leaves_the_link_alive(staff, client, typed, sentence):
    token = link_for(staff, staff.tamsin)

    page = client.post(f"/account/{token}", data={"password": typed})

    assert page.status_code == 400
    assert sentence in page.text
    assert client.get(f"/account/{token}").status_code == 200


def test_a_new_password_ends_every_session_and_every_other_link(staff, client, enter):
    enter(client, staff.tamsin)
    asked(client, staff.tamsin.email)
    asked(client, staff.tamsin.email)
    first, second = (row.payload["token"] for row in db.session.scalars(select(Outbox)))

    client.post(f"/account/{first}", data={"password": NEW})

    assert db.session.scalars(select(SignIn)).all() == []
    assert client.get(f"/account/{second}").status_code == 404
    assert client.get("/me").status_code == 302


def test_only_a_manager_makes_a_link(staff):
    with pytest.raises(DomainError, match="Only a manager"):
        invite.link_for_new_staff(staff.tamsin, by=staff.jago, at=NOW)


def test_somebody_who_left_gets_no_link(staff):
    staff.tamsin.left_at = NOW
    with pytest.raises(DomainError, match="has left"):
        invite.link_for_new_staff(staff.tamsin, by="cli", at=NOW)


# Forgotten


def test_the_answer_is_the_same_whoever_asks(staff, client):
    staff.kerensa.left_at = NOW
    db.session.commit()

    known = asked(client, staff.tamsin.email)
    unknown = asked(client, "nobody@example.org")
    gone = asked(client, staff.kerensa.email)

    assert known.status_code == 200
    assert known.data == unknown.data == gone.data
    rows = db.session.scalars(select(Outbox)).all()
    assert [(row.purpose, row.recipient_id) for row in rows] == [("account_link", staff.tamsin.id)]
    assert history(staff.tamsin)[0].tag == "staff:password_asked"


def test_the_mail_says_who_and_until_when_and_the_log_has_no_link(staff, client):
    asked(client, staff.tamsin.email)
    row = db.session.scalars(select(Outbox)).one()
    recipient = staff_recipient(staff.tamsin.id)

    assert invite_mail.unwanted(row, recipient, NOW) is None
    message = invite_mail.make(row, recipient, NOW)

    mail = message_from_bytes(message.email, policy=policy.default)
    text = mail.get_content()
    address = re.search(r"http://\S+", text)[0]
    assert (mail["To"], mail["From"]) == (
        "Tamsin Nance <tamsin.nance@example.org>", "VIG service <vig@example.org>",
    )  # fmt: skip
    assert "Tue 24 Nov 10:00" in text
    assert client.get(address).status_code == 200
    assert token_of(address) not in message.body


def test_a_used_link_is_not_mailed_any_more(staff, client):
    asked(client, staff.tamsin.email)
    row = db.session.scalars(select(Outbox)).one()
    client.post(f"/account/{row.payload['token']}", data={"password": NEW})

    assert "used or replaced" in invite_mail.unwanted(row, staff_recipient(staff.tamsin.id), NOW)


def test_a_forgotten_link_lives_for_a_day(staff, client, a_monday):
    asked(client, staff.tamsin.email)
    token = db.session.scalars(select(Outbox)).one().payload["token"]

    a_monday.shift(timedelta(hours=24))

    assert client.get(f"/account/{token}").status_code == 404


def test_one_account_gets_three_mails_an_hour_and_the_same_answer(staff, client):
    answers = {asked(client, staff.tamsin.email).data for _ in range(5)}

    assert len(answers) == 1
    assert len(db.session.scalars(select(Outbox)).all()) == 3


def test_one_place_that_asks_for_many_is_told_to_wait(staff, client):
    codes = [asked(client, f"person{n}@example.org").status_code for n in range(21)]

    assert codes == [200] * 20 + [429]


def test_asking_for_passwords_does_not_use_up_tries_to_sign_in(staff, client, enter):
    for _ in range(12):
        asked(client, staff.tamsin.email)

    assert enter(client, staff.tamsin, PASSWORD).status_code == 302


# One's own


def change(client, present: str, new: str):
    return client.post("/me/password", data={"present": present, "password": new})


def test_changing_ones_password_keeps_this_session_and_ends_the_others(app, staff, client, enter):
    other = app.test_client()
    enter(client, staff.tamsin)
    enter(other, staff.tamsin)

    assert change(client, PASSWORD, NEW).status_code == 302

    assert client.get("/me").status_code == 200
    assert other.get("/me").status_code == 302
    assert passwords.matches(NEW, staff.tamsin.password_hash)
    assert history(staff.tamsin)[0].detail == {"how": "own"}


def test_the_present_password_is_asked_for_and_its_tries_are_counted(staff, client, enter):
    enter(client, staff.tamsin)

    codes = [change(client, "not the password", NEW).status_code for _ in range(11)]

    assert codes == [400] * 10 + [429]
    db.session.refresh(staff.tamsin)
    assert not passwords.matches(NEW, staff.tamsin.password_hash)


def test_a_busy_process_counts_no_try(staff, client, enter, monkeypatch):
    enter(client, staff.tamsin)

    def busy(*_):
        raise passwords.Busy

    monkeypatch.setattr(passwords, "matches", busy)
    assert [change(client, PASSWORD, NEW).status_code for _ in range(12)] == [503] * 12


def test_sessions_have_digests_of_their_own(staff):
    assert sessions.digest("a") != sessions.digest("b")
