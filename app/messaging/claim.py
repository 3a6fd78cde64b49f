"""Taking one due row into a worker's hands, having asked everything again: may it go, now, and
what does it say?

One short transaction, committed before anything is sent. The row is locked (SKIP LOCKED on
PostgreSQL, the only writer on SQLite), so one worker has it; everything about the person is read
here and not when the row was made.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import case, func, or_, select

from app import clock
from app.db import NOT_THERE, db, transact
from app.messaging import blocks, channels, registry
from app.messaging.follow_up import ask_to_ring, ask_to_ring_in_their_language, refreshed, sentence
from app.messaging.models import NumberBlock, Outbox, Reply
from app.messaging.outbox import lane_of
from app.messaging.registry import Message, Purpose, Recipient, Unfit, channel_of
from app.messaging.schedule import next_allowed
from app.messaging.segments import measure
from app.messaging.states import CANCELLED, EXPIRED, HANDED_OVER, SUPPRESSED
from app.messaging.transports import Parcel
from app.messaging.wordings import NoWording
from app.settings.rules import Rules
from app.settings.store import current
from app.working_days import is_working_day

REPLY_FIRST = timedelta(seconds=10)
TOO_LATE = "It was too late to be of use."
NO_SAFE_TIME = "No safe time for a text came before it was too late."


@dataclass(frozen=True)
class NotSent:
    """It will not go: in which state it ends and why. `ring`: somebody should ring instead."""

    reason: str
    state: str = SUPPRESSED
    ring: bool = False


@dataclass(frozen=True)
class Later:
    """It may go, but not before `at`."""

    at: datetime


def database_now() -> datetime:
    """The service's time. On PostgreSQL the database's clock, so that machines agree on due and
    lease.
    """
    if db.engine.dialect.name != "postgresql":
        return clock.now()
    there: datetime = db.session.scalars(select(func.clock_timestamp())).one()
    return (there + clock.offset()).replace(microsecond=0)


def claim_next(
    owner: str, *, at: datetime, urgent_only: bool = False
) -> Parcel | Literal["settled"] | None:
    """Take the next due row; None where nothing is due.

    A row that may not go is settled with its reason, one that may go later is put off; both answer
    'settled'. One that cannot be written is set aside for a person and never holds up the others.
    """
    picked: list[int] = []

    def act() -> Parcel | Literal["settled"] | None:
        row = next_due(at, urgent_only)
        if row is None:
            return None
        picked.append(row.id)
        return take(row, owner, at)

    try:
        return transact(act)
    except NOT_THERE:
        raise
    except Exception as error:
        if not picked:
            raise
        row_id, what = picked[0], type(error).__name__
        transact(lambda: set_aside(row_id, what, at))
        return "settled"


def next_due(at: datetime, urgent_only: bool) -> Outbox | None:
    """The next row to go, locked: alarms first, then by when it was due."""
    urgent = [name for name in registry.purposes if registry.purposes[name].urgent]
    due = select(Outbox).where(
        Outbox.state == "ready",
        Outbox.due_at <= at,
        Outbox.channel.not_in(channels.resting(at)),
    )
    if urgent_only:
        due = due.where(Outbox.purpose.in_(urgent))
    order = case((Outbox.purpose.in_(urgent), 0), else_=1)
    return db.session.scalars(
        due.order_by(order, Outbox.due_at, Outbox.id).limit(1).with_for_update(skip_locked=True),
        execution_options={"populate_existing": True},
    ).first()


def take(row: Outbox, owner: str, at: datetime) -> Parcel | Literal["settled"]:
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
    return handed_over(row, person, verdict, owner, at)


def judged(row: Outbox, person: Recipient | None, at: datetime) -> Message | NotSent | Later:
    """Everything that decides about a row, asked at the moment of sending.

    Reasons name nobody and no time, so that they can be counted.
    """
    if row.purpose not in registry.purposes:
        return NotSent("The service does not know this kind of message any more.")
    purpose = registry.purposes[row.purpose]
    if person is None:
        return NotSent("This person is not on record any more.", CANCELLED)
    if why := purpose.unwanted(row, person, at):
        return NotSent(why, CANCELLED)
    if at >= row.expires_at:
        return NotSent(TOO_LATE, EXPIRED, ring=not purpose.reminder)
    held = held_back(row, person, purpose, at)
    if held:
        return held
    try:
        return purpose.make(row, person, at)
    except Unfit as fault:
        return NotSent(str(fault))
    except NoWording:
        return NotSent(f"Nothing may be said about this in {person.wording} wording.", ring=True)


def held_back(
    row: Outbox, person: Recipient, purpose: Purpose, at: datetime
) -> NotSent | Later | None:
    """Why a message may not go, or not yet.

    An e-mail in place of a text keeps the text's times, safe times too: a phone shows both alike.
    """
    if row.channel == "text":
        return text_held(row, person, purpose, at)
    if not purpose.by_email:
        return email_held(person)
    return too_soon_or_late(row, person, purpose, at)


def email_held(person: Recipient) -> NotSent | None:
    if not person.email:
        return NotSent("There is no e-mail address.")
    return NotSent(person.email_refusal) if person.email_refusal else None


def text_held(
    row: Outbox, person: Recipient, purpose: Purpose, at: datetime
) -> NotSent | Later | None:
    """Why a text may not go, or not yet."""
    block = blocks.block_of(person.number) if person.number else None
    if why := phone_refusal(person, block, purpose):
        return NotSent(why, ring=True)
    assert person.number is not None
    if purpose.urgent:
        return None
    if has_unread_reply(person.number):
        return Later(at + REPLY_FIRST)  # it may say stop, or answer what we are about to ask
    return too_soon_or_late(row, person, purpose, at)


def too_soon_or_late(
    row: Outbox, person: Recipient, purpose: Purpose, at: datetime
) -> NotSent | Later | None:
    """A reminder close after another message about the same thing; quiet hours, safe times."""
    rules = current()
    if purpose.reminder and went_lately(row, at, rules):
        return NotSent(too_soon(rules))
    return time_held(row, person, rules, at)


def phone_refusal(person: Recipient, block: NumberBlock | None, purpose: Purpose) -> str | None:
    """Why no text of this purpose may go to this person at all."""
    if person.refusal:
        return person.refusal
    if not person.number:
        return "There is no mobile number."
    # An alarm is tried even on a phone that said stop; never on one that may be a stranger's.
    if block and not (purpose.alarm and block.kind != "quarantine"):
        return f"{blocks.REASONS[block.kind]}."
    return None


def time_held(row: Outbox, person: Recipient, rules: Rules, at: datetime) -> NotSent | Later | None:
    """Quiet hours, Sundays, bank holidays and the person's own safe times."""
    allowed = next_allowed(
        at,
        person.safe_times,
        rules,
        is_working_day,
        same_day_decision=bool(registry.payload(row, "now", False)),
        before=row.expires_at,
    )
    if allowed is None:
        return NotSent(NO_SAFE_TIME, EXPIRED, ring=True)
    if allowed <= at:
        return None
    return Later(allowed)


