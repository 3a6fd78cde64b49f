"""Calls that staff made or took, written down: often the only safe way to reach somebody."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.audit.record import record
from app.db import db
from app.errors import DomainError
from app.messaging.models import CALL_OUTCOMES, Call
from app.tasks.by_hand import close_by_hand
from app.tasks.models import Task

EARLIEST = timedelta(days=92)
SPOKE = ("spoke", "they_rang")
RUNG = ("ring", "not_sent")  # the kinds of task that ask somebody to ring


def record_call(
    person: tuple[str, int],
    outcome: str,
    words: str | None,
    *,
    called_at: datetime,
    family_id: int | None = None,
    by: Any,
    at: datetime,
) -> Call:
    """A call with a person (kind, id) that took place at `called_at`, not in the future."""
    if outcome not in CALL_OUTCOMES:
        raise DomainError("Choose what came of the call.", "outcome")
    if called_at > at:
        raise DomainError("A call cannot be in the future.", "called_at")
    if called_at < at - EARLIEST:
        raise DomainError(
            "A call can be recorded for three months. Write a note instead.", "called_at"
        )
    call = Call(
        person_kind=person[0],
        person_id=person[1],
        family_id=family_id,
        at=called_at,
        by=getattr(by, "name", None) or str(by),
        outcome=outcome,
        words=(words or "").strip() or None,
    )
    db.session.add(call)
    record("call:recorded", call, by=by, at=at, family_id=family_id, outcome=outcome)
    return call


def settle_by_call(task: Task, outcome: str, *, by: Any, at: datetime) -> None:
    """A call takes a task off the list: one in which they spoke; a message left, only a request to
    ring."""
    if outcome not in SPOKE and not (outcome == "message" and task.kind in RUNG):
        raise DomainError(
            "You have not spoken to them, so this is not settled. Untick it, and ring again.",
            "settles",
        )
    close_by_hand(task, "Settled by a call.", by=by, at=at)


def calls_with(person: tuple[str, int]) -> Sequence[Call]:
    """The calls with one person, oldest first."""
    return db.session.scalars(
        select(Call)
        .where(Call.person_kind == person[0], Call.person_id == person[1])
        .order_by(Call.at, Call.id)
    ).all()
