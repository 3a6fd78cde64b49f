"""Minutes of driving between two spots, estimated from where their postcodes lie.

Pure: the districts stand in `outcodes.csv` beside this file, every number comes in as `Rules`.
Where a full postcode lies comes in from the imported file and is better than its district; what
somebody measured between two places comes in as `Overrides` and wins over any estimate.
"""

import csv
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from math import asin, ceil, cos, radians, sin, sqrt
from typing import NamedTuple

from app import places
from app.settings.rules import Rules

EARTH_KM = 6371.0
# Letters and digits of an outward code as Royal Mail allows them: A9, A99, AA9, AA99, A9A, AA9A.
_OUTWARD = r"[A-Z]{1,2}\d[A-Z\d]?"
_FULL = re.compile(rf"({_OUTWARD})\d[A-Z]{{2}}")
_ALONE = re.compile(rf"({_OUTWARD})(?: \d[A-Z]?)?")


class Spot(NamedTuple):
    """Where something is: its district, where that lies, and its place's number (`key`) if any.
    `exact` where it is the full postcode that lies there, and not only its district."""

    outcode: str | None
    latitude: float | None
    longitude: float | None
    key: int | None = None
    exact: bool = False


class Drive(NamedTuple):
    """Minutes to allow, parking included, and whether both ends were known."""

    minutes: int
    known: bool


class District(NamedTuple):
    name: str
    latitude: float
    longitude: float


# Pairs of spots whose drive is kept in a process: a few hundred places, each with each.
PAIRS_KEPT = 65536

# Minutes from the place of the first number to that of the second, this way only.
Overrides = Mapping[tuple[int, int], int]
Point = tuple[float, float]  # latitude and longitude in degrees
NOWHERE = Spot(None, None, None)


def minutes_between(a: Spot, b: Spot, rules: Rules, overrides: Overrides | None = None) -> Drive:
    """Minutes to drive from `a` to `b` and park, rounded up to a whole minute.

    The same place is 0; a pair in `overrides` is what it says, this way; the same district is
    `same_district_minutes` where not both postcodes are known exactly; else the straight line ×
    `road_factor` at `road_speed_kmh` plus `parking_minutes`. Where either end is unknown it is
    `unknown_travel_minutes` and `known` is False: never 0.
    """
    if a.key is not None and b.key is not None:
        if a.key == b.key:
            return Drive(0, True)
        if overrides and (a.key, b.key) in overrides:
            return Drive(overrides[a.key, b.key], True)
    if a.outcode is not None and a.outcode == b.outcode and not (a.exact and b.exact):
        return Drive(rules.same_district_minutes, True)
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return Drive(rules.unknown_travel_minutes, False)
    return _estimate(
        a.latitude, a.longitude, b.latitude, b.longitude,
        rules.road_factor, rules.road_speed_kmh, rules.parking_minutes,
    )  # fmt: skip


class Drives(dict[tuple[Spot, Spot], Drive]):
    """The drives under some rules by pair of spots, each estimated when it is first asked for."""

    def __init__(self, rules: Rules, overrides: Overrides | None = None) -> None:
        self.rules, self.overrides = rules, overrides

    def __missing__(self, pair: tuple[Spot, Spot]) -> Drive:
        if len(self) >= PAIRS_KEPT:
            self.clear()
        found = self[pair] = minutes_between(*pair, self.rules, self.overrides)
        return found


def estimates(rules: Rules, overrides: Overrides | None = None) -> Drives:
    """The drives under these rules, with those that somebody measured: kept for the process."""
    return _drives(rules, frozenset(overrides.items()) if overrides else frozenset())


@lru_cache(maxsize=4)
def _drives(rules: Rules, measured: frozenset[tuple[tuple[int, int], int]]) -> Drives:
    return Drives(rules, dict(measured))


@lru_cache(maxsize=65536)
def _estimate(
    latitude: float,
    longitude: float,
    to_latitude: float,
    to_longitude: float,
    road_factor: float,
    road_speed_kmh: float,
    parking_minutes: float,
) -> Drive:
    line = kilometres(latitude, longitude, to_latitude, to_longitude)
    return Drive(ceil(line * road_factor / road_speed_kmh * 60 + parking_minutes), True)


def kilometres(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """The straight line over the ground in kilometres (haversine)."""
    north = radians(to_latitude - latitude)
    east = radians(to_longitude - longitude)
    half = (
        sin(north / 2) ** 2
        + cos(radians(latitude)) * cos(radians(to_latitude)) * sin(east / 2) ** 2
    )
    return 2 * EARTH_KM * asin(sqrt(half))


@lru_cache(maxsize=8192)
def outcode_of(postcode: str | None) -> str | None:
    """The district of a postcode as people type it ('tr13 8bn', 'TR72JR', 'PL25 5TS ', 'TR1').

    None where the text is no postcode. Without a space the last three characters are the inward
    part, so 'TR12JW' is in TR1 while 'TR12' is a district by itself.
    """
    text = " ".join((postcode or "").split()).upper()
    found = _FULL.fullmatch(text.replace(" ", "")) or _ALONE.fullmatch(text)
    return found[1] if found else None


@lru_cache(maxsize=1)
def districts() -> Mapping[str, District]:
    """Every district that is shipped, by outcode."""
    text = resources.files(places).joinpath("outcodes.csv").read_text(encoding="utf-8-sig")
    return {
        row["outcode"]: District(row["name"], float(row["latitude"]), float(row["longitude"]))
        for row in csv.DictReader(text.splitlines())
    }


@lru_cache(maxsize=8192)
def spot_for(postcode: str | None, key: int | None = None, exact: Point | None = None) -> Spot:
    """The spot of a postcode: where the full one lies (`exact`, from the imported file) if that is
    known, else its district; one that is not shipped keeps its outcode and lies nowhere."""
    outcode = outcode_of(postcode)
    if exact is not None:
        return Spot(outcode, *exact, key, exact=True)
    district = districts().get(outcode) if outcode else None
    if district is None:
        return Spot(outcode, None, None, key)
    return Spot(outcode, district.latitude, district.longitude, key)


def town_of(postcode: str | None) -> str | None:
    """The town or area by whose name staff know a postcode's district; None where unknown."""
    outcode = outcode_of(postcode)
    district = districts().get(outcode) if outcode else None
    return district.name if district else None
