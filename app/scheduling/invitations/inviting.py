"""Calendar invitations: one UID for each recipient for an appointment's life, a higher sequence for
every change.

Staff get them unless they do not want to, carers where they gave an address and asked. Rows hold
what to say; the message is made in the claim, from what the appointment is then.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db
from app.families.models import Carer
from app.messaging.outbox import drop_waiting, queue_email
from app.scheduling.invitations.models import Invitation
from app.scheduling.models import Appointment

CANCEL, REQUEST = "CANCEL", "REQUEST"


def invite(appointment: Appointment, *, at: datetime) -> None:
    """Queue each person's invitation, change or withdrawal as the appointment stands now.

    Somebody who no longer takes part gets a cancellation under their own UID. A family hears
    nothing of a provisional appointment; its practitioner does, as tentative.
    """
    drop_waiting(
        ("appointment", appointment.id), purposes=("invitation",),
        reason="Overtaken by a newer invitation.", at=at,
    )  # fmt: skip
    known = {
        (row.person_kind, row.person_id): row
        for row in db.session.scalars(
            select(Invitation).where(Invitation.appointment_id == appointment.id)
        )
    }
    invited = people_to_invite(appointment) if appointment.live else []
    for person in invited:
        send(appointment, person, REQUEST, known.get(person), at)
    for person, row in known.items():
        if person not in invited and row.method == REQUEST:
            send(appointment, person, CANCEL, row, at)


def people_to_invite(appointment: Appointment) -> list[tuple[str, int]]:
    """Staff who take part and want invitations, and the carer who asked for them."""
    staff_ids = [i for i in (appointment.staff_id, appointment.second_id) if i is not None]
    people = [
        ("staff", staff_id)
        for staff_id in db.session.scalars(
            select(Staff.id).where(
                Staff.id.in_(staff_ids), Staff.wants_invitations, Staff.left_at.is_(None)
            )
        )
    ]
    if appointment.carer_id and appointment.status != "provisional" and appointment.tell:
        carer = db.session.get(Carer, appointment.carer_id)
        if carer and carer.email and carer.wants_invitations and not carer.left_on:
            people.append(("carer", carer.id))
    return people


def send(
    appointment: Appointment,
    person: tuple[str, int],
    method: str,
    row: Invitation | None,
    at: datetime,
) -> None:
    if row is None:
        row = Invitation(
            appointment_id=appointment.id, person_kind=person[0], person_id=person[1],
            uid=f"{appointment.uid}-{person[0][0]}{person[1]}", sequence=-1, method=method, at=at,
        )  # fmt: skip
        db.session.add(row)
    row.sequence = max(row.sequence + 1, appointment.sequence)
    row.method, row.at = method, at
    db.session.flush()
    queue_email(
        "invitation",
        about=("appointment", appointment.id),
        to=person,
        due_at=at,
        expires_at=max(appointment.ends_at, at + timedelta(hours=1)),
        dedupe=f"invitation:{row.uid}:{row.sequence}",
        at=at,
        payload={"method": method, "uid": row.uid, "sequence": row.sequence},
    )
