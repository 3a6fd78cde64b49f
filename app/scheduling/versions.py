"""An appointment as it is now, and the numbers that tell of every change to it."""

from app.db import hold as hold_row
from app.errors import Stale
from app.scheduling.models import Appointment


def refresh(appointment: Appointment, opened_at: int | None) -> None:
    """Read the appointment as it is now; a form opened at another version is refused."""
    hold_row(appointment)
    if opened_at is not None and opened_at != appointment.version:
        raise Stale("This appointment")


def touch(appointment: Appointment, *, sequence: bool = False) -> None:
    """Every change raises the version; one that calendars must hear of raises the sequence."""
    appointment.version += 1
    if sequence:
        appointment.sequence += 1
