"""Statements that stay prepared on PostgreSQL.

Planning the statement of the work list takes as long as running it. psycopg prepares what a
connection has asked five times, and forgets all of it at every ROLLBACK (objects may have gone with
it), which is how a session ends that has only read: every page planned everything anew. Where a
transaction said nothing but SELECT there is nothing to take back, and it ends with COMMIT instead.

A plan that is kept is made before the values are known. `built_once` puts those into the words of
a statement that are the same each time, so that the plan for 'booked' is made for the few booked
ones; there is less to hand over each time, too.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask
from sqlalchemy import BindParameter, ColumnElement, Engine, event, literal_column
from sqlalchemy.engine import Connection
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.visitors import ExternallyTraversible, replacement_traverse

from app.db import WROTE, db

P = ParamSpec("P")
S = TypeVar("S", bound=Executable)


def built_once(build: Callable[P, S]) -> Callable[P, S]:
    """A statement of plain columns that is built once, with its constants in its words; what comes
    in with each reading stays a parameter. For constants of ours, never for what somebody typed.
    """

    @cache
    @wraps(build)
    def built(*args: P.args, **kwargs: P.kwargs) -> S:
        return written_out(build(*args, **kwargs))

    return cast(Callable[P, S], built)


def written_out(statement: S) -> S:
    def replaced(element: Any, **_: Any) -> ColumnElement[Any] | None:
        if not isinstance(element, BindParameter) or element.required:
            return None
        values: Any = element.value if element.expanding else [element.value]
        if not all(type(value) in (str, int) for value in values):
            return None
        words = ", ".join(map(quoted, values))
        return literal_column(f"({words})" if element.expanding else words, element.type)

    made = replacement_traverse(cast(ExternallyTraversible, statement), {}, replaced)
    return cast(S, made)


def quoted(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def init_app(app: Flask) -> None:
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            keep_prepared(db.engine)


def keep_prepared(engine: Engine) -> None:
    """For an engine of psycopg. What wrote, or failed, is rolled back as ever."""

    @event.listens_for(engine, "rollback")
    def end(connection: Connection) -> None:
        if connection.closed or connection.invalidated or connection.info.get(WROTE, True):
            return
        driver: Any = connection.connection.driver_connection
        if driver.info.transaction_status.name == "INTRANS":  # neither failed nor cut off
            with suppress(driver.Error):  # the server went: the rollback that follows meets it
                driver.commit()
