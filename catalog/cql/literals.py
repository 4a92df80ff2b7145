"""Literals that both encodings of CQL2 have: times, boxes, geometries. Everything from outside is hostile."""

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from catalog.cql.tree import Instant, Literal, Shape
from catalog.partitions import DAY_US, micros
from twin import times
from twin.errors import RequestError

Project = Callable[[Any], Any]
"""From the filter's CRS to 2D OGC:CRS84; raises `RequestError`."""
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_STAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_FURTHEST = 2**62


def number(value: int | float) -> Literal:
    """A number, whole where it is written so and fits; `RequestError` if it is beyond all bounds."""
    if isinstance(value, int) and abs(value) < _FURTHEST:
        return Literal(value)
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise RequestError("filter has a number beyond all bounds; write one below 1e308")
    return Literal(found)


def date(text: object) -> Instant:
    """A day, UTC."""
    if not isinstance(text, str) or not _DATE.fullmatch(text):
        raise RequestError("filter has a DATE that is none; write for example DATE('2026-03-01')")
    start = _micros(text)
    return Instant(start, start + DAY_US - 1)


def timestamp(text: object) -> Instant:
    """An instant."""
    if not isinstance(text, str) or not _STAMP.fullmatch(text):
        raise RequestError(
            "filter has a TIMESTAMP that is none; write for example TIMESTAMP('2026-03-01T12:00:00Z')"
        )
    start = _micros(text)
    return Instant(start, start)


def bound(text: object) -> Instant | None:
    """An end of an interval: a date, a timestamp, or None for ``..``."""
    if text == "..":
        return None
    return date(text) if isinstance(text, str) and len(text) == 10 else timestamp(text)


def _micros(text: str) -> int:
    try:
        return micros(times.parse(text))
    except RequestError:
        raise RequestError(
            "filter has a DATE or TIMESTAMP that does not exist; look at the calendar"
        ) from None


def box(numbers: Sequence[float], project: Project, what: str = "filter: BBOX") -> Shape:
    """A BBOX of four numbers, or six with heights, which are not looked at."""
    import shapely

    if len(numbers) not in (4, 6):
        raise RequestError(f"{what} is not four or six numbers; write west,south,east,north")
    half = len(numbers) // 2
    (west, south), (east, north) = numbers[:2], numbers[half : half + 2]
    if south > north or (west > east and max(west, -east) > 180):
        raise RequestError(f"{what} has its lower corner above or right of the upper one; swap them")
    if len(numbers) == 6 and numbers[2] > numbers[5]:
        raise RequestError(f"{what} has its lower height above its upper one; swap them")
    if west > east:  # it reaches over the antimeridian
        return shape(
            shapely.union(shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)),
            project,
        )
    if west == east or south == north:
        flat = shapely.Point(west, south) if west == east and south == north else None
        return shape(flat or shapely.LineString([(west, south), (east, north)]), project)
    return shape(shapely.box(west, south, east, north), project)


def wkt(text: str, project: Project) -> Shape:
    """A geometry in WKT, of at most the filter's length and depth."""
    import numpy as np
    import shapely

    try:
        with np.errstate(over="ignore"):
            found = shapely.from_wkt(text)
    except shapely.errors.GEOSException:
        raise RequestError(
            "filter has a geometry that is no WKT; write for example POINT(11.57 48.14)"
        ) from None
    return shape(found, project)


def geojson(value: dict[str, Any], project: Project) -> Shape:
    """A geometry in GeoJSON."""
    import orjson
    import shapely

    try:
        found = shapely.from_geojson(orjson.dumps(value))
    except shapely.errors.GEOSException:
        raise RequestError("filter has a geometry that is no GeoJSON; see RFC 7946") from None
    return shape(found, project)


def shape(geometry: Any, project: Project) -> Shape:
    """A geometry that predicates can rely on: not empty, finite, not crossing itself, in OGC:CRS84."""
    import numpy as np
    import shapely

    flat = shapely.force_2d(geometry)
    if flat is None or flat.is_empty or not np.isfinite(shapely.get_coordinates(flat)).all():
        raise RequestError("filter has a geometry that is empty or not finite; give it coordinates")
    if not flat.is_valid:
        raise RequestError("filter has a geometry that crosses itself or is not closed; repair it")
    return Shape(project(flat))
