"""Of which time a person has heard: news of an earlier change may wait still when the next comes.

A booking moved before its text went is told as a booking; one moved twice is told from the time
that the person knows, not from the one in between.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select

from app.db import db
from app.messaging.models import Outbox
from app.messaging.registry import payload
from app.messaging.states import WAITING
from app.scheduling.models import Appointment

TELLS_A_TIME = ("booked", "moved", "conversation_booked", "conversation_moved")
Person = tuple[str, int]
# By appointment and person: the time known before the news that waits, None where none was.
Unheard = Mapping[tuple[int, Person], datetime | None]


def unheard(appointment_ids: Iterable[int], *, hold: bool = False) -> Unheard:
    """The news of these appointments that wait; one statement. With `hold` no worker takes them
    up before the transaction ends, so what is told next does not depend on a race."""
    waiting = (
        select(Outbox)
        .where(
            Outbox.about_kind == "appointment",
            Outbox.about_id.in_(list(appointment_ids)),
            Outbox.purpose.in_(TELLS_A_TIME),
            Outbox.state.in_(WAITING),
        )
        .order_by(Outbox.id)
        .execution_options(populate_existing=True)
    )
    rows = db.session.scalars(waiting.with_for_update() if hold else waiting)
    return {(row.about_id, (row.recipient_kind, row.recipient_id)): known(row) for row in rows}


def known(row: Outbox) -> datetime | None:
    was = payload(row, "was")
    return datetime.fromisoformat(was) if was else None


def heard_of(
    appointment: Appointment, person: Person, was: datetime | None, waiting: Unheard
) -> datetime | None:
    """The time from which a move is told to this person; None: they heard of none, so it is told
    as a booking. What goes back to the time that they know is told like any move."""
    key = (appointment.id, person)
    if key not in waiting or waiting[key] == appointment.starts_at:
        return was
    return waiting[key]
