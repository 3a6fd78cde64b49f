"""What people answered to their invitations: written beside them, and nothing else happens.

An answer confirms nothing and cancels nothing: families keep or change a time by text, link or
telephone, staff by what they do here. It is shown to whoever opens the appointment.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from app.calendars.answers import Answer
from app.db import db
from app.messaging.registry import recipient
from app.scheduling.invitations.models import Invitation
from app.scheduling.models import Appointment
from app.times import for_staff

WORDS = {
    "accepted": "accepted",
    "declined": "declined",
    "tentative": "accepted for now",
    "counter": "asked for another time",
}


def record_answer(answer: Answer, *, at: datetime) -> bool:
    """Write down an answer to what its attendee was told last; says whether it was one.

    Theirs by the UID, and by the address that they have now. One to an earlier SEQUENCE is about
    another time; of several the one that was given last counts, in whatever order they come.
    """
    row = db.session.scalars(
        select(Invitation).where(Invitation.uid == answer.uid).with_for_update(),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if row is None or row.method != "REQUEST" or answer.sequence < row.sequence:
        return False
    person = recipient(row.person_kind, row.person_id)
    if person is None or (person.email or "").lower() != answer.attendee:
        return False
    given = min(answer.stamp or at, at)  # nobody answers in the future
    if row.answer_stamp is None or given >= row.answer_stamp:
        row.answer, row.answered_at, row.answer_stamp = answer.says, at, given
    return True


def answers_about(appointment: Appointment) -> list[tuple[str, str]]:
    """Who answered what to the invitation as it stands, and when; the latest first."""
    rows: Sequence[Invitation] = db.session.scalars(
        select(Invitation)
        .where(
            Invitation.appointment_id == appointment.id,
            Invitation.answer.is_not(None),
            Invitation.method == "REQUEST",
        )
        .order_by(Invitation.answered_at.desc(), Invitation.id)
    ).all()
    return [
        (name_of(row), f"{WORDS[row.answer]}, {for_staff(row.answered_at)}")
        for row in rows
        if row.answer and row.answered_at
    ]


def name_of(row: Invitation) -> str:
    person = recipient(row.person_kind, row.person_id)
    return person.name if person else "Somebody"
