"""A GeoJSON geometry that a visitor gives: read with limits, refused with words."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from twin.errors import RequestError

if TYPE_CHECKING:
    from shapely import Geometry

MOST = 10_000
"""Most positions."""
_DEPTHS = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}


def shape(given: Any) -> "Geometry":
    """Read a geometry in OGC:CRS84.

    Raises:
        RequestError: it is none, has too many positions, leaves the Earth, or crosses itself.
    """
    import shapely

    found = [_one(part) for part in _parts(given)]
    if sum(shapely.get_num_coordinates(part) for part in found) > MOST:
        raise _wrong(f"has more than {MOST} positions; simplify it")
    made = found[0] if given["type"] in _DEPTHS else shapely.GeometryCollection(found)
    if not shapely.is_valid(made):
        raise _wrong("crosses or touches itself in a way that leaves its inside unclear; mend it")
    return made


def _parts(given: Any) -> Iterator[Any]:
    if not isinstance(given, dict):
        raise _wrong(
            'is no GeoJSON geometry; write for example {"type": "Point", "coordinates": [11.5, 48.1]}'
        )
    if given.get("type") != "GeometryCollection":
        yield given
        return
    parts = given.get("geometries")
    if not isinstance(parts, list) or not 0 < len(parts) <= MOST:
        raise _wrong(f"has no list of 1 to {MOST} geometries")
    yield from parts


def _one(part: Any) -> "Geometry":
    import shapely

    kind = part.get("type") if isinstance(part, dict) else None
    if not isinstance(kind, str) or kind not in _DEPTHS:
        raise _wrong(f"has a type that is none of {', '.join(_DEPTHS)} (or one GeometryCollection of these)")
    found = _positions(part.get("coordinates"), _DEPTHS[kind], [MOST])
    if kind == "Point":
        return shapely.Point(found)
    if kind == "MultiPoint":
        return shapely.MultiPoint(found)
    lines = {"LineString": [found], "MultiLineString": found}
    if kind in lines:
        if any(len(line) < 2 for line in lines[kind]):
            raise _wrong("has a line of less than two positions")
        return shapely.LineString(found) if kind == "LineString" else shapely.MultiLineString(found)
    polygons = [found] if kind == "Polygon" else found
    if any(len(ring) < 4 or ring[0] != ring[-1] for rings in polygons for ring in rings):
        raise _wrong("has a ring that is not closed; repeat the first position at the end")
    made = [shapely.Polygon(rings[0], rings[1:]) for rings in polygons]
    return made[0] if kind == "Polygon" else shapely.MultiPolygon(made)


def _positions(given: Any, depth: int, left: list[int]) -> Any:
    """Coordinates as nested lists of (longitude, latitude); heights are not looked at."""
    if not isinstance(given, list) or not given:
        raise _wrong("has coordinates that do not fit its type")
    if depth:
        return [_positions(part, depth - 1, left) for part in given]
    left[0] -= 1
    if left[0] < 0:
        raise _wrong(f"has more than {MOST} positions; simplify it")
    numbers = [
        n for n in given if isinstance(n, int | float) and not isinstance(n, bool) and math.isfinite(n)
    ]
    if len(numbers) != len(given) or not 2 <= len(numbers) <= 4:
        raise _wrong("has a position that is not two or three numbers")
    if abs(numbers[0]) > 180 or abs(numbers[1]) > 90:
        raise _wrong("leaves the Earth; longitudes go to 180 and latitudes to 90 degrees, longitude first")
    return float(numbers[0]), float(numbers[1])


def _wrong(words: str) -> RequestError:
    return RequestError(f"intersects {words}")
