"""WebMercatorQuad (OGC 17-083r4, annex D): places become coordinates of a tile, tiles become addresses."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import NotFound

EXTENT = 4096
"""Steps of a tile's side."""
BUFFER = 64
"""Steps around a tile that are drawn, too, so that borders and outlines meet: 8 of 512 pixels."""
PIXEL = EXTENT // 512
"""Steps of a pixel, as maps draw vector tiles: 512 pixels wide."""
DEEPEST = 16
"""The deepest level; maps draw its tiles larger beyond. A step is 0.15 m of the projection there."""
LEVELS = 25
"""Levels of the tile matrix set itself."""
ID = "WebMercatorQuad"
URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
CRS = "http://www.opengis.net/def/crs/EPSG/0/3857"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
HIGHEST = 85.0511287798066
"""Degrees of latitude at which the square of the projection ends."""
_HALF = math.pi * 6378137.0

Box = tuple[float, float, float, float]
"""West, south, east, north in OGC:CRS84."""


@dataclass(frozen=True, slots=True)
class Tile:
    """Level, row from the north and column from the west."""

    z: int
    y: int
    x: int

    def steps(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, 2) longitude and latitude in degrees → (n, 2) steps to the east and south of its corner.

        Spherical Mercator (EPSG:3857); latitudes beyond the projection's end are brought there.
        """
        scale = 2.0**self.z
        sine = np.sin(np.radians(np.clip(places[:, 1], -HIGHEST, HIGHEST)))
        east = (places[:, 0] + 180.0) / 360.0
        south = 0.5 - np.arctanh(sine) / (2.0 * np.pi)
        return np.column_stack(((east * scale - self.x) * EXTENT, (south * scale - self.y) * EXTENT))

    def box(self, buffer: int = BUFFER) -> Box:
        """Its outline with `buffer` steps around it, in degrees; the first and last row reach the poles."""
        edge, scale = buffer / EXTENT, 2.0**self.z
        west, east = (self.x - edge) / scale * 360.0 - 180.0, (self.x + 1 + edge) / scale * 360.0 - 180.0
        south = -90.0 if self.y + 1 == scale else _latitude((self.y + 1 + edge) / scale)
        north = 90.0 if self.y == 0 else _latitude((self.y - edge) / scale)
        return west, south, east, north


def tile(z: str, y: str, x: str) -> Tile:
    """The tile of an address; `NotFound` says what its numbers may be."""
    numbers = [
        int(text) if len(text) <= 8 and text.isascii() and text.isdecimal() else -1 for text in (z, y, x)
    ]
    level, row, column = numbers
    if not 0 <= level <= DEEPEST:
        raise NotFound(f"there is no level {z[:20]!r}; levels go from 0 to {DEEPEST}, maps enlarge the last")
    last = 2**level - 1
    if not (0 <= row <= last and 0 <= column <= last):
        raise NotFound(
            f"level {level} has no tile in row {y[:20]!r} and column {x[:20]!r}; "
            f"both go from 0 to {last}, and the row comes first"
        )
    return Tile(level, row, column)


def limits(box: Box, z: int) -> tuple[int, int, int, int]:
    """First row, last row, first column, last column of the tiles that meet a box, what is drawn around each
    of them included."""
    corners = np.array([[box[0], box[3]], [box[2], box[1]]])
    around = np.array([[-BUFFER, -BUFFER], [BUFFER, BUFFER]])
    found = np.floor((Tile(z, 0, 0).steps(corners) + around) / EXTENT)
    (west, north), (east, south) = np.clip(found, 0, 2**z - 1).astype(int).tolist()
    return north, south, west, east


def refuse_outside(tile: Tile, box: Box) -> None:
    """`NotFound` for a tile beyond the limits of a tileset (/req/core/tc-error of OGC 20-057)."""
    north, south, west, east = limits(box, tile.z)
    if not (north <= tile.y <= south and west <= tile.x <= east):
        raise NotFound(
            f"level {tile.z} has nothing in row {tile.y} and column {tile.x}; here rows go from {north} to "
            f"{south} and columns from {west} to {east}, as tileMatrixSetLimits and TileJSON's bounds say"
        )


def extent(box: Box) -> dict[str, Any]:
    """Extent and limits of a tileset, as its metadata tell them."""
    limited = [_limits(box, z) for z in range(DEEPEST + 1)]
    return {"boundingBox": bounding(box), "tileMatrixSetLimits": limited}


def bounding(box: Box) -> dict[str, Any]:
    """An extent as OGC 17-083r4 writes it."""
    west, south, east, north = box
    return {"lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84}


def _limits(box: Box, z: int) -> dict[str, Any]:
    north, south, west, east = limits(box, z)
    return {
        "tileMatrix": str(z),
        "minTileRow": north,
        "maxTileRow": south,
        "minTileCol": west,
        "maxTileCol": east,
    }


def definition() -> dict[str, Any]:
    """The tile matrix set as JSON (OGC 17-083r4)."""
    return {
        "id": ID,
        "title": "Google Maps Compatible for the World",
        "uri": URI,
        "crs": CRS,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": [
            {
                "id": str(z),
                "scaleDenominator": _HALF / 128 / 2**z / 0.00028,
                "cellSize": _HALF / 128 / 2**z,
                "cornerOfOrigin": "topLeft",
                "pointOfOrigin": [-_HALF, _HALF],
                "tileWidth": 256,
                "tileHeight": 256,
                "matrixWidth": 2**z,
                "matrixHeight": 2**z,
            }
            for z in range(LEVELS)
        ],
    }


def _latitude(south: float) -> float:
    """Degrees of a share of the way from the projection's northern end to its southern one."""
    return math.degrees(math.atan(math.sinh(math.pi * (1.0 - 2.0 * south))))
