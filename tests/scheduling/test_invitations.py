"""What calendars are told of an appointment's life, and what they show of it in the end."""

import email
import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from app.db import db, transact
from app.families.models import Carer
from app.messaging.claim import claim_next
from app.messaging.models import Outbox, SimulatedMessage
from app.messaging.outcomes import expire_lease
from app.messaging.send import send_next
from app.scheduling.book import book
from app.scheduling.cancel import cancel
from app.scheduling.invitations.models import Invitation
from app.scheduling.move import Change, move
from app.scheduling.telling import tell
from app.settings import store
from app.tasks.models import Task
from tests.cast import NOW, Cast
from tests.programmes.course import VIDEO_DAY, at, one, says, wanted
from tests.standins.mail_server import Box, serving
from tests.standins.receiving_calendar import ReceivingCalendar

TEN, ELEVEN = at(VIDEO_DAY, 10), at(VIDEO_DAY, 11)
TAMSIN, KERENSA = "tamsin.nance@example.org", "kerensa.tregenza@example.org"
HANNAH = "hannah@example.org"
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def visit(app: Flask, cast: Cast) -> int:
    """Tamsin's goals visit to Hannah, who asked for invitations; nothing of it is sent yet."""
    hannah = db.session.scalars(select(Carer).where(Carer.family_id == cast.hannah.id)).one()
    hannah.email, hannah.wants_invitations = HANNAH, True
    says(cast)
    return transact(lambda: book(wanted(cast, "goals_visit", TEN), by=cast.jago, at=NOW)).id


def changed(visit: int, cast: Cast, when: datetime, **change: object) -> None:
    change = {"starts_at": one(visit).starts_at, "override_reason": "They asked", **change}
    transact(lambda: move(one(visit), Change(**change), by=cast.jago, at=when))


def cancelled(visit: int, cast: Cast, when: datetime) -> None:
    transact(lambda: cancel(one(visit), "weather", by=cast.jago, at=when))


def sent(when: datetime = LATER) -> list[bytes]:
    """Everything that is due goes; the mails that ever went, in their order."""
    while send_next("worker", at=when):
        pass
    rows = db.session.scalars(
        select(SimulatedMessage.body)
        .where(SimulatedMessage.channel == "email")
        .order_by(SimulatedMessage.id)
    )
    return [body.encode("latin-1") for body in rows]


def told(mails: list[bytes], address: str) -> list[tuple[str, int, datetime, datetime]]:
    """Method, sequence, stamp and start of each mail to somebody."""
    found = []
    for mail in mails:
        if f"<{address}>".encode() not in mail.split(b"\r\n\r\n")[0]:
            continue
        ics = calendar_in(mail)
        (event,) = ics.walk("VEVENT")
        start = event["DTSTART"].dt.astimezone(UTC)
        found.append((str(ics["METHOD"]), event["SEQUENCE"], event["DTSTAMP"].dt, start))
    return found


def calendar_in(mail: bytes) -> Calendar:
    return Calendar.from_ical(calendar_part(mail))


def calendar_part(mail: bytes) -> bytes:
    (part,) = [
        p for p in email.message_from_bytes(mail).walk() if p.get_content_type() == "text/calendar"
    ]
    return bytes(part.get_payload(decode=True))


def rows(state: str) -> list[Outbox]:
    chosen = select(Outbox).where(Outbox.purpose == "invitation", Outbox.state == state)
    return list(db.session.scalars(chosen.order_by(Outbox.id)))


def test_every_change_raises_the_sequence_and_is_stamped_when_it_was_made(
    visit: int, cast: Cast
) -> None:
    sent()
    moved, gone = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    changed(visit, cast, moved, starts_at=ELEVEN)
    sent(moved + timedelta(minutes=7))
    cancelled(visit, cast, gone)
    mails = sent(gone + timedelta(minutes=7))

    for address in (TAMSIN, HANNAH):
        assert told(mails, address) == [
            ("REQUEST", 0, NOW, TEN),
            ("REQUEST", 1, moved, ELEVEN),
            ("CANCEL", 2, gone, ELEVEN),
        ]
    uids = {str(calendar_in(mail).walk("VEVENT")[0]["UID"]) for mail in mails}
    assert len(uids) == 2


def test_who_is_replaced_is_told_of_the_time_they_know_and_of_nothing_else(
    visit: int, cast: Cast
) -> None:
    sent()
    changed(visit, cast, LATER, starts_at=at(VIDEO_DAY, 13), staff_id=cast.kerensa.id)
    mails = sent(LATER)

    assert told(mails, TAMSIN) == [("REQUEST", 0, NOW, TEN), ("CANCEL", 1, LATER, TEN)]
    assert told(mails, KERENSA) == [("REQUEST", 1, LATER, at(VIDEO_DAY, 13))]
    (withdrawal,) = [m for m in mails if b"METHOD:CANCEL" in calendar_in(m).to_ical()]
    assert b"13:00" not in withdrawal
    assert b"Out of your calendar: " in withdrawal
    assert calendar_in(withdrawal).walk("VEVENT")[0].get("LOCATION") is None


