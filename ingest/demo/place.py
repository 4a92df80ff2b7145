"""Where the made-up city lies: its origin, its quarters and its river, in metres around the origin.

All plans are drawn in local metres (x east, y north) around `ORIGIN`. The city is cut into quarters of
2 km, which are also the tiles in which Bavaria's survey delivers buildings.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

ORIGIN = (691000.0, 5335000.0)
"""Easting and northing (EPSG:25832) of local (0, 0)."""
CRS = "EPSG:25832"
CRS_NAME = "urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH*GCG2016"
"""The name under which the German surveying authorities deliver EPSG:25832 with DHHN2016 heights."""
NOTICE = "Demo – made-up data / erfundene Daten"
SIDE = 2000.0
"""Side of a quarter in metres."""

Point = tuple[float, float]
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Quarter:
    """One square of the city, 2 km × 2 km; column and row count from the core, which is (0, 0)."""

    number: int
    column: int
    row: int

    @property
    def centre(self) -> Point:
        """Local metres."""
        return self.column * SIDE, self.row * SIDE

    @property
    def tile(self) -> str:
        """Name of its building file: lower left corner in km, always even (``690_5334``)."""
        west = (ORIGIN[0] + self.centre[0] - SIDE / 2) / 1000
        south = (ORIGIN[1] + self.centre[1] - SIDE / 2) / 1000
        return f"{west:.0f}_{south:.0f}"

    @property
    def has_river(self) -> bool:
        """The river flows north through the core's column."""
        return self.column == 0


CORE = Quarter(0, 0, 0)
"""The quarter with park, river and terrain."""


def quarters() -> Iterator[Quarter]:
    """The core, then the squares around it in a spiral, without end."""
    column = row = number = 0
    yield CORE
    step = 1
    while True:
        for dx, dy, length in ((1, 0, step), (0, 1, step), (-1, 0, step + 1), (0, -1, step + 1)):
            for _ in range(length):
                column, row, number = column + dx, row + dy, number + 1
                yield Quarter(number, column, row)
        step += 2


def river_x(y: Array) -> Array:
    """Local x of the river's middle at the local `y`."""
    x: Array = 560 + 110 * np.sin(y / 520 + 0.4) + 35 * np.sin(y / 210 + 1.9)
    return x


def river_half_width(y: Array) -> Array:
    """Half the river's width in metres."""
    half: Array = 27 + 5 * np.sin(y / 300)
    return half


def river_offset(x: Array, y: Array) -> Array:
    """Signed distance from the river's middle in metres, positive to the east (close up exact enough)."""
    slope = 110 / 520 * np.cos(y / 520 + 0.4) + 35 / 210 * np.cos(y / 210 + 1.9)
    offset: Array = (x - river_x(y)) / np.sqrt(1 + slope * slope)
    return offset


def river_middle(south: float, north: float, step: float = 20.0) -> list[Point]:
    """Points along the river from south to north."""
    ys = np.linspace(south, north, max(2, math.ceil((north - south) / step) + 1))
    return [(float(x), float(y)) for x, y in zip(river_x(ys), ys, strict=True)]


def to_lonlat(points: list[Point]) -> list[list[float]]:
    """Local metres to longitude and latitude in degrees, as JSON wants them (8 digits, as GeoServer)."""
    xs = [ORIGIN[0] + x for x, _ in points]
    ys = [ORIGIN[1] + y for _, y in points]
    lon, lat = _transformer().transform(xs, ys)
    return [[round(a, 8), round(b, 8)] for a, b in zip(lon, lat, strict=True)]


@cache
def _transformer() -> Any:
    from pyproj import Transformer

    return Transformer.from_crs(CRS, "OGC:CRS84", always_xy=True)
