"""What a carer or a peer parent is in, as the thread of their texts shows it: the next appointments
and what may be done about them.
"""

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy import select

from app.db import db
from app.messaging.registry import Concern, Step
from app.scheduling.models import KINDS, LIVE, Appointment
from app.scheduling.queries import next_of_carer, with_people
from app.scheduling.where import inside, where_words
from app.times import for_staff

MOST = 3


def concerns_of_carer(carer_id: int, at: datetime) -> list[Concern]:
    """The next live appointments that concern a carer, soonest first."""
    return [concern(row) for row in next_of_carer(carer_id, at=at)[:MOST]]


def concerns_of_peer(peer_id: int, at: datetime) -> list[Concern]:
    """The next live conversations of a peer parent, soonest first."""
    rows: Sequence[Appointment] = db.session.scalars(
        select(Appointment)
        .where(
            Appointment.peer_id == peer_id, Appointment.status.in_(LIVE), Appointment.ends_at > at
        )
        .options(*with_people())
        .order_by(Appointment.starts_at)
        .limit(MOST)
    ).all()
    return [concern(row) for row in rows]


def concern(row: Appointment) -> Concern:
    asked = "They asked for a change; it stands until you change it." if row.change_asked_at else ""
    where = where_words(row)
    return Concern(
        words=f"{KINDS[row.kind]}, {for_staff(row.starts_at)}.",
        detail=f"{row.staff.name}, {inside(where)}. {asked}".strip(),
        steps=steps(row),
    )


def steps(row: Appointment) -> list[Step]:
    found = [
        Step(
            "Find another time",
            url_for("scheduling.move_appointment", appointment_id=row.id),
            main=bool(row.change_asked_at),
        )
    ]
    if row.status == "booked" or (row.status == "confirmed" and row.change_asked_at):
        keep = url_for("scheduling.keep", appointment_id=row.id)
        found.append(Step("They keep it", keep, post=True, fields={"version": row.version}))
    return [*found, Step("Open", url_for("scheduling.appointment", appointment_id=row.id))]
