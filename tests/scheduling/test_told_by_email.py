"""A carer who is told by e-mail: the same news at the same times, once, in the wording they allow;
somebody rings where neither a text nor an e-mail is safe.
"""

from datetime import date, timedelta
from email import message_from_string, policy
from email.message import EmailMessage

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db, transact
from app.families.models import Carer
from app.messaging.coming import coming
from app.messaging.models import Outbox, SimulatedMessage
from app.messaging.outcomes import expire_lease
from app.messaging.wordings import Facts, says_too_much
from app.scheduling.book import book
from app.scheduling.cancel import cancel
from app.scheduling.mail_words import mail_words
from app.scheduling.move import Change, move
from app.scheduling.will_be_sent import lines_for
from app.settings.rules import Rules
from app.tasks.models import Task
from app.windows import read_windows
from tests.cast import NOW, Cast
from tests.messaging.steps import work
from tests.programmes.course import VIDEO_DAY, at, one, says, wanted
from tests.sessions import signed_in

JAGO = "staff:2"
ADDRESS = "hannah.rowe@example.org"
LAST = at(date(2026, 11, 30), 10)


def hannah() -> Carer:
    return db.session.scalars(select(Carer).where(Carer.first_name == "Hannah")).one()


def answers(**more: object) -> None:
    """What Hannah said; by default e-mail is safe, and she would rather have it."""
    said = {"email": ADDRESS, "safe_to_email": "yes", "prefers": "email", **more}
    for name, value in said.items():
        setattr(hannah(), name, value)
    db.session.commit()


@pytest.fixture
def mailed(cast: Cast, monday: time_machine.Traveller) -> int:
    """Hannah's goals visit on Tuesday 1 December at 10:00, of which she is told by e-mail."""
    says(cast)
    answers()
    return booked(cast)


def booked(cast: Cast, hour: int = 10, kind: str = "goals_visit") -> int:
    asked = wanted(cast, kind, at(VIDEO_DAY, hour))
    return transact(lambda: book(asked, by=cast.jago, at=NOW)).id


def mails() -> list[EmailMessage]:
    return [
        message_from_string(row.body, policy=policy.default)
        for row in db.session.scalars(select(SimulatedMessage).order_by(SimulatedMessage.id))
        if row.to_address == ADDRESS
    ]


def words(mail: EmailMessage) -> str:
    return mail.get_content().replace("\r\n", "\n")


def texts() -> list[str]:
    found = db.session.scalars(
        select(SimulatedMessage.body).where(SimulatedMessage.channel == "text")
    )
    return list(found)


def news() -> list[Outbox]:
    found = select(Outbox).where(Outbox.purpose != "invitation").order_by(Outbox.due_at, Outbox.id)
    return list(db.session.scalars(found, execution_options={"populate_existing": True}))


def test_the_booking_and_the_reminders_go_by_e_mail_and_no_text_goes(
    mailed: int, monday: time_machine.Traveller
) -> None:
    for row in [(row.due_at) for row in news()]:
        monday.move_to(row)
        work(row)

    assert [mail["Subject"] for mail in mails()] == [
        "Your appointment on Tuesday 1 December",
        "Reminder: your appointment on Tuesday 1 December",
        "Reminder: your appointment on Tuesday 1 December",
    ]
    assert "Your appointment with Tamsin is on Tuesday 1 December at 10am, at your home." in words(
        mails()[0]
    )
    assert "/a/" in words(mails()[0])
    assert mails()[0]["From"] == "Jo at the family office <appointments@example.org>"
    assert texts() == []
    assert {(row.channel, row.lane, row.state) for row in news()} == {("email", "email", "sent")}
    assert db.session.scalars(select(Task)).all() == []


def test_a_move_and_a_cancellation_are_told_so_too(mailed: int) -> None:
    work(NOW)
    later = Change(starts_at=at(VIDEO_DAY, 15))
    transact(lambda: move(one(mailed), later, by=JAGO, at=NOW))
    work(NOW)
    transact(lambda: cancel(one(mailed), "weather", by=JAGO, at=NOW))
    work(NOW)

    _, moved, cancelled = mails()
    assert "It is on Tuesday 1 December at 3pm, at your home. It was on" in words(moved)
    assert "is cancelled. You do not need to do anything." in words(cancelled)
    assert "/a/" not in words(cancelled)


