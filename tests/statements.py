"""Which SQL statements a piece of work makes, in words short enough to assert."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from app.db import db


@contextmanager
def statements(engine: Engine | None = None) -> Iterator[list[str]]:
    """Collects every statement of the block, as 'SELECT family' or 'INSERT audit'.

    Where a transaction begins is no statement: SQLite is told in words, PostgreSQL by the driver.
    """
    seen: list[str] = []
    of = engine or db.engine

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(named(statement))

    event.listen(of, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(of, "before_cursor_execute", note)


def named(statement: str) -> str:
    """The verb and the first table of a statement; 'SELECT peer …' where others follow by UNION."""
    verb = statement.split()[0].upper()
    outside = without_brackets(statement)
    match = TABLE.search(outside) or TABLE.search(statement)
    more = " …" if "UNION ALL" in outside else ""
    return f"{verb} {match[1]}{more}" if match else verb


TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+\(*\s*([a-z_]+)")


def without_brackets(statement: str) -> str:
    """A statement without its subqueries and lists."""
    while (shorter := re.sub(r"\([^()]*\)", "", statement)) != statement:
        statement = shorter
    return statement
