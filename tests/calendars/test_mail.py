import smtplib
import socket
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendars.invitations import invitation, one_line
from app.calendars.mail import Envelope, invitation_mail, plain_mail
from tests.calendars.test_checks import HARD

AT = datetime(2026, 3, 16, 11, 20, tzinfo=UTC)
STARTS = datetime(2026, 3, 30, 9, tzinfo=UTC)
TEXT = "Your appointment is Monday 30 March at 10am.\n\nNot right? https://example.org/a/k3v.\n– Jo"


def envelope(**changes):
    facts = {
        "sender_name": "Jo at the family office",
        "sender_email": "jo@example.org",
        "to_name": "Hannah",
        "to_email": "hannah@example.org",
        "subject": "Appointment",
        "message_id": "<outbox-7@example.org>",
        "at": AT,
    }
    return Envelope(**{**facts, **changes})


def ics(method="REQUEST"):
    return invitation(
        "7-carer-12@example.org",
        3,
        STARTS,
        STARTS + timedelta(hours=1),
        "Appointment",
        "Jo at the family office",
        "jo@example.org",
        "hannah@example.org",
        "Żaneta",
        None,
        AT,
        method,
        "One line\nand – another",
    )


def read(message):
    return message_from_bytes(message.as_bytes(), policy=default)


def parts(message):
    return {part.get_content_type(): part for part in message.walk()}


def test_the_parts_are_in_the_order_that_outlook_shows_as_an_invitation():
    message = read(invitation_mail(envelope(), TEXT, ics(), "REQUEST"))

    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_the_calendar_part_names_its_method_and_keeps_its_bytes(method):
    calendar = ics(method)
    found = parts(read(invitation_mail(envelope(), TEXT, calendar, method)))

    assert dict(found["text/calendar"]["Content-Type"].params) == {
        "charset": "utf-8",
        "method": method,
    }
    assert found["text/calendar"].get_payload(decode=True) == calendar
    assert found["application/ics"].get_payload(decode=True) == calendar
    assert found["application/ics"].get_filename() == "invite.ics"


def test_a_method_that_is_not_the_calendars_is_refused():
    with pytest.raises(ValueError, match="method"):
        invitation_mail(envelope(), TEXT, ics("REQUEST"), "CANCEL")


def test_the_headers_are_these_and_no_more():
    message = read(plain_mail(envelope(), TEXT))

    assert dict(message.items()) == {
        "From": "Jo at the family office <jo@example.org>",
        "To": "Hannah <hannah@example.org>",
        "Subject": "Appointment",
        "Date": "Mon, 16 Mar 2026 11:20:00 +0000",
        "Message-ID": "<outbox-7@example.org>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
    }


def test_the_text_comes_back_as_written():
    message = read(plain_mail(envelope(), TEXT))

    assert message.get_content().splitlines() == TEXT.splitlines()


def test_the_html_is_the_same_text_escaped_with_its_link():
    message = read(invitation_mail(envelope(), f"<b>{TEXT}", ics(), "REQUEST"))

    html = parts(message)["text/html"].get_content().replace("\r\n", "\n")
    assert "<p>&lt;b&gt;Your appointment" in html
    assert '<a href="https://example.org/a/k3v">https://example.org/a/k3v</a>.<br>– Jo</p>' in html


@pytest.mark.parametrize("field", ["sender_name", "to_name", "subject"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85"])
def test_no_name_and_no_subject_begins_a_header(field, end):
    evil = envelope(**{field: f"Jo{end}Bcc: x@example.org{end}{end}<script>"})
    message = read(plain_mail(evil, TEXT))

    assert message["Bcc"] is None
    assert message.get_content().splitlines() == TEXT.splitlines()
    assert len(message["To"].addresses) == 1


@pytest.mark.parametrize("field", ["sender_email", "to_email"])
@pytest.mark.parametrize(
    "email",
    ["", "jo", "a@example.org\r\nBcc: b@example.org", "a@example.org,b@example.org", "ž@x.y"],
)
def test_what_is_not_one_address_is_refused(field, email):
    with pytest.raises(ValueError, match="e-mail"):
        plain_mail(envelope(**{field: email}), TEXT)


@pytest.mark.parametrize("message_id", ["", "7", "<7>", "<7@x>\r\nBcc: x@example.org", "7@x"])
def test_a_message_id_that_is_none_is_refused(message_id):
    with pytest.raises(ValueError, match="Message-ID"):
        plain_mail(envelope(message_id=message_id), TEXT)


def test_a_time_without_its_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        plain_mail(envelope(at=datetime(2026, 3, 16)), TEXT)


@pytest.mark.parametrize("name", ["Żaneta Łuc; (x)", 'Jo "J" O’Neil', "", None, "Ünal, Zoë"])
def test_any_name_comes_back(name):
    (address,) = read(plain_mail(envelope(to_name=name), TEXT))["To"].addresses

    assert (address.display_name, address.addr_spec) == (name or "", "hannah@example.org")


class Sink:
    def __init__(self):
        self.received = []

    async def handle_DATA(self, server, session, sent):
        self.received.append(sent.content)
        return "250 OK"


def test_what_a_mail_server_receives_holds_the_same_calendar():
    sink = Sink()
    calendar = ics()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(sink, hostname="127.0.0.1", port=port)
    server.start()
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            client.send_message(invitation_mail(envelope(), TEXT, calendar, "REQUEST"))
    finally:
        server.stop()

    (received,) = sink.received
    found = parts(message_from_bytes(received, policy=default))
    assert found["text/calendar"].get_payload(decode=True) == calendar
    assert received.isascii()


def test_every_line_of_a_mail_ends_in_crlf():
    raw = invitation_mail(envelope(), TEXT, ics(), "REQUEST").as_bytes()

    assert b"\n" not in raw.replace(b"\r\n", b"")


@settings(max_examples=60, deadline=None)
@given(name=st.text(max_size=300) | st.sampled_from(HARD), subject=st.text(max_size=300))
def test_whatever_comes_in_the_mail_has_its_headers_and_no_more(name, subject):
    made = invitation_mail(envelope(to_name=name, subject=subject), TEXT, ics(), "REQUEST")
    message = read(made)

    assert [key for key in message if key in ("To", "Bcc", "Cc", "From", "Subject")] == [
        "From",
        "To",
        "Subject",
    ]
    assert message.defects == []
    (address,) = message["To"].addresses
    assert address.addr_spec == "hannah@example.org"
    # Python's own parser puts a space between two encoded words of a name, against RFC 2047.
    assert address.display_name.replace(" ", "") == one_line(name).replace(" ", "")
    assert message["Subject"] == one_line(subject).replace("=?", "= ?")
    assert parts(message)["text/calendar"].get_payload(decode=True) == ics()
    assert made.as_bytes().isascii()
