"""Times at which a family, a peer parent and whoever holds the conversation are all free.

The slot finder looks, with the same rules that booking asks again; times outside the host's hours
are shown as such, because parents are often free in the evening.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app import clock
from app.conversations.family_texts import carer_of
from app.scheduling.facts import Ask, read_facts
from app.scheduling.slots import find_slots
from app.scheduling.wanted import Slot
from app.settings.store import current
from app.working_days import bank_holidays

DAYS_AHEAD = 21
WITHIN_HOURS, OUTSIDE_HOURS = 5, 3  # times shown of each
NOON, EVENING = 12, 17


@dataclass(frozen=True)
class Free:
    """A start that all can take; `outside` when it lies outside the host's own hours."""

    starts_at: datetime
    outside: bool = False


def free_for_all(
    family_id: int,
    peer_id: int,
    host_id: int,
    *,
    at: datetime,
    minutes: int | None = None,
    interpreter_id: int | None = None,
) -> list[Free]:
    """A few starts, soonest first, one for each part of a day; first within the host's hours."""
    rules = current()
    first = clock.london(at).date()
    last = first + timedelta(days=DAYS_AHEAD)
    carer = carer_of(family_id)
    ask = Ask(
        kind="conversation",
        family_id=family_id,
        minutes=minutes or rules.conversation_minutes,
        staff_ids=(host_id,),
        second_ids=(),
        how="phone",
        peer_id=peer_id,
        carer_id=carer.id if carer else None,
        interpreter_id=interpreter_id,
    )
    facts = read_facts(ask, first, last, rules, on=first)

    def starts(relax: frozenset[str]) -> list[datetime]:
        found = find_slots(
            facts.wanted, facts.workers, rules, now=at,
            bank_holidays=bank_holidays(first, last), relax=relax, overrides=facts.drives,
        )  # fmt: skip
        return spread(found.slots)

    within = starts(frozenset())[:WITHIN_HOURS]
    around = [start for start in starts(frozenset({"hours"})) if start not in within]
    taken = {part_of(start) for start in within}
    outside = [start for start in around if part_of(start) not in taken][:OUTSIDE_HOURS]
    shown = [Free(start) for start in within] + [Free(start, True) for start in outside]
    return sorted(shown, key=lambda free: free.starts_at)


def spread(slots: Iterable[Slot]) -> list[datetime]:
    """The first start in each part of each day, soonest first."""
    parts: dict[tuple[date, int], datetime] = {}
    for slot in slots:
        part = part_of(slot.starts_at)
        parts[part] = min(parts.get(part, slot.starts_at), slot.starts_at)
    return sorted(parts.values())


def part_of(start: datetime) -> tuple[date, int]:
    """The London date and whether it is morning, afternoon or evening."""
    there = clock.london(start)
    return there.date(), (there.hour >= NOON) + (there.hour >= EVENING)
