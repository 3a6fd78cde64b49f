"""Whom a task asks to ring, and what one needs to know with the telephone in the hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.db import db
from app.families.contact import NOT_ASKED
from app.families.models import VOICEMAIL, Carer
from app.messaging import registry
from app.phones import shown
from app.scheduling.queries import by_id
from app.tasks.models import Task


@dataclass(frozen=True)
class ToRing:
    """A person and their numbers; `voicemail` is what may be left as a message. `ask` where they
    have not been asked whether texting is safe."""

    kind: str
    id: int
    name: str
    numbers: Sequence[str]
    voicemail: str | None = None
    ask: bool = False


def to_ring(task: Task) -> ToRing | None:
    """The carer or peer parent whom a task is about, or whom its appointment concerns."""
    whom = person_of(task)
    person = registry.recipient(*whom) if whom else None
    if person is None:
        return None
    carer = db.session.get(Carer, person.id) if person.kind == "carer" else None
    numbers = [person.number, carer.landline if carer else None]
    return ToRing(
        kind=person.kind,
        id=person.id,
        name=person.name,
        numbers=[shown(number) for number in numbers if number],
        voicemail=VOICEMAIL[carer.voicemail] if carer else None,
        ask=person.refusal == NOT_ASKED,
    )


def person_of(task: Task) -> tuple[str, int] | None:
    """The kind and number of whom a task is about: themselves, or through an appointment."""
    if task.about_kind in ("carer", "peer"):
        return task.about_kind, task.about_id
    row = by_id(task.about_id) if task.about_kind == "appointment" else None
    if row is None:
        return None
    if task.peer_id and not task.family_id:
        return ("peer", row.peer_id) if row.peer_id else None
    return ("carer", row.carer_id) if row.carer_id else None
