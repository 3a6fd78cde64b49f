"""What appointments leave waiting for a person: to book again, to check, how it went."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from app.clock import london
from app.db import db
from app.scheduling.absence import who_is_away
from app.scheduling.models import CANCEL_REASONS, KINDS, Appointment, live_since
from app.tasks.waiting import Item
from app.times import for_staff
from app.windows import instant
from app.working_days import working_days_after

AFTER_END = timedelta(hours=1)


def end_of_working_day(at: datetime, days: int) -> datetime:
    """17:00 on the working day that lies `days` working days after `at`."""
    return instant(working_days_after(london(at).date(), days), 17 * 60)


def waiting(at: datetime) -> list[Item]:
    """Cancelled or not seen and neither booked again nor explained; imported and to be checked;
    over and not recorded; still to come while somebody who goes is away. One statement."""
    away = who_is_away()
    ended = Appointment.status.in_(("cancelled", "not_seen")) & Appointment.settled_at.is_(None)
    rows = db.session.execute(
        select(Appointment, away).where(
            Appointment.id.in_(select(Appointment.id).where(ended).union_all(live_since())),
            ended
            | Appointment.to_check
            | (Appointment.ends_at < at - AFTER_END)
            | ((Appointment.ends_at > at) & away.is_not(None)),
        )
    ).all()
    return [item for row, name in rows for item in (*doubt_of(row, name, at), *items_of(row, at))]


def doubt_of(row: Appointment, away: str | None, at: datetime) -> Sequence[Item]:
    """An appointment to come that somebody who goes is away from: `away` names them."""
    if away is None or not row.live or row.ends_at <= at:
        return []
    return [
        Item(
            kind="in_doubt",
            why=f"{KINDS[row.kind]} on {for_staff(row.starts_at)}: {away} is away then.",
            due_at=min(row.starts_at, end_of_working_day(at, 1)),
            since=row.created_at,
            endpoint="scheduling.move_appointment",
            values={"appointment_id": row.id},
            button="Find times",
            family_id=row.family_id,
            owner_id=row.staff_id,
        )
    ]


def items_of(row: Appointment, at: datetime) -> Sequence[Item]:
    if row.live and not row.to_check and row.ends_at > at:
        return []
    kind = KINDS[row.kind]
    here = {"endpoint": "scheduling.appointment", "values": {"appointment_id": row.id}}
    common = {"family_id": row.family_id, "owner_id": row.staff_id}
    if row.status in ("cancelled", "not_seen"):
        why = (
            CANCEL_REASONS.get(row.cancel_reason or "", "cancelled").lower()
            if row.status == "cancelled"
            else "not seen"
        )
        return [
            Item(
                kind="book_again",
                why=f"{kind} of {for_staff(row.starts_at)}: {why}.",
                due_at=end_of_working_day(row.starts_at if row.starts_at < at else at, 2),
                since=row.starts_at,
                button="Find times",
                **here,  # type: ignore[arg-type]
                **common,  # type: ignore[arg-type]
            )
        ]
    if row.to_check:
        sentences = " ".join(sentence for _code, sentence in row.reasons)
        return [
            Item(
                kind="to_check",
                why=f"{kind} on {for_staff(row.starts_at)}: {sentences}",
                due_at=row.starts_at,
                since=row.created_at,
                button="Check",
                **here,  # type: ignore[arg-type]
                **common,  # type: ignore[arg-type]
            )
        ]
    return [
        Item(
            kind="outcome_due",
            why=f"{kind} on {for_staff(row.starts_at)} is over. How did it go?",
            due_at=end_of_working_day(row.ends_at, 1),
            since=row.ends_at,
            button="Record it",
            **here,  # type: ignore[arg-type]
            **common,  # type: ignore[arg-type]
        )
    ]
