"""A family's texts in their language: what is approved goes, what is not goes in English and
somebody rings, once for each piece of news.
"""

from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.db import db, transact
from app.families.models import Carer
from app.messaging.claim import claim_next
from app.messaging.models import Outbox
from app.messaging.own_texts import approve_text, write_text
from app.messaging.transports import Parcel
from app.scheduling.book import book
from app.scheduling.move import Change, move
from app.tasks.models import Task
from app.tasks.open import close_task
from tests.cast import NOW, Cast
from tests.messaging.steps import forget, work
from tests.programmes.course import VIDEO_DAY, at, one, says, wanted
from tests.statements import statements

JAGO = "staff:2"
TEXTS = {
    ("booked", "full"): "Wizyta[ z {worker}]: {when}[, {where}]. 1 - pasuje, 2 - zmiana[: {link}]",
    ("where_home", "full"): "w domu",
    ("reminder", "full"): "Przypomnienie: {soon}. 1 - pasuje, 2 - zmiana.",
    ("moved", "full"): "Nowy termin: {when}. 1 - pasuje, 2 - zmiana.",
}


@pytest.fixture
def polish(cast: Cast, monday: time_machine.Traveller) -> Cast:
    """Hannah's family speaks Polish."""
    cast.hannah.language = "Polish"
    db.session.commit()
    says(cast)
    return cast


def approved(cast: Cast, *purposes: str, language: str = "pl") -> None:
    for key, words in TEXTS.items():
        if key[0] in purposes:
            row = write_text(key, language, words, seen=0, by=cast.morwenna, at=NOW)
            approve_text(row, "Ewa Nowak", by=cast.morwenna, at=NOW)
    db.session.commit()


def booked(cast: Cast) -> int:
    asked = wanted(cast, "goals_visit", at(VIDEO_DAY, 10))
    return transact(lambda: book(asked, by=cast.jago, at=NOW)).id


def sent() -> list[tuple[str, str | None, str]]:
    texts = select(Outbox).where(Outbox.channel == "text", Outbox.body.is_not(None))
    rows = db.session.scalars(texts.order_by(Outbox.id))
    return [(row.purpose, row.language, row.body or "") for row in rows]


def to_ring() -> list[str]:
    asked = select(Task.words).where(Task.kind == "ring", Task.closed_at.is_(None))
    return list(db.session.scalars(asked))


def test_a_text_that_somebody_approved_goes_in_their_language(polish: Cast) -> None:
    approved(polish, "booked", "where_home")
    booked(polish)

    work(NOW)

    ((purpose, language, body),) = sent()
    assert (purpose, language) == ("booked", "pl")
    assert body.startswith("From VIG service")  # nobody has approved an opening yet
    assert "Wizyta z Tamsin: wtorek, 1 grudnia, 10:00, w domu. 1 - pasuje, 2 - zmiana: http" in body
    assert to_ring() == []


def test_what_nobody_approved_goes_in_english_and_somebody_is_asked_to_ring(polish: Cast) -> None:
    write_text(
        ("booked", "full"), "pl", TEXTS["booked", "full"], seen=0, by=polish.morwenna, at=NOW
    )
    db.session.commit()
    booked(polish)

    work(NOW)

    ((purpose, language, body),) = sent()
    assert (purpose, language) == ("booked", "en")
    assert "Booked: appointment with Tamsin, Tue 1 Dec 10am" in body
    assert to_ring() == [
        "Ring Hannah Rowe, who reads Polish: a text went in English (tells of the booking), "
        "because none in Polish is approved. An interpreter, or plain words, may help."
    ]


def test_nobody_rings_a_family_that_has_english_too(polish: Cast) -> None:
    polish.hannah.other_languages = ["English"]
    db.session.commit()
    booked(polish)

    work(NOW)

    assert [language for _, language, _ in sent()] == ["en"]
    assert to_ring() == []


