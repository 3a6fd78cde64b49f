"""Migrations go up and down over rows, and the reservation rule holds after every step."""

from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.db import db
from app.migrations import guards
from app.wiring import create_app
from tests import databases
from tests.cast import Cast

REVISIONS = [
    revision.revision for revision in ScriptDirectory("app/migrations").walk_revisions()
]  # newest first


@pytest.fixture
def own(database: str) -> Iterator[Flask]:
    app = create_app(databases.environ(database), instance=databases.folder() / "instance")
    with app.app_context():
        yield app
        db.session.remove()
        upgrade()
        db.engine.dispose()


def overlap_is_refused() -> bool:
    """Whether two rows of one subject at one time are refused, tried in SQL and rolled back."""
    row = (
        "INSERT INTO reservation (kind, subject_id, starts_at, ends_at, appointment_id) "
        "SELECT 1, 77, '2027-01-01 10:00:00+00:00', '2027-01-01 11:00:00+00:00', min(id) "
        "FROM appointment"
    )
    with db.engine.connect() as connection:
        connection.execute(text(row))
        try:
            connection.execute(text(row))
        except DatabaseError:
            return True
        finally:
            connection.rollback()
    return False


def with_an_appointment() -> None:
    cast = Cast.made()
    db.session.execute(
        text(
            "INSERT INTO appointment (kind, family_id, staff_id, how, starts_at, ends_at, status, "
            "reasons, to_check, sequence, uid, tell, booked_by, created_at, version) VALUES "
            "('follow_up', :family, :staff, 'phone', '2027-01-01 10:00:00+00:00', "
            "'2027-01-01 11:00:00+00:00', 'booked', '[]', false, 0, 'u', true, 't', "
            "'2026-11-23 10:00:00+00:00', 1)"
        ),
        {"family": cast.hannah.id, "staff": cast.tamsin.id},
    )
    db.session.commit()


def test_the_rule_holds_after_every_step_down_and_up(own: Flask) -> None:
    with_an_appointment()
    db.session.remove()
    assert overlap_is_refused()

    for below in REVISIONS[1:]:
        downgrade(revision=below)
        assert overlap_is_refused(), f"after going down to {below}"
    for revision in reversed(REVISIONS):
        upgrade(revision=revision)
        assert overlap_is_refused(), f"after going up to {revision}"


def test_everything_can_be_taken_down_and_put_up_again(own: Flask) -> None:
    downgrade(revision="base")
    upgrade()

    with db.engine.connect() as connection:
        assert guards.missing(connection) == []


def test_the_models_and_the_migrations_agree(own: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, db.metadata) == []


def test_closures_and_times_let_go_go_down_with_their_tables_and_nothing_else(own: Flask) -> None:
    with_an_appointment()
    added = (
        "INSERT INTO closure (place_id, starts_at, ends_at, why, created_by, created_at, version) "
        "SELECT min(id), '2027-01-01 10:00:00+00:00', '2027-01-02 10:00:00+00:00', 'Works', 't', "
        "'2026-11-23 10:00:00+00:00', 1 FROM place",
        "INSERT INTO measured_drive (from_id, to_id, minutes, created_by, created_at) "
        "SELECT min(id), max(id), 20, 't', '2026-11-23 10:00:00+00:00' FROM place",
        "INSERT INTO postcode VALUES ('TR1 3AY', 50.26, -5.05, 1)",
        "INSERT INTO let_go (appointment_id, staff_id, starts_at, ends_at, created_at) "
        "SELECT id, staff_id, starts_at, ends_at, created_at FROM appointment",
        "INSERT INTO explained (appointment_id, cause, words, by, at) "
        "SELECT id, 'away:1', 'Comes all the same', 't', created_at FROM appointment",
    )
    for statement in added:
        db.session.execute(text(statement))
    db.session.commit()
    db.session.remove()

    downgrade(revision="0002")
    upgrade()

    with db.engine.connect() as connection:
        left = {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in ("appointment", "place", "closure", "measured_drive", "let_go")
        }
    assert left == {"appointment": 1, "place": 3, "closure": 0, "measured_drive": 0, "let_go": 0}
    assert overlap_is_refused()


OLD_REASONS = {
    "The appointment was moved before this went.": "cancelled",
    "It was too late to be of use.": "expired",
    "No safe time for a text came before it was too late.": "expired",
    "This phone asked for no more texts.": "suppressed",
    "There is no mobile number.": "suppressed",
    "Jago Penrose has no mobile number on record.": "suppressed",
    "The service could not write it (RuntimeError); this is a fault of the service.": "suppressed",
    None: "cancelled",
}


def a_message(number: int, state: str, reason: str | None, purpose: str = "booked") -> None:
    row = {
        "channel": "text", "purpose": purpose, "about_kind": "appointment", "about_id": 1,
        "recipient_kind": "carer", "recipient_id": 1, "dedupe": f"row {number}", "state": state,
        "reason": reason, "due_at": "2026-11-23 10:00:00+00:00",
        "expires_at": "2026-11-24 10:00:00+00:00", "created_at": "2026-11-23 10:00:00+00:00",
        "attempt": 0,
    }  # fmt: skip
    columns = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    db.session.execute(text(f"INSERT INTO outbox ({columns}) VALUES ({values})"), row)


