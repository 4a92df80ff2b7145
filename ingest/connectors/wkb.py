"""GeoJSON geometry to WKB, without a geometry library: numbers are checked on the way, depth is bounded."""

import math
import struct
from typing import Any

_TYPES = {
    "Point": 1,
    "LineString": 2,
    "Polygon": 3,
    "MultiPoint": 4,
    "MultiLineString": 5,
    "MultiPolygon": 6,
    "GeometryCollection": 7,
}
_PARTS = {"MultiPoint": "Point", "MultiLineString": "LineString", "MultiPolygon": "Polygon"}
_DEPTH = 3
"""Collections in collections; deeper ones kill geometry libraries and mean nothing."""

CLOSED = "an outline that does not end where it began was closed"


class NoGeometry(ValueError):
    """The geometry cannot be read; the message says why, without coordinates."""


def wkb_of(geometry: Any, *, swap: bool = False) -> tuple[bytes | None, tuple[str, ...]]:
    """Encode a GeoJSON geometry as 2D WKB.

    Args:
        geometry: the JSON value; None stays None.
        swap: coordinates come as latitude, longitude.

    Returns:
        WKB (None for ``null``) and remarks on repairs.

    Raises:
        NoGeometry: not a geometry, or a coordinate that is no finite number.
    """
    if geometry is None:
        return None, ()
    notes: list[str] = []
    try:
        return _encode(geometry, swap, notes, 0), tuple(notes)
    except (LookupError, TypeError, OverflowError, struct.error):
        raise NoGeometry("its geometry is not GeoJSON") from None


def point(lon: float, lat: float) -> bytes:
    """WKB of a point."""
    return struct.pack("<BIdd", 1, 1, lon, lat)


def _encode(geometry: Any, swap: bool, notes: list[str], depth: int) -> bytes:
    kind = geometry["type"]
    if kind not in _TYPES:
        raise NoGeometry("its geometry is of no known type")
    head = struct.pack("<BI", 1, _TYPES[kind])
    if kind == "GeometryCollection":
        if depth >= _DEPTH:
            raise NoGeometry("its geometry is nested too deeply")
        parts = [_encode(part, swap, notes, depth + 1) for part in geometry["geometries"]]
        return head + struct.pack("<I", len(parts)) + b"".join(parts)
    coordinates = geometry["coordinates"]
    if not coordinates:
        raise NoGeometry("its geometry is empty")
    if kind in _PARTS:
        one = _PARTS[kind]
        start = struct.pack("<BI", 1, _TYPES[one])
        bodies = [start + _body(one, part, swap, notes) for part in coordinates]
        return head + struct.pack("<I", len(bodies)) + b"".join(bodies)
    return head + _body(kind, coordinates, swap, notes)


def _body(kind: str, coordinates: Any, swap: bool, notes: list[str]) -> bytes:
    if kind == "Point":
        return _numbers([coordinates], swap)
    if kind == "LineString":
        if len(coordinates) < 2:
            raise NoGeometry("its line has fewer than two points")
        return struct.pack("<I", len(coordinates)) + _numbers(coordinates, swap)
    rings = []
    for ring in coordinates:
        if ring[0][:2] != ring[-1][:2]:
            ring = [*ring, ring[0]]
            notes.append(CLOSED)
        if len(ring) < 4:
            raise NoGeometry("its outline has fewer than three corners")
        rings.append(struct.pack("<I", len(ring)) + _numbers(ring, swap))
    if not rings:
        raise NoGeometry("its geometry is empty")
    return struct.pack("<I", len(rings)) + b"".join(rings)


def _numbers(positions: Any, swap: bool) -> bytes:
    if swap:
        flat = [number for position in positions for number in (position[1], position[0])]
    else:
        flat = [number for position in positions for number in position[:2]]
    if len(flat) != 2 * len(positions) or not all(map(math.isfinite, flat)):
        raise NoGeometry("its coordinates are no finite numbers")
    return struct.pack(f"<{len(flat)}d", *flat)
