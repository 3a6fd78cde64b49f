"""What an appointment's page says will be sent is what is then sent: to the minute, to the letter,
and nothing is changed by looking.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Staff
from app.db import db, transact
from app.families.models import Carer
from app.links.models import Link
from app.messaging.blocks import block_number
from app.messaging.coming import Coming, coming
from app.messaging.models import Outbox
from app.scheduling.answer import ask_change
from app.scheduling.book import book
from app.scheduling.cancel import cancel
from app.scheduling.models import Appointment
from app.scheduling.move import Change, move
from app.windows import read_windows
from tests.cast import NOW, Cast
from tests.messaging.steps import work
from tests.programmes.course import VIDEO_DAY, at, one, wanted
from tests.sessions import signed_in
from tests.statements import statements

JAGO = "staff:2"  # a worker has ended the session that the cast was in
EARLY, LAST = at(date(2026, 11, 26), 10), at(date(2026, 11, 30), 10)


@pytest.fixture
def two(goals: Appointment, cast: Cast) -> tuple[int, int]:
    """Hannah's goals visit at 10:00 and her follow-up at 14:00 on Tuesday 1 December."""
    asked = wanted(cast, "follow_up", at(VIDEO_DAY, 14))
    return goals.id, transact(lambda: book(asked, by=cast.jago, at=NOW)).id


def hannah() -> Carer:
    return db.session.scalars(select(Carer).where(Carer.first_name == "Hannah")).one()


def waiting() -> list[Outbox]:
    return list(
        db.session.scalars(
            select(Outbox)
            .where(Outbox.state == "ready", Outbox.channel == "text")
            .order_by(Outbox.due_at, Outbox.id)
        )
    )


def foreseen(now: datetime = NOW) -> list[Coming]:
    return coming(waiting(), now)


def plain(words: str) -> str:
    """Words whose link's token may be any."""
    return re.sub(r"/a/\S+", "/a/…", words)


@pytest.mark.parametrize("wording", ["full", "neutral", "strict"])
@pytest.mark.parametrize("introduced", [True, False])
@pytest.mark.parametrize("how_many", [1, 2])
def test_what_is_foreseen_is_what_goes(
    goals: Appointment, cast: Cast, monday: time_machine.Traveller,
    wording: str, introduced: bool, how_many: int,
) -> None:  # fmt: skip
    hannah().wording = wording
    db.session.commit()
    if how_many == 2:
        transact(lambda: book(wanted(cast, "follow_up", at(VIDEO_DAY, 14)), by=cast.jago, at=NOW))
    if introduced:
        work(NOW)
    promised = {line.row.id: line for line in foreseen()}

    for when in sorted({line.goes_at for line in promised.values() if line.goes_at}):
        monday.move_to(when)
        work(when)

    assert len(promised) >= 2
    for row in db.session.scalars(select(Outbox).where(Outbox.id.in_(promised))):
        said = promised[row.id]
        if row.state == "cancelled":
            assert said.why.startswith("In one text with the appointment at 1")
        else:
            assert said.why == ""
            assert (row.sent_at, plain(row.body or "")) == (said.goes_at, plain(said.words))


def test_two_reminders_of_one_day_are_shown_as_the_one_that_will_go(two: tuple[int, int]) -> None:
    work(NOW)

    first, second = (line for line in foreseen() if line.row.purpose == "reminder")

    assert first.goes_at == second.goes_at == LAST
    assert "2 appointments" in first.words
    assert first.words == second.words
    assert (first.why, second.why) == ("", "In one text with the appointment at 10:00 of that day.")


def test_of_three_on_one_day_the_third_has_its_own(two: tuple[int, int], cast: Cast) -> None:
    transact(lambda: book(wanted(cast, "follow_up", at(VIDEO_DAY, 16)), by=cast.jago, at=NOW))
    work(NOW)

    lines = [line for line in foreseen() if line.row.purpose == "reminder"]

    assert ["2 appointments" in line.words for line in lines] == [True, True, False]
    assert [bool(line.why) for line in lines] == [False, True, False]


def test_looking_changes_nothing(two: tuple[int, int]) -> None:
    before = [(row.id, row.state, row.payload, row.due_at) for row in waiting()]

    foreseen()
    db.session.commit()

    assert [(row.id, row.state, row.payload, row.due_at) for row in waiting()] == before
    assert db.session.scalar(select(func.count()).select_from(Link)) == 0


def not_safe() -> None:
    hannah().safe_to_text = "no"