def test_who_comes_back_keeps_the_uid(visit: int, cast: Cast) -> None:
    sent()
    changed(visit, cast, NOW, staff_id=cast.kerensa.id)
    sent()
    changed(visit, cast, LATER, staff_id=cast.tamsin.id)
    mails = sent()

    assert [row[:2] for row in told(mails, TAMSIN)] == [
        ("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2),
    ]  # fmt: skip
    assert len(db.session.scalars(select(Invitation)).all()) == 3


def test_what_never_left_is_taken_back_without_a_word(visit: int, cast: Cast) -> None:
    cancelled(visit, cast, NOW)

    assert sent() == []
    assert {row.reason for row in rows("cancelled")} == {"Overtaken by a newer invitation."}


LIFE: list[Callable[[int, Cast], None]] = [
    lambda visit, cast: changed(visit, cast, NOW, starts_at=ELEVEN),
    lambda visit, cast: changed(visit, cast, NOW, staff_id=cast.kerensa.id),
    lambda visit, cast: changed(visit, cast, NOW, starts_at=at(VIDEO_DAY, 13)),
    lambda visit, cast: changed(visit, cast, NOW, staff_id=cast.tamsin.id),
    lambda visit, cast: cancelled(visit, cast, NOW),
]


@pytest.mark.parametrize("length", range(1, len(LIFE) + 1))
def test_fault_27_in_whatever_order_and_how_often_mails_come_every_calendar_shows_what_is(
    visit: int, cast: Cast, length: int
) -> None:
    """All of it within one second, so that only the sequence tells what is newer."""
    mails = sent(NOW)
    for act in LIFE[:length]:
        act(visit, cast)
        mails = sent(NOW)
    row = one(visit)
    goes = {cast.tamsin.id: TAMSIN, cast.kerensa.id: KERENSA}[row.staff_id]
    standing = {address: [row.starts_at] * row.live for address in (goes, HANNAH)}

    chance = random.Random(length)
    orders = list(itertools.permutations(mails)) if len(mails) < 6 else []
    orders += [chance.sample(mails * 2, len(mails) * 2) for _ in range(30)]
    for order in orders:
        for address in (TAMSIN, KERENSA, HANNAH):
            theirs = ReceivingCalendar(address)
            for mail in order:
                theirs.receive(mail)
            assert theirs.standing == standing.get(address, [])
            assert len(theirs.events) <= 1


def test_an_older_one_that_was_stuck_with_a_dead_worker_does_not_go_after_the_newer(
    visit: int, cast: Cast
) -> None:
    while claim_next("dead", at=NOW):
        pass
    stuck = [row.id for row in rows("sending")]
    changed(visit, cast, NOW, starts_at=ELEVEN)
    gone = NOW + timedelta(minutes=10)
    while transact(lambda: expire_lease(gone)):
        pass
    mails = sent(gone)

    reasons = [row.reason for row in rows("cancelled") if row.id in stuck]
    assert reasons == ["Overtaken by a newer invitation."] * 2
    assert {start for address in (TAMSIN, HANNAH) for *_, start in told(mails, address)} == {ELEVEN}


def test_a_withdrawal_goes_where_the_first_mail_may_have_gone(visit: int, cast: Cast) -> None:
    """Killed in a send: nobody knows whether it went, so it is taken back."""
    while claim_next("dead", at=NOW):
        pass
    cancelled(visit, cast, LATER)
    gone = LATER + timedelta(minutes=10)
    while transact(lambda: expire_lease(gone)):
        pass
    mails = sent(gone)

    assert [row[0] for address in (TAMSIN, HANNAH) for row in told(mails, address)] == [
        "CANCEL", "CANCEL",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("address", "fault"),
    [("vig@example.org", "its ATTENDEE is its ORGANIZER"), ("tamsin", "written (ValueError)")],
)
def test_a_broken_invitation_is_never_sent_and_somebody_is_told(
    visit: int, cast: Cast, address: str, fault: str
) -> None:
    assert store.current().service_email == "vig@example.org"
    cast.tamsin.email = address
    db.session.commit()

    mails = sent()

    assert [len(told(mails, to)) for to in (TAMSIN, HANNAH)] == [0, 1]
    (row,) = rows("suppressed")
    assert fault in str(row.reason)
    assert "Tamsin" not in str(row.reason)
    task = db.session.scalars(select(Task).where(Task.kind == "not_sent")).one()
    assert task.words.startswith("Tell Tamsin Nance yourself: a calendar invitation did not go.")
    assert (task.about_kind, task.about_id) == ("appointment", visit)


def provisional(visit: int, when: datetime) -> None:
    def act() -> None:
        row = one(visit)
        row.status, row.reasons = "provisional", [["no_clips", "The clips are not chosen yet."]]
        row.sequence += 1
        tell(row, "booked", by="test", at=when)

    transact(act)


def test_a_time_that_became_provisional_stays_in_the_familys_calendar_and_is_tentative_in_ours(
    visit: int, cast: Cast
) -> None:
    sent()
    provisional(visit, LATER)
    mails = sent()

    assert [row[0] for row in told(mails, HANNAH)] == ["REQUEST"]
    assert [row[0] for row in told(mails, TAMSIN)] == ["REQUEST", "REQUEST"]
    last = calendar_in(mails[-1]).walk("VEVENT")[0]
    assert (str(last["STATUS"]), str(last["SUMMARY"])) == (
        "TENTATIVE", "Goals visit: F1042 (provisional)",
    )  # fmt: skip


def test_a_provisional_one_that_moves_leaves_the_familys_calendar(visit: int, cast: Cast) -> None:
    sent()
    provisional(visit, LATER)
    row = one(visit)
    row.starts_at, row.ends_at = ELEVEN, ELEVEN + timedelta(hours=1)
    db.session.commit()
    provisional(visit, LATER)
    mails = sent()

    assert told(mails, HANNAH)[1:] == [("CANCEL", 2, LATER, TEN)]
    withdrawal = next(m for m in mails if b"take this out" in m and HANNAH.encode() in m)
    assert b"cancelled" not in withdrawal


def test_no_family_hears_of_the_cancellation_of_what_is_over(visit: int, cast: Cast) -> None:
    sent()
    over = TEN + timedelta(days=1)
    cancelled(visit, cast, over)
    mails = sent(over)

    assert [row[0] for row in told(mails, HANNAH)] == ["REQUEST"]


@pytest.mark.one_database
@pytest.mark.parametrize("fault", ["451", "drop", "550", "554"])
def test_fault_27_whatever_the_mail_server_does_the_calendar_shows_one_state(
    visit: int, cast: Cast, app: Flask, fault: str
) -> None:
    """Fault 27: greylisted, refused, or gone after it had accepted; the update is overtaken by the
    cancellation."""
    box, theirs = Box(), ReceivingCalendar(HANNAH)

    def misbehave(what: str | None) -> None:
        box.rcpt = f"{what} no" if what in ("451", "550") else "250 OK"
        box.end = "554 no" if what == "554" else "250 OK"
        box.drop = what == "drop"

    def receive() -> None:
        for mail in box.mails:
            theirs.receive(mail)

    with serving(box) as url:
        app.config["SERVICE"] = replace(app.config["SERVICE"], smtp_url=url)
        sent(NOW)
        misbehave(fault)
        changed(visit, cast, LATER, starts_at=ELEVEN)
        sent(LATER)
        receive()
        assert theirs.standing == [ELEVEN if fault == "drop" else TEN]
        misbehave(None)
        cancelled(visit, cast, LATER)
        sent(LATER + timedelta(hours=1))

    receive()
    receive()
    (event,) = theirs.events.values()
    assert event.cancelled
    ids = [mail.split(b"Message-ID: ")[1].split(b"\r\n")[0] for mail in box.mails]
    assert len(set(ids)) == len(box.mails)
    states = {row.state for row in db.session.scalars(select(Outbox))} - {"ready"}
    assert "sending" not in states
    refused = db.session.scalars(select(Outbox).where(Outbox.state == "failed")).all()
    assert len(refused) == (2 if fault in ("550", "554") else 0)


@pytest.mark.one_database
def test_a_mail_that_goes_twice_is_the_same_calendar(visit: int, cast: Cast, app: Flask) -> None:
    box = Box()
    with serving(box) as url:
        app.config["SERVICE"] = replace(app.config["SERVICE"], smtp_url=url)
        box.drop = True
        sent(NOW)
        box.drop = False
        sent(NOW + timedelta(hours=2))

    assert len(box.mails) == 4
    for address in (TAMSIN, HANNAH):
        first, second = [m for m in box.mails if address.encode() in m.split(b"\r\n\r\n")[0]]
        assert calendar_in(first).to_ical() == calendar_in(second).to_ical()
        assert first.split(b"Message-ID: ")[1][:60] == second.split(b"Message-ID: ")[1][:60]
