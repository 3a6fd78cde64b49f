"""An invitation with plain facts, for the tests that change one of them."""

from datetime import UTC, date, datetime, time, timedelta

from app import clock
from app.calendars.invitations import invitation

TEN = clock.at_london(date(2026, 3, 30), time(10))  # the day after the clocks go forward
STAMP = datetime(2026, 3, 16, 11, 20, tzinfo=UTC)


def invited(**changes):
    facts = {
        "uid": "7-carer-12@example.org",
        "sequence": 3,
        "starts_at": TEN,
        "ends_at": TEN + timedelta(hours=1),
        "summary": "Appointment",
        "organiser_name": "Jo at the family office",
        "organiser_email": "jo@example.org",
        "attendee_email": "hannah@example.org",
        "attendee_name": "Hannah Rowe",
        "location": None,
        "stamp": STAMP,
        "method": "REQUEST",
    }
    return invitation(**{**facts, **changes})
