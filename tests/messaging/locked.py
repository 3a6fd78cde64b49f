"""A database that somebody else holds, or whose server lets everybody go."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from app.db import db
from tests import databases

TAKEN = "LOCK TABLE outbox, reply IN EXCLUSIVE MODE"


@contextmanager
def locked(database: str) -> Iterator[None]:
    """Somebody else writes until the block ends."""
    if database.startswith("sqlite"):
        path = database.removeprefix("sqlite:///")
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()
    else:
        with psycopg.connect(databases.postgresql_url()) as other:
            other.execute(TAKEN)
            yield


def lock_for(database: str, seconds: float) -> threading.Thread:
    """Somebody else writes for so long, beginning now."""
    begun, end = threading.Event(), threading.Event()

    def hold() -> None:
        with locked(database):
            begun.set()
            end.wait(seconds)

    thread = threading.Thread(target=hold)
    thread.start()
    assert begun.wait(10)
    return thread


def let_go() -> None:
    """Every connection of the service's to PostgreSQL ends at once, as when its server restarts. A
    file has no server: SQLite goes on.
    """
    if db.engine.dialect.name == "sqlite":
        return
    ours, _ = databases.emptying()
    with psycopg.connect(databases.postgresql_url(), autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = "
            "'client backend' AND pid NOT IN (pg_backend_pid(), %s)",
            [ours.info.backend_pid],
        )
