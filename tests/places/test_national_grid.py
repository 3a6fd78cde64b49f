"""The National Grid against Ordnance Survey's published points (OSTN15 pack and guide)."""

from math import degrees

import pytest

from app.places.national_grid import from_grid, unprojected
from app.places.travel import kilometres

# Name, eastings, northings, and latitude and longitude on ETRS89, which is WGS 84 to half a metre.
PUBLISHED = [
    ("TP01 St Mary’s, Scilly", 91492.146, 11318.804, 49.9222639373, -6.29977752014),
    ("TP02 Lizard Point", 170370.718, 11572.405, 49.9600613782, -5.20304609998),
    ("TP03 Plymouth", 250359.811, 62016.569, 50.4388582561, -4.10864563561),
    ("TP04 St Catherine’s Point", 449816.371, 75335.861, 50.57563665, -1.2978227724),
    ("TP07 North Foreland", 639821.835, 169565.858, 51.3744702555, 1.44454730409),
    ("TP09 Lambeth", 530624.974, 178388.464, 51.4893656495, -0.1199255718),
    ("TP20", 422242.186, 433818.701, 53.8002151963, -1.66379168242),
    ("TP30", 267056.768, 846176.972, 57.4862500072, -4.21926398555),
    ("TP40 Shetland", 395999.668, 1138728.951, 60.1330809166, -2.07382822798),
]


@pytest.mark.parametrize("point", PUBLISHED, ids=[point[0] for point in PUBLISHED])
def test_published_points_are_met_within_five_metres(point) -> None:
    _, east, north, latitude, longitude = point

    assert kilometres(*from_grid(east, north), latitude, longitude) * 1000 < 5


def test_the_projection_itself_is_met_within_a_millimetre() -> None:
    """The guide's worked example: 52°39′27.2531″ N, 1°43′4.5177″ E on Airy's ellipsoid."""
    latitude, longitude = (degrees(angle) for angle in unprojected(651409.903, 313177.270))

    assert latitude == pytest.approx(52 + 39 / 60 + 27.2531 / 3600, abs=1e-8)
    assert longitude == pytest.approx(1 + 43 / 60 + 4.5177 / 3600, abs=1e-8)
