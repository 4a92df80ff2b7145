"""Triangulate: polygons with holes become triangles in the plane of each polygon.

Most faces of buildings are seen whole from their first corner (rectangles, gables); those become fans,
all at once. The others go through earcut, one by one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiles.polygons import Floats, Ints, Polygons, offsets, spans

_SLIVER_M2 = 1e-8
"""Triangles below this are not drawn."""
_AREA_SHARE = 0.01
"""Triangles whose areas differ from the polygon's by more than this share (and 100 cm²) tell of crossings."""
_AREA_M2 = 0.01


@dataclass(frozen=True, slots=True)
class Triangles:
    """The triangles of many polygons."""

    corners: NDArray[np.uint32]
    """(t, 3) indices into the polygons' points, counter-clockwise seen from where the normal points."""
    offsets: Ints
    """(p + 1,) offsets of the polygons into `corners`."""
    crossing: int
    """Polygons whose rings cross themselves or each other; drawn as far as possible."""
    undrawn: int
    """Polygons for which no triangle was found."""


def triangulate(polygons: Polygons, vectors: Floats) -> Triangles:
    """Triangulate all polygons.

    Args:
        polygons: Cleaned.
        vectors: (p, 3) normals as long as the polygons' areas.
    """
    starts = polygons.point_offsets
    sizes = np.diff(starts)
    flat = _projected(polygons, vectors, sizes)
    doubled = _from_first(flat, starts, sizes)
    highest, lowest = np.maximum.reduceat(doubled, starts[:-1]), np.minimum.reduceat(doubled, starts[:-1])
    # A source's ring may run either way; it must only not turn back.
    whole = ((lowest >= -_SLIVER_M2) | (highest <= _SLIVER_M2)) & (sizes <= _LARGEST_FAN)
    if len(polygons.rings) > len(polygons.polygons):
        whole &= np.diff(polygons.polygons) == 1
    fans, rest = np.flatnonzero(whole), np.flatnonzero(~whole)
    cut, cut_counts = _cut(polygons, flat, rest)
    counts = sizes - 2
    counts[rest] = cut_counts
    ends = offsets(counts)
    corners = np.empty((ends[-1], 3), dtype=np.uint32)
    drawn = np.ones(len(corners), dtype=bool)
    middle = spans(starts[fans] + 1, counts[fans])
    places = spans(ends[fans], counts[fans]) if len(rest) else slice(None)
    backwards = np.repeat(highest[fans] <= _SLIVER_M2, counts[fans])
    corners[places, 0] = np.repeat(starts[fans], counts[fans])
    corners[places, 1] = middle + backwards
    corners[places, 2] = middle + ~backwards
    drawn[places] = np.abs(doubled[middle]) > _SLIVER_M2
    crossing = 0
    if len(rest):
        places = spans(ends[rest], cut_counts)
        twice = _doubled(flat, cut)
        corners[places] = np.where((twice < 0)[:, None], cut[:, ::-1], cut)
        drawn[places] = np.abs(twice) > _SLIVER_M2
        covered = np.bincount(np.repeat(np.arange(len(rest)), cut_counts), np.abs(twice), len(rest)) / 2
        # Seen along an axis, areas shrink by the normal's part along it.
        seen = np.abs(vectors[rest]).max(axis=1)
        area = np.linalg.norm(vectors[rest], axis=1)
        off = np.abs(covered / seen.clip(1e-12) - 1) * area
        crossing = int(((off > np.maximum(area * _AREA_SHARE, _AREA_M2)) & (covered > 0)).sum())
    if not drawn.all():
        counts = np.diff(offsets(drawn.astype(np.int64))[ends])
        corners = corners[drawn]
    return Triangles(corners, offsets(counts), crossing, int((counts == 0).sum()))


def _projected(polygons: Polygons, vectors: Floats, sizes: Ints) -> Floats:
    """(n, 2) points seen along the axis that is nearest to their polygon's normal, from where that points.

    What is inside what, and which way corners turn, is seen from there as in the plane itself.
    """
    axis = np.abs(vectors).argmax(axis=1).astype(np.uint8)
    from_below = vectors[np.arange(len(axis)), axis] < 0
    first = polygons.points[polygons.point_offsets[:-1]]
    x, y, z = (polygons.points[:, i] - np.repeat(first[:, i], sizes) for i in range(3))
    axis, from_below = np.repeat(axis, sizes), np.repeat(from_below, sizes)
    flat = np.empty((len(x), 2))
    flat[:, 0] = np.where(axis == 0, y, np.where(axis == 1, z, x))
    flat[:, 1] = np.where(axis == 0, z, np.where(axis == 1, x, y))
    np.negative(flat[:, 0], out=flat[:, 0], where=from_below)
    return flat


def _from_first(flat: Floats, starts: Ints, sizes: Ints) -> Floats:
    """(n,) twice the area between each point, the next one and its polygon's first, which is (0, 0)."""
    x, y = np.ascontiguousarray(flat[:, 0]), np.ascontiguousarray(flat[:, 1])
    doubled = np.zeros(len(flat))
    doubled[:-1] = x[:-1] * y[1:] - y[:-1] * x[1:]
    doubled[starts[1:] - 1] = 0
    return doubled


_LARGEST_FAN = 32
"""Larger polygons (round towers) would give needles all from one corner."""


def _cut(polygons: Polygons, flat: Floats, chosen: NDArray[np.intp]) -> tuple[Ints, Ints]:
    """Triangles of the chosen polygons by earcut, either way round, and how many each has."""
    import mapbox_earcut

    points, rings = polygons.point_offsets, polygons.polygons
    first = np.repeat(points[:-1], np.diff(rings))
    ends = (polygons.rings[1:] - first).astype(np.uint32)
    bounds = (points[chosen], points[chosen + 1], rings[chosen], rings[chosen + 1])
    found = [
        mapbox_earcut.triangulate_float64(flat[start:end], ends[ring:last])
        for start, end, ring, last in zip(*(bound.tolist() for bound in bounds), strict=True)
    ]
    counts = np.array([len(corners) // 3 for corners in found], dtype=np.int64)
    corners = np.concatenate([np.zeros(0, np.uint32), *found]).astype(np.int64).reshape(-1, 3)
    return corners + np.repeat(points[chosen], counts)[:, None], counts


def _doubled(flat: Floats, corners: Ints) -> Floats:
    a, b, c = flat[corners[:, 0]], flat[corners[:, 1]], flat[corners[:, 2]]
    return np.asarray((b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0]))
