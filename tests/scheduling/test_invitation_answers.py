"""Answers to invitations that come by e-mail: shown beside who gave them, and nothing else."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from app.calendars.answer_reading import read_answers
from app.calendars.answers import MOST_BYTES, answers_in
from app.db import db, transact
from app.families.models import Carer
from app.scheduling.book import book
from app.scheduling.invitations import mailbox
from app.scheduling.invitations.answers import answers_about
from app.scheduling.invitations.models import Invitation, Mailbox
from app.scheduling.invitations.waiting import CAUSES
from app.tasks.causes import items_of as items
from tests.cast import NOW, Cast
from tests.programmes.course import VIDEO_DAY, at, one, says, wanted
from tests.scheduling.test_invitations import (
    HANNAH,
    TAMSIN,
    calendar_part,
    cancelled,
    changed,
    sent,
)
from tests.standins.imap_server import MailServer, serving

SOON = NOW + timedelta(minutes=10)


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    with serving(MailServer()) as made:
        app.config["SERVICE"] = replace(app.config["SERVICE"], imap_url=made.url)
        yield made


@pytest.fixture
def visit(cast: Cast, server: MailServer) -> int:
    """Tamsin's goals visit; she and Hannah have their invitations, which ask for an answer."""
    hannah = db.session.scalars(select(Carer).where(Carer.family_id == cast.hannah.id)).one()
    hannah.email, hannah.wants_invitations = HANNAH, True
    says(cast)
    row = transact(
        lambda: book(wanted(cast, "goals_visit", at(VIDEO_DAY, 10)), by=cast.jago, at=NOW)
    )
    return row.id


def answer_to(mail: bytes, partstat: str = "ACCEPTED", **changes: object) -> bytes:
    """What a calendar program sends back for an invitation that it got."""
    calendar = Calendar.from_ical(calendar_part(mail))
    (event,) = calendar.walk("VEVENT")
    facts = {
        "method": "REPLY", "uid": event["UID"], "sequence": event["SEQUENCE"],
        "attendee": event["ATTENDEE"].email, "stamp": NOW + timedelta(minutes=2), **changes,
    }  # fmt: skip
    sender = facts.get("sender", facts["attendee"])
    stamp = facts["stamp"].astimezone(UTC)
    return (
        f"From: <{sender}>\r\nTo: vig@example.org\r\nSubject: Re\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/calendar; method={facts['method']}; charset=utf-8\r\n\r\n"
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:{facts['method']}\r\n"
        f"BEGIN:VEVENT\r\nUID:{facts['uid']}\r\nSEQUENCE:{facts['sequence']}\r\n"
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}\r\n"
        f"ATTENDEE;PARTSTAT={partstat}:MAILTO:{facts['attendee']}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def to(address: str) -> bytes:
    """The newest invitation to somebody."""
    return [m for m in sent(SOON) if f"<{address}>".encode() in m[:500]][-1]


def read(when: datetime = SOON) -> None:
    while mailbox.read_next(at=when, read=answers_in):
        pass


def shown(visit: int) -> list[tuple[str, str]]:
    return [(name, words.split(",")[0]) for name, words in answers_about(one(visit))]


def test_where_the_mailbox_is_read_an_answer_is_asked_for(visit: int) -> None:
    ics = calendar_part(to(TAMSIN))

    assert b"RSVP=TRUE" in ics.replace(b"\r\n ", b"")
    assert b"DISALLOW-COUNTER:FALSE" in ics


@pytest.mark.parametrize(
    ("partstat", "method", "words"),
    [
        ("ACCEPTED", "REPLY", "accepted"),
        ("DECLINED", "REPLY", "declined"),
        ("TENTATIVE", "REPLY", "accepted for now"),
        ("NEEDS-ACTION", "COUNTER", "asked for another time"),
    ],
)
def test_an_answer_is_shown_and_nothing_else_happens(
    visit: int, server: MailServer, partstat: str, method: str, words: str
) -> None:
    server.add(answer_to(to(HANNAH), partstat, method=method), answer_to(to(TAMSIN), "DECLINED"))
    before = one(visit).version

    read()

    assert sorted(shown(visit)) == [("Hannah Rowe", words), ("Tamsin Nance", "declined")]
    row = one(visit)
    assert (row.status, row.version, row.change_asked_at) == ("booked", before, None)
    assert server.seen == [1, 2]