def stopped() -> None:
    block_number("+447700900142", "stop", "a test", by="job:test", at=NOW)


def asked() -> None:
    ask_change(one(1), "no", by="carer:1", at=NOW, how="text")


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (not_safe, "They said that texting is not safe: ring."),
        (stopped, "This phone asked for no more texts."),
        (asked, "They had asked for a change."),
    ],
)
def test_why_a_reminder_would_not_go_is_said(
    goals: Appointment, act: Callable[[], None], why: str
) -> None:
    work(NOW)
    transact(act)

    assert {line.why for line in foreseen() if line.row.purpose == "reminder"} == {why}


def test_safe_times_that_changed_since_move_the_time_that_is_shown(goals: Appointment) -> None:
    work(NOW)
    hannah().safe_times = read_windows("Mon-Fri 13:00-15:00")
    db.session.commit()

    last = [line for line in foreseen() if line.row.purpose == "reminder"][0]

    assert last.goes_at == at(date(2026, 11, 30), 13)


@pytest.mark.one_database
def test_the_page_tells_what_comes_what_went_and_what_did_not(
    app: Flask, cast: Cast, goals: Appointment, monday: time_machine.Traveller
) -> None:
    jago, number = cast.jago.id, goals.id
    work(NOW)
    monday.move_to(EARLY)
    hannah().safe_to_text = "no"
    db.session.commit()
    work(EARLY)
    hannah().safe_to_text = "yes"
    db.session.commit()

    browser = signed_in(app, db.session.get_one(Staff, jago))
    page = browser.get(f"/appointments/{number}").text

    comes, went = page.split("What was sent, and what was not", 1)
    assert "Mon 30 Nov 10:00" in comes
    assert "/a/…" in comes  # a link's place, no link
    assert "with Tamsin, tomorrow, Tue 1 Dec 10am, at your home. Reply 1 to keep" in comes
    assert "Thu 26 Nov 10:00" in went
    assert "Not sent" in went
    assert "They said that texting is not safe: ring." in went
    assert "Tells of the booking" in went
    assert "Calendar invitation" in went


@pytest.mark.one_database
def test_the_page_of_a_cancelled_one_says_that_nothing_more_comes(
    app: Flask, cast: Cast, goals: Appointment
) -> None:
    browser, number = signed_in(app, cast.jago), goals.id
    work(NOW)
    transact(lambda: cancel(one(number), "weather", by=JAGO, at=NOW))
    work(NOW)

    page = browser.get(f"/appointments/{number}").text

    assert "Nothing more is to be sent." in page
    assert "The appointment was cancelled before this went." in page


def test_a_move_makes_them_anew_in_the_same_transaction(
    goals: Appointment, cast: Cast, monday: time_machine.Traveller
) -> None:
    """Rolled back with the move; after it none of the old time waits."""
    number = goals.id
    work(NOW)
    before = [(row.id, row.due_at) for row in waiting()]
    later = Change(starts_at=at(VIDEO_DAY + timedelta(days=1), 15))

    move(one(number), later, by=JAGO, at=NOW)
    assert {row.id for row in waiting()}.isdisjoint(number for number, _ in before)
    db.session.rollback()
    assert [(row.id, row.due_at) for row in waiting()] == before

    transact(lambda: move(one(number), later, by=JAGO, at=NOW))
    news, early, last = foreseen()
    assert (early.goes_at, last.goes_at) == (EARLY + timedelta(days=1), LAST + timedelta(days=1))
    assert all("Wed 2 Dec" in line.words for line in (news, early, last))
    assert not any("10am" in line.words for line in (early, last))


@pytest.mark.one_database
def test_the_page_takes_a_fixed_number_of_statements(
    app: Flask, cast: Cast, two: tuple[int, int]
) -> None:
    browser = signed_in(app, cast.jago)

    def made() -> list[str]:
        db.session.remove()
        with statements() as seen:
            assert browser.get(f"/appointments/{two[0]}").status_code == 200
        return seen

    few = made()
    for hour in (9, 16):
        db.session.add(copied(waiting()[0], hour))
    db.session.commit()

    assert made() == few
    assert len(few) <= 23, few


def copied(row: Outbox, number: int) -> Outbox:
    names = [column.key for column in Outbox.__table__.columns if column.key != "id"]
    values = {name: getattr(row, name) for name in names}
    return Outbox(**{**values, "dedupe": f"{row.dedupe}:{number}"})
