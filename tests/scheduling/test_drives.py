"""The drives of a day, as data; and that the slot finder allows the same."""

from datetime import datetime, timedelta

import pytest

from app.places.travel import NOWHERE, Spot, estimates
from app.scheduling.diary.drives import Visit, trips_of
from tests.scheduling.winter_tuesday import (
    BASE,
    CAMBORNE,
    NEXT_DOOR,
    RULES,
    at,
    search,
    visit,
)

Drive = tuple[str, str, int, bool]


def drives(*visits: tuple[str, Spot]) -> list[Drive]:
    """When each begins and ends, its minutes, and whether its distance is known."""
    asked = [
        Visit(number, *(at(wall) for wall in words.split("-")), spot)
        for number, (words, spot) in enumerate(visits)
    ]
    found = trips_of(BASE, asked, estimates(RULES), RULES.between_visits_minutes)
    return [
        (f"{one.leaves_at:%H:%M}", f"{one.arrives_at:%H:%M}", one.minutes, one.known)
        for one in found
    ]


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        ([], []),
        ([("10:00-11:00", BASE)], []),  # the same place: nobody drives
        (
            [("10:00-11:00", CAMBORNE)],  # there from base, and back
            [("09:23", "10:00", 37, True), ("11:00", "11:37", 37, True)],
        ),
        (
            [("10:00-11:00", CAMBORNE), ("13:00-14:00", NEXT_DOOR)],  # ten more between two
            [
                ("09:23", "10:00", 37, True),
                ("12:13", "13:00", 37, True),
                ("14:00", "14:12", 12, True),
            ],
        ),
        (
            [("10:00-11:00", CAMBORNE), ("11:00-12:00", CAMBORNE)],  # stays there
            [("09:23", "10:00", 37, True), ("12:00", "12:37", 37, True)],
        ),
        (
            [("10:00-11:00", NOWHERE)],  # never nothing where a distance is not known
            [("09:30", "10:00", 30, False), ("11:00", "11:30", 30, False)],
        ),
    ],
)
def test_a_day_has_its_drives(visits: list[tuple[str, Spot]], expected: list[Drive]) -> None:
    assert drives(*visits) == expected


def test_who_drives_from_where() -> None:
    visits = [
        Visit(7, at("10:00"), at("11:00"), CAMBORNE),
        Visit(8, at("13:00"), at("14:00"), BASE),
    ]

    found = trips_of(BASE, visits, estimates(RULES), 10)

    assert [(one.come_from, one.go_to) for one in found] == [(None, 7), (7, 8)]


@pytest.mark.parametrize("spot", [NEXT_DOOR, CAMBORNE])
def test_a_free_time_is_offered_exactly_where_its_drive_fits(spot: Spot) -> None:
    """The slot finder has the same rule: of the starts after a visit, those are offered to which
    the drive as it would be drawn begins no earlier than that visit ends.
    """
    before = visit("10:00-11:00", spot)

    def fits(start: datetime) -> bool:
        pair = [Visit(1, before.starts_at, before.ends_at, spot), Visit(2, start, start, BASE)]
        there = [one for one in trips_of(BASE, pair, estimates(RULES), 10) if one.go_to == 2]
        return there[0].leaves_at >= before.ends_at

    grid = [before.ends_at + n * timedelta(minutes=15) for n in range(9)]
    offered = {slot.starts_at for slot in search(stops=(before,)).slots}

    assert [start for start in grid if start in offered] == [start for start in grid if fits(start)]
    assert not fits(grid[0])
    assert fits(grid[-1])
