"""Putting a text or an e-mail into the outbox, in the transaction of the act that causes it, and
taking it back.

A rolled-back act sends nothing and a doubled one sends once, because the row stands or falls with
the act and its `dedupe` key is unique. Who it goes to, whether it may and what it says are read
later, in the claim.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.db import db
from app.messaging import registry
from app.messaging.models import ALARM, EMAIL, NEWS, REMINDER, Outbox
from app.messaging.registry import Recipient
from app.messaging.states import CANCELLED, GONE, SUPPRESSED, before

Thing = tuple[str, int]


def queue_text(
    purpose: str,
    *,
    about: Thing,
    to: Thing,
    due_at: datetime,
    expires_at: datetime,
    dedupe: str,
    at: datetime,
    payload: dict[str, Any] | None = None,
    now: bool = False,
    person: Recipient | None = None,
) -> Outbox:
    """A text to a person (kind, id) about a thing (kind, id), from `due_at`, never after
    `expires_at`; an e-mail in its place where its purpose allows that and the person is told so.

    `now` is a person's decision for a same-day change: quiet hours and Sundays do not hold it
    back. A row that has this `dedupe` key already is returned unchanged. Raises KeyError for a
    purpose nobody declared. `person` is `to` as read a moment ago, where the caller has them.
    """
    chosen = {**(payload or {}), "now": True} if now else payload
    channel = channel_now(purpose, to, person)
    return _queue(channel, purpose, about, to, due_at, expires_at, dedupe, at, chosen)


def channel_now(purpose: str, to: Thing, person: Recipient | None = None) -> str:
    """How this person is told of it as things are; asked again in the claim."""
    if not registry.purposes[purpose].by_email:
        return "text"
    person = person or registry.recipient(*to)
    return "email" if person and person.by_email else "text"


def queue_email(
    purpose: str,
    *,
    about: Thing,
    to: Thing,
    due_at: datetime,
    expires_at: datetime,
    dedupe: str,
    at: datetime,
    payload: dict[str, Any] | None = None,
) -> Outbox:
    """An e-mail, by the same rules; after a crash it may go twice (same Message-ID and UID)."""
    return _queue("email", purpose, about, to, due_at, expires_at, dedupe, at, payload)


def _queue(
    channel: str,
    purpose: str,
    about: Thing,
    to: Thing,
    due_at: datetime,
    expires_at: datetime,
    dedupe: str,
    at: datetime,
    payload: dict[str, Any] | None,
) -> Outbox:
    if purpose not in registry.purposes:
        raise KeyError(purpose)
    if held := _by_key(dedupe):
        return held
    row = Outbox(
        channel=channel,
        purpose=purpose,
        about_kind=about[0],
        about_id=about[1],
        recipient_kind=to[0],
        recipient_id=to[1],
        dedupe=dedupe,
        payload=payload,
        lane=lane_of(purpose, channel),
        state="ready",
        due_at=due_at,
        expires_at=expires_at,
        created_at=at,
        attempt=0,
    )
    db.session.flush()  # so that only this row can fail below
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        held = _by_key(dedupe)
        if held is None:
            raise
        return held
    return row


def lane_of(purpose: str, channel: str) -> str:
    """Where a row waits: alarms have senders of their own, news go before reminders."""
    if channel == "email":
        return EMAIL
    declared = registry.purposes[purpose]
    return ALARM if declared.alarm else REMINDER if declared.reminder else NEWS


def _by_key(dedupe: str) -> Outbox | None:
    return db.session.scalars(select(Outbox).where(Outbox.dedupe == dedupe)).first()


def drop_waiting(about: Thing, *, purposes: Sequence[str] = (), reason: str, at: datetime) -> int:
    """What waits about a thing (of some purposes) is cancelled, for this reason. Returns how many.

    A row in a worker's hands is not touched; one that is unknown is asked again whether it is
    wanted.
    """
    change = update(Outbox).where(Outbox.about_kind == about[0], Outbox.about_id == about[1])
    if purposes:
        change = change.where(Outbox.purpose.in_(purposes))
    return _drop(change, CANCELLED, reason, at)


def drop_waiting_to(person: Thing, *, channel: str = "text", reason: str, at: datetime) -> int:
    """What waits for a person may not be sent any more, for this reason. Returns how many."""
    return _drop(
        update(Outbox).where(
            Outbox.recipient_kind == person[0],
            Outbox.recipient_id == person[1],
            Outbox.channel == channel,
        ),
        SUPPRESSED,
        reason,
        at,
    )


def _drop(change: Any, state: str, reason: str, at: datetime) -> int:
    db.session.flush()
    done: Any = db.session.execute(
        change.where(Outbox.state.in_(before(state))).values(
            state=state, reason=reason, final_at=at
        ),
        execution_options={"synchronize_session": "fetch"},
    )
    return int(done.rowcount)


def rows_about(about: Thing) -> Sequence[Outbox]:
    """Every row about a thing, oldest first."""
    return db.session.scalars(
        select(Outbox)
        .where(Outbox.about_kind == about[0], Outbox.about_id == about[1])
        .order_by(Outbox.due_at, Outbox.id)
    ).all()


def was_texted(number: str) -> bool:
    """Whether any text went to this number: if not, the next says who texts."""
    went = select(Outbox.id).where(
        Outbox.channel == "text",
        Outbox.to_address == number,
        Outbox.state.in_(GONE),
    )
    return db.session.scalar(select(went.exists())) or False


def texted_among(numbers: Iterable[str]) -> set[str]:
    """Those of these numbers to which any text went: one statement."""
    went = select(Outbox.to_address).where(
        Outbox.channel == "text",
        Outbox.to_address.in_(list(numbers)),
        Outbox.state.in_(GONE),
    )
    return {number for number in db.session.scalars(went.distinct()) if number}
