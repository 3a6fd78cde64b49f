"""What drives cost, and how a postcode's district is read."""

import pytest

from app.places.travel import NOWHERE, Spot, minutes_between, outcode_of, spot_for, town_of
from app.settings.rules import Rules

RULES = Rules()
TRURO, CAMBORNE, BODMIN = spot_for("TR1 3AY"), spot_for("TR14 8NS"), spot_for("PL31 2JB")


@pytest.mark.parametrize(
    ("typed", "outcode"),
    [
        ("tr13 8bn", "TR13"),
        ("TR72JR", "TR7"),
        ("PL25 5TS ", "PL25"),
        ("TR1", "TR1"),
        ("TR12", "TR12"),
        ("TR12JW", "TR1"),
        ("pl312PQ", "PL31"),
        ("TR7\u00a01QT", "TR7"),
        ("tr1 3", "TR1"),
        ("SW1A 1AA", "SW1A"),
        ("M1 1AE", "M1"),
        ("", None),
        (None, None),
        ("Truro", None),
        ("TR", None),
        ("13 8BN", None),
        ("TR13 8BNX", None),
    ],
)
def test_reads_the_district_as_people_type_it(typed: str | None, outcode: str | None) -> None:
    assert outcode_of(typed) == outcode


def test_a_shipped_district_has_its_town_and_place_on_the_map() -> None:
    assert town_of("tr14 8ns") == "Camborne"
    assert (CAMBORNE.outcode, CAMBORNE.latitude, CAMBORNE.longitude) == ("TR14", 50.212, -5.3)


def test_a_district_that_is_not_shipped_keeps_its_outcode_and_lies_nowhere() -> None:
    assert spot_for("SW1A 1AA", key=4) == Spot("SW1A", None, None, 4)
    assert town_of("SW1A 1AA") is None


def test_a_drive_is_the_straight_line_by_road_at_speed_and_parking() -> None:
    # Truro to Camborne: 18.6 km straight, 25.1 km by road, 31.4 minutes at 48 km/h, 5 to park.
    assert minutes_between(TRURO, CAMBORNE, RULES) == (37, True)
    assert minutes_between(CAMBORNE, TRURO, RULES) == (37, True)


@pytest.mark.parametrize(
    ("changed", "minutes"),
    [({"road_speed_kmh": 96}, 21), ({"road_factor": 1.0}, 29), ({"parking_minutes": 0}, 32)],
)
def test_every_number_of_a_drive_is_a_rule(changed: dict[str, float], minutes: int) -> None:
    assert minutes_between(TRURO, CAMBORNE, RULES.changed(**changed)).minutes == minutes


def test_within_a_district_it_is_the_set_minutes() -> None:
    assert minutes_between(spot_for("TR1 3AY", 1), spot_for("TR1 2JW", 2), RULES) == (12, True)


def test_a_known_district_off_the_map_is_still_one_district() -> None:
    assert minutes_between(spot_for("SW1A 1AA"), spot_for("SW1A 2AA"), RULES) == (12, True)


def test_the_same_place_is_no_drive_even_where_it_lies_nowhere() -> None:
    assert minutes_between(Spot(None, None, None, 7), Spot(None, None, None, 7), RULES) == (0, True)


@pytest.mark.parametrize("other", [NOWHERE, spot_for("SW1A 1AA"), spot_for("no postcode", 3)])
def test_an_unknown_drive_is_allowed_for_and_said_never_nothing(other: Spot) -> None:
    assert minutes_between(TRURO, other, RULES) == (30, False)


def test_what_somebody_measured_for_two_places_wins_both_ways() -> None:
    here, there = spot_for("TR1 3AY", 9), spot_for("PL31 2JB", 4)
    measured = {(4, 9): 41, (9, 4): 41}
    assert minutes_between(here, there, RULES, measured) == (41, True)
    assert minutes_between(there, here, RULES, measured) == (41, True)
    assert minutes_between(here, BODMIN, RULES, measured).minutes != 41


def test_what_was_measured_one_way_is_estimated_the_other() -> None:
    here, there = spot_for("TR1 3AY", 9), spot_for("PL31 2JB", 4)
    measured = {(9, 4): 55}
    assert minutes_between(here, there, RULES, measured) == (55, True)
    assert minutes_between(there, here, RULES, measured) == minutes_between(there, here, RULES)


def test_a_full_postcode_is_better_than_its_district() -> None:
    # Two ends of TR1: 2.1 km straight, 2.8 km by road, 3.5 minutes at 48 km/h, 5 to park.
    station, heron = (50.2638, -5.0648), (50.2583, -5.0365)
    here, there = spot_for("TR1 3HH", 1, station), spot_for("TR1 1XQ", 2, heron)
    assert minutes_between(here, there, RULES) == (9, True)
    assert minutes_between(here, spot_for("TR1 2JW", 3), RULES) == (12, True)


def test_a_full_postcode_of_a_district_that_is_not_shipped_is_known() -> None:
    here = spot_for("SW1A 1AA", 1, (51.501, -0.1416))
    assert minutes_between(here, spot_for("SW1A 2AA", 2), RULES) == (12, True)
    assert minutes_between(TRURO, here, RULES).known
    assert minutes_between(TRURO, spot_for("SW1A 2AA", 2), RULES) == (30, False)
