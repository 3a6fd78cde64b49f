"""Whether a row may go, now, and what it says: everything that decides about it, asked afresh in
the claim.

Nothing of it was decided when the row was made: the person, their number, whether texting is safe,
what the phone has said, what the message is about and the time are read here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select

from app.db import db, plain_rows
from app.messaging import blocks, registry
from app.messaging.models import NumberBlock, Outbox, Reply
from app.messaging.registry import Message, Purpose, Recipient, Unfit
from app.messaging.schedule import next_allowed
from app.messaging.states import CANCELLED, EXPIRED, HANDED_OVER, SUPPRESSED
from app.messaging.wordings import NoWording
from app.settings.rules import Rules
from app.settings.store import current
from app.working_days import is_working_day

UNREAD = select(
    select(Reply.id)
    .where(Reply.from_number == bindparam("number"), Reply.read_at.is_(None))
    .exists()
)
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
    if purpose.expires and at >= row.expires_at:
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
    asked_for = bool(registry.payload(row, "now", False))
    if purpose.reminder and not asked_for and went_lately(row, at, rules):
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


def time_held(
    row: Outbox, person: Recipient, rules: Rules, at: datetime, *, now: bool = False
) -> NotSent | Later | None:
    """Quiet hours, Sundays, bank holidays and the person's own safe times; of a row that a person
    sends `now`, the safe times alone.
    """
    allowed = next_allowed(
        at,
        person.safe_times,
        rules,
        is_working_day,
        same_day_decision=now or bool(registry.payload(row, "now", False)),
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
    ((waits,),) = plain_rows(UNREAD, number=number)
    return bool(waits)


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
