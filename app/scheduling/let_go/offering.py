"""To whom a time let go could be offered: in which order, and who not. Pure."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from app import clock
from app.scheduling.wanted import Slot


class Candidate(NamedTuple):
    """A family that waits for the practitioner. `slot` is the best start in the time let go, None
    where no rule-abiding one is there, for the reason `why_not`; `needs_reason` where a person
    would have to give one (short notice). `due_at` is when its booking is promised, if it is."""

    family_id: int
    since: datetime
    due_at: datetime | None = None
    slot: Slot | None = None
    needs_reason: bool = False
    why_not: str = ""


def rank(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Who could come first: without a reason to give before with one; the earliest promise (by its
    London date, none comes last); the least driving added; who waits longest.

    Those who cannot come at all stand at the end, in the same order.
    """
    return sorted(candidates, key=place)


def place(one: Candidate) -> tuple[bool, bool, date, int, datetime, int]:
    promised = clock.london(one.due_at).date() if one.due_at else date.max
    added = one.slot.added_travel if one.slot else 0
    return one.slot is None, one.needs_reason, promised, added, one.since, one.family_id
