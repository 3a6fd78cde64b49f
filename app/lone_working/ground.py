"""The ground that workers cover: what was found at the homes they visit, the drives that somebody
measured, and where their bases lie. One statement for all of them.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Float, Integer, bindparam, cast, null, select, union_all

from app.accounts.models import Staff
from app.db import plain_rows
from app.places.models import MeasuredDrive, Postcode
from app.places.travel import Overrides, Point, Spot, spot_for
from app.risk.models import Assessment
from app.risk.standing import in_force


class Look(NamedTuple):
    """An assessment of a home, as far as a worker's day tells it."""

    level: str
    look_again_on: date
    approved_at: datetime | None
    controls: str | None


class Ground(NamedTuple):
    """Assessments by home, oldest first; measured drives; where full postcodes lie."""

    looks: dict[int, list[Look]]
    drives: Overrides
    exact: dict[str, Point]

    def held_on(self, day: date) -> dict[int, Look]:
        """The assessment in force for each home on a date."""
        held = {home: in_force(looks, day) for home, looks in self.looks.items()}
        return {home: look for home, look in held.items() if look is not None}

    def base(self, staff: Staff) -> Spot:
        return spot_for(staff.base_postcode, None, self.exact.get(staff.base_postcode or ""))


def read_ground(homes: Iterable[int], people: Iterable[Staff]) -> Ground:
    """What there is about these homes, and about the bases of these people."""
    looks: dict[int, list[Look]] = defaultdict(list)
    drives: dict[tuple[int, int], int] = {}
    exact: dict[str, Point] = {}
    postcodes = sorted({one.base_postcode for one in people if one.base_postcode})
    rows = plain_rows(about(), homes=list(homes), postcodes=postcodes)
    for _, place_id, *look, to_id, minutes, postcode, latitude, longitude in sorted(
        rows, key=lambda row: row.id or 0
    ):
        if postcode is not None:
            exact[postcode] = (latitude, longitude)
        elif minutes is not None:
            drives[place_id, to_id] = minutes
        else:
            looks[place_id].append(Look(*look))
    return Ground(dict(looks), drives, exact)


@cache
def about() -> CompoundSelect[*tuple[Any, ...]]:
    no_number, no_degrees = cast(null(), Integer), cast(null(), Float)
    found = select(
        Assessment.id, Assessment.place_id, Assessment.level, Assessment.look_again_on,
        Assessment.approved_at, Assessment.controls,
        no_number, no_number, cast(null(), Postcode.postcode.type), no_degrees, no_degrees,
    ).where(Assessment.place_id.in_(bindparam("homes", expanding=True)))  # fmt: skip
    drives = select(
        null(), MeasuredDrive.from_id, *[null()] * 4,
        MeasuredDrive.to_id, MeasuredDrive.minutes, *[null()] * 3,
    )  # fmt: skip
    bases = select(
        *[null()] * 8, Postcode.postcode, Postcode.latitude, Postcode.longitude
    ).where(Postcode.postcode.in_(bindparam("postcodes", expanding=True)))  # fmt: skip
    return union_all(found, drives, bases)
