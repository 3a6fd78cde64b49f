"""The team's own words for texts: written by a manager, used once a second person has read them.

A text goes to every family, so nobody's words go out on their own say: another manager approves
them, or the writer names who read them (for another language its interpreter). So a team with one
manager can work, and a name stands behind every text. What was used before is kept and can be
brought back. Taking a text out of use needs nobody else: it must be quick.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import g, has_app_context
from sqlalchemy import Index, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.record import actor, record
from app.db import Model, db
from app.errors import DomainError, Stale
from app.messaging.languages import ENGLISH
from app.messaging.own_words import checked
from app.messaging.wordings import Book, Key


class OwnText(Model):
    """One version of the team's words for a purpose, wording and language. The newest approved one
    is used; `words` None means that none is: English goes back to the service's own words, another
    language to English. `read_by` is who read it and says that it is right.
    """

    __tablename__ = "own_text"
    __table_args__ = (Index("ix_own_text_kept", "language", "purpose", "wording", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(40))
    wording: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(5))
    words: Mapped[str | None] = mapped_column(Text)
    written_by: Mapped[str] = mapped_column(String(80))
    written_at: Mapped[datetime]
    read_by: Mapped[str | None] = mapped_column(String(120))
    approved_by: Mapped[str | None] = mapped_column(String(80))
    approved_at: Mapped[datetime | None]


def books(languages: Iterable[str]) -> Mapping[str, Book]:
    """The texts in force in English and in these languages: one statement, remembered until the
    request or the job ends.
    """
    held: dict[str, Book] = g.setdefault("books", {}) if has_app_context() else {}
    asked = {ENGLISH, *languages} - set(held)
    if asked:
        own: dict[str, dict[Key, str]] = {language: {} for language in asked}
        newest = (
            select(func.max(OwnText.id))
            .where(OwnText.approved_at.is_not(None), OwnText.language.in_(asked))
            .group_by(OwnText.language, OwnText.purpose, OwnText.wording)
        )
        rows = select(OwnText.language, OwnText.purpose, OwnText.wording, OwnText.words).where(
            OwnText.id.in_(newest), OwnText.words.is_not(None)
        )
        for language, purpose, wording, words in db.session.execute(rows):
            own[language][purpose, wording] = words or ""
        for language in sorted(asked, key=lambda code: code != ENGLISH):
            held[language] = Book(language, own[language], held.get(ENGLISH))
    return held


def book(language: str = ENGLISH) -> Book:
    """The texts in force in one language."""
    return books((language,))[language]


def versions(key: Key, language: str, *, most: int = 50) -> Sequence[OwnText]:
    """Everything that was written for a text, newest first."""
    return db.session.scalars(
        select(OwnText)
        .where(
            OwnText.language == language, OwnText.purpose == key[0], OwnText.wording == key[1]
        )
        .order_by(OwnText.id.desc())
        .limit(most)
    ).all()  # fmt: skip


def newest_of(language: str) -> Mapping[Key, OwnText]:
    """The newest version of every text in a language, by purpose and wording."""
    newest = (
        select(func.max(OwnText.id))
        .where(OwnText.language == language)
        .group_by(OwnText.purpose, OwnText.wording)
    )
    rows = db.session.scalars(select(OwnText).where(OwnText.id.in_(newest)))
    return {(row.purpose, row.wording): row for row in rows}


def write_text(key: Key, language: str, typed: str, *, seen: int, by: Any, at: datetime) -> OwnText:
    """A new version, not used until it is approved. `seen` is the id of the newest version that its
    writer saw (0: none); raises Stale where somebody wrote another since.
    """
    words = checked(*key, language, typed)
    newest = newest_version(key, language)
    refuse_stale(newest, seen)
    if newest is not None and newest.words == words:
        raise DomainError("This is the text as it stands: nothing is changed.", "words")
    return added(key, language, words, "own_text:written", by=by, at=at)


def approve_text(row: OwnText, reader: str, *, by: Any, at: datetime) -> None:
    """A person other than the writer has read the newest version: from now on it is used.

    `reader` is their name; where somebody else than the writer approves, it may be empty: they are
    the reader. The writer's own name is refused.
    """
    newest = newest_version((row.purpose, row.wording), row.language)
    if newest is None or newest.id != row.id:
        raise Stale("The text")
    if row.approved_at is not None:
        raise DomainError("Somebody has approved this already.")
    assert row.words is not None, "what is taken out of use needs no approval"
    checked(row.purpose, row.wording, row.language, row.words)
    own = row.written_by == actor(by)
    named = " ".join(reader.split()) or ("" if own else by.name)
    if not named or (own and named.casefold() == by.name.casefold()):
        raise DomainError(
            "You wrote it, so somebody else must have read it. Enter who says that it is right.",
            "reader",
        )
    row.read_by, row.approved_by, row.approved_at = named, actor(by), at
    noted("own_text:approved", row, by=by, at=at)


def drop_text(key: Key, language: str, *, seen: int, by: Any, at: datetime) -> OwnText:
    """Use the team's words no more, at once: back to the service's own, or to English."""
    newest = newest_version(key, language)
    refuse_stale(newest, seen)
    if newest is None or newest.words is None:
        raise DomainError("No words of the team’s own are in use for this text.")
    row = added(key, language, None, "own_text:dropped", by=by, at=at)
    row.approved_by, row.approved_at = actor(by), at
    db.session.flush()
    return row


def added(
    key: Key, language: str, words: str | None, tag: str, *, by: Any, at: datetime
) -> OwnText:
    row = OwnText(
        purpose=key[0], wording=key[1], language=language, words=words,
        written_by=actor(by), written_at=at,
    )  # fmt: skip
    db.session.add(row)
    noted(tag, row, by=by, at=at)
    return row


def noted(tag: str, row: OwnText, *, by: Any, at: datetime) -> None:
    record(
        tag, row, by=by, at=at,
        purpose=row.purpose, wording=row.wording, language=row.language,
    )  # fmt: skip
    g.pop("books", None)


def newest_version(key: Key, language: str) -> OwnText | None:
    return next(iter(versions(key, language, most=1)), None)


def refuse_stale(newest: OwnText | None, seen: int) -> None:
    if (newest.id if newest else 0) != seen:
        raise Stale("The text")
