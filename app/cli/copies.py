"""A consistent copy of the database while it is in use, and putting one back.

SQLite: `VACUUM INTO` a new file. PostgreSQL: pg_dump's custom format, from PostgreSQL's own
programs or those that `PG_BIN` names.
"""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

from sqlalchemy.engine import make_url

from app.db import db


class CopyFailed(Exception):
    """The copy was not made; the message says why in one sentence."""


def back_up(file: Path) -> None:
    """Write the copy, readable by its owner alone. An existing file is not overwritten."""
    if file.exists():
        raise CopyFailed(f"{file} exists already. Name a new file.")
    if db.engine.dialect.name == "sqlite":
        file.touch(mode=0o600)
        file.unlink()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.connection.driver_connection.execute("VACUUM INTO ?", (str(file),))  # type: ignore[union-attr]
    else:
        file.touch(mode=0o600)  # before anything is in it
        try:
            run("pg_dump", "--format=custom", f"--file={file}", connection_string())
        except CopyFailed:
            file.unlink()
            raise
    file.chmod(0o600)


def restore(file: Path) -> None:
    """Replace the database by the copy."""
    if db.engine.dialect.name == "sqlite":
        restore_sqlite(file)
        return
    run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction",
        f"--dbname={connection_string()}", str(file))  # fmt: skip


def restore_sqlite(file: Path) -> None:
    """Through SQLite's own backup, so that whoever has the file open sees a whole database."""
    target = db.engine.url.database or ""
    db.engine.dispose()
    source = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        if source.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise CopyFailed("The copy is damaged.")
        if not source.execute("SELECT 1 FROM sqlite_master WHERE name = 'reservation'").fetchone():
            raise CopyFailed("That file is not a copy of this service.")
        there = sqlite3.connect(target)
        try:
            source.backup(there)
        finally:
            there.close()
    except sqlite3.DatabaseError as error:
        raise CopyFailed("That file is not a copy of this service.") from error
    finally:
        source.close()


def connection_string() -> str:
    url = make_url(db.engine.url.render_as_string(hide_password=False))
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def run(program: str, *arguments: str) -> None:
    found = shutil.which(program, path=os.environ.get("PG_BIN") or None)
    if not found:
        raise CopyFailed(f"{program} is not on this machine: install it, or set PG_BIN.")
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CopyFailed(f"{program} failed ({reason(done.stderr)}).")


def reason(said: str) -> str:
    """Why PostgreSQL's program failed, from the few causes that people can mend; never its own
    words, which may hold values."""
    if "version mismatch" in said:
        return "it is older than the server: set PG_BIN to the server's own programs"
    if "could not connect" in said or "connection to server" in said:
        return "the database cannot be reached"
    return "is the database running, and the disk not full?"
