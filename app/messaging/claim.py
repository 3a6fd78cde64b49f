"""Taking one due row into a sender's hands, having asked everything again (`verdicts.py`).

One short transaction, committed before anything is sent. The row is locked (SKIP LOCKED on
PostgreSQL, the only writer on SQLite), so one sender has it. Rows wait in lanes, each asked for its
first by the index (state, lane, due_at, id): ten thousand that wait cost no more than one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import bindparam, func, select

from app import clock
from app.db import NOT_THERE, UtcDateTime, db, transact
from app.messaging import channels, pace, registry
from app.messaging.follow_up import ask_to_ring, ask_to_ring_in_their_language, refreshed, sentence
from app.messaging.models import ALARM, EMAIL, LANES, Outbox
from app.messaging.outbox import lane_of
from app.messaging.registry import Message, Recipient, channel_of
from app.messaging.segments import measure
from app.messaging.states import READY, SUPPRESSED
from app.messaging.transports import Parcel, elapsed
from app.messaging.verdicts import Later, NotSent, judged
from app.settings.store import current

# How long a provider may still hand over what never expires: Twilio's longest.
NO_END = timedelta(hours=10)
UNPACED = frozenset({ALARM, EMAIL})
DUE = (
    select(Outbox)
    .where(
        Outbox.state == READY,
        Outbox.lane == bindparam("lane"),
        Outbox.due_at <= bindparam("at", type_=UtcDateTime()),
    )
    .order_by(Outbox.due_at, Outbox.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True)
class Rest:
    """Something may be due, but the account may send no text for so many seconds."""

    seconds: float


Clock = Callable[[], datetime]
Claimed = Parcel | Rest | Literal["settled"] | None


def database_now() -> datetime:
    """The service's time. On PostgreSQL the database's clock, so that machines agree on due and
    lease.
    """
    if db.engine.dialect.name != "postgresql":
        return clock.now()
    there: datetime = db.session.scalars(select(func.clock_timestamp())).one()
    return (there + clock.offset()).replace(microsecond=0)


def claim_next(
    owner: str,
    *,
    at: datetime | Clock,
    lanes: Sequence[str] = LANES,
    paced: bool = False,
    first: Callable[[datetime], object] | None = None,
) -> Claimed:
    """Take the next due row of these lanes; None where nothing is due.

    A row that may not go is settled with its reason, one that may go later is put off; both answer
    'settled'. One that cannot be written is set aside for a person and never holds up the others.
    `at` may be a clock, asked within the transaction: it costs none of its own.

    `paced`: texts, but no alarms, wait for their turn in the account's pace. What is to be written
    `first` is written in the same transaction, whatever comes of the claim.
    """
    picked: list[int] = []

    def act() -> Claimed:
        when = at() if callable(at) else at
        if first is not None:
            first(when)
        turn = pace.turn() if paced and not UNPACED.issuperset(lanes) else None
        waits = turn is not None and turn.left > 0
        rests = channels.rests()
        row = next_due(when, [lane for lane in lanes if lane in UNPACED or not waits], rests)
        if row is None:
            return Rest(turn.left) if waits and turn else None
        picked.append(row.id)
        taken = take(row, owner, when, slowed=row.channel in rests)
        if isinstance(taken, Parcel) and turn is not None and row.lane not in UNPACED:
            pace.take(turn.now, row.segments or 1)
        return taken

    try:
        return transact(act)
    except NOT_THERE:
        raise
    except Exception as error:
        if not picked:
            raise
        row_id, what = picked[0], type(error).__name__

        def put_aside() -> None:
            when = at() if callable(at) else at
            if first is not None:
                first(when)
            set_aside(row_id, what, when)

        transact(put_aside)
        return "settled"


def next_due(at: datetime, lanes: Sequence[str], rests: Mapping[str, datetime]) -> Outbox | None:
    """The next row to go, locked: of the first lane that has one, the one that was due first.

    A channel's rest holds up no alarm: a provider that still refuses it says so itself.
    """
    for lane in lanes:
        until = rests.get("email" if lane == EMAIL else "text")
        if until is not None and until > at and lane != ALARM:
            continue
        row = db.session.scalars(
            DUE, {"lane": lane, "at": at}, execution_options={"populate_existing": True}
        ).first()
        if row is not None:
            return row
    return None


def take(
    row: Outbox, owner: str, at: datetime, *, slowed: bool = False
) -> Parcel | Literal["settled"]:
    person = registry.recipient(row.recipient_kind, row.recipient_id)
    if person is not None and channel_of(row, person) != row.channel:
        # How they are told changed since: the senders of that channel take it from here.
        row.channel = channel_of(row, person)
        row.lane = lane_of(row.purpose, row.channel)
        return "settled"
    verdict = judged(row, person, at)
    if isinstance(verdict, Later):
        row.due_at = verdict.at
        return "settled"
    if isinstance(verdict, NotSent):
        settle(row, person, verdict, at)
        return "settled"
    assert person is not None
    if verdict.foreign:
        ask_to_ring_in_their_language(row, person, at=at)
    return handed_over(row, person, verdict, owner, at, slowed=slowed)


def instead_of_texts() -> list[str]:
    """The purposes of which an e-mail may take a text's place."""
    return [name for name, purpose in registry.purposes.items() if purpose.by_email]


def settle(row: Outbox, person: Recipient | None, verdict: NotSent, at: datetime) -> None:
    row.state, row.reason, row.final_at = verdict.state, verdict.reason, at
    if verdict.ring and person is not None:
        ask_to_ring(row, person, verdict.reason, at=at)


def handed_over(
    row: Outbox, person: Recipient, message: Message, owner: str, at: datetime, *, slowed: bool
) -> Parcel:
    """The row with what is about to be sent, as it will be kept."""
    to = person.email if row.channel == "email" else person.number
    assert to
    row.state, row.reason, row.error_code = "sending", None, None
    row.attempt += 1
    row.provider_id = None
    row.to_address, row.body, row.sent_at = to, message.body, at
    row.language = message.language
    row.segments = measure(message.body).segments if row.channel == "text" else None
    row.lease_owner = owner
    row.lease_until = at + timedelta(seconds=current().send_lease_seconds)
    return Parcel(
        row_id=row.id,
        attempt=row.attempt,
        owner=owner,
        channel=row.channel,
        to=to,
        body=message.body,
        email=message.email,
        handed_over_at=at,
        expires_at=row.expires_at if registry.purposes[row.purpose].expires else at + NO_END,
        alarm=row.lane == ALARM,
        slowed=slowed,
        # A machine that slept in between must not send what another has looked for meanwhile, and
        # sent again: a send begins in the first quarter of its lease, or not at all.
        begin_by=elapsed() + current().send_lease_seconds / 4,
    )


def set_aside(row_id: int, what: str, at: datetime) -> None:
    """A row that could not be written: a person hears of it, the others go on."""
    row = refreshed(row_id)
    reason = sentence(f"the service could not write it ({what}); this is a fault of the service")
    row.state, row.reason, row.final_at = SUPPRESSED, reason, at
    person = None
    if row.recipient_kind in registry.recipients:
        person = registry.recipient(row.recipient_kind, row.recipient_id)
    if person is not None:
        ask_to_ring(row, person, reason, at=at)