def test_two_of_one_day_are_said_in_one(
    mailed: int, cast: Cast, monday: time_machine.Traveller
) -> None:
    booked(cast, 14, "follow_up")
    work(NOW)
    monday.move_to(LAST)
    work(LAST)

    last = mails()[-1]
    assert last["Subject"] == "Reminder: your appointments on Tuesday 1 December"
    assert "2 appointments with Tamsin on Tuesday 1 December, at 10am and 2pm" in words(last)
    assert len([mail for mail in mails() if "Reminder" in mail["Subject"]]) == 1


@pytest.mark.parametrize(
    ("said", "channel", "rung"),
    [
        ({}, "email", False),
        ({"prefers": "text"}, "text", False),
        ({"prefers": "text", "safe_to_text": "no"}, "email", False),
        ({"prefers": "text", "safe_to_text": "not_asked"}, "email", False),
        ({"safe_to_email": "not_asked", "prefers": "text"}, "text", False),
        ({"safe_to_email": "no", "prefers": "text", "safe_to_text": "no"}, "text", True),
        ({"safe_to_email": "not_asked", "prefers": "text", "safe_to_text": "no"}, "text", True),
        ({"email": None, "safe_to_text": "no"}, "text", True),
    ],
)
def test_who_is_told_how(
    cast: Cast, monday: time_machine.Traveller, said: dict[str, str], channel: str, rung: bool
) -> None:
    says(cast)
    answers(**said)
    booked(cast)
    work(NOW)

    told = news()[0]
    assert (told.channel, told.state in ("accepted", "sent")) == (channel, not rung)
    assert len(mails()) == (channel == "email")
    kinds = db.session.scalars(select(Task.kind)).all()
    assert bool([kind for kind in kinds if kind in ("ring", "not_sent")]) == rung


@pytest.mark.parametrize(("first", "then"), [("text", "email"), ("email", "text")])
def test_a_preference_that_changes_before_it_goes_holds_and_nothing_goes_twice(
    cast: Cast, monday: time_machine.Traveller, first: str, then: str
) -> None:
    says(cast)
    answers(prefers=first)
    booked(cast)
    assert {row.channel for row in news()} == {first}
    answers(prefers=then)
    work(NOW)

    assert (len(mails()), len(texts())) == ((1, 0) if then == "email" else (0, 1))
    assert news()[0].channel == then


def test_safe_times_hold_for_an_e_mail_as_for_a_text(
    cast: Cast, monday: time_machine.Traveller
) -> None:
    says(cast)
    answers(safe_times=read_windows("Mon-Fri 13:00-15:00"))
    booked(cast)
    work(NOW)
    assert mails() == []

    work(NOW + timedelta(hours=3))
    assert len(mails()) == 1


def test_what_is_foreseen_is_what_goes(mailed: int, monday: time_machine.Traveller) -> None:
    promised = coming(news(), NOW)
    assert {line.channel for line in promised} == {"email"}
    for line in promised:
        assert line.goes_at is not None
        monday.move_to(line.goes_at)
        work(line.goes_at)

    for line, row in zip(promised, news(), strict=True):
        assert row.body is not None
        begins, ends = line.words.split("…")
        assert row.body.startswith(begins)
        assert row.body.endswith(ends)


def test_the_check_page_promises_the_same(mailed: int) -> None:
    lines = [line for line in lines_for(one(mailed), "booked", at=NOW) if line.how == "e-mail"]

    assert len(lines) == 3
    assert lines[0].what.startswith("Your appointment on Tuesday 1 December\nHello,")


def test_made_again_after_a_crash_it_is_the_same_mail(mailed: int) -> None:
    number, ids = news()[0].id, []
    for minutes in (0, 5):
        when = NOW + timedelta(minutes=minutes)
        work(when)
        db.session.execute(
            Outbox.__table__.update()
            .where(Outbox.id == number)
            .values(state="sending", lease_until=when)
        )
        db.session.commit()
        transact(lambda when=when: expire_lease(when))
        ids = [mail["Message-ID"] for mail in mails()]

    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_an_invitation_close_before_does_not_hold_back_a_reminder(
    mailed: int, monday: time_machine.Traveller
) -> None:
    answers(wants_invitations=True)
    work(NOW)
    monday.move_to(LAST)
    invitation = Outbox(
        channel="email", purpose="invitation", about_kind="appointment", about_id=mailed,
        recipient_kind="carer", recipient_id=hannah().id, dedupe="an invitation", state="sent",
        lane="email", due_at=LAST, expires_at=LAST + timedelta(hours=1), created_at=LAST,
        sent_at=LAST - timedelta(hours=1), attempt=1,
    )  # fmt: skip
    db.session.add(invitation)
    db.session.commit()
    work(LAST)

    assert "Reminder" in mails()[-1]["Subject"]