@pytest.mark.parametrize(
    "change",
    [
        {"sender": "stranger@example.org"},
        {"sender": HANNAH},
        {"attendee": HANNAH},
        {"uid": "another"},
        {"method": "REQUEST"},
    ],
)
def test_an_answer_of_anybody_else_is_none_and_stays_unread(
    visit: int, server: MailServer, change: dict[str, object]
) -> None:
    server.add(answer_to(to(TAMSIN), **change))

    read()

    assert shown(visit) == []
    assert server.seen == []


def test_an_answer_to_an_earlier_time_is_none(visit: int, cast: Cast, server: MailServer) -> None:
    old = answer_to(to(TAMSIN))
    changed(visit, cast, SOON, starts_at=at(VIDEO_DAY, 13))
    server.add(old)
    read()
    assert shown(visit) == []

    server.add(answer_to(to(TAMSIN), "TENTATIVE", stamp=SOON))
    read(SOON + timedelta(minutes=2))
    assert shown(visit) == [("Tamsin Nance", "accepted for now")]

    changed(visit, cast, SOON, starts_at=at(VIDEO_DAY, 14))
    assert shown(visit) == []


def test_of_several_the_last_given_counts_in_whatever_order_they_come(
    visit: int, server: MailServer
) -> None:
    first = answer_to(to(TAMSIN), "ACCEPTED", stamp=NOW + timedelta(minutes=1))
    then = answer_to(to(TAMSIN), "DECLINED", stamp=NOW + timedelta(minutes=3))
    server.add(then, first)

    read()

    assert shown(visit) == [("Tamsin Nance", "declined")]


def test_an_answer_from_the_future_does_not_stop_later_ones(visit: int, server: MailServer) -> None:
    server.add(answer_to(to(TAMSIN), "ACCEPTED", stamp=NOW + timedelta(days=400)))
    read()
    later = SOON + timedelta(minutes=2)
    server.add(answer_to(to(TAMSIN), "DECLINED", stamp=later))
    read(later)

    assert shown(visit) == [("Tamsin Nance", "declined")]


def test_what_was_cancelled_takes_no_answer(visit: int, cast: Cast, server: MailServer) -> None:
    mail = answer_to(to(TAMSIN), sequence=9)
    cancelled(visit, cast, SOON)
    server.add(mail)

    read()

    assert shown(visit) == []


def test_each_mail_is_read_once_and_a_mailbox_made_anew_does_no_harm(
    visit: int, server: MailServer
) -> None:
    server.add(b"From: x@example.org\r\n\r\nCan you ring me?", answer_to(to(TAMSIN)))
    read()
    assert sum("BODY.PEEK" in said for said in server.said) == 2
    read(SOON + timedelta(minutes=2))
    assert sum("BODY.PEEK" in said for said in server.said) == 2

    server.validity, server.mails = 8, {}
    server.add(answer_to(to(TAMSIN), "DECLINED", stamp=SOON))
    read(SOON + timedelta(minutes=4))
    assert shown(visit) == [("Tamsin Nance", "declined")]


def test_many_mails_are_read_a_few_at_a_time_and_long_ones_not_at_all(
    visit: int, server: MailServer
) -> None:
    server.add(*[b"From: x@example.org\r\n\r\nHello"] * 30, b"x" * (MOST_BYTES + 1))
    server.add(answer_to(to(TAMSIN)))

    assert mailbox.read_next(at=SOON, read=answers_in)
    assert sum("BODY.PEEK" in said for said in server.said) == mailbox.MOST_MAILS
    read()
    assert sum("BODY.PEEK" in said for said in server.said) == 31
    assert shown(visit) == [("Tamsin Nance", "accepted")]


@pytest.mark.one_database
def test_a_server_that_lies_about_a_length_sends_no_more_than_was_asked(
    visit: int, server: MailServer
) -> None:
    server.size_lies = True
    server.add(b"x" * (3 * MOST_BYTES), answer_to(to(TAMSIN)))
    seen: list[int] = []

    def measured(mail: bytes) -> list:
        seen.append(len(mail))
        return answers_in(mail)

    mailbox.read_next(at=SOON, read=measured)
    assert seen[0] == MOST_BYTES
    assert shown(visit) == [("Tamsin Nance", "accepted")]


