"""A time as forms carry it: the start, who comes, and who comes along.

'20261201T1000-3-0' is a start in UTC, a practitioner's number and a second worker's (0: nobody); a
pair is two of them with '_' between. Reading one checks its shape only: the act checks the rest.
"""

import re
from datetime import UTC, datetime
from typing import NamedTuple

from app.scheduling.wanted import Slot

FORM = re.compile(r"(\d{8}T\d{4})-(\d{1,9})-(\d{1,9})", re.ASCII)


class Chosen(NamedTuple):
    """One start with its people, as somebody chose it."""

    starts_at: datetime
    staff_id: int
    second_id: int | None

    @property
    def value(self) -> str:
        return f"{self.starts_at.astimezone(UTC):%Y%m%dT%H%M}-{self.staff_id}-{self.second_id or 0}"


def value_of(*slots: Slot) -> str:
    """What a form carries for a slot, or for a pair of slots."""
    return "_".join(Chosen(s.starts_at, s.worker_id, s.second_worker_id).value for s in slots)


def read_chosen(typed: str, *, number: int = 1) -> tuple[Chosen, ...] | None:
    """The times that a form's value names, or None where it names not exactly `number` of them."""
    parts = [FORM.fullmatch(part) for part in typed.split("_")]
    found = [one for part in parts if part and (one := from_parts(*part.groups()))]
    return tuple(found) if len(found) == len(parts) == number else None


def from_parts(start: str, staff_id: str, second_id: str) -> Chosen | None:
    try:
        starts_at = datetime.strptime(start, "%Y%m%dT%H%M").replace(tzinfo=UTC)
    except ValueError:
        return None
    if not 2000 <= starts_at.year <= 2100:
        return None
    return Chosen(starts_at, int(staff_id), int(second_id) or None)