def test_one_call_for_each_piece_of_news_and_none_for_reminders(
    polish: Cast, monday: time_machine.Traveller
) -> None:
    appointment = booked(polish)
    work(NOW)
    rung()
    for when in (at(date(2026, 11, 26), 10), at(date(2026, 11, 30), 10)):
        monday.move_to(when)
        work(when)
    assert [purpose for purpose, _, _ in sent()] == ["booked", "reminder_early", "reminder"]
    assert to_ring() == []

    later = at(date(2026, 11, 30), 11)
    monday.move_to(later)
    new_time = Change(starts_at=at(VIDEO_DAY, 14) + timedelta(days=2))
    transact(lambda: move(one(appointment), new_time, by=JAGO, at=later))
    work(later)

    assert [words[:58] for words in to_ring()] == [
        "Ring Hannah Rowe, who reads Polish: a text went in English"
    ]


def rung() -> None:
    def act() -> None:
        for task in db.session.scalars(select(Task).where(Task.kind == "ring")):
            close_task(task, "Rang with an interpreter.", by=JAGO, at=NOW)

    transact(act)
    forget()


def test_a_reminder_asks_where_nothing_was_told_before(
    polish: Cast, monday: time_machine.Traveller
) -> None:
    approved(polish, "moved")
    booked(polish)
    transact(
        lambda: (
            db.session.query(Outbox)
            .filter(Outbox.purpose == "booked")
            .update({"state": "cancelled", "reason": "Told by telephone.", "final_at": NOW})
        )
    )
    early = at(date(2026, 11, 26), 10)
    monday.move_to(early)

    work(early)

    assert len(to_ring()) == 1


def test_strict_people_get_the_strict_text_of_their_language_or_the_english_one(
    polish: Cast,
) -> None:
    approved(polish, "booked", "where_home")
    carer = db.session.scalars(select(Carer).filter_by(family_id=polish.hannah.id)).one()
    carer.wording = "strict"
    db.session.commit()
    booked(polish)

    work(NOW)

    ((_, language, body),) = sent()
    assert language == "en"
    assert body.endswith("Booked: appointment Tue 1 Dec 10am. Reply 1 to keep it, 2 to change it.")


def test_the_team_s_own_english_goes_to_families_who_read_english(
    cast: Cast, monday: time_machine.Traveller
) -> None:
    says(cast)
    own = "We meet {when}. Reply 1 to keep it, 2 to change it."
    row = write_text(("booked", "full"), "en", own, seen=0, by=cast.morwenna, at=NOW)
    approve_text(row, "", by=cast.jago, at=NOW)
    db.session.commit()
    booked(cast)

    work(NOW)

    assert "We meet Tue 1 Dec 10am. Reply 1 to keep it, 2 to change it." in sent()[0][2]


def test_the_claim_asks_one_more_statement_for_the_words(
    app: Flask, polish: Cast, monday: time_machine.Traveller
) -> None:
    approved(polish, "booked", "where_home")
    booked(polish)
    transact(lambda: db.session.query(Outbox).filter(Outbox.channel == "email").delete())
    forget()

    with statements() as seen:
        parcel = claim_next("worker", at=NOW)

    assert isinstance(parcel, Parcel)
    assert parcel.channel == "text"
    assert seen.count("SELECT own_text") == 1
    assert seen.count("SELECT family") == 0


def test_an_e_mail_in_place_of_texts_asks_once_too(
    polish: Cast, monday: time_machine.Traveller
) -> None:
    carer = db.session.scalars(select(Carer).filter_by(family_id=polish.hannah.id)).one()
    carer.email, carer.safe_to_email, carer.prefers = "hannah@example.org", "yes", "email"
    db.session.commit()
    booked(polish)
    work(NOW)
    assert [words[:57] for words in to_ring()] == [
        "Ring Hannah Rowe, who reads Polish: an e-mail went in Eng"
    ]
    rung()
    early = at(date(2026, 11, 26), 10)
    monday.move_to(early)

    work(early)

    assert to_ring() == []