RULES = Rules()
FACTS = Facts.of(
    RULES, when=at(VIDEO_DAY, 10), was=at(VIDEO_DAY, 9), also=at(VIDEO_DAY, 14),
    sent_on=NOW.date(), worker="Tamsin", other="Chloe", where="at Truro Family Hub",
    link="https://example.org/a/xyz",
)  # fmt: skip
PURPOSES = [
    f"{prefix}{base}"
    for prefix in ("", "conversation_")
    for base in ("booked", "moved", "cancelled", "reminder_early", "reminder")
]


@pytest.mark.parametrize("purpose", [*PURPOSES, "reminder_two"])
@pytest.mark.parametrize("wording", ["neutral", "strict"])
def test_only_full_wording_says_who_and_where(purpose: str, wording: str) -> None:
    subject, text = mail_words(purpose, wording, FACTS)

    for word in ("Tamsin", "Chloe", "Truro", RULES.service_name):
        assert word not in subject + text
    assert says_too_much(subject + text) == []
    assert "10am" in text


@pytest.mark.parametrize("purpose", [*PURPOSES, "reminder_two"])
def test_full_wording_names_who_comes(purpose: str) -> None:
    _, text = mail_words(purpose, "full", FACTS)

    name, other = ("Chloe", "Tamsin") if "conversation" in purpose else ("Tamsin", "Chloe")
    assert name in text
    assert other not in text


def test_strict_wording_names_nobody_at_all(cast: Cast, monday: time_machine.Traveller) -> None:
    says(cast)
    answers(wording="strict")
    booked(cast)
    work(NOW)

    (mail,) = mails()
    assert mail["From"] == "Appointment <appointments@example.org>"
    assert words(mail).strip() == (
        "Hello,\n\nYour appointment is on Tuesday 1 December at 10am.\n\n"
        "Ring us if you need another time.\n\nNobody reads answers to this e-mail."
    )


def test_who_reads_another_language_is_rung_as_well(
    cast: Cast, monday: time_machine.Traveller
) -> None:
    says(cast)
    cast.hannah.language, cast.hannah.interpreter = "Polish", "Polish"
    answers()
    booked(cast)
    work(NOW)

    assert len(mails()) == 1
    assert "Polish" in db.session.scalars(select(Task.words)).one()


@pytest.mark.one_database
def test_the_link_in_a_neutral_e_mail_opens_and_names_nobody(
    app: Flask, cast: Cast, monday: time_machine.Traveller
) -> None:
    says(cast)
    answers(wording="neutral", link_ok=False)
    booked(cast)
    work(NOW)

    (mail,) = mails()
    path = "/a/" + words(mail).split("/a/")[1].split()[0]
    page = app.test_client().get(path)
    assert page.status_code == 200
    assert "Tuesday 1 December" in page.text
    assert "Tamsin" not in page.text


@pytest.mark.one_database
def test_the_pages_of_a_family_say_how_they_are_told(
    app: Flask, cast: Cast, mailed: int, monday: time_machine.Traveller
) -> None:
    browser = signed_in(app, cast.jago)
    number = hannah().id

    assert f"{ADDRESS}, told of appointments here" in browser.get("/families/F1042").text
    contact = browser.get(f"/families/F1042/contact/{number}").text
    assert f"They are told of appointments by e-mail: {ADDRESS}." in contact
    work(NOW)
    thread = signed_in(app, person("Jago Penrose")).get("/families/F1042/texts").text
    assert "10:00 to Hannah, e-mail, tells of the booking, sent" in thread
    assert "Your appointment with Tamsin is on Tuesday 1 December at 10am" in thread
    assert "/a/…" in thread


def person(name: str) -> Staff:
    return db.session.scalars(select(Staff).where(Staff.name == name)).one()
