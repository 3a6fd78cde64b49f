"""What a person decides about a message that waits: hold it back, let it go again, send it now,
stop it.

Each looks at the row as it is stored: whoever acts on a page of some minutes ago is told what has
become of it meanwhile. Nothing here makes a text go that may not: the claim asks everything again.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.audit.record import record
from app.db import db, hold
from app.errors import Conflict
from app.messaging import registry
from app.messaging.follow_up import ask_to_ring, is_reminder
from app.messaging.models import ALARM, Outbox
from app.messaging.states import (
    CANCELLED,
    EXPIRED,
    GAVE_UP,
    GONE,
    HELD,
    READY,
    SENDING,
    UNKNOWN,
    WAITING,
)
from app.messaging.verdicts import TOO_LATE

HELD_BACK = "A member of staff holds it back."
WAS_HELD = "A member of staff held it back."
STOPPED = "A member of staff stopped it."
TOO_LATE_NOW = "It is too late for this text to be of use: ring instead."
NO_ALARM = "An alarm cannot be held back or stopped here: close the alarm instead."


def hold_text(row: Outbox, *, by: Any, at: datetime) -> None:
    """A message that waits does not go until somebody releases it; past its use it never goes."""
    waits_still(row)
    if row.lane == ALARM:
        raise Conflict(NO_ALARM)
    if row.state == HELD:
        raise Conflict("Somebody holds this back already.")
    row.state, row.reason = HELD, HELD_BACK
    note("text:held", row, by=by, at=at)


def release_text(row: Outbox, *, by: Any, at: datetime) -> None:
    """A held message goes at its time, or at once where that has passed."""
    waits_still(row)
    if row.state != HELD:
        raise Conflict("Nobody holds this back: it goes at its time.")
    row.state, row.reason = READY, None
    note("text:released", row, by=by, at=at)


def send_now(row: Outbox, *, by: Any, at: datetime) -> None:
    """It goes at once by this person's decision, in quiet hours too and however soon after another;
    never outside the person's own safe times, and never where texting is not safe.
    """
    waits_still(row)
    if row.expires_at <= at:
        raise Conflict(TOO_LATE_NOW)
    row.state, row.reason = READY, None
    row.due_at, row.payload = at, {**(row.payload or {}), "now": True}
    note("text:sent_now", row, by=by, at=at)


def stop_text(row: Outbox, *, by: Any, at: datetime) -> None:
    """It never goes: nobody is asked to ring, because a person decided it."""
    waits_still(row)
    if row.lane == ALARM:
        raise Conflict(NO_ALARM)
    row.state, row.reason, row.final_at = CANCELLED, STOPPED, at
    note("text:stopped_by_staff", row, by=by, at=at)


def waits_still(row: Outbox) -> None:
    """Lock the row; raise Conflict with what has become of it where it does not wait any more."""
    hold(row)
    if row.state not in WAITING:
        raise Conflict(what_became(row))


def what_became(row: Outbox) -> str:
    if row.state in (*GONE, "undelivered", "failed"):
        return "It has gone already."
    if row.state in (SENDING, UNKNOWN, GAVE_UP):
        return "It is going, or may have gone already."
    return f"It is not sent any more. {row.reason or ''}".strip()


def note(tag: str, row: Outbox, *, by: Any, at: datetime) -> None:
    person = registry.recipient(row.recipient_kind, row.recipient_id)
    family_id = person.family_id if person else None
    record(tag, row, by=by, at=at, family_id=family_id, purpose=row.purpose)


def expire_held(at: datetime) -> bool:
    """One held message that is past its use becomes *expired*; somebody rings where it told of
    something. False where there is none.
    """
    row = db.session.scalars(
        select(Outbox)
        .where(Outbox.state == HELD, Outbox.expires_at <= at)
        .order_by(Outbox.due_at, Outbox.id)
        .limit(1)
        .with_for_update(skip_locked=True),
        execution_options={"populate_existing": True},
    ).first()
    if row is None:
        return False
    row.state, row.reason, row.final_at = EXPIRED, f"{TOO_LATE} {WAS_HELD}", at
    person = registry.recipient(row.recipient_kind, row.recipient_id)
    if person is not None and not is_reminder(row):
        ask_to_ring(row, person, row.reason, at=at)
    return True
