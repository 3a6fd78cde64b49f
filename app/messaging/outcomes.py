"""Writing down what became of an attempt, without ever overwriting what is known better.

Every write is a compare-and-set. A worker whose lease ran out changes nothing; a delivery status
only moves a row forwards, and what is final stays, except that *delivered* overrules.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from app.db import db
from app.messaging import channels, registry
from app.messaging.failures import failure
from app.messaging.follow_up import after_failure, refreshed, sentence
from app.messaging.models import Outbox
from app.messaging.second_try import try_later
from app.messaging.states import UNSURE, before
from app.messaging.transports import Outcome, Parcel
from app.settings.store import current

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=30)
# An alarm that certainly did not go is tried again this soon, whatever rest a provider asked for:
# what it does not take yet it refuses.
LONGEST_OF_ALARM = timedelta(seconds=10)
# Twilio's words for a text's state, and ours.
STATUSES = {
    "accepted": "accepted",
    "scheduled": "accepted",
    "queued": "accepted",
    "sending": "accepted",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "failed",
}


def backoff(attempt: int) -> timedelta:
    """30 seconds after the first attempt, twice as long after each, half an hour at most."""
    doubled: timedelta = FIRST_WAIT * 2 ** min(attempt - 1, 10)
    return min(doubled, LONGEST_WAIT)


def record_outcome(parcel: Parcel, outcome: Outcome, *, at: datetime) -> bool:
    """Write down an attempt's outcome if the row is still in this worker's hands; says whether it
    was.
    """
    done: Any = db.session.execute(
        update(Outbox)
        .where(
            Outbox.id == parcel.row_id,
            Outbox.lease_owner == parcel.owner,
            Outbox.attempt == parcel.attempt,
            Outbox.state == "sending",
        )
        .values({"lease_owner": None, "lease_until": None, **values_for(parcel, outcome, at)}),
        execution_options={"synchronize_session": False},
    )
    if done.rowcount != 1:
        return False
    if outcome.kind == "accepted" and parcel.slowed:
        channels.resume(parcel.channel, by="job:send", at=at, since=parcel.handed_over_at)
    elif outcome.kind == "stopped":
        channels.stop(parcel.channel, outcome.words, at=at)
    elif outcome.kind == "again" and outcome.whole_channel:
        channels.slow(parcel.channel, outcome.wait or FIRST_WAIT, outcome.words, at=at)
    elif outcome.kind == "refused":
        after_failure(refreshed(parcel.row_id), outcome.code, at=at)
    return True


def values_for(parcel: Parcel, outcome: Outcome, at: datetime) -> dict[str, Any]:
    words = sentence(outcome.words) if outcome.words else None
    if outcome.kind == "accepted":
        if parcel.channel == "email":  # nothing more is ever heard of an e-mail
            return {"state": "sent", "reason": None, "final_at": at}
        return {"state": "accepted", "reason": None, "provider_id": outcome.sid}
    if outcome.kind == "refused":
        return {"state": "failed", "reason": words, "error_code": outcome.code, "final_at": at}
    tried = {"reason": words, "error_code": outcome.code}
    if outcome.kind == "unknown" and not may_go_twice(parcel.row_id):
        return {**tried, "state": "unknown", "lease_until": quarantined_until(at)}
    wait = outcome.wait or backoff(parcel.attempt)
    if parcel.alarm and outcome.kind != "unknown":
        wait = min(wait, LONGEST_OF_ALARM)
    due_at = at if outcome.kind == "stopped" and not parcel.alarm else at + wait
    return {**tried, "state": "ready", "due_at": due_at, "sent_at": None}


def may_go_twice(row_id: int) -> bool:
    """E-mails (same Message-ID) and alarms, where a second one is better than none."""
    row = refreshed(row_id)
    known = row.purpose in registry.purposes
    return row.channel == "email" or (known and registry.purposes[row.purpose].alarm)


def quarantined_until(at: datetime) -> datetime:
    return at + timedelta(seconds=current().quarantine_seconds)


def expire_lease(at: datetime) -> bool:
    """One row whose worker has gone becomes unknown: it may have been sent. True where there was
    one.
    """
    row = db.session.scalars(
        select(Outbox)
        .where(Outbox.state == "sending", Outbox.lease_until <= at)
        .order_by(Outbox.lease_until, Outbox.id)
        .limit(1)
        .with_for_update(skip_locked=True),
        execution_options={"populate_existing": True},
    ).first()
    if row is None:
        return False
    row.lease_owner, row.reason = None, "The worker stopped while it was sending."
    if may_go_twice(row.id):
        row.state, row.lease_until, row.due_at, row.sent_at = "ready", None, at, None
    else:
        row.state, row.lease_until = "unknown", quarantined_until(at)
    return True


def apply_status(
    row_id: int, attempt: int, status: str, *, sid: str | None, code: str | None, at: datetime
) -> bool:
    """A delivery status for an attempt; says whether it changed the row.

    An earlier attempt's status counts only while nothing better is known; of one that has failed
    already only that it was delivered after all. A status that names another text than the row's,
    or one we have no word for, changes nothing.
    """
    state = STATUSES.get(status)
    if state is None or attempt < 1:
        return False
    final = state in ("delivered", "undelivered", "failed")
    failed = state in ("undelivered", "failed")
    values: dict[str, Any] = {
        "state": state,
        "lease_owner": None,
        "lease_until": None,
        "sent_at": func.coalesce(Outbox.sent_at, at),
        "error_code": code if failed else None,
        "reason": sentence(failure(code).words) if failed else None,
    }
    if sid:
        values["provider_id"] = sid
    if final:
        values["final_at"] = at
    done: Any = db.session.execute(
        update(Outbox)
        .where(
            Outbox.id == row_id,
            Outbox.channel == "text",
            Outbox.state.in_(before(state)),
            or_(
                Outbox.attempt == attempt,
                and_(Outbox.attempt > attempt, Outbox.state.in_(UNSURE)),
            ),
            or_(Outbox.provider_id.is_(None), Outbox.provider_id == sid),
            *not_failed_before(state),
        )
        .values(**values),
        execution_options={"synchronize_session": False},
    )
    if done.rowcount != 1:
        return False
    if failed:
        row = refreshed(row_id)
        if not try_later(row, code, at=at):
            after_failure(row, code, at=at)
    return True


def not_failed_before(state: str) -> list[ColumnElement[bool]]:
    """Out of everybody's hands but with a provider's id: it has failed, and waits to go again."""
    if state == "delivered":
        return []
    return [or_(Outbox.state.not_in(UNSURE), Outbox.provider_id.is_(None))]
