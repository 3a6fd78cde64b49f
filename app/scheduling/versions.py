"""An appointment as it is now, and the numbers that tell of every change to it."""

from datetime import datetime

from app.db import hold as hold_row
from app.errors import Stale
from app.scheduling.models import Appointment


def refresh(appointment: Appointment, opened_at: int | None) -> None:
    """Read the appointment as it is now; a form opened at another version is refused."""
    hold_row(appointment)
    if opened_at is not None and opened_at != appointment.version:
        raise Stale("This appointment")


def touch(appointment: Appointment, *, told_at: datetime | None = None) -> None:
    """Every change raises the version; one that calendars hear of, `told_at`, the sequence too."""
    appointment.version += 1
    if told_at is not None:
        appointment.sequence += 1
        appointment.sequence_at = told_at
