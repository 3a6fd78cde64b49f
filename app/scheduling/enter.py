"""Entering an appointment that was agreed elsewhere: the team's spreadsheets.

An act of its own beside `book()`: it meets the reservation rule and no other. A past one holds
nothing; a future one that breaks another rule is *provisional* with its reasons, holds its time,
tells nobody, and waits to be checked.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.audit.record import actor, record
from app.db import db
from app.scheduling.kinds import Reason, kinds
from app.scheduling.models import FELL_THROUGH, LIVE, Appointment
from app.scheduling.reservations import hold, lock_subjects, subjects_of
from app.scheduling.telling import tell


@dataclass(frozen=True)
class Entry:
    """A row of a spreadsheet, understood. `status` is what the sheet says, one of the
    appointment's.
    """

    kind: str
    family_id: int
    carer_id: int | None
    staff_id: int
    starts_at: datetime
    ends_at: datetime
    status: str
    how: str = "in_person"
    place_id: int | None = None
    room_id: int | None = None
    peer_id: int | None = None
    risk_level: str | None = None
    cycle_id: int | None = None
    reasons: tuple[Reason, ...] = ()
    import_id: int | None = None


def enter_appointment(entry: Entry, *, by: Any, at: datetime) -> Appointment:
    """Enter a past or future appointment. An overlap raises IntegrityError, as everywhere.

    What may not be confirmed (a video session without consent to film) is booked and no more.
    """
    appointment = Appointment(
        kind=entry.kind,
        family_id=entry.family_id,
        carer_id=entry.carer_id,
        staff_id=entry.staff_id,
        peer_id=entry.peer_id,
        place_id=entry.place_id,
        room_id=entry.room_id,
        how=entry.how,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        status="provisional" if entry.reasons else entry.status,
        reasons=[list(reason) for reason in entry.reasons],
        to_check=bool(entry.reasons),
        risk_level=entry.risk_level,
        cycle_id=entry.cycle_id,
        import_id=entry.import_id,
        uid=str(uuid.uuid4()),
        booked_by=actor(by),
        created_at=at,
    )
    lock_subjects(subjects_of(appointment))
    db.session.add(appointment)
    db.session.flush()
    if appointment.status == "confirmed" and kinds[appointment.kind].unconfirmed(appointment):
        appointment.status = "booked"
    if appointment.status in LIVE:
        hold(appointment)
    elif appointment.status in FELL_THROUGH:
        appointment.settled_at, appointment.settled_words = at, "Imported"
    record(
        "appointment:booked", appointment, by=by, at=at, family_id=appointment.family_id,
        status=appointment.status,
    )  # fmt: skip
    if appointment.status in LIVE and not entry.reasons:
        tell(appointment, "booked_quietly", by=by, at=at)  # reminders, no booking text
    return appointment
