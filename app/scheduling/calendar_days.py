"""Daylight on the dates of a search, by `astral`. Pure and offline."""

from datetime import UTC, date, timedelta
from functools import lru_cache

from astral import Observer
from astral.sun import sunrise, sunset

from app.places.travel import Spot, districts
from app.windows import Span, days

ONE_MINUTE = timedelta(minutes=1)


def daylight(day: date, spot: Spot | None) -> Span:
    """Sunrise and sunset on a date where `spot` lies, to the whole minute on the safe side.

    Where a spot is not known it is the time that is light in every district that is shipped.
    """
    if spot is None or spot.latitude is None or spot.longitude is None:
        spans = [_sun(day, latitude, longitude) for latitude, longitude in _corners()]
        return max(start for start, _ in spans), min(end for _, end in spans)
    return _sun(day, spot.latitude, spot.longitude)


def _sun(day: date, latitude: float, longitude: float) -> Span:
    here = Observer(latitude, longitude)
    rises = sunrise(here, date=day, tzinfo=UTC) + ONE_MINUTE
    return rises.replace(second=0, microsecond=0), sunset(here, date=day, tzinfo=UTC).replace(
        second=0, microsecond=0
    )


@lru_cache(maxsize=1)
def _corners() -> tuple[tuple[float, float], ...]:
    known = districts().values()
    north_south = [district.latitude for district in known]
    east_west = [district.longitude for district in known]
    return tuple(
        (latitude, longitude)
        for latitude in (min(north_south), max(north_south))
        for longitude in (min(east_west), max(east_west))
    )


def daylight_spans(first: date, last: date, spot: Spot | None) -> tuple[Span, ...]:
    """Daylight of every date from `first` to `last`, as a search for a raised home wants it."""
    return tuple(daylight(day, spot) for day in days(first, last))
