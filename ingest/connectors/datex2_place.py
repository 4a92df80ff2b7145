"""Where something is in DATEX II: a line, an area or a point, out of the many ways to write locations."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.connectors.wkb import NoGeometry, wkb_of
from ingest.connectors.xml_stream import Element, at, below, local, words

SHOWN = "its position is only that of its sign on a map"
_MOST = 100_000
Position = tuple[float, float]
"""Longitude, latitude; or easting, northing where the source names such a CRS."""


def geometry_of(location: Element, *, swap: bool = False) -> tuple[bytes, str | None, tuple[str, ...]]:
    """Read a location: WKB, the CRS that it names, and remarks.

    Tried in this order: ``posList`` (latitude first, as the standard has it), ``linearByCoordinates``,
    ``from`` and ``to``, ``pointByCoordinates`` and other ``pointCoordinates``, ``locationForDisplay``.

    Args:
        location: ``groupOfLocations``, ``locationReference``, ``parkingLocation`` and the like.
        swap: ``posList`` comes as longitude, latitude.

    Raises:
        NoGeometry: none of these is there, or it is no geometry. Location codes alone are not enough.
    """
    shapes = [shape for poses in below(location, "posList") if (shape := _shape(poses, swap)) is not None]
    if shapes:
        crs = next((c for p in below(location, "posList") if (c := _crs(p)) is not None), None)
        return _together(shapes), crs, ()
    for points in (_by_coordinates(location), _from_to(location)):
        if len(points) >= 2:
            return _wkb("LineString", points), None, ()
        if points:
            return _wkb("Point", points[0]), None, ()
    for found in below(location, "pointCoordinates"):
        return _wkb("Point", _point(found)), None, ()
    for name in ("locationForDisplay", "coordinatesForDisplay"):
        for found in below(location, name):
            return _wkb("Point", _point(found)), None, (SHOWN,)
    raise NoGeometry("its location is stated without coordinates")


def _shape(poses: Element, swap: bool) -> dict[str, Any] | None:
    """GeoJSON of one ``posList``: a ring if it stands in one, else a line."""
    numbers = _numbers(poses)
    size = 3 if poses.get("srsDimension") == "3" else 2
    points: list[Position] = [(numbers[i], numbers[i + 1]) for i in range(0, len(numbers) - 1, size)]
    if not swap and _crs(poses) is None:
        points = [(lon, lat) for lat, lon in points]
    around = [local(above) for above in poses.iterancestors()][:6]
    if "interior" in around:
        return None  # holes of areas are not kept: a site is where its outline is
    if "LinearRing" in around or "exterior" in around:
        return {"type": "Polygon", "coordinates": [points]}
    return {"type": "LineString", "coordinates": points}


def _crs(poses: Element) -> str | None:
    """The CRS that is named, unless it is that of degrees, latitude first, which is the standard's own."""
    name = next((e.get("srsName") for e in (poses, *poses.iterancestors()) if e.get("srsName")), None)
    if name is None or name.rpartition(":")[2] in ("4326", "4258", "WGS84", "WGS 84"):
        return None
    return str(name)


def _numbers(poses: Element) -> list[float]:
    try:
        numbers = [float(word) for word in (poses.text or "").split(None, _MOST)[:_MOST]]
    except ValueError:
        raise NoGeometry("its coordinates are no numbers") from None
    if not all(map(math.isfinite, numbers)):
        raise NoGeometry("its coordinates are no finite numbers")
    return numbers


def _together(shapes: Sequence[dict[str, Any]]) -> bytes:
    """One shape, or several of a kind; lines are left out beside areas."""
    kind = "Polygon" if any(shape["type"] == "Polygon" for shape in shapes) else "LineString"
    coordinates = [shape["coordinates"] for shape in shapes if shape["type"] == kind]
    if len(coordinates) == 1:
        return _wkb(kind, coordinates[0])
    return _wkb(f"Multi{kind}", coordinates)


def _by_coordinates(location: Element) -> list[Position]:
    for line in below(location, "linearByCoordinates"):
        return [
            point for name in ("startPoint", "intermediatePoint", "endPoint") for point in _points(line, name)
        ]
    return []


def _points(line: Element, name: str) -> Iterator[Position]:
    for end in below(line, name):
        coordinates = next(below(end, "pointCoordinates"), None)
        if coordinates is not None:
            yield _point(coordinates)


def _from_to(location: Element) -> list[Position]:
    """The ends of a TPEG line, ``from`` first whatever the order in the document."""
    ends = []
    for name in ("from", "to"):
        coordinates = next(
            (c for end in below(location, name) if (c := at(end, "pointCoordinates")) is not None), None
        )
        if coordinates is not None:
            ends.append(_point(coordinates))
    return ends


def _point(coordinates: Element) -> Position:
    try:
        lon, lat = float(words(coordinates, "longitude") or ""), float(words(coordinates, "latitude") or "")
    except ValueError:
        raise NoGeometry("its coordinates are no numbers") from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise NoGeometry("its coordinates are not in degrees")
    return lon, lat


def _wkb(kind: str, coordinates: Any) -> bytes:
    encoded, _ = wkb_of({"type": kind, "coordinates": coordinates})
    assert encoded is not None  # only null gives none
    return encoded
