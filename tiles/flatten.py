"""Flatten: polygons with holes and lines become triangles and segments in the plane."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from tiles.drape import Flat, Floats

Fill = tuple[int, Any]
"""Number of a feature and a polygon of it (shapely, city CRS)."""
Stroke = tuple[int, Floats]
"""Number of a feature and a line (n, 2) of it."""


def triangles(fills: Sequence[Fill], cell_m: float) -> Flat:
    """Triangulate polygons, large ones cut along a grid of `cell_m` first: needles would follow no relief."""
    import mapbox_earcut
    import shapely

    parts: list[tuple[int, Floats, Any]] = []
    for owner, polygon in fills:
        for piece in _cut(polygon, cell_m):
            rings = [piece.exterior, *piece.interiors]
            coordinates = [shapely.get_coordinates(ring)[:-1] for ring in rings]
            points = np.concatenate(coordinates)
            ends = np.cumsum([len(ring) for ring in coordinates]).astype(np.uint32)
            # Near zero, where the triangulation loses no digits.
            local = np.ascontiguousarray(points - points[0])
            corners = mapbox_earcut.triangulate_float64(local, ends).reshape(-1, 3).astype(np.int64)
            parts.append((owner, points, _upward(local, corners)))
    return _joined(parts, 3)


def segments(strokes: Iterable[Stroke]) -> Flat:
    """Lines as segments."""
    parts = []
    for owner, points in strokes:
        numbers = np.arange(len(points), dtype=np.int64)
        parts.append((owner, points, np.column_stack([numbers[:-1], numbers[1:]])))
    return _joined(parts, 2)


def _cut(polygon: Any, cell_m: float) -> list[Any]:
    """The polygon in pieces of at most two cells a side; halving again and again makes empty cells free."""
    import shapely

    west, south, east, north = polygon.bounds
    if max(east - west, north - south) <= 2 * cell_m:
        return [polygon]
    if east - west >= north - south:
        at = round((west + east) / 2 / cell_m) * cell_m
        boxes = (west - 1, south - 1, at, north + 1), (at, south - 1, east + 1, north + 1)
    else:
        at = round((south + north) / 2 / cell_m) * cell_m
        boxes = (west - 1, south - 1, east + 1, at), (west - 1, at, east + 1, north + 1)
    pieces = []
    for box in boxes:
        for part in shapely.get_parts(shapely.intersection(polygon, shapely.box(*box))):
            if part.geom_type == "Polygon" and part.area > 0:  # touching the line leaves points and lines
                pieces += _cut(part, cell_m)
    return pieces


def _upward(points: Floats, corners: Any) -> Any:
    """Counter-clockwise triangles; those without area are dropped."""
    a, b, c = (points[corners[:, i]] for i in range(3))
    doubled = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    turned = np.where((doubled < 0)[:, None], corners[:, ::-1], corners)
    return turned[np.abs(doubled) > 1e-9]


def _joined(parts: Sequence[tuple[int, Floats, Any]], width: int) -> Flat:
    if not parts:
        return Flat(np.zeros((0, 2)), np.zeros(0, np.int64), np.zeros((0, width), np.int64))
    starts = np.cumsum([0, *(len(points) for _, points, _ in parts)])
    return Flat(
        np.concatenate([points for _, points, _ in parts]),
        np.concatenate([np.full(len(points), owner, np.int64) for owner, points, _ in parts]),
        np.concatenate([corners + start for (_, _, corners), start in zip(parts, starts[:-1], strict=True)]),
    )
