"""Finding a free time as a coordinator does, and booking it: the stories say about when, the slot
finder says exactly when.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from app import clock
from app.db import db
from app.errors import DomainError
from app.families.models import Carer
from app.scheduling.book import Booking, book
from app.scheduling.facts import Ask, read_facts
from app.scheduling.models import Appointment
from app.scheduling.slots import find_slots
from app.scheduling.wanted import Slot
from app.settings.rules import default_minutes
from app.settings.store import current
from app.working_days import bank_holidays

LOOK = timedelta(days=12)
Fits = Callable[[Slot], bool]


def free_slot(
    ask: Ask, first: date, wall: str, *, at: datetime, last: date | None = None,
    fits: Fits | None = None,
) -> Slot | None:  # fmt: skip
    """The free time nearest to a wall time on the first date from `first` that has any."""
    rules, last = current(), last or first + LOOK
    facts = read_facts(ask, first, last, rules, on=first)
    found = find_slots(
        replace(facts.wanted, first=first, last=last), facts.workers, rules, now=at,
        bank_holidays=bank_holidays(first, last), seconds=facts.seconds or None,
    )  # fmt: skip
    slots = [slot for slot in found.slots if fits is None or fits(slot)]
    wanted = time.fromisoformat(wall)

    def order(slot: Slot) -> tuple[date, int]:
        there = clock.london(slot.starts_at)
        apart = (there.hour - wanted.hour) * 60 + there.minute - wanted.minute
        return there.date(), abs(apart)

    return min(slots, key=order, default=None)


def first_carer_of(family_id: int) -> int | None:
    """The carer whom a story is about."""
    return db.session.scalar(
        select(Carer.id)
        .where(Carer.family_id == family_id, Carer.left_on.is_(None))
        .order_by(Carer.position)
        .limit(1)
    )


def book_about(
    kind: str, family_id: int, staff_id: int, first: date, wall: str, *, by: Any, at: datetime,
    last: date | None = None, fits: Fits | None = None, **more: Any,
) -> Appointment | None:  # fmt: skip
    """Book the free time nearest to a wall time on or soon after a date; None where none is
    free by `last`.
    """
    minutes = int(more.pop("minutes", default_minutes(kind, current())))
    more.setdefault("carer_id", first_carer_of(family_id))
    asked = {
        k: more[k]
        for k in ("how", "place_id", "interpreter_id", "peer_id", "carer_id")
        if k in more
    }
    held = minutes * (2 if more.get("interpreter_id") else 1)
    ask = Ask(kind=kind, family_id=family_id, minutes=held, staff_ids=(staff_id,), **asked)
    slot = free_slot(ask, first, wall, at=at, last=last, fits=fits)
    if slot is None:
        return None
    wanted = Booking(
        kind=kind, family_id=family_id, staff_id=staff_id, starts_at=slot.starts_at,
        minutes=minutes, second_id=slot.second_worker_id, **more,
    )  # fmt: skip
    return book(wanted, by=by, at=at)


def must_book(*place: Any, **more: Any) -> Appointment:
    """The same where the story needs it; raises DomainError where no time is free."""
    made = book_about(*place, **more)
    if made is None:
        raise DomainError("The sample service found no free time for a visit of its story.")
    return made
