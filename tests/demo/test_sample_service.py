"""The sample service: told through the acts on any day, and no link of any page of it leads
astray.
"""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.db import db
from app.demo.load import STORIES
from app.families.models import Family
from app.scheduling.models import LIVE, Appointment, Reservation
from tests.demo.walking import enter, walk

pytestmark = pytest.mark.xdist_group("sample")


def test_every_story_has_its_family_at_a_step_of_its_own(sample: Flask) -> None:
    with sample.app_context():
        families = db.session.scalar(select(func.count()).select_from(Family)) or 0
        kinds = set(db.session.scalars(select(Appointment.status).distinct()))
    assert families >= 20 <= len(STORIES)
    assert kinds >= {"booked", "confirmed", "done", "cancelled", "provisional"}


def test_what_the_stories_hold_is_what_their_appointments_need(sample: Flask) -> None:
    """Reservations match the live appointments, no more and no fewer."""
    to_come = select(Appointment.id).where(Appointment.status.in_(LIVE))
    with sample.app_context():
        assert set(db.session.scalars(to_come)) == set(
            db.session.scalars(select(Reservation.appointment_id))
        )


@pytest.mark.parametrize("role", ["manager", "coordinator", "practitioner"])
def test_every_link_that_is_offered_opens(sample: Flask, role: str) -> None:
    walked = walk(sample, enter(sample, role))

    assert walked.astray == []
    assert len(walked.opened) >= 30, sorted(walked.opened)
