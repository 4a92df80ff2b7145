"""An outline cut along the creases of its roof: pieces that share their points."""

import math
from collections.abc import Hashable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ingest.extrusion.creases import SALTBOX, Frame, Line, Relief

Points = NDArray[np.float64]
Key = Hashable

_GRID_M = 1e-3
_NEAR_M = 0.02
_SQUARE = 0.99
"""Part of its rectangle that a four-cornered outline fills to be taken for one."""
_EQUAL = 1e-3


@dataclass(frozen=True, slots=True)
class Cut:
    """Pieces of an outline."""

    ring: list[Key]
    """The outline's own corners, counter-clockwise."""
    plan: dict[Key, tuple[float, float]]
    """Every point's place."""
    loops: list[list[Key]]
    """The pieces, counter-clockwise."""


def cut(ring: Points, shape: str, frame: Frame, relief: Relief) -> Cut | None:
    """Cut an open ring along the creases of a roof; None if the pieces do not make up the outline."""
    if len(ring) == 4 and frame.fill > _SQUARE and (found := _rectangle(ring, shape, frame)) is not None:
        return found
    return _along(ring, relief)


def _rectangle(ring: Points, shape: str, frame: Frame) -> Cut | None:
    """The usual house and the usual roofs, of which the pieces are known: ten times as fast."""
    uv = frame.inside(ring)
    first = int(np.argmin(uv.sum(axis=1)))
    order = [(first + i) % 4 for i in range(4)]
    if (np.sign(uv[order]) != ((-1, -1), (1, -1), (1, 1), (-1, 1))).any():
        return None
    half = frame.length / frame.width
    inside: Line = []
    if shape == "skillion":
        loops = [[0, 1, 2, 3]]
    elif shape in ("gabled", "saltbox"):
        v = SALTBOX if shape == "saltbox" else 0.0
        inside = [_crossing(uv[order[1]], uv[order[2]], v), _crossing(uv[order[3]], uv[order[0]], v)]
        loops = [[0, 1, 4, 5], [4, 2, 3, 5]]
    elif shape == "hipped" and half > 1 + _EQUAL:
        inside = [(1 - half, 0.0), (half - 1, 0.0)]
        loops = [[0, 1, 5, 4], [1, 2, 5], [2, 3, 4, 5], [3, 0, 4]]
    elif shape == "hipped" and half < 1 - _EQUAL:
        inside = [(0.0, half - 1), (0.0, 1 - half)]
        loops = [[0, 1, 4], [1, 2, 5, 4], [2, 3, 5], [3, 0, 4, 5]]
    elif shape == "hipped":
        inside = [(0.0, 0.0)]
        loops = [[0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]]
    else:
        return None
    places = ring[order].tolist() + (frame.outside(inside).tolist() if inside else [])
    return Cut([0, 1, 2, 3], {i: (x, y) for i, (x, y) in enumerate(places)}, [list(loop) for loop in loops])


def _crossing(a: Points, b: Points, v: float) -> tuple[float, float]:
    """Where the line from `a` to `b` is `v` across the ridge."""
    part = (v - a[1]) / (b[1] - a[1])
    return float(a[0] + part * (b[0] - a[0])), v


def _along(ring: Points, relief: Relief) -> Cut | None:
    """Any outline: noded with the creases on a grid, so that pieces share their points exactly."""
    import shapely

    exact = {_key(point): (float(point[0]), float(point[1])) for point in ring}
    keys = list(exact)
    if len(exact) != len(ring):
        return None
    corners = np.array(keys) * _GRID_M
    outline = shapely.LinearRing(np.vstack([corners, corners[:1]]))
    lines = [outline, *(shapely.LineString(_through(crease, corners)) for crease in relief.creases)]
    noded = shapely.union_all(np.array(lines), grid_size=_GRID_M)
    area = shapely.Polygon(outline)
    shapely.prepare(area)
    pieces = [
        piece
        for piece in shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
        if len(piece.interiors) == 0 and area.contains(piece.point_on_surface())
    ]
    if not pieces or abs(sum(piece.area for piece in pieces) - area.area) > 1e-3 * area.length:
        return None
    loops = [
        [_key(point) for point in shapely.get_coordinates(shapely.orient_polygons(piece).exterior)[:-1]]
        for piece in pieces
    ]
    plan: dict[Key, tuple[float, float]] = {
        key: exact.get(key, (key[0] * _GRID_M, key[1] * _GRID_M)) for loop in loops for key in loop
    }
    return Cut(list(keys), plan, [list(loop) for loop in loops])


def _through(crease: Points, corners: Points) -> Points:
    """A crease led exactly through the corners that it all but meets: no slivers beside them."""
    pieces = [crease[:1]]
    for start, end in pairwise(crease):
        along = end - start
        part = (corners - start) @ along / (along @ along)
        off = np.abs((corners - start) @ np.array([-along[1], along[0]])) / math.hypot(*along)
        near = np.flatnonzero((off < _NEAR_M) & (part > 0) & (part < 1))
        pieces += [corners[near[np.argsort(part[near])]], end[None]]
    return np.concatenate(pieces)


def _key(point: Points) -> tuple[int, int]:
    return round(float(point[0]) / _GRID_M), round(float(point[1]) / _GRID_M)
