"""Geometries cut to a tile, simplified to what is seen and brought to its steps, valid."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.vector.grid import BUFFER, DEEPEST, EXTENT, Tile

_TOLERANCE = 2.0
"""Steps by which an outline may leave its way on all levels but the deepest: a quarter of a pixel."""
_CUT = (-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
_POLYGONAL = (3, 6)
_LINEAR = (1, 5)

Shapes = NDArray[Any]


def fitted(shapes: Shapes, tile: Tile) -> tuple[Shapes, NDArray[np.int64]]:
    """What of the shapes lies in a tile.

    Args:
        shapes: (n,) in OGC:CRS84, none empty; of mixed ones the highest dimension is drawn.
        tile: The tile; 64 steps around it belong to it.

    Returns:
        (n,) shapes in whole steps, None for what does not meet the tile: points and lines whose coordinates
        are the nearest steps, and valid polygons. What is smaller than a step gets one.
        (n,) their dimensions: 0, 1 or 2.
    """
    import shapely

    dimension = np.maximum(shapely.get_dimensions(shapes), 0)
    moved = shapely.transform(shapes, tile.steps)
    out = np.full(len(shapes), None, dtype=object)
    for kind, fit in ((0, _points), (1, _lines), (2, _areas)):
        rows = np.flatnonzero(dimension == kind)
        if len(rows):
            out[rows] = fit(_cut(moved[rows], kind), tile.z)
    return out, dimension


def _cut(shapes: Shapes, kind: int) -> Shapes:
    """The parts of one dimension within the buffered tile; None where there are none."""
    import shapely

    bounds = shapely.bounds(shapes)
    over = ((bounds[:, :2] < _CUT[:2]) | (bounds[:, 2:] > _CUT[2:])).any(axis=1)
    out = shapes.copy()
    if over.any():
        square = shapely.box(*_CUT)
        cut = shapes[over]
        if kind == 2:
            wrong = ~shapely.is_valid(cut)
            cut[wrong] = shapely.make_valid(cut[wrong])
        out[over] = shapely.intersection(cut, square)
    own = {0: (0, 4), 1: _LINEAR, 2: _POLYGONAL}[kind]
    other = np.flatnonzero(~np.isin(shapely.get_type_id(out), own))
    for row in other:  # collections: rare
        parts = shapely.get_parts(shapely.get_parts(out[row]))
        parts = parts[(shapely.get_dimensions(parts) == kind) & ~shapely.is_empty(parts)]
        out[row] = shapely.union_all(parts) if len(parts) else None
    out[shapely.is_empty(out)] = None
    return out


def _points(shapes: Shapes, z: int) -> Shapes:
    import shapely

    found: Shapes = shapely.transform(shapes, np.rint)
    return found


def _lines(shapes: Shapes, z: int) -> Shapes:
    """Lines in whole steps; one that has shrunk to a point becomes a step long."""
    import shapely

    there = ~shapely.is_missing(shapes)
    out = shapes.copy()
    thin = (
        shapely.simplify(shapes[there], _TOLERANCE, preserve_topology=False) if z < DEEPEST else shapes[there]
    )
    parts, whose = shapely.get_parts(shapely.transform(thin, np.rint), return_index=True)
    kept = shapely.length(parts) > 0
    lines, whose = parts[kept], whose[kept]
    found = np.full(len(thin), None, dtype=object)
    if len(lines):
        found[np.unique(whose)] = shapely.multilinestrings(lines, indices=_dense(whose))
    lost = np.flatnonzero(shapely.is_missing(found))
    if len(lost):
        corner = np.rint(shapely.bounds(shapes[there][lost])[:, :2])
        found[lost] = shapely.linestrings(np.stack((corner, corner + np.array([1.0, 0.0])), axis=1))
    out[there] = found
    return out


def _areas(shapes: Shapes, z: int) -> Shapes:
    """Valid polygons in whole steps; one that has shrunk to nothing becomes a step wide."""
    import shapely

    out = shapes.copy()
    rows = np.flatnonzero(~shapely.is_missing(shapes))
    if not len(rows):
        return out
    whole = shapes[rows]
    thin = shapely.simplify(whole, _TOLERANCE, preserve_topology=False) if z < DEEPEST else whole
    found = shapely.transform(thin, np.rint)
    bad = np.flatnonzero(shapely.is_empty(found) | ~shapely.is_valid(found))
    if len(bad):
        sound = whole[bad]
        wrong = ~shapely.is_valid(sound)
        sound[wrong] = shapely.make_valid(sound[wrong])
        found[bad] = _polygonal(shapely.set_precision(sound, 1.0))
    lost = np.flatnonzero(shapely.is_missing(found) | shapely.is_empty(found))
    if len(lost):
        corner = np.rint(shapely.bounds(whole[lost])[:, :2])
        found[lost] = shapely.box(corner[:, 0], corner[:, 1], corner[:, 0] + 1, corner[:, 1] + 1)
    out[rows] = found
    return out


def _polygonal(shapes: Shapes) -> Shapes:
    """Of mixed shapes their polygons; None where there are none."""
    import shapely

    out = shapes.copy()
    for row in np.flatnonzero(~np.isin(shapely.get_type_id(shapes), _POLYGONAL)):
        parts = shapely.get_parts(shapely.get_parts(shapes[row]))
        parts = parts[shapely.get_type_id(parts) == 3]
        out[row] = shapely.multipolygons(parts) if len(parts) else None
    return out


def _dense(whose: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.unique(whose, return_inverse=True)[1]
