import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
import time_machine
from sqlalchemy import select
from werkzeug.serving import make_server

from app import clock
from app.db import db
from app.messaging.models import Outbox, Reply, SimulatedMessage
from app.simulator.views import moment
from tests.cast import NOW

pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def server(app) -> Iterator[str]:
    """The service on a real port: the simulator posts to its webhook over HTTP."""
    made = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    thread.join()
    made.server_close()


def keep(**more) -> SimulatedMessage:
    chosen = {
        "channel": "text",
        "to_address": "+447700900142",
        "body": "Reminder: Tue 10am.",
        "at": NOW,
    }
    message = SimulatedMessage(**{**chosen, "at": NOW, **more})
    db.session.add(message)
    db.session.commit()
    return message


def a_mail() -> bytes:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Appointment", "a@example.org", "b@example.org"
    mail.set_content("On Tuesday, Zoë.")
    mail.add_attachment(
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text", "calendar", filename="invite.ics"
    )
    return mail.as_bytes()


def test_it_says_that_nothing_is_real_and_what_to_do_first(client):
    page = client.get("/simulator").text
    assert "Not real phones" in page
    assert "No phone has had a text yet." in page
    assert "No e-mail has been sent yet." in page


def test_phones_show_their_texts_and_replies(client):
    keep()
    db.session.add(
        Reply(
            provider_id="SM1",
            from_number="+447700900142",
            to_number="x",
            body="1 thanks",
            received_at=NOW,
        )  # fmt: skip
    )
    db.session.commit()
    page = client.get("/simulator").text
    assert "07700 900 142" in page
    assert "Reminder: Tue 10am." in page
    assert "1 thanks" in page


def test_a_reply_comes_to_our_own_webhook_with_a_valid_signature(client, server):
    db.session.remove()
    form = {"number": "07700 900 142", "body": "1 please"}
    answer = client.post("/simulator/reply", data=form, base_url=server, follow_redirects=False)
    assert answer.status_code == 302
    reply = db.session.scalars(select(Reply)).one()
    assert (reply.from_number, reply.body) == ("+447700900142", "1 please")


def test_twilios_own_words_come_as_twilio_sends_them(client, server):
    db.session.remove()
    client.post("/simulator/reply", data={"number": "07700900142", "body": "Stop"}, base_url=server)
    assert db.session.scalars(select(Reply.opt_out_type)).one() == "STOP"


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"number": "07700 900 142", "body": " "}, "Write what the phone should send."),
        ({"number": "0770", "body": "1"}, "too short"),
        ({"number": "07700 900 142", "body": "1"}, "The webhook could not be reached."),
    ],
)
def test_a_reply_that_cannot_be_sent_says_why(client, form, said):
    answer = client.post(
        "/simulator/reply", data=form, base_url="http://127.0.0.1:9", follow_redirects=True
    )
    assert said in answer.text


def test_a_delivery_can_be_chosen_once(client):
    row = Outbox(
        channel="text", purpose="reminder", about_kind="appointment", about_id=1,
        recipient_kind="staff", recipient_id=1, dedupe="x", state="accepted", due_at=NOW,
        expires_at=NOW, created_at=NOW, attempt=1,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    text = keep(outbox_id=row.id, attempt=1)
    row_id, path = row.id, f"/simulator/texts/{text.id}"
    client.post(path, data={"status": "undelivered"})
    db.session.rollback()
    stored = db.session.get(Outbox, row_id, populate_existing=True)
    assert (stored.state, stored.error_code) == ("undelivered", "30003")
    assert client.post(path, data={"status": "nonsense"}).status_code == 302
    assert client.post("/simulator/texts/999", data={"status": "delivered"}).status_code == 404


def test_a_mail_can_be_read_and_its_invitation_taken_as_the_same_bytes(client):
    mail = keep(channel="email", to_address="b@example.org", body=a_mail().decode("latin-1"))
    page = client.get(f"/simulator/mail/{mail.id}").text
    assert "On Tuesday, Zoë." in page
    assert "invite.ics" in page
    assert client.get(f"/simulator/mail/{mail.id}/9").status_code == 404
    assert f'href="/simulator/mail/{mail.id}/3"' in page
    answer = client.get(f"/simulator/mail/{mail.id}/3")
    assert answer.data == b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_text_is_not_a_mail(client):
    assert client.get(f"/simulator/mail/{keep().id}").status_code == 404


@pytest.mark.parametrize(
    ("to", "goes"),
    [
        ("hour", NOW + timedelta(hours=1)),
        ("tomorrow", datetime(2026, 11, 24, 10, 0, tzinfo=UTC)),
        ("text", None),
        ("appointment", None),
        ("real", NOW),
        ("nonsense", None),
    ],
)
def test_the_clocks_buttons(app, to, goes):
    assert moment(to, NOW) == goes


def test_the_clock_moves_for_every_process(client, tmp_path, monkeypatch):
    monkeypatch.setenv("CLOCK_FILE", str(tmp_path / "clock"))
    client.post("/simulator/clock", data={"to": "hour"})
    assert timedelta(minutes=59) < clock.offset() <= timedelta(hours=1)
    client.post("/simulator/clock", data={"to": "real"})
    assert abs(clock.offset()) < timedelta(seconds=2)


def test_without_a_clock_file_nothing_moves(client, monkeypatch):
    monkeypatch.delenv("CLOCK_FILE", raising=False)
    assert client.post("/simulator/clock", data={"to": "hour"}).status_code == 302
    assert clock.offset() == timedelta(0)
    assert "CLOCK_FILE" in client.get("/simulator").text
