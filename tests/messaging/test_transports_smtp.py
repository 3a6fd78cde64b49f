from dataclasses import replace
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from sqlalchemy import select

from app.db import db
from app.messaging import channels
from app.messaging.claim import claim_next
from app.messaging.models import SimulatedMessage
from app.messaging.outcomes import expire_lease
from app.tasks.models import Task
from tests.cast import NOW
from tests.messaging.steps import stored, work
from tests.standins.mail_server import Box, free_port, serving

pytestmark = pytest.mark.one_database


@pytest.fixture
def box(app, people):
    made = Box()
    people.change("carer", 1, email="hannah@example.org", email_refusal=None)
    with serving(made) as url:
        app.config["SERVICE"] = replace(app.config["SERVICE"], smtp_url=url)
        yield made


def test_an_email_arrives_as_the_bytes_that_were_made(box, queue):
    row_id = queue(1, "letter", email=True)
    work()
    row = stored(row_id)
    assert (row.state, row.final_at) == ("sent", NOW)
    assert box.to == [["hannah@example.org"]]
    assert b"Message-ID: <%d@example.org>" % row_id in box.mails[0]
    assert box.mails[0].endswith(b"letter 1\r\n")
    assert row.body == "letter 1"


def test_fault_27_a_greylisted_email_is_tried_again(box, queue):
    row_id = queue(1, "letter", email=True)
    box.rcpt = "451 later"
    work()
    assert (stored(row_id).state, stored(row_id).due_at) == ("ready", NOW + timedelta(minutes=5))
    box.rcpt = "250 OK"
    work(NOW + timedelta(minutes=5))
    assert stored(row_id).state == "sent"


@pytest.mark.parametrize("where", ["rcpt", "end"])
def test_fault_27_a_refused_address_is_checked_by_a_person(box, queue, where):
    row_id = queue(1, "letter", email=True)
    setattr(box, where, "554 no such person")
    work()
    assert (stored(row_id).state, stored(row_id).error_code) == ("failed", "554")
    assert db.session.scalars(select(Task.words)).one().startswith("Check the e-mail address")


def test_fault_27_an_email_whose_end_is_unknown_goes_again_with_the_same_id(box, queue):
    row_id = queue(1, "letter", email=True)
    box.drop = True
    work()
    assert stored(row_id).state == "ready"
    box.drop = False
    work(NOW + timedelta(minutes=1))
    assert stored(row_id).state == "sent"
    assert len(box.mails) == 2
    assert len({mail.split(b"Message-ID: ")[1].split(b"\r\n")[0] for mail in box.mails}) == 1


def test_an_email_of_a_dead_worker_goes_again(box, app, queue):
    row_id = queue(1, "letter", email=True)
    claim_next("dead", at=NOW)
    expire_lease(NOW + timedelta(minutes=2))
    db.session.commit()
    assert stored(row_id).state == "ready"


def test_without_a_server_mails_wait(app, people, queue):
    app.config["SERVICE"] = replace(app.config["SERVICE"], smtp_url="smtp://127.0.0.1:9")
    people.change("carer", 1, email="hannah@example.org", email_refusal=None)
    row_id = queue(1, "letter", email=True)
    work()
    assert (stored(row_id).state, stored(row_id).attempt) == ("ready", 1)


def test_a_refused_sign_in_stops_emails_but_not_texts(app, people, queue):
    def never(server, session, envelope, mechanism, data):
        return AuthResult(success=False, handled=False)

    port = free_port()
    controller = Controller(
        Box(), hostname="127.0.0.1", port=port, authenticator=never, auth_require_tls=False
    )
    controller.start()
    url = f"smtp://us:secret@127.0.0.1:{port}"
    app.config["SERVICE"] = replace(app.config["SERVICE"], smtp_url=url)
    people.change("carer", 1, email="hannah@example.org", email_refusal=None)
    mail, text = queue(1, "letter", email=True), queue(2)
    work()
    controller.stop()
    assert channels.channel("email").stopped
    assert (stored(mail).state, stored(text).state) == ("ready", "accepted")


def test_nobody_gets_an_email_who_does_not_want_one(app, people, queue):
    row_id = queue(1, "letter", email=True)
    people.change("carer", 1, email="a@example.org", email_refusal="They want no e-mail.")
    work()
    assert stored(row_id).reason == "They want no e-mail."


def test_in_development_the_mailbox_gets_the_same_bytes(app, people, queue):
    people.change("carer", 1, email="hannah@example.org", email_refusal=None)
    row_id = queue(1, "letter", email=True, payload={"words": "Zoë"})
    work()
    assert stored(row_id).state == "sent"
    (kept,) = db.session.scalars(select(SimulatedMessage)).all()
    assert kept.to_address == "hannah@example.org"
    assert "Zoë".encode() in kept.body.encode("latin-1")
