"""Numbers that no text may go to: they said stop, belong to somebody else, or Twilio stopped them.

A block belongs to the number, not to a person, so it holds for whoever has that phone next. It is
lifted with a name, never deleted. Links that went to a phone which is somebody else's end with it.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.audit.record import actor, record
from app.db import db
from app.errors import DomainError
from app.links.tokens import revoke_links
from app.messaging import registry
from app.messaging.models import NumberBlock

REASONS = {
    "stop": "This phone asked for no more texts",
    "quarantine": "This phone may belong to somebody else",
    "twilio": "Twilio stopped texts to this phone: somebody sent it STOP",
}


def block_of(number: str) -> NumberBlock | None:
    """The live block of a number, or None. Twilio's own is named first: only the phone can lift
    it.
    """
    return blocks_of({number}).get(number)


def blocks_of(numbers: Collection[str]) -> dict[str, NumberBlock]:
    """The live block of each of these numbers that has one: one statement."""
    found: dict[str, NumberBlock] = {}
    for block in db.session.scalars(
        select(NumberBlock)
        .where(NumberBlock.number.in_(numbers), NumberBlock.lifted_at.is_(None))
        .order_by(NumberBlock.kind == "twilio", NumberBlock.id)
    ):
        found[block.number] = block
    return found


def block_number(number: str, kind: str, source: str, *, by: Any, at: datetime) -> NumberBlock:
    """No text goes to this number from now on. A second block of one kind changes nothing.

    `kind` is stop, quarantine or twilio; `source` says in words how we know.
    """
    held = db.session.scalars(
        select(NumberBlock).where(
            NumberBlock.number == number,
            NumberBlock.kind == kind,
            NumberBlock.lifted_at.is_(None),
        )
    ).first()
    if held:
        return held
    block = NumberBlock(number=number, kind=kind, source=source, at=at)
    db.session.add(block)
    tag = "number:quarantined" if kind == "quarantine" else "text:stopped"
    record(tag, block, by=by, at=at, how=kind)
    if kind == "quarantine":
        end_links_of(number, at=at)
    return block


def end_links_of(number: str, *, at: datetime) -> None:
    """Whoever holds this phone opens nothing any more of the families and peers it belonged to."""
    for kind, person_id, _name, _family in registry.owners_of(number):
        if kind != "staff":
            revoke_links(person=(kind, person_id), at=at)


def lift_block(block: NumberBlock, *, by: Any, at: datetime) -> None:
    """Texts may go to this number again, if its owner says that it is safe."""
    if block.lifted_at:
        raise DomainError("Somebody has released this number already.")
    block.lifted_at, block.lifted_by = at, getattr(by, "name", None) or actor(by)
    tag = "number:released" if block.kind == "quarantine" else "text:resumed"
    record(tag, block, by=by, at=at)


def lift_twilio(number: str, *, by: Any, at: datetime) -> None:
    """The phone sent START: Twilio lets texts through again. A stop said to us still stands."""
    for block in db.session.scalars(
        select(NumberBlock).where(
            NumberBlock.number == number,
            NumberBlock.kind == "twilio",
            NumberBlock.lifted_at.is_(None),
        )
    ):
        lift_block(block, by=by, at=at)
