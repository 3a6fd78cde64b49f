"""Reminders that wait when somebody's safe times change: timed anew in the transaction of the
change, earlier where that is needed, never later than they are of use. Where no moment is left,
somebody rings.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.db import db
from app.families.models import Carer
from app.messaging import registry
from app.messaging.models import Outbox
from app.messaging.registry import Recipient, payload
from app.messaging.schedule import Planned, texts_for
from app.messaging.states import EXPIRED, WAITING
from app.messaging.verdicts import NO_SAFE_TIME
from app.scheduling.foreseen import appointments
from app.scheduling.models import Appointment
from app.scheduling.telling import REMINDERS, ring_instead
from app.settings import store
from app.working_days import is_working_day


def follow_safe_times(carer: Carer, changed: Collection[str], by: Any, at: datetime) -> None:
    """The carer said other times at which they may be reached."""
    recipient = registry.recipient("carer", carer.id) if "safe_times" in changed else None
    if recipient is None:
        return
    rows = reminders_to(carer.id)
    read: Mapping[int, Appointment] = appointments({r.about_id for r in rows}) if rows else {}
    for row in rows:
        appointment = read.get(row.about_id)
        if appointment is not None and payload(row, "sequence") == appointment.sequence:
            retime(row, appointment, recipient, at)


def reminders_to(carer_id: int) -> Sequence[Outbox]:
    return db.session.scalars(
        select(Outbox)
        .where(
            Outbox.recipient_kind == "carer",
            Outbox.recipient_id == carer_id,
            Outbox.about_kind == "appointment",
            Outbox.purpose.in_(REMINDERS),
            Outbox.state.in_(WAITING),
        )
        .order_by(Outbox.id)
        .with_for_update()
    ).all()


def retime(row: Outbox, appointment: Appointment, recipient: Recipient, at: datetime) -> None:
    planned = plan_of(row.purpose, appointment, recipient, at)
    if planned is None:  # its usual time has passed: the claim decides
        return
    if planned.cannot is None:
        row.due_at = planned.due_at
        return
    row.state, row.reason, row.final_at = EXPIRED, NO_SAFE_TIME, at
    ring_instead(appointment, recipient, "booked", NO_SAFE_TIME, at)


def plan_of(
    purpose: str, appointment: Appointment, recipient: Recipient, at: datetime
) -> Planned | None:
    plan = texts_for(
        appointment.starts_at, at,
        kind=appointment.kind, rules=store.current(), safe_times=recipient.safe_times,
        is_working_day=is_working_day, announce=False,
    )  # fmt: skip
    return next((text for text in plan if text.purpose == purpose), None)
