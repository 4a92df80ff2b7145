"""Boxes: what a recipe asks for in another part of the country than its city lies in."""

import re
from collections.abc import Iterator

from twin.city import City
from twin.errors import TwinError
from twin.layer import Layer

_TILE = re.compile(r"(\d{3})_(\d{4})")
"""Name of a tile of a state's survey: kilometres of easting and northing of its south-western corner."""
_NUMBER = re.compile(r"[-+]?\d{1,4}(?:\.\d{1,12})?")
_MARGIN = 0.05
"""Degrees: tiles begin outside the city that they reach into."""

Bounds = tuple[float, float, float, float]


def elsewhere(city: City, layer: Layer) -> Iterator[tuple[list[str], str]]:
    """Options of a source that ask for nothing within the city's area: path and words, with the remedy."""
    options = layer.source.options
    area = ", ".join(f"{each:g}" for each in city.area)
    for name in ("box", "bbox"):
        told = options.get(name)
        bounds = _bounds(told.split(",")[:4] if isinstance(told, str) else told)
        if bounds is not None and not any(_meets(each, city.area) for each in (bounds, _turned(bounds))):
            yield ["source", "options", name], f"lies outside the city's area; write that ({area})"
    tiles = options.get("tiles")
    if isinstance(tiles, list | tuple) and tiles:
        found = [_TILE.fullmatch(str(each)) for each in tiles]
        corners = [(int(each[1]) * 1000.0, int(each[2]) * 1000.0) for each in found if each]
        if len(corners) == len(tiles) and not _any_within(corners, layer.source.crs or city.crs, city.area):
            yield ["source", "options", "tiles"], "has no tile within the city's area; name those of the city"


def _bounds(told: object) -> Bounds | None:
    if not isinstance(told, list | tuple) or len(told) != 4:
        return None
    words = [str(each).strip() for each in told]
    if any(isinstance(each, bool) for each in told) or not all(map(_NUMBER.fullmatch, words)):
        return None
    west, south, east, north = map(float, words)
    return (west, south, east, north)


def _turned(bounds: Bounds) -> Bounds:
    """Some services want latitudes first."""
    return (bounds[1], bounds[0], bounds[3], bounds[2])


def _meets(bounds: Bounds, area: Bounds) -> bool:
    return bounds[2] >= area[0] and bounds[0] <= area[2] and bounds[3] >= area[1] and bounds[1] <= area[3]


def _any_within(corners: list[tuple[float, float]], crs: str, area: Bounds) -> bool:
    """Whether a corner lies in the area, or near; True where its CRS is a fault of its own."""
    import numpy as np

    from tiles.geodesy import transform_2d

    try:
        lon, lat = transform_2d(np.array(corners), crs).T
    except TwinError:
        return True
    west, south, east, north = area
    within = (lon >= west - _MARGIN) & (lon <= east + _MARGIN)
    return bool((within & (lat >= south - _MARGIN) & (lat <= north + _MARGIN)).any())
