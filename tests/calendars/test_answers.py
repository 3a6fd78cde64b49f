"""An answer is told from whatever else comes by mail, and nothing in a mail does harm."""

from datetime import UTC, datetime
from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendars.answer_reading import read_answers
from app.calendars.answers import MOST_BYTES, Answer, answers_in

OUTLOOK = """From: Tamsin Nance <Tamsin.Nance@Example.org>
To: VIG service <vig@example.org>
Subject: Accepted: Goals visit: F1042
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain

--b
Content-Type: text/calendar; charset="utf-8"; method=REPLY

BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VEVENT
ATTENDEE;PARTSTAT=ACCEPTED;CN=Tamsin Nance:MAILTO:Tamsin.Nance@example.org
COMMENT;LANGUAGE=en-GB:\\n
UID:the-uid-s3
SUMMARY;LANGUAGE=en-GB:Accepted: Goals visit: F1042
DTSTART;TZID=GMT Standard Time:20261201T100000
DTEND;TZID=GMT Standard Time:20261201T110000
CLASS:PRIVATE
DTSTAMP:20261123T111213Z
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:2
END:VEVENT
END:VCALENDAR
--b--
"""
ACCEPTED = Answer(
    "the-uid-s3", 2, "tamsin.nance@example.org", "accepted",
    datetime(2026, 11, 23, 11, 12, 13, tzinfo=UTC),
)  # fmt: skip


def mail() -> bytes:
    return OUTLOOK.replace("\n", "\r\n").encode()


def changed(was: str, now: str) -> bytes:
    assert was in OUTLOOK
    return OUTLOOK.replace(was, now).replace("\n", "\r\n").encode()


def test_an_answer_as_outlook_writes_it_is_read() -> None:
    assert answers_in(mail()) == [ACCEPTED]
    assert read_answers(mail()) == [ACCEPTED]


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("PARTSTAT=ACCEPTED", "PARTSTAT=DECLINED", "declined"),
        ("PARTSTAT=ACCEPTED", "PARTSTAT=TENTATIVE", "tentative"),
        ("METHOD:REPLY", "METHOD:COUNTER", "counter"),
    ],
)
def test_what_else_may_be_answered_is_read(was: str, now: str, says: str) -> None:
    assert [one.says for one in answers_in(changed(was, now))] == [says]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("METHOD:REPLY", "METHOD:REQUEST"),
        ("METHOD:REPLY", "METHOD:CANCEL"),
        ("METHOD:REPLY\n", ""),
        ("PARTSTAT=ACCEPTED", "PARTSTAT=DELEGATED"),
        ("PARTSTAT=ACCEPTED;", ""),
        ("From: Tamsin Nance <Tamsin.Nance@Example.org>", "From: x@example.org"),
        ("From: ", "From: Tamsin <tamsin.nance@example.org>\nFrom: x@example.org\nX-From: "),
        ("From: Tamsin Nance <Tamsin.Nance@Example.org>\n", ""),
        ("UID:the-uid-s3\n", ""),
        ("SEQUENCE:2", "SEQUENCE:2\nRECURRENCE-ID:20261201T100000Z"),
        ("COMMENT", "ATTENDEE;PARTSTAT=DECLINED:mailto:x@example.org\nCOMMENT"),
        ("text/calendar", "text/plain"),
        ("BEGIN:VEVENT", "BEGIN:VTODO"),
    ],
)
def test_what_is_no_plain_answer_of_its_writer_is_none(was: str, now: str) -> None:
    assert read_answers(changed(was, now)) == []


def test_a_stamp_without_its_zone_is_none_and_a_missing_sequence_nought() -> None:
    (answer,) = answers_in(changed("DTSTAMP:20261123T111213Z", "DTSTAMP:20261123T111213"))
    assert answer.stamp is None
    (answer,) = answers_in(changed("SEQUENCE:2\n", ""))
    assert answer.sequence == 0


BOMBS = {
    "too long": mail() + b"x" * MOST_BYTES,
    "parts in parts": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(2000)
    ),
    "components in components": changed("BEGIN:VEVENT", "BEGIN:VEVENT\n" * 9000),
    "a rule for ever": changed("SEQUENCE:2", "SEQUENCE:2\nRRULE:FREQ=SECONDLY;INTERVAL=0"),
    "many parts": changed("--b--", "--b\nContent-Type: text/calendar\n\nx\n" * 3000 + "--b--"),
    "one long line": changed("UID:the-uid-s3", "UID:" + "u" * 150_000),
    "not a mail": b"\x00\xff" * 50_000,
    "nothing": b"",
    "a name of a file": b"/etc/passwd",
    "encoded wrongly": changed("=REPLY\n", "=REPLY\nContent-Transfer-Encoding: base64\n"),
    "an unknown charset": changed('charset="utf-8"', 'charset="klingon"'),
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_no_mail_holds_the_worker_up(bomb: str) -> None:
    began = monotonic()

    found = read_answers(BOMBS[bomb])

    assert [one for one in found if one.uid == "the-uid-s3"] in ([], [ACCEPTED])
    assert monotonic() - began < 14


def test_a_child_that_says_what_it_would_not_is_not_believed() -> None:
    for program in ("tests.standins.answer_misfit", "no.such.program"):
        assert read_answers(mail(), program=program) == []


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000), st.integers(0, len(mail())))
def test_whatever_is_put_into_a_mail_names_no_other_attendee(noise: bytes, where: int) -> None:
    whole = mail()
    try:
        found = answers_in(whole[:where] + noise + whole[where:])
    except (ValueError, LookupError, TypeError, AttributeError):
        return
    assert {one.says for one in found} <= {"accepted"}
