"""The team's own words: used once a second person has read them, kept, brought back, dropped."""

from datetime import timedelta

import pytest
from flask import Flask

from app.audit.models import AuditEntry
from app.db import db
from app.errors import DomainError, Stale
from app.messaging.own_texts import (
    OwnText,
    approve_text,
    book,
    books,
    drop_text,
    versions,
    write_text,
)
from app.messaging.wordings import SHIPPED, NoWording
from tests.cast import NOW, Cast
from tests.statements import statements

BOOKED = ("booked", "strict")
OWN = "We meet {when}. Reply 1 to keep it, 2 to change it."
POLISH = "Wizyta: {when}. Odpowiedz 1, jeśli pasuje, 2, aby zmienić."


def written(cast: Cast, words: str = OWN, language: str = "en", seen: int = 0) -> OwnText:
    row = write_text(BOOKED, language, words, seen=seen, by=cast.morwenna, at=NOW)
    db.session.commit()
    return row


def used(language: str = "en") -> str | None:
    try:
        return book(language).words(*BOOKED)
    except NoWording:
        return None


def test_a_draft_is_not_used(app: Flask, cast: Cast) -> None:
    written(cast)
    written(cast, POLISH, "pl")

    assert used() == SHIPPED.words(*BOOKED)
    assert used("pl") is None


def test_what_another_manager_approves_is_used(app: Flask, cast: Cast) -> None:
    row = written(cast)

    approve_text(row, "", by=cast.jago, at=NOW)

    assert used() == OWN
    assert (row.read_by, row.approved_by, row.approved_at) == ("Jago Penrose", "staff:2", NOW)


def test_its_writer_names_somebody_else_who_read_it(app: Flask, cast: Cast) -> None:
    row = written(cast, POLISH, "pl")
    for reader in ("", "  ", "morwenna  TREVITHICK"):
        with pytest.raises(DomainError, match="somebody else"):
            approve_text(row, reader, by=cast.morwenna, at=NOW)
    assert used("pl") is None

    approve_text(row, "Ewa Nowak, interpreter", by=cast.morwenna, at=NOW)

    assert used("pl") == POLISH
    assert used() == SHIPPED.words(*BOOKED)


def test_a_new_draft_leaves_in_use_what_was_approved(app: Flask, cast: Cast) -> None:
    first = written(cast)
    approve_text(first, "", by=cast.jago, at=NOW)

    second = written(cast, OWN.replace("We meet", "Appointment"), seen=first.id)

    assert used() == OWN
    with pytest.raises(Stale):
        approve_text(first, "", by=cast.jago, at=NOW)
    approve_text(second, "", by=cast.jago, at=NOW)
    assert used() == OWN.replace("We meet", "Appointment")


def test_a_text_is_approved_once(app: Flask, cast: Cast) -> None:
    row = written(cast)
    approve_text(row, "", by=cast.jago, at=NOW)

    with pytest.raises(DomainError, match="already"):
        approve_text(row, "", by=cast.jago, at=NOW)


def test_the_service_s_own_words_come_back_at_once_and_all_is_kept(app: Flask, cast: Cast) -> None:
    row = written(cast)
    approve_text(row, "", by=cast.jago, at=NOW)

    dropped = drop_text(BOOKED, "en", seen=row.id, by=cast.morwenna, at=NOW + timedelta(hours=1))

    assert used() == SHIPPED.words(*BOOKED)
    assert [each.words for each in versions(BOOKED, "en")] == [None, OWN]
    again = written(cast, OWN, seen=dropped.id)
    approve_text(again, "", by=cast.jago, at=NOW)
    assert used() == OWN


def test_a_draft_can_be_thrown_away_and_what_was_in_use_goes_too(app: Flask, cast: Cast) -> None:
    drop_text(BOOKED, "pl", seen=written(cast, POLISH, "pl").id, by=cast.morwenna, at=NOW)

    assert used("pl") is None


def test_what_somebody_changed_meanwhile_is_not_written_over(app: Flask, cast: Cast) -> None:
    written(cast)

    with pytest.raises(Stale):
        written(cast, OWN + " ", seen=0)
    with pytest.raises(Stale):
        drop_text(BOOKED, "en", seen=0, by=cast.morwenna, at=NOW)


def test_nothing_is_dropped_where_there_is_nothing(app: Flask, cast: Cast) -> None:
    with pytest.raises(DomainError, match="team’s own"):
        drop_text(BOOKED, "en", seen=0, by=cast.morwenna, at=NOW)


def test_the_same_words_again_are_no_change(app: Flask, cast: Cast) -> None:
    row = written(cast)

    with pytest.raises(DomainError, match="nothing is changed"):
        written(cast, f"  {OWN}\n", seen=row.id)


def test_who_wrote_and_approved_is_in_the_audit_without_the_words(app: Flask, cast: Cast) -> None:
    row = written(cast, POLISH, "pl")
    approve_text(row, "Ewa Nowak", by=cast.morwenna, at=NOW)
    drop_text(BOOKED, "pl", seen=row.id, by=cast.jago, at=NOW)
    db.session.commit()

    about = {"purpose": "booked", "wording": "strict", "language": "pl"}
    entries = db.session.query(AuditEntry).filter(AuditEntry.tag.startswith("own_text:"))
    assert [(each.tag, each.by, each.detail) for each in entries.order_by(AuditEntry.id)] == [
        ("own_text:written", "staff:1", about),
        ("own_text:approved", "staff:1", about),
        ("own_text:dropped", "staff:2", about),
    ]


def test_one_statement_reads_a_language_and_english_once(app: Flask, cast: Cast) -> None:
    approve_text(written(cast), "", by=cast.jago, at=NOW)
    db.session.commit()

    with statements() as seen:
        books(("pl",))
        book()
        book("pl")

    assert seen == ["SELECT own_text"]
