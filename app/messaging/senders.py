"""Who a reply is from: one phone may be on several records, and a reply must land on one of them
at most.
"""

from dataclasses import dataclass

from sqlalchemy import func, select

from app.db import db
from app.messaging import registry
from app.messaging.models import Outbox, Reply


@dataclass(frozen=True)
class Sender:
    """Somebody whose number a reply came from. `family_id` is a carer's family."""

    kind: str
    id: int
    name: str
    family_id: int | None = None

    @property
    def peer_id(self) -> int | None:
        return self.id if self.kind == "peer" else None


def everybody_at(number: str) -> list[Sender]:
    return [Sender(*owner) for owner in registry.owners_of(number)]


def sender_of(reply: Reply) -> Sender | None:
    """The only person with this number, else the one we texted last; None where neither is known.

    A guess between two families would show one's words to the other.
    """
    people = everybody_at(reply.from_number)
    if len(people) == 1:
        return people[0]
    last = db.session.execute(
        select(Outbox.recipient_kind, Outbox.recipient_id)
        .where(
            Outbox.channel == "text",
            Outbox.to_address == reply.from_number,
            Outbox.sent_at <= reply.received_at,
        )
        .order_by(Outbox.sent_at.desc(), Outbox.id.desc())
        .limit(1)
    ).first()
    return next((p for p in people if last and (p.kind, p.id) == tuple(last)), None)


def is_only_staff(number: str) -> bool:
    """Whether this is the phone of members of staff alone: the watch reads what they write."""
    people = everybody_at(number)
    return bool(people) and all(person.kind == "staff" for person in people)


def about(reply: Reply, sender: Sender | None) -> tuple[str, int]:
    """What a task about a reply hangs on: the person, or an unknown number's first text."""
    if sender:
        return (sender.kind, sender.id)
    return ("number", first_from(reply.from_number) or reply.id)


def first_from(number: str) -> int | None:
    """The id of the first text from a number that nobody has: its thread is called by that."""
    return db.session.scalar(
        select(func.min(Reply.id)).where(Reply.from_number == number, Reply.person_id.is_(None))
    )
