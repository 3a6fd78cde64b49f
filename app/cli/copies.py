"""A consistent copy of the database while it is in use, and putting one back.

SQLite: `VACUUM INTO` a new file. PostgreSQL: pg_dump's custom format, from PostgreSQL's own
programs or those that `PG_BIN` names.
"""

import os
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from app.db import db

# What every copy of this service holds, of whatever age (DESIGN.md section 7).
OURS = {
    "alembic_version", "family", "carer", "child", "peer", "appointment", "reservation", "outbox",
    "task",
}  # fmt: skip


NOT_OURS = "That file is not a copy of this service."


class CopyFailed(Exception):
    """The copy was not made; the message says why in one sentence."""


def back_up(file: Path) -> None:
    """Write the copy, readable by its owner alone. An existing file is not overwritten."""
    if file.exists():
        raise CopyFailed(f"{file} exists already. Name a new file.")
    try:
        file.touch(mode=0o600)  # before anything is in it
    except OSError as error:
        raise CopyFailed(f"{file} cannot be written: is its folder there?") from error
    try:
        if db.engine.dialect.name == "sqlite":
            vacuum_into(file)
        else:
            run("pg_dump", "--format=custom", f"--file={file}", connection_string())
    except CopyFailed:
        file.unlink(missing_ok=True)
        raise
    file.chmod(0o600)


def vacuum_into(file: Path) -> None:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        driver: Any = connection.connection.driver_connection
        try:
            driver.execute("VACUUM INTO ?", (str(file),))
        except sqlite3.DatabaseError as error:
            raise CopyFailed("The copy could not be written: is the disk full?") from error


def restore(file: Path) -> None:
    """Replace the database by the copy; anything else is refused, and nothing is replaced."""
    if not file.is_file():
        raise CopyFailed(f"{file} is not a file.")
    if db.engine.dialect.name == "sqlite":
        restore_sqlite(file)
        return
    listed = run("pg_restore", "--list", str(file))
    if not all(re.search(rf"\bTABLE \S+ {name}\b", listed) for name in OURS):
        raise CopyFailed(NOT_OURS)
    run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction",
        f"--dbname={connection_string()}", str(file))  # fmt: skip


def restore_sqlite(file: Path) -> None:
    """Through SQLite's own backup, so that whoever has the file open sees a whole database."""
    target = db.engine.url.database or ""
    db.engine.dispose()
    source = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
    try:
        if source.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise CopyFailed("The copy is damaged.")
        names = {name for (name,) in source.execute("SELECT name FROM sqlite_master")}
        if not names >= OURS:
            raise CopyFailed(NOT_OURS)
        there = sqlite3.connect(target)
        try:
            source.backup(there)
        finally:
            there.close()
    except sqlite3.DatabaseError as error:
        raise CopyFailed(NOT_OURS) from error
    finally:
        source.close()


def connection_string() -> str:
    url = make_url(db.engine.url.render_as_string(hide_password=False))
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def run(program: str, *arguments: str) -> str:
    """Run one of PostgreSQL's programs and return what it wrote."""
    found = shutil.which(program, path=os.environ.get("PG_BIN") or None)
    if not found:
        raise CopyFailed(f"{program} is not on this machine: install it, or set PG_BIN.")
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise CopyFailed(f"{program} failed ({reason(done.stderr)}).")
    return done.stdout


def reason(said: str) -> str:
    """Why PostgreSQL's program failed, from the few causes that people can mend; never its own
    words, which may hold values."""
    if "input file" in said:
        return "that file is not a copy of this service"
    if "version mismatch" in said:
        return "it is older than the server: set PG_BIN to the server's own programs"
    if "could not connect" in said or "connection to server" in said:
        return "the database cannot be reached"
    return "is the database running, and the disk not full?"
