"""A reply with danger words is told to the duty manager by text, at any hour; where nobody
covers, to the default manager: a text too many is better than none.

The text says that there is one, whose by reference, and where to read it: never the words, never a
name. The task on the work list stands whether or not anybody is on duty.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from app.db import db
from app.families.models import Family
from app.messaging.models import Outbox, Reply
from app.messaging.outbox import queue_text
from app.messaging.registry import Message, Purpose, Recipient, payload
from app.pages import public_address
from app.risk.duty import covering, default_manager
from app.settings import store

PURPOSE = "danger_reply"
OF_USE = timedelta(hours=12)


def tell_duty_manager(reply: Reply, family_ids: list[int], at: datetime) -> str | None:
    """Queue the text; the words for the thread, or None where nobody is on duty."""
    manager = covering(at, store.current())[0] or default_manager()
    if manager is None:
        return None
    references = db.session.scalars(
        select(Family.reference).where(Family.id.in_(family_ids)).order_by(Family.reference)
    )
    queue_text(
        PURPOSE,
        about=("reply", reply.id),
        to=("staff", manager.id),
        due_at=at,
        expires_at=at + OF_USE,
        dedupe=f"{PURPOSE}:{reply.id}:{manager.id}",
        at=at,
        payload={"whose": ", ".join(references) or "a number not known"},
    )
    return f"{manager.first_name} is told by text."


def unwanted(_row: Outbox, _recipient: Recipient, _at: datetime) -> str | None:
    return None


def make(row: Outbox, _recipient: Recipient, _at: datetime) -> Message:
    whose = payload(row, "whose")
    return Message(
        f"Danger words in a reply: {whose}. Read it now: {public_address('messaging.index')}"
    )


DANGER_REPLY = Purpose(
    unwanted=unwanted,
    make=make,
    urgent=True,
    alarm=True,
    expires=False,
    words="tells of danger words",
)
