"""The commands that people and other programs rely on: check, backup, restore, user add, and
refusals to start.
"""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from app.accounts.models import Staff
from app.cli.check import refuse_to_start
from app.config import Misconfigured
from app.db import db
from app.families.models import Family
from app.migrations import guards
from app.wiring import create_app
from tests import databases
from tests.cast import Cast


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own programs, where the test server brought them."""
    monkeypatch.setenv("PG_BIN", f"{databases.programs()}{os.pathsep}{os.environ['PATH']}")


def families() -> int:
    return db.session.scalar(select(func.count()).select_from(Family)) or 0


def test_a_copy_brings_back_what_was_there(
    app: Flask, cast: Cast, tmp_path: Path, programs: None
) -> None:
    copy = tmp_path / "copy"
    before = families()
    made = app.test_cli_runner().invoke(args=["backup", str(copy)])
    assert made.exit_code == 0, made.output
    cast.jodie.merged_into_id = None
    db.session.execute(text("DELETE FROM child"))
    db.session.commit()
    db.session.remove()

    back = app.test_cli_runner().invoke(args=["restore", str(copy), "--yes"])

    assert back.exit_code == 0, back.output
    assert families() == before
    assert db.session.scalar(text("SELECT count(*) FROM child")) == 2


def test_a_copy_is_nobody_elses_to_read(
    app: Flask, cast: Cast, tmp_path: Path, programs: None
) -> None:
    copy = tmp_path / "copy"
    app.test_cli_runner().invoke(args=["backup", str(copy)])

    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_a_copy_never_overwrites_a_file(app: Flask, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("mine", encoding="ascii")

    made = app.test_cli_runner().invoke(args=["backup", str(there)])

    assert made.exit_code == 1
    assert there.read_text(encoding="ascii") == "mine"


def other_files(folder: Path) -> list[Path]:
    """Words, nothing, a folder, and a database that only looks a little like ours."""
    words, nothing, inner, other = (folder / name for name in ("words", "nothing", "in", "a?b#c"))
    words.write_text("not a database at all", encoding="ascii")
    nothing.touch()
    inner.mkdir()
    with closing(sqlite3.connect(other)) as made:
        made.execute("CREATE TABLE reservation (id)")
        made.commit()
    return [words, nothing, inner, other]


def test_restoring_something_else_is_refused_and_changes_nothing(
    app: Flask, cast: Cast, tmp_path: Path, programs: None
) -> None:
    for file in other_files(tmp_path):
        back = app.test_cli_runner().invoke(args=["restore", str(file), "--yes"])

        assert back.exit_code == 1
        assert back.output.startswith("Error: ")
        assert "not a " in back.output
        assert families() == 2
        db.session.remove()


@pytest.mark.one_database
def test_a_copy_with_an_odd_name_comes_back(app: Flask, cast: Cast, tmp_path: Path) -> None:
    odd = tmp_path / "copy?mode=rw#1 %41.db"
    assert app.test_cli_runner().invoke(args=["backup", str(odd)]).exit_code == 0

    assert app.test_cli_runner().invoke(args=["restore", str(odd), "--yes"]).exit_code == 0


def test_a_copy_into_no_folder_is_refused_in_a_sentence(app: Flask, tmp_path: Path) -> None:
    made = app.test_cli_runner().invoke(args=["backup", str(tmp_path / "none" / "copy")])

    assert made.exit_code == 1
    assert "is its folder there?" in made.output


def test_check_finds_a_database_in_order(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["check"])

    assert (done.exit_code, done.output) == (0, "Settings and database are in order.\n")


def test_check_names_a_missing_guard(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        drop = "DROP TRIGGER reservation_overlap_insert"
        back = None
    else:
        drop = "ALTER TABLE reservation DROP CONSTRAINT reservation_overlap"
        back = app.test_cli_runner()
    db.session.execute(text(drop))
    db.session.commit()
    db.session.remove()

    done = app.test_cli_runner().invoke(args=["check"])

    assert done.exit_code == 1
    assert "reservation_overlap" in done.output
    if back:
        with db.engine.begin() as connection:
            guards.install(connection)


def test_adding_a_user_prints_a_link_to_use_once(app: Flask) -> None:
    done = app.test_cli_runner().invoke(
        args=[
            "user",
            "add",
            "--name",
            "Ann Vean",
            "--email",
            "ann@example.org",
            "--role",
            "manager",
        ]
    )

    assert done.exit_code == 0, done.output
    assert "http://127.0.0.1:5000/account/" in done.output
    assert db.session.scalars(select(Staff.role)).all() == ["manager"]


PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "x" * 40,
    "DATABASE_URL": "sqlite://",
    "PUBLIC_URL": "https://vig.example.org",
    "SMS_TRANSPORT": "twilio",
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "token",
    "TWILIO_FROM": "+447700900000",
    "SMTP_URL": "smtp://127.0.0.1:2525",
    "PROXY_HOPS": "1",
}


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "http://vig.example.org"}, "PUBLIC_URL"),
        ({"SMS_TRANSPORT": ""}, "SMS_TRANSPORT"),
        ({"SMS_TRANSPORT": "simulator"}, "simulator"),
        ({"TWILIO_ACCOUNT_SID": ""}, "TWILIO_ACCOUNT_SID"),
        ({"TWILIO_AUTH_TOKEN": ""}, "TWILIO_AUTH_TOKEN"),
        ({"TWILIO_FROM": ""}, "TWILIO_FROM"),
        ({"SMTP_URL": ""}, "SMTP_URL"),
        ({"IMAP_URL": "imap.example.org"}, "IMAP_URL"),
        ({"IMAP_URL": "imaps://imap.example.org/INBOX"}, "IMAP_URL"),
        ({"PROXY_HOPS": ""}, "PROXY_HOPS"),
        ({"CLOCK_FILE": "/tmp/clock"}, "CLOCK_FILE"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"ENVIRONMENT": "staging"}, "ENVIRONMENT"),
    ],
)
def test_production_refuses_to_start_half_configured(change: dict[str, str], names: str) -> None:
    with pytest.raises(Misconfigured, match=names):
        create_app(PRODUCTION | change, instance=databases.folder() / "instance")


def test_production_has_no_simulator() -> None:
    app = create_app(PRODUCTION, instance=databases.folder() / "instance")

    assert "simulator" not in app.blueprints
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-session"


def test_neither_site_nor_worker_starts_on_a_database_without_its_guards(
    app: Flask, cast: Cast
) -> None:
    with db.engine.begin() as connection:
        for statement in (
            ["DROP TRIGGER reservation_overlap_insert"]
            if connection.dialect.name == "sqlite"
            else ["ALTER TABLE reservation DROP CONSTRAINT reservation_overlap"]
        ):
            connection.execute(text(statement))
    try:
        with pytest.raises(Misconfigured, match="reservation_overlap"):
            refuse_to_start(app)
        worker = app.test_cli_runner().invoke(args=["worker", "--once"])
        assert worker.exit_code == 1
        assert "run flask db upgrade" in worker.output
    finally:
        with db.engine.begin() as connection:
            guards.install(connection)
    refuse_to_start(app)


@pytest.mark.one_database
def test_production_does_not_start_with_sample_accounts(app: Flask, cast: Cast) -> None:
    cast.jago.demo = True
    db.session.commit()
    url = {"DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"]}
    live = create_app(PRODUCTION | url, instance=databases.folder() / "instance")

    with pytest.raises(Misconfigured, match="Sample accounts"):
        refuse_to_start(live)
    refuse_to_start(app)


def test_nothing_starts_on_an_empty_database(tmp_path: Path) -> None:
    environ = databases.environ(f"sqlite:///{tmp_path / 'empty.db'}")
    empty = create_app(environ, instance=databases.folder() / "instance")

    with pytest.raises(Misconfigured, match="run flask db upgrade"):
        refuse_to_start(empty)
