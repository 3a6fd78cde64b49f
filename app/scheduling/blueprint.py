"""The blueprint that the pages of appointments hang from, and the appointment a page is about."""

from flask import Blueprint, request
from flask_login import current_user

from app import clock
from app.access import found
from app.audit.record import record
from app.db import write_in_get
from app.scheduling.models import Appointment
from app.scheduling.queries import appointment_for

scheduling = Blueprint("scheduling", __name__)


def this_appointment(appointment_id: int) -> Appointment:
    """The appointment of an address, or the 404 that a missing one and another's share."""
    appointment: Appointment = found(appointment_for(current_user, appointment_id))
    return appointment


def opened(appointment_id: int) -> Appointment:
    """The same for a page that shows what is private: that it was read is written first."""
    appointment = this_appointment(appointment_id)
    if request.method != "GET":
        return appointment
    family = appointment.family

    def note() -> None:
        record(
            "family:read", family, by=current_user, at=clock.now(), family_id=family.id,
            screen="appointment",
        )  # fmt: skip

    write_in_get(note)
    return this_appointment(appointment_id)