def messages() -> list[tuple[object, ...]]:
    with db.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM outbox ORDER BY id")).mappings()
        return [(row["purpose"], row.get("lane"), row["state"], row["reason"]) for row in rows]


def test_messages_that_were_not_sent_are_told_apart_by_their_reasons(own: Flask) -> None:
    downgrade(revision="0004")
    for number, reason in enumerate(OLD_REASONS):
        a_message(number, "not_sent", reason)
    a_message(90, "ready", None, "reminder")
    a_message(91, "delivered", None, "overdue_buddy")
    db.session.commit()
    db.session.remove()

    upgrade()
    waiting = [
        ("reminder", "reminder", "ready", None),
        ("overdue_buddy", "alarm", "delivered", None),
    ]
    told = [("booked", "news", state, reason) for reason, state in OLD_REASONS.items()]
    assert messages() == [*told, *waiting]
    db.session.execute(text("UPDATE outbox SET state = 'held' WHERE state = 'ready'"))
    db.session.commit()
    db.session.remove()

    downgrade(revision="0004")
    assert {state for _, _, state, _ in messages()} == {"not_sent", "delivered"}
    for state in ("not_sent", "cancelled"):
        with db.engine.connect() as connection:
            refused = state == "cancelled"
            with pytest.raises(DatabaseError) if refused else nullcontext():
                connection.execute(text(f"UPDATE outbox SET state = '{state}'"))
            connection.rollback()


@pytest.mark.parametrize("wrong", ["channel = 'post'", "state = 'gone'", "lane = 'fast'"])
def test_the_outbox_keeps_its_rules_after_a_way_down_and_up(own: Flask, wrong: str) -> None:
    downgrade(revision="0004")
    a_message(1, "ready", None)
    db.session.commit()
    db.session.remove()
    upgrade()
    with db.engine.connect() as connection:
        with pytest.raises(DatabaseError):
            connection.execute(text(f"UPDATE outbox SET {wrong}"))
        connection.rollback()


def test_what_calendars_were_told_before_is_the_time_of_the_appointment(own: Flask) -> None:
    with_an_appointment()
    db.session.execute(
        text(
            "INSERT INTO invitation (appointment_id, person_kind, person_id, uid, sequence, method,"
            " at, starts_at, ends_at) SELECT id, 'staff', staff_id, 'u-s1', 3, 'REQUEST', "
            "created_at, starts_at, ends_at FROM appointment"
        )
    )
    db.session.commit()
    db.session.remove()

    downgrade(revision="0005")
    upgrade()

    with db.engine.connect() as connection:
        same = connection.execute(
            text(
                "SELECT count(*) FROM invitation JOIN appointment ON appointment.id = "
                "appointment_id WHERE invitation.starts_at = appointment.starts_at AND "
                "invitation.ends_at = appointment.ends_at AND invitation.sequence = 3"
            )
        ).scalar_one()
    assert same == 1


def test_nobody_was_asked_about_e_mail_before_there_was_the_question(own: Flask) -> None:
    Cast.made()
    db.session.remove()
    downgrade(revision="0007")
    upgrade()

    with db.engine.connect() as connection:
        told = connection.execute(text("SELECT first_name, safe_to_email, prefers FROM carer"))
        assert {tuple(row)[1:] for row in told} == {("not_asked", "text")}
        for wrong in ("safe_to_email = 'maybe'", "prefers = 'pigeon'"):
            with pytest.raises(DatabaseError):
                connection.execute(text(f"UPDATE carer SET {wrong}"))
            connection.rollback()


def test_answers_to_invitations_go_down_with_their_columns_and_nothing_else(own: Flask) -> None:
    with_an_appointment()
    db.session.execute(
        text(
            "INSERT INTO invitation (appointment_id, person_kind, person_id, uid, sequence, method,"
            " at, starts_at, ends_at, answer, answered_at) SELECT id, 'staff', staff_id, 'u-s1', 3,"
            " 'REQUEST', created_at, starts_at, ends_at, 'accepted', created_at FROM appointment"
        )
    )
    db.session.execute(text("UPDATE appointment SET sequence_at = created_at"))
    db.session.commit()
    db.session.remove()

    downgrade(revision="0009")
    upgrade()

    assert overlap_is_refused()
    with db.engine.connect() as connection:
        kept = connection.execute(text("SELECT uid, sequence, answer FROM invitation")).all()
        appointments = connection.execute(text("SELECT sequence_at FROM appointment")).all()
        with pytest.raises(DatabaseError):
            connection.execute(text("UPDATE invitation SET answer = 'perhaps'"))
        connection.rollback()
    assert [tuple(row) for row in kept] == [("u-s1", 3, None)]
    assert [tuple(row) for row in appointments] == [(None,)]
