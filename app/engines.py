"""What a connection to either database is told when it opens, and when its transaction begins and
ends.
"""

from contextlib import suppress
from typing import Any

from flask import g, has_request_context
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

WROTE = "wrote"  # of a connection: whether its transaction has changed anything
PATIENCE = 20  # seconds that SQLite waits for another writer


def prepare(engine: Engine) -> None:
    note_writes(engine)
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    else:
        prepare_postgresql(engine)
        keep_prepared(engine)


def note_writes(engine: Engine) -> None:
    """Keep on each connection whether its transaction has changed anything."""

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.info[WROTE] = False

    @event.listens_for(engine, "before_cursor_execute")
    def execute(connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith(("SELECT", "BEGIN")):
            connection.info[WROTE] = True


def prepare_postgresql(engine: Engine) -> None:
    """Joins are taken in the order in which they are written, three at a time; a request that says
    how long it may wait for a lock waits no longer.

    A page's statements follow foreign keys from the rows that they are about. To weigh every order
    of eight joins took PostgreSQL 18 longer (2 to 4 ms) than to read the rows.
    """

    @event.listens_for(engine, "connect")
    def connect(dbapi: Any, _record: Any) -> None:
        dbapi.execute("SET join_collapse_limit = 3")
        dbapi.commit()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if seconds := patience(0):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{seconds}s'")


def prepare_sqlite(engine: Engine) -> None:
    """Durable, patient and strict: WAL, FULL, foreign keys, twenty seconds of patience."""

    @event.listens_for(engine, "connect")
    def connect(dbapi: Any, _record: Any) -> None:
        dbapi.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={PATIENCE * 1000}",
            "secure_delete=ON",
        ):
            dbapi.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        seconds = patience(PATIENCE)
        if seconds != connection.info.get("patience", PATIENCE):
            connection.exec_driver_sql(f"PRAGMA busy_timeout={seconds * 1000}")
            connection.info["patience"] = seconds
        reads = has_request_context() and "writing" not in g
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def patience(otherwise: int) -> int:
    """How many seconds this request waits for others’ locks, where it says so (`g.patience`)."""
    asked: int = g.get("patience", otherwise) if has_request_context() else otherwise
    return asked


def keep_prepared(engine: Engine) -> None:
    """Let PostgreSQL keep the plans of what a connection asks again and again.

    psycopg prepares what has been asked five times, and forgets all of it at every ROLLBACK
    (objects may have gone with it), which is how a session ends that has only read: every page
    would be planned anew. Where a transaction said nothing but SELECT there is nothing to take
    back, and it ends with COMMIT instead. What wrote, or failed, is rolled back as ever.
    """

    @event.listens_for(engine, "rollback")
    def end(connection: Connection) -> None:
        if connection.closed or connection.invalidated or connection.info.get(WROTE, True):
            return
        driver: Any = connection.connection.driver_connection
        if driver.info.transaction_status.name == "INTRANS":  # neither failed nor cut off
            with suppress(driver.Error):  # the server went: the rollback that follows meets it
                driver.commit()
