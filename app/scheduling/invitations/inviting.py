"""Calendar invitations: one UID for each recipient for an appointment's life, a higher sequence for
every change.

Staff get them unless they do not want to, carers where they gave an address and asked. Rows hold
what to say; the message is made in the claim (`mail.py`).
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.accounts.models import Staff
from app.db import db
from app.families.models import Carer
from app.messaging.models import Outbox
from app.messaging.outbox import drop_waiting, queue_email
from app.scheduling.invitations.models import Invitation
from app.scheduling.models import Appointment

CANCEL, REQUEST = "CANCEL", "REQUEST"
OVERTAKEN = "Overtaken by a newer invitation."


def invite(appointment: Appointment, *, at: datetime) -> None:
    """Queue each person's invitation, change or withdrawal as the appointment stands now.

    Somebody who no longer takes part gets a cancellation under their own UID, of the time that they
    were told. A family hears nothing of a provisional appointment; its practitioner does, as
    tentative.
    """
    drop_waiting(
        ("appointment", appointment.id), purposes=("invitation",),
        reason=OVERTAKEN, at=at,
    )  # fmt: skip
    known = {
        (row.person_kind, row.person_id): row
        for row in db.session.scalars(
            select(Invitation).where(Invitation.appointment_id == appointment.id)
        )
    }
    invited = people_to_invite(appointment) if appointment.live else []
    for person in invited:
        row = known.get(person) or first_row(appointment, person, at)
        row.starts_at, row.ends_at = appointment.starts_at, appointment.ends_at
        send(appointment, row, REQUEST, at)
    for person, row in known.items():
        if person not in invited and row.method == REQUEST and not stays(appointment, row, at):
            withdraw(appointment, row, at)


def stays(appointment: Appointment, row: Invitation, at: datetime) -> bool:
    """Whether a family's calendar is left as it is: nobody is told of what is over, and of a time
    that became provisional no text or mail says anything: somebody rings."""
    if row.person_kind != "carer":
        return False
    if row.starts_at <= at:
        return True
    same = row.person_id == appointment.carer_id and row.starts_at == appointment.starts_at
    return same and appointment.status == "provisional"


def withdraw(appointment: Appointment, row: Invitation, at: datetime) -> None:
    """Take it out of somebody's calendar; without a word where nothing can have reached them."""
    if may_have_gone(appointment, row):
        send(appointment, row, CANCEL, at)
    else:
        row.method, row.at = CANCEL, at


def may_have_gone(appointment: Appointment, row: Invitation) -> bool:
    """Whether any mail about it was in a worker's hands."""
    tried = select(Outbox.id).where(
        Outbox.about_kind == "appointment",
        Outbox.about_id == appointment.id,
        Outbox.purpose == "invitation",
        Outbox.recipient_kind == row.person_kind,
        Outbox.recipient_id == row.person_id,
        Outbox.attempt > 0,
    )
    return bool(db.session.scalar(select(tried.exists())))


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


def first_row(appointment: Appointment, person: tuple[str, int], at: datetime) -> Invitation:
    row = Invitation(
        appointment_id=appointment.id, person_kind=person[0], person_id=person[1],
        uid=f"{appointment.uid}-{person[0][0]}{person[1]}", sequence=-1, method=REQUEST, at=at,
    )  # fmt: skip
    db.session.add(row)
    return row


def send(appointment: Appointment, row: Invitation, method: str, at: datetime) -> None:
    row.sequence = max(row.sequence + 1, appointment.sequence)
    row.method, row.at = method, at
    row.answer = row.answered_at = row.answer_stamp = None  # what they answered was another time
    db.session.flush()
    queue_email(
        "invitation",
        about=("appointment", appointment.id),
        to=(row.person_kind, row.person_id),
        due_at=at,
        expires_at=max(row.ends_at, at + timedelta(hours=1)),
        dedupe=f"invitation:{row.uid}:{row.sequence}",
        at=at,
        payload={"method": method, "uid": row.uid, "sequence": row.sequence},
    )
