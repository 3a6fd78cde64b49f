"""What somebody else takes away between a page's reading it and its act: a refusal in words."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, text
from time_machine import Traveller

from app.accounts.models import Staff
from app.audit.models import AuditEntry
from app.db import db, transact
from app.places.closures import add_closure
from app.scheduling.absences.absence import add_absence
from tests.cast import NOW, Cast
from tests.scheduling.breaking import DAY
from tests.scheduling.own_calendars import set_for
from tests.statements import named

SignIn = Callable[[Staff], FlaskClient]


@contextmanager
def taken_away(table: str) -> Iterator[None]:
    """As soon as the rows of a table are read, another connection deletes them all; just before
    that on SQLite, where nobody else writes while a page acts."""
    waiting = [table]

    def delete() -> None:
        waiting.clear()
        with db.engine.connect() as other:
            other.execute(text(f"DELETE FROM {table}"))  # noqa: S608
            other.commit()

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if waiting and named(statement) == f"SELECT {table}":
            delete()

    if db.engine.dialect.name == "sqlite":
        db.session.rollback()
        delete()
    event.listen(db.engine, "after_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(db.engine, "after_cursor_execute", note)
    assert not waiting


def made(table: str, cast: Cast) -> int:
    """A row of the table; the number by which its page goes."""
    if table == "absence":
        return transact(lambda: add_absence(cast.tamsin, "leave", *DAY, by=cast.jago, at=NOW)).id
    if table == "closure":
        return transact(lambda: add_closure(cast.hub, None, *DAY, "Works", by=cast.jago, at=NOW)).id
    return set_for(cast.tamsin).staff_id


def entries() -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0


@pytest.mark.parametrize(
    ("table", "act", "typed"),
    [
        ("absence", "/absences/{}", {"kind": "leave", "first": ["1", "12", "2026"]}),
        ("absence", "/absences/{}/remove", {}),
        ("closure", "/closures/{}", {"room": "all", "first": ["1", "12", "2026"], "why": "Works"}),
        ("closure", "/closures/{}/remove", {}),
        ("own_calendar", "/staff/{}/calendar/read", {}),
    ],
    ids=["absence", "absence-removed", "closure", "closure-removed", "calendar"],
)
def test_is_no_failure_and_changes_nothing(
    cast: Cast, sign_in: SignIn, monday: Traveller, table: str, act: str, typed: dict[str, Any]
) -> None:
    address = act.format(made(table, cast))
    monday.shift(60)
    jago = sign_in(cast.jago)
    before = entries()

    with taken_away(table):
        answer = jago.post(address, data={**typed, "version": "1"})

    if db.engine.dialect.name == "sqlite" and table != "own_calendar":
        assert answer.status_code == 404
    else:
        assert answer.status_code == 409
        assert "taken away by somebody else" in answer.text or "no calendar" in answer.text
    assert entries() == before
