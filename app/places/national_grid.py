"""From eastings and northings of the British National Grid to latitude and longitude on WGS 84.

Pure. The projection is undone on Airy's ellipsoid of 1830, then the datum OSGB36 is moved to WGS 84
by seven numbers (Helmert). Every number and formula is Ordnance Survey's ("A guide to coordinate
systems in Great Britain", annexes A to C). They say of the seven numbers that they are good to
about 5 metres; the exact way needs a grid of 15 MB, and a drive is not planned to the metre.
"""

from math import atan2, cos, degrees, radians, sin, sqrt, tan

from app.places.travel import Point

# Airy 1830 and WGS 84: half the long and half the short axis in metres.
AIRY = 6_377_563.396, 6_356_256.909
WGS_84 = 6_378_137.0, 6_356_752.314_245
# The National Grid: scale on the central meridian, true origin, and what is added to it in metres.
SCALE = 0.999_601_271_7
ORIGIN = radians(49), radians(-2)
FALSE_EAST, FALSE_NORTH = 400_000.0, -100_000.0
# OSGB36 to WGS 84: metres along the axes, parts of the whole, and turns about the axes.
MOVE = 446.448, -125.157, 542.060
GROW = -20.4894e-6
TURN = tuple(radians(seconds / 3600) for seconds in (0.1502, 0.2470, 0.8421))
NEAR_ENOUGH = 1e-5  # metres

N = (AIRY[0] - AIRY[1]) / (AIRY[0] + AIRY[1])
# Of the length of the meridian: by the angle, and by the sines of it and of its multiples.
ARC = (
    1 + N + 5 / 4 * N**2 + 5 / 4 * N**3,
    3 * N + 3 * N**2 + 21 / 8 * N**3,
    15 / 8 * (N**2 + N**3),
    35 / 24 * N**3,
)
SQUARED = 1 - (AIRY[1] / AIRY[0]) ** 2
SQUARED_WGS = 1 - (WGS_84[1] / WGS_84[0]) ** 2


def from_grid(east: float, north: float) -> Point:
    """Latitude and longitude in degrees of a point of the National Grid, both in metres."""
    return moved(*unprojected(east, north))


def unprojected(east: float, north: float) -> Point:
    """Latitude and longitude in radians on Airy's ellipsoid."""
    angle = ORIGIN[0] + (north - FALSE_NORTH) / (AIRY[0] * SCALE)
    while abs(short := north - FALSE_NORTH - meridian(angle)) >= NEAR_ENOUGH:
        angle += short / (AIRY[0] * SCALE)
    sine, tangent = sin(angle), tan(angle)
    around = AIRY[0] * SCALE / sqrt(1 - SQUARED * sine**2)
    along = AIRY[0] * SCALE * (1 - SQUARED) / (1 - SQUARED * sine**2) ** 1.5
    eta = around / along - 1
    t2, t4, t6 = tangent**2, tangent**4, tangent**6
    d = (east - FALSE_EAST) / around
    latitude = angle - tangent * around / along * (
        d**2 / 2
        - d**4 / 24 * (5 + 3 * t2 + eta - 9 * t2 * eta)
        + d**6 / 720 * (61 + 90 * t2 + 45 * t4)
    )
    longitude = ORIGIN[1] + (
        d
        - d**3 / 6 * (around / along + 2 * t2)
        + d**5 / 120 * (5 + 28 * t2 + 24 * t4)
        - d**7 / 5040 * (61 + 662 * t2 + 1320 * t4 + 720 * t6)
    ) / cos(angle)
    return latitude, longitude


def meridian(angle: float) -> float:
    """Metres on the grid along the central meridian from the true origin to a latitude."""
    less, more = angle - ORIGIN[0], angle + ORIGIN[0]
    return (
        AIRY[1]
        * SCALE
        * (
            ARC[0] * less
            - ARC[1] * sin(less) * cos(more)
            + ARC[2] * sin(2 * less) * cos(2 * more)
            - ARC[3] * sin(3 * less) * cos(3 * more)
        )
    )


def moved(latitude: float, longitude: float) -> Point:
    """From radians on Airy's ellipsoid to degrees on WGS 84, at the height of the ellipsoid."""
    radius = AIRY[0] / sqrt(1 - SQUARED * sin(latitude) ** 2)
    x = radius * cos(latitude) * cos(longitude)
    y = radius * cos(latitude) * sin(longitude)
    z = radius * (1 - SQUARED) * sin(latitude)
    scale = 1 + GROW
    rx, ry, rz = TURN
    x, y, z = (
        MOVE[0] + scale * x - rz * y + ry * z,
        MOVE[1] + rz * x + scale * y - rx * z,
        MOVE[2] - ry * x + rx * y + scale * z,
    )
    level = sqrt(x**2 + y**2)
    angle = atan2(z, level * (1 - SQUARED_WGS))
    for _ in range(3):  # a micrometre after the second
        radius = WGS_84[0] / sqrt(1 - SQUARED_WGS * sin(angle) ** 2)
        angle = atan2(z + SQUARED_WGS * radius * sin(angle), level)
    return degrees(angle), degrees(atan2(y, x))
