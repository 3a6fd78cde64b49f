"""The drives of somebody's day: from base to the first visit, from visit to visit, and back.

Pure, and the rule of `journeys.py`: minutes are the estimate with parking; a drive that joins two
visits takes `between_visits_minutes` more; where there is no drive nothing is added. Calls are no
visits: nobody drives to one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from app.places.travel import NOWHERE, Drive, Overrides, Spot, estimates
from app.scheduling.listed import Listed
from app.settings.rules import Rules


class Visit(NamedTuple):
    """What somebody drives to; `number` is the appointment's."""

    number: int
    starts_at: datetime
    ends_at: datetime
    spot: Spot


class Trip(NamedTuple):
    """A drive with when to leave and when it is over. `come_from` and `go_to` are appointments, or
    None for base; `known` is False where a distance was not known.
    """

    leaves_at: datetime
    arrives_at: datetime
    minutes: int
    known: bool
    come_from: int | None
    go_to: int | None


def trips_of(
    base: Spot,
    visits: Sequence[Visit],
    drives: Mapping[tuple[Spot, Spot], Drive],
    between_minutes: int,
) -> Iterator[Trip]:
    """The drives of one date; `visits` in order of their starts."""
    here, before = base, None
    for visit in visits:
        drive = drives[here, visit.spot]
        if drive.minutes:
            pause = between_minutes if before else 0
            leaves_at = visit.starts_at - timedelta(minutes=drive.minutes + pause)
            come_from = before.number if before else None
            yield Trip(
                leaves_at, visit.starts_at, drive.minutes, drive.known, come_from, visit.number
            )
        here, before = visit.spot, visit
    if before is not None and (drive := drives[here, base]).minutes:
        ends_at = before.ends_at + timedelta(minutes=drive.minutes)
        yield Trip(before.ends_at, ends_at, drive.minutes, drive.known, before.number, None)


def is_visit(row: Listed) -> bool:
    """Whether somebody drives to it."""
    return row.how == "in_person" and (row.place is None or row.place.is_travelled_to)


def visit_of(row: Listed) -> Visit:
    spot = row.place.spot if row.place else NOWHERE
    return Visit(row.id, row.starts_at, row.ends_at, spot)


def drives_of(
    base: Spot, rows: Iterable[Listed], rules: Rules, measured: Overrides | None = None
) -> list[Trip]:
    """The drives of somebody whose appointments of one date these are, in order."""
    visits = [visit_of(row) for row in rows if is_visit(row)]
    return list(trips_of(base, visits, estimates(rules, measured), rules.between_visits_minutes))