@pytest.mark.one_database
def test_a_mailbox_that_may_only_be_read_is_read(visit: int, server: MailServer) -> None:
    server.read_only = True
    server.add(answer_to(to(TAMSIN)))

    mailbox.read_next(at=SOON, read=read_answers)

    assert shown(visit) == [("Tamsin Nance", "accepted")]
    assert db.session.scalars(select(Mailbox.failure)).one() is None


FAULTS = {
    "sign-in": ("password", "wrong"),
    "no folder": ("folder", "Answers"),
    "broke off": ("breaks_at", "UID SEARCH"),
    "broke off (": ("breaks_at", "BODY.PEEK"),
    "broke off (a": ("breaks_at", "LOGIN"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_mailbox_that_fails_is_shown_to_staff_and_comes_back(
    visit: int, server: MailServer, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    server.add(answer_to(to(TAMSIN)))
    name, value = FAULTS[fault]
    kept = getattr(server, name)
    setattr(server, name, value)

    with caplog.at_level(logging.DEBUG):
        read()
        assert items(CAUSES, SOON) == []  # for a moment
        late = SOON + timedelta(hours=2)
        read(late)
    (item,) = items(CAUSES, late)
    assert item.why.startswith("Answers to invitations have not been read since Mon 23 Nov 10:10.")
    assert fault.rstrip("(a ") in item.why
    assert "@" not in item.why + caplog.text
    assert "secret" not in item.why + caplog.text

    setattr(server, name, kept)
    read(late + timedelta(minutes=6))
    assert items(CAUSES, late + timedelta(minutes=6)) == []
    assert shown(visit) == [("Tamsin Nance", "accepted")]


def test_without_an_address_nothing_is_read_and_nothing_fails(
    visit: int, server: MailServer, app: Flask
) -> None:
    server.breaks_at = "LOGIN"
    read()
    app.config["SERVICE"] = replace(app.config["SERVICE"], imap_url="")
    said = len(server.said)

    read(SOON + timedelta(hours=3))

    assert len(server.said) == said
    assert items(CAUSES, SOON + timedelta(hours=3)) == []
    assert db.session.scalars(select(Mailbox)).all() == []


def test_what_one_worker_reads_no_other_does(visit: int, server: MailServer) -> None:
    assert transact(lambda: mailbox.take(server.url, SOON)) is not None
    assert transact(lambda: mailbox.take(server.url, SOON)) is None

    after = SOON + mailbox.LEASE
    assert transact(lambda: mailbox.take(server.url, after)) is not None


def test_killed_between_mails_it_goes_on_where_it_was(visit: int, server: MailServer) -> None:
    server.add(b"From: x@example.org\r\n\r\nHello", answer_to(to(TAMSIN)))
    given: list[bytes] = []

    def killed_at_the_second(mail: bytes) -> list:
        given.append(mail)
        if len(given) == 2:
            raise KeyboardInterrupt
        return []

    with pytest.raises(KeyboardInterrupt):
        mailbox.read_next(at=SOON, read=killed_at_the_second)
    assert db.session.scalars(select(Mailbox.last_uid)).one() == 1

    read(SOON + mailbox.LEASE)
    assert shown(visit) == [("Tamsin Nance", "accepted")]
    assert sum("BODY.PEEK" in said for said in server.said) == 3


@pytest.mark.one_database
def test_the_appointments_page_shows_it_beside_the_person(
    visit: int, server: MailServer, cast: Cast, sign_in
) -> None:
    page = sign_in(cast.jago).get(f"/appointments/{visit}").text
    assert "Answers by e-mail" not in page
    server.add(answer_to(to(TAMSIN), "NEEDS-ACTION", method="COUNTER"))
    read()

    page = sign_in(cast.jago).get(f"/appointments/{visit}").text
    assert "<dt>Tamsin Nance</dt><dd>asked for another time, Mon 23 Nov 10:10</dd>" in page
    assert db.session.scalars(select(Invitation.answer).where(Invitation.answer != "x")).all()


@pytest.mark.one_database
def test_a_failing_mailbox_is_on_the_work_list(
    visit: int, server: MailServer, cast: Cast, sign_in
) -> None:
    server.password = "another"
    read()

    with time_machine.travel(SOON + timedelta(hours=2), tick=False):
        page = sign_in(cast.jago).get("/").text
    assert "The mailbox does not accept our sign-in." in page
    assert 'href="/texts/delivery"' in page
