"""Geometries of GML 2, 3.1 and 3.2 (simple features) as GeoJSON."""

import math
from typing import Any

from ingest.connectors.wkb import NoGeometry
from ingest.connectors.xml_stream import Element, local

_MOST = 2_000_000
_LINES = ("LineString", "LinearRing", "LineStringSegment")
_MANY = {
    "MultiPoint": ("MultiPoint", ("pointMember", "pointMembers")),
    "MultiLineString": ("MultiLineString", ("lineStringMember",)),
    "MultiCurve": ("MultiLineString", ("curveMember", "curveMembers")),
    "MultiPolygon": ("MultiPolygon", ("polygonMember",)),
    "MultiSurface": ("MultiPolygon", ("surfaceMember", "surfaceMembers")),
    "CompositeCurve": ("MultiLineString", ("curveMember",)),
    "CompositeSurface": ("MultiPolygon", ("surfaceMember",)),
}
_SURFACES = ("Surface", "PolyhedralSurface", "Tin", "TriangulatedSurface")
NAMES = frozenset({"Point", "LineString", "Curve", "Polygon", "MultiGeometry", *_MANY, *_SURFACES})
"""Local names of elements that are geometries."""


def geojson_of(element: Element, *, swap: bool) -> dict[str, Any]:
    """Read one geometry; heights are left out.

    Args:
        element: One of `NAMES`.
        swap: The northing comes first.

    Raises:
        NoGeometry: arcs and other curves that are not straight, or no numbers.
    """
    name = local(element)
    if name == "Point":
        return {"type": "Point", "coordinates": _only(_positions(element, swap))}
    if name == "LineString":
        return {"type": "LineString", "coordinates": _positions(element, swap)}
    if name == "Curve":
        return {"type": "LineString", "coordinates": _curve(element, swap)}
    if name == "Polygon":
        return {"type": "Polygon", "coordinates": _rings(element, swap)}
    if name in _SURFACES:
        patches = [_rings(patch, swap) for group in element for patch in group if len(patch)]
        return _one_or_many("Polygon", patches)
    if name in _MANY:
        kind, members = _MANY[name]
        parts = [geojson_of(part, swap=swap) for m in element if local(m) in members for part in m]
        return _one_or_many(kind.removeprefix("Multi"), _flat(parts, kind))
    if name == "MultiGeometry":
        parts = [geojson_of(part, swap=swap) for member in element for part in member]
        return {"type": "GeometryCollection", "geometries": parts}
    raise NoGeometry("its geometry is of no known type")


def _flat(parts: list[dict[str, Any]], kind: str) -> list[Any]:
    """The coordinates of single parts; those of parts that are several themselves one by one."""
    found = []
    for part in parts:
        if part["type"] == kind:
            found += part["coordinates"]
        elif f"Multi{part['type']}" == kind:
            found.append(part["coordinates"])
        else:
            raise NoGeometry("its geometry mixes points, lines and areas")
    return found


def _one_or_many(kind: str, coordinates: list[Any]) -> dict[str, Any]:
    if len(coordinates) == 1:
        return {"type": kind, "coordinates": coordinates[0]}
    return {"type": f"Multi{kind}", "coordinates": coordinates}


def _rings(polygon: Element, swap: bool) -> list[list[list[float]]]:
    """The outline, then the holes."""
    outer, inner = [], []
    for boundary in polygon:
        name = local(boundary)
        for ring in boundary:
            line = _curve(ring, swap) if local(ring) == "Ring" else _positions(ring, swap)
            if name in ("exterior", "outerBoundaryIs"):
                outer.append(line)
            elif name in ("interior", "innerBoundaryIs"):
                inner.append(line)
    if len(outer) != 1:
        raise NoGeometry("its area has no outline")
    return outer + inner


def _curve(element: Element, swap: bool) -> list[list[float]]:
    """A line of straight pieces, one behind the other."""
    points: list[list[float]] = []
    for piece in element.iter():
        name = local(piece)
        if name in _LINES:
            line = _positions(piece, swap)
            points += line[1:] if points and line and points[-1] == line[0] else line
        elif name.startswith(("Arc", "Circle", "Bezier", "BSpline", "CubicSpline", "Geodesic", "Clothoid")):
            raise NoGeometry("its line is curved; ask the source for straight ones")
    return points


def _positions(element: Element, swap: bool) -> list[list[float]]:
    """``posList``, several ``pos``, or ``coordinates`` of GML 2, of a line or a point."""
    flat: list[float] = []
    size = int(element.get("srsDimension") or 0) if (element.get("srsDimension") or "0").isdecimal() else 0
    rows: list[list[float]] = []
    for child in element.iter():
        name, text = local(child), child.text or ""
        if name == "posList":
            stated = child.get("srsDimension") or child.get("dimension") or ""
            step = int(stated) if stated.isdecimal() and stated else size or 2
            if step not in (2, 3):
                raise NoGeometry("its coordinates have neither two nor three numbers")
            flat = _numbers(text.split(None, _MOST))
            rows += [flat[i : i + step] for i in range(0, len(flat), step)]
        elif name == "pos":
            rows.append(_numbers(text.split(None, 4)))
        elif name == "coordinates":
            between = child.get("cs") or ","
            rows += [_numbers(pair.split(between)) for pair in text.split(None, _MOST)]
        elif name == "coord":
            rows.append(_numbers([c.text or "" for c in child]))
    if not rows or any(len(row) < 2 for row in rows):
        raise NoGeometry("its geometry is empty")
    return [[row[1], row[0]] for row in rows] if swap else [row[:2] for row in rows]


def _numbers(words: list[str]) -> list[float]:
    try:
        numbers = [float(word) for word in words]
    except ValueError:
        raise NoGeometry("its coordinates are no numbers") from None
    if not all(map(math.isfinite, numbers)):
        raise NoGeometry("its coordinates are no finite numbers")
    return numbers


def _only(rows: list[list[float]]) -> list[float]:
    return rows[0]
