"""On PostgreSQL what a connection asks often stays prepared, and what was not committed is gone."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Select, bindparam, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from app.db import UtcDateTime, db, plain_rows
from app.health.models import Beat
from app.prepared import built_once
from tests import databases
from tests.conftest import application

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
OFTEN = 7  # more than the five times after which psycopg prepares


@pytest.fixture
def postgresql() -> Iterator[None]:
    with application(databases.emptied("postgresql")).app_context():
        db.engine.dispose()  # of several connections, used by turns, none would read often enough
        yield
        db.session.remove()


def read() -> int | None:
    return db.session.scalar(select(func.count()).select_from(Beat))


def prepared() -> Sequence[str]:
    """What this connection has prepared of `read`."""
    rows = text("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%FROM beat%'")
    return db.session.scalars(rows).all()


def read_often() -> None:
    for _ in range(OFTEN):
        read()
        db.session.remove()


def test_a_statement_stays_prepared_when_a_session_that_only_read_ends(postgresql: None) -> None:
    read_often()

    assert len(prepared()) == 1


def test_what_was_written_is_taken_back_with_the_session(app: Flask) -> None:
    db.session.execute(insert(Beat).values(name="worker", at=AT))
    db.session.remove()

    assert read() == 0


def test_what_was_written_is_taken_back_after_much_reading(app: Flask) -> None:
    read_often()
    db.session.add(Beat(name="worker", at=AT))
    db.session.flush()
    read()
    db.session.remove()

    assert read() == 0


def test_a_failed_read_leaves_the_connection_fit_for_use(app: Flask) -> None:
    with pytest.raises(DBAPIError):
        db.session.execute(text("SELECT nothing FROM nowhere"))
    db.session.remove()

    assert read() == 0


@built_once
def called(*names: str) -> Select[str]:
    """The beats of these names that were later than `since`."""
    since = bindparam("since", type_=UtcDateTime())
    return select(Beat.name).where(Beat.name.in_(names), Beat.name != "x", Beat.at > since)


def test_a_statements_constants_are_in_its_words_and_what_varies_is_not(app: Flask) -> None:
    db.session.execute(insert(Beat), [{"name": n, "at": AT} for n in ("o'clock", "100%", "watch")])
    statement = called("o'clock", "100%")

    assert sorted(plain_rows(statement, since=AT - timedelta(days=1))) == [("100%",), ("o'clock",)]
    assert plain_rows(statement, since=AT) == []
    assert list(statement.compile(db.engine).params) == ["since"]


def test_a_statement_is_built_once(app: Flask) -> None:
    assert called("watch") is called("watch")
