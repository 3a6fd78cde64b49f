"""What appointments leave waiting for a person: to book again, to check, how it went."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from app.clock import london
from app.db import UtcDateTime, plain_rows
from app.prepared import built_once
from app.scheduling.in_doubt import causes, doubts_of_row
from app.scheduling.models import (
    CANCEL_REASONS,
    FELL_THROUGH,
    KINDS,
    LIVE,
    NOT_SEEN_REASONS,
    Appointment,
    live_since,
)
from app.tasks.causes import AT
from app.tasks.waiting import Item
from app.times import for_staff
from app.working_days import evening_after

AFTER_END = timedelta(hours=1)


def end_of_working_day(at: datetime, days: int) -> datetime:
    """17:00 on the working day that lies `days` working days after `at`."""
    return evening_after(london(at).date(), days)


def waiting(at: datetime) -> list[Item]:
    """Cancelled or not seen and neither booked again nor explained; imported and to be checked;
    over and not recorded; still to come and in doubt. One statement."""
    rows = plain_rows(that_may_wait(), at=at, over=at - AFTER_END)
    return [item for row in rows for item in (*doubt_of(row, at), *items_of(row, at))]


@built_once
def that_may_wait() -> Select[Any]:
    """The appointments of `waiting` at an instant `at`; those that ended before `over` wait too."""
    doubts = causes()
    ended = Appointment.status.in_(FELL_THROUGH) & Appointment.settled_at.is_(None)
    over = bindparam("over", type_=UtcDateTime())
    return select(
        Appointment.id, Appointment.kind, Appointment.status, Appointment.starts_at,
        Appointment.ends_at, Appointment.created_at, Appointment.family_id, Appointment.staff_id,
        Appointment.to_check, Appointment.reasons, Appointment.cancel_reason,
        *(column.label(name) for name, column in doubts.items()),
    ).where(
        Appointment.id.in_(select(Appointment.id).where(ended).union_all(live_since())),
        ended
        | Appointment.to_check
        | (Appointment.ends_at < over)
        | ((Appointment.ends_at > AT) & or_(*(column.is_not(None) for column in doubts.values()))),
    )  # fmt: skip


def doubt_of(row: Any, at: datetime) -> Sequence[Item]:
    """An appointment to come that may not take place: for each reason a sentence, and one item."""
    if row.status not in LIVE or row.ends_at <= at or not (doubts := doubts_of_row(row)):
        return []
    why = " ".join(doubt.words for doubt in doubts)
    return [
        Item(
            kind="in_doubt",
            why=f"{KINDS[row.kind]} on {for_staff(row.starts_at)}: {why}",
            due_at=min(row.starts_at, end_of_working_day(at, 1)),
            since=row.created_at,
            endpoint="scheduling.replan_visit",
            values={"appointment_id": row.id},
            button="Replan",
            family_id=row.family_id,
            owner_id=row.staff_id,
        )
    ]


def not_seen(reason: str | None) -> str:
    why = NOT_SEEN_REASONS.get(reason or "", "").lower()
    return f"not seen, {why}" if why else "not seen"


def items_of(row: Any, at: datetime) -> Sequence[Item]:
    """At most one item: to book again, to check, or to say how it went."""
    if row.status in LIVE and not row.to_check and row.ends_at > at:
        return []
    kind = KINDS[row.kind]
    here = {"endpoint": "scheduling.appointment", "values": {"appointment_id": row.id}}
    common = {"family_id": row.family_id, "owner_id": row.staff_id}
    if row.status in FELL_THROUGH:
        why = (
            CANCEL_REASONS.get(row.cancel_reason or "", "cancelled").lower()
            if row.status == "cancelled"
            else not_seen(row.cancel_reason)
        )
        return [
            Item(
                kind="book_again",
                why=f"{kind} of {for_staff(row.starts_at)}: {why}.",
                due_at=end_of_working_day(row.starts_at if row.starts_at < at else at, 2),
                since=row.starts_at,
                button="Find times",
                **here,  # type: ignore[arg-type]
                **common,
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
                **common,
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
            **common,
        )
    ]
