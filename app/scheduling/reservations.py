"""What an appointment holds: the rows of `reservation`, held and let go in the act's
transaction.
"""

from sqlalchemy import delete, select

from app.db import db, lock
from app.families.models import Family
from app.places.models import Place
from app.scheduling.models import (
    FAMILY,
    INTERPRETER,
    PEER,
    ROOM,
    STAFF,
    Appointment,
    Reservation,
)

Subject = tuple[int, int]


def subjects_of(appointment: Appointment) -> list[Subject]:
    """Each person and room the appointment needs, as (kind, id)."""
    needed = [
        (STAFF, appointment.staff_id),
        (STAFF, appointment.second_id),
        (FAMILY, appointment.family_id),
        (PEER, appointment.peer_id),
        (INTERPRETER, appointment.interpreter_id),
        (ROOM, appointment.room_id),
    ]
    return [(kind, subject) for kind, subject in needed if subject is not None]


def stand_still(family_id: int, place_id: int | None) -> None:
    """Let neither the family's choice nor the home's risk level change until the act commits.

    Both are recorded under their own row (`record_choice`, `record_assessment`), so sharing the
    rows makes a booking wait for a withdrawal in hand, and a withdrawal for a booking. Before
    `lock_subjects`: those acts take the row first too.
    """
    if db.engine.dialect.name != "postgresql":
        return  # the writer is alone
    rows = select(Family.id).where(Family.id == family_id)
    if place_id is not None:
        rows = rows.join(Place, Place.id == place_id)
    db.session.execute(rows.with_for_update(read=True))


def lock_subjects(*groups: list[Subject]) -> None:
    """Hold every subject of an act until it commits, so that what was checked stays true."""
    lock(subject for group in groups for subject in group)


def hold(appointment: Appointment) -> None:
    """Insert the appointment's reservations. An overlap raises IntegrityError here, in a
    SAVEPOINT.
    """
    db.session.flush()
    with db.session.begin_nested():
        db.session.add_all(
            Reservation(
                kind=kind,
                subject_id=subject,
                starts_at=appointment.starts_at,
                ends_at=appointment.ends_at,
                appointment_id=appointment.id,
            )
            for kind, subject in subjects_of(appointment)
        )


def let_go(appointment: Appointment) -> None:
    """Delete everything the appointment holds."""
    db.session.flush()
    db.session.execute(delete(Reservation).where(Reservation.appointment_id == appointment.id))
