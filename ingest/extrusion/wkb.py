"""Polygons out of foreign WKB, WKT and GeoJSON, without handing the bytes to a geometry library.

GEOS follows collections in collections until its stack ends; here depth is bounded and every count is
checked against the bytes that are there.
"""

import re
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rings = list[NDArray[np.float64]]
"""Rings of one polygon, the outer one first: (k, 2) or (k, 3), closed or not."""
Polygons = list[Rings]

_COLLECTIONS = (6, 7, 12, 15, 16)
_WKT = re.compile(
    r"\s*(?:SRID=\d{1,9};)?\s*(MULTI)?POLYGON\s*(Z|M|ZM)?\s*(\([-+0-9.eE,\s()]*\))\s*", re.IGNORECASE
)
_DEPTH = 3
NO_AREA = "it is no area"
CUT = "it is cut off"


class NoArea(ValueError):
    """The geometry holds no readable polygon; the message says why, without coordinates."""


def from_wkb(data: bytes) -> Polygons:
    """Read ISO or extended WKB. Curves, lines and points raise `NoArea`."""
    polygons: Polygons = []
    try:
        _wkb(data, 0, polygons, 0)
    except (struct.error, ValueError, IndexError) as error:
        raise NoArea(str(error) if isinstance(error, NoArea) else CUT) from None
    if not polygons:
        raise NoArea(NO_AREA)
    return polygons


def _head(data: bytes, at: int) -> tuple[str, int, int, bool, int]:
    """Byte order, kind, numbers a point, whether there is a height, and where the rest begins."""
    order = "<" if data[at] == 1 else ">"
    code = struct.unpack_from(order + "I", data, at + 1)[0]
    at += 5
    kind, thousands = code & 0x0FFFFFFF, 0
    if code & 0x20000000:
        at += 4  # the SRID of extended WKB
    if kind >= 1000:
        thousands, kind = divmod(kind, 1000)
    has_z = bool(code & 0x80000000) or thousands in (1, 3)
    width = 2 + has_z + (bool(code & 0x40000000) or thousands in (2, 3))
    return order, kind, width, has_z, at


def _wkb(data: bytes, at: int, polygons: Polygons, depth: int) -> int:
    order, kind, width, has_z, at = _head(data, at)
    count = struct.unpack_from(order + "I", data, at)[0]
    at += 4
    if kind in _COLLECTIONS:
        if depth >= _DEPTH:
            raise NoArea("it is nested too deeply")
        for _ in range(min(count, len(data))):
            at = _wkb(data, at, polygons, depth + 1)
        return at
    if kind not in (3, 17):
        raise NoArea(NO_AREA)
    rings: Rings = []
    for _ in range(count):
        size = struct.unpack_from(order + "I", data, at)[0]
        numbers = np.frombuffer(data, order + "f8", size * width, at + 4)
        at += 4 + 8 * size * width
        rings.append(numbers.reshape(size, width)[:, : 2 + has_z])
    if rings:
        polygons.append(rings)
    return at


def plain(data: bytes) -> bytes:
    """The same bytes, if a geometry library may read them: whole, and not nested beyond what is honest.

    Raises:
        NoArea: it is cut off, empty, nested, or of a kind that is no simple feature.
    """
    try:
        end = _walk(data, 0, 0)
    except (struct.error, IndexError):
        raise NoArea(CUT) from None
    if end > len(data):
        raise NoArea(CUT)
    return data


def position(data: bytes) -> tuple[float, ...] | None:
    """The two or three finite numbers of a point that is `plain`; None for anything else."""
    order, kind, _, has_z, at = _head(data, 0)
    if kind != 1:
        return None
    found: tuple[float, ...] = struct.unpack_from(f"{order}{2 + has_z}d", data, at)
    return found if np.isfinite(found).all() else None


def flat(data: bytes) -> bytes:
    """`plain`, in little-endian order with two numbers a point, as `ingest.connectors.wkb` writes it.

    Raises:
        NoArea: as for `plain`; or it is empty.
    """
    import shapely

    shape = shapely.from_wkb(plain(data), on_invalid="ignore")
    if shape is None or shape.is_empty:
        raise NoArea("it is empty")
    return bytes(shapely.to_wkb(shapely.force_2d(shape), byte_order=1))


def _walk(data: bytes, at: int, depth: int) -> int:
    """Where the geometry at `at` ends."""
    order, kind, width, _, at = _head(data, at)
    if kind == 1:
        return at + 8 * width
    count: int = struct.unpack_from(order + "I", data, at)[0]
    at += 4
    if kind in (4, 5, 6, 7):
        if depth >= _DEPTH:
            raise NoArea("it is nested too deeply")
        for _ in range(count):
            at = _walk(data, at, depth + 1)
        return at
    if kind == 2:
        return at + 8 * width * count
    if kind != 3:
        raise NoArea("it is of a kind that is no simple feature")
    for _ in range(count):
        points: int = struct.unpack_from(order + "I", data, at)[0]
        at += 4 + 8 * width * points
    return at


def from_wkt(text: str) -> Polygons:
    """Read a POLYGON or MULTIPOLYGON; `NoArea` for anything else."""
    match = _WKT.fullmatch(text)
    if match is None:
        raise NoArea(NO_AREA)
    has_z = (match[2] or "").upper() in ("Z", "ZM")
    polygons: Polygons = []
    body = match[3].strip()
    for polygon in re.split(r"\)\s*\)\s*,\s*\(\s*\(", body) if match[1] else [body]:
        rings = []
        for ring in re.split(r"\)\s*,\s*\(", polygon):
            try:
                points = [[float(n) for n in point.split()] for point in ring.strip(" ()\t\r\n").split(",")]
                array = np.array(points, dtype=np.float64)
            except ValueError:
                raise NoArea("its numbers cannot be read") from None
            if array.ndim != 2 or array.shape[1] < 2:
                raise NoArea("its numbers cannot be read")
            rings.append(array[:, : 3 if has_z or (array.shape[1] == 3 and not match[2]) else 2])
        polygons.append(rings)
    return polygons


def from_geojson(geometry: Any) -> Polygons:
    """Read a Polygon, a MultiPolygon, or a collection of such."""
    polygons: Polygons = []
    try:
        _geojson(geometry, polygons, 0)
    except NoArea:
        raise
    except (LookupError, TypeError, ValueError, OverflowError):
        raise NoArea("it is not GeoJSON") from None
    return polygons


def _geojson(geometry: Any, polygons: Polygons, depth: int) -> None:
    kind = geometry["type"]
    if kind == "GeometryCollection" and depth < _DEPTH:
        for part in geometry["geometries"]:
            _geojson(part, polygons, depth + 1)
        return
    if kind not in ("Polygon", "MultiPolygon"):
        raise NoArea(NO_AREA)
    coordinates = geometry["coordinates"]
    for polygon in [coordinates] if kind == "Polygon" else coordinates:
        rings = []
        for ring in polygon:
            try:
                array = np.array(ring, dtype=np.float64)
            except ValueError:  # heights on some points only
                array = np.array([point[:2] for point in ring], dtype=np.float64)
            if array.ndim != 2 or array.shape[1] < 2:
                raise NoArea("it is not GeoJSON")
            rings.append(array[:, :3])
        if rings:
            polygons.append(rings)
    if not polygons:
        raise NoArea("it is empty")
