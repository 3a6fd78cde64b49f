"""The database itself refuses to hold a person or room twice, and to change an audit entry."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError

from app.audit.record import record
from app.db import db
from app.scheduling.models import FAMILY, STAFF, Appointment, Reservation
from tests.cast import NOW, Cast

HOUR = timedelta(hours=1)


def appointment(cast: Cast) -> int:
    made = Appointment(
        kind="follow_up", family_id=cast.hannah.id, staff_id=cast.tamsin.id, starts_at=NOW,
        ends_at=NOW + HOUR, status="booked", uid="u", booked_by="t", created_at=NOW,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made.id


def held(about: int, kind: int, subject: int, start: float, end: float) -> Reservation:
    return Reservation(
        kind=kind, subject_id=subject, starts_at=NOW + start * HOUR, ends_at=NOW + end * HOUR,
        appointment_id=about,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "refused"),
    [
        (0, 1, True),
        (0.25, 0.5, True),
        (-1, 0.25, True),
        (0.75, 2, True),
        (-1, 2, True),
        (1, 2, False),  # an end may touch a start
        (-1, 0, False),
        (5, 6, False),
    ],
)
def test_an_overlap_is_refused_and_a_touch_is_not(
    app: Flask, cast: Cast, start: float, end: float, refused: bool
) -> None:
    about = appointment(cast)
    db.session.add(held(about, STAFF, 1, 0, 1))
    db.session.flush()
    db.session.add(held(about, STAFF, 1, start, end))

    if refused:
        with pytest.raises(IntegrityError):
            db.session.flush()
    else:
        db.session.flush()


def test_another_person_or_another_kind_may_be_held_at_the_same_time(
    app: Flask, cast: Cast
) -> None:
    about = appointment(cast)
    db.session.add_all(
        [held(about, STAFF, 1, 0, 1), held(about, STAFF, 2, 0, 1), held(about, FAMILY, 1, 0, 1)]
    )

    db.session.flush()


def test_a_reservation_cannot_be_moved_onto_another(app: Flask, cast: Cast) -> None:
    about = appointment(cast)
    later = held(about, STAFF, 1, 2, 3)
    db.session.add_all([held(about, STAFF, 1, 0, 1), later])
    db.session.flush()

    later.starts_at = NOW + 0.5 * HOUR

    with pytest.raises(IntegrityError):
        db.session.flush()


@pytest.mark.parametrize("change", ["UPDATE audit SET tag = 'x'", "DELETE FROM audit"])
def test_audit_entries_are_never_changed(app: Flask, cast: Cast, change: str) -> None:
    record("note:added", cast.hannah, by=cast.jago, at=NOW)
    db.session.commit()

    with pytest.raises(DatabaseError):
        db.session.execute(text(change))