def too_soon(rules: Rules) -> str:
    return f"Another text about this went less than {rules.texts_apart_hours} hours before."


def has_unread_reply(number: str) -> bool:
    waiting = select(Reply.id).where(Reply.from_number == number, Reply.read_at.is_(None))
    return bool(db.session.scalar(select(waiting.exists())))


def went_lately(row: Outbox, at: datetime, rules: Rules) -> bool:
    """Whether another text, or an e-mail in its place, about the same thing went to the same person
    in the last hours. An invitation does not count.
    """
    others = select(Outbox.id).where(
        Outbox.about_kind == row.about_kind,
        Outbox.about_id == row.about_id,
        Outbox.recipient_kind == row.recipient_kind,
        Outbox.recipient_id == row.recipient_id,
        or_(Outbox.channel == "text", Outbox.purpose.in_(instead_of_texts())),
        Outbox.id != row.id,
        Outbox.state.in_(HANDED_OVER),
        Outbox.sent_at > at - timedelta(hours=rules.texts_apart_hours),
    )
    return bool(db.session.scalar(select(others.exists())))


def instead_of_texts() -> list[str]:
    """The purposes of which an e-mail may take a text's place."""
    return [name for name, purpose in registry.purposes.items() if purpose.by_email]


def settle(row: Outbox, person: Recipient | None, verdict: NotSent, at: datetime) -> None:
    row.state, row.reason, row.final_at = verdict.state, verdict.reason, at
    if verdict.ring and person is not None:
        ask_to_ring(row, person, verdict.reason, at=at)


def handed_over(
    row: Outbox, person: Recipient, message: Message, owner: str, at: datetime
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
        expires_at=row.expires_at,
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
