"""Which cycle a video session or shared review of the team's file belongs to.

The file does not say. A family in cycles has a programme, and its bookings to come are taken in
the order of their days: each for the first cycle that is not reviewed and has none of its kind.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from app.programmes.models import Programme
from app.programmes.queries import facts_of, open_programme
from app.spreadsheets.booking_reasons import Booked
from app.spreadsheets.rows import BookingRow

OF_A_CYCLE = ("video_session", "shared_review")


def cycles_of(
    rows: Iterable[BookingRow],
    families: Mapping[str, Booked],
    unsure: Collection[str],
    at: datetime,
) -> dict[str, int]:
    """The cycle of each row to come that has one, by the row's digest.

    None under a reference of two families: whose cycle it would be is for a person to say.
    """
    coming: dict[str, list[BookingRow]] = {}
    for row in rows:
        if row.kind in OF_A_CYCLE and row.ends_at > at and row.status != "cancelled":
            coming.setdefault(row.reference, []).append(row)
    found: dict[str, int] = {}
    for reference, theirs in coming.items():
        family = families.get(reference)
        if family and reference not in unsure and (programme := open_programme(family.id)):
            found |= in_order(sorted(theirs, key=lambda row: row.starts_at), programme)
    return found


def in_order(rows: Iterable[BookingRow], programme: Programme) -> dict[str, int]:
    facts = facts_of(programme.cycles)
    taken = {(cycle_id, event.kind) for cycle_id, each in facts.items() for event in each.events}
    found: dict[str, int] = {}
    for row in rows:
        for cycle in programme.cycles:
            if cycle.reviewed_on is None and (cycle.id, row.kind) not in taken:
                taken.add((cycle.id, row.kind))
                found[row.digest] = cycle.id
                break
    return found
