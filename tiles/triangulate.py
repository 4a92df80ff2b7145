"""Triangulate: polygons with holes become triangles in the plane of each polygon.

Most faces of buildings are seen whole from their first corner (rectangles, gables) or from the one where they
are bent inwards (an L); those become fans, all at once. The others go through earcut, one by one.
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
_LARGEST_FAN = 32
"""Larger polygons (round towers) would give needles all from one corner."""


@dataclass(frozen=True, slots=True)
class Triangles:
    """The triangles of many polygons."""

    corners: NDArray[np.uint32]
    """(t, 3) indices into the polygons' points, counter-clockwise seen from where the normal points."""
    offsets: Ints
    """(p + 1,) offsets of the polygons into `corners`."""
    crossing: NDArray[np.intp]
    """Polygons whose rings cross themselves or each other; drawn as far as possible."""
    undrawn: NDArray[np.intp]
    """Polygons for which no triangle was found."""
    squares: NDArray[np.intp]
    """Polygons of four corners, convex in each, drawn as two triangles from the first one."""


def triangulate(polygons: Polygons, vectors: Floats) -> Triangles:
    """Triangulate all polygons.

    Args:
        polygons: Cleaned.
        vectors: (p, 3) normals as long as the polygons' areas.
    """
    starts = polygons.point_offsets
    sizes = np.diff(starts)
    x, y = _projected(polygons, vectors, sizes)
    doubled = _from_first(x, y, starts)
    highest, lowest = np.maximum.reduceat(doubled, starts[:-1]), np.minimum.reduceat(doubled, starts[:-1])
    # A source's ring may run either way; it must only not turn back.
    whole = ((lowest >= -_SLIVER_M2) | (highest <= _SLIVER_M2)) & (sizes <= _LARGEST_FAN)
    if len(polygons.rings) > len(polygons.polygons):
        whole &= np.diff(polygons.polygons) == 1
    rest = np.flatnonzero(~whole)
    fans = np.flatnonzero(whole) if len(rest) else slice(None)
    cut, cut_counts = _cut(polygons, x, y, rest)
    counts = sizes - 2
    counts[rest] = cut_counts
    ends = offsets(counts)
    corners = np.empty((ends[-1], 3), dtype=np.uint32)
    drawn = np.ones(len(corners), dtype=bool)
    middle = spans(starts[:-1][fans] + 1, counts[fans])
    places = spans(ends[:-1][fans], counts[fans]) if len(rest) else slice(None)
    backwards = np.repeat(highest[fans] <= _SLIVER_M2, counts[fans])
    corners[places, 0] = np.repeat(starts[:-1][fans], counts[fans])
    corners[places, 1] = middle + backwards
    corners[places, 2] = middle + ~backwards
    drawn[places] = np.abs(doubled[middle]) > _SLIVER_M2
    crossing = rest
    if len(rest):
        places = spans(ends[rest], cut_counts)
        twice = _doubled(x, y, cut)
        corners[places] = np.where((twice < 0)[:, None], cut[:, ::-1], cut)
        drawn[places] = np.abs(twice) > _SLIVER_M2
        covered = np.bincount(np.repeat(np.arange(len(rest)), cut_counts), np.abs(twice), len(rest)) / 2
        # Seen along an axis, areas shrink by the normal's part along it.
        seen = np.abs(vectors[rest]).max(axis=1)
        area = np.linalg.norm(vectors[rest], axis=1)
        off = np.abs(covered / seen.clip(1e-12) - 1) * area
        crossing = rest[(off > np.maximum(area * _AREA_SHARE, _AREA_M2)) & (covered > 0)]
    if not drawn.all():
        counts = np.diff(offsets(drawn)[ends])
        corners = corners[drawn]
    squares = np.flatnonzero(whole & (sizes == 4))
    squares = squares[_convex(x, y, doubled, starts[squares])]
    return Triangles(corners, offsets(counts), crossing, np.flatnonzero(counts == 0), squares)


def _projected(polygons: Polygons, vectors: Floats, sizes: Ints) -> tuple[Floats, Floats]:
    """Points seen along the axis nearest to their polygon's normal, from where that points: (n,) each.

    What is inside what, and which way corners turn, is seen from there as in the plane itself. Each
    polygon's first point is (0, 0).
    """
    axis = np.abs(vectors).argmax(axis=1)
    sign = np.where(vectors[np.arange(len(axis)), axis] < 0, -1.0, 1.0)
    found = []
    flat = np.ascontiguousarray(polygons.points).ravel()
    place = 3 * np.arange(len(polygons.points))
    first = 3 * polygons.point_offsets[:-1]
    for step in (1, 2):
        column = (axis + step) % 3
        values = flat.take(place + np.repeat(column, sizes))
        values -= np.repeat(flat.take(first + column), sizes)
        found.append(values)
    found[0] *= np.repeat(sign, sizes)
    return found[0], found[1]


def _from_first(x: Floats, y: Floats, starts: Ints) -> Floats:
    """(n,) twice the area between each point, the next one and its polygon's first, which is (0, 0)."""
    doubled = np.zeros(len(x))
    np.multiply(x[:-1], y[1:], out=doubled[:-1])
    doubled[:-1] -= y[:-1] * x[1:]
    doubled[starts[1:] - 1] = 0
    return doubled


def _convex(x: Floats, y: Floats, doubled: Floats, first: Ints) -> NDArray[np.bool_]:
    """Whether polygons of four corners, from `first` on, are convex in each."""
    one, two = doubled[first + 1], doubled[first + 2]
    other = x[first + 1] * y[first + 3] - y[first + 1] * x[first + 3]
    least = np.abs(np.stack((one, two, other, one + two - other))).min(axis=0)
    turn = np.sign(one)
    inside = (other * turn > 0) & ((one + two - other) * turn > 0)
    return np.asarray(inside & (least > _SLIVER_M2) & (np.sign(two) == turn))


def _cut(polygons: Polygons, x: Floats, y: Floats, chosen: NDArray[np.intp]) -> tuple[Ints, Ints]:
    """Triangles of the chosen polygons, either way round, and how many each has."""
    if not len(chosen):
        return np.zeros((0, 3), np.int64), np.zeros(0, np.int64)
    counts = np.zeros(len(chosen), np.int64)
    bent, cut, apart = _bent(polygons, x, y, chosen)
    counts[bent] = apart
    rest = np.ones(len(chosen), dtype=bool)
    rest[bent] = False
    others = np.flatnonzero(rest)
    if not len(others):
        return cut, counts
    more, counts[others] = _by_earcut(polygons, x, y, chosen[others])
    ends = offsets(counts)
    found = np.empty((ends[-1], 3), np.int64)
    found[spans(ends[bent], counts[bent])] = cut
    found[spans(ends[others], counts[others])] = more
    return found, counts


def _bent(
    polygons: Polygons, x: Floats, y: Floats, chosen: NDArray[np.intp]
) -> tuple[NDArray[np.intp], Ints, Ints]:
    """Fans from the corner bent inwards most, if all is seen from there: places, triangles, counts."""
    starts = polygons.point_offsets
    sizes = starts[chosen + 1] - starts[chosen]
    alone = np.flatnonzero((np.diff(polygons.polygons)[chosen] == 1) & (sizes <= _LARGEST_FAN))
    first, sizes = starts[chosen[alone]], sizes[alone]
    bounds = offsets(sizes)
    if not len(alone):
        return alone, np.zeros((0, 3), np.int64), sizes
    place = spans(first, sizes)
    own_x, own_y = x[place], y[place]
    number = np.arange(len(place)) - np.repeat(bounds[:-1], sizes)
    after = np.arange(1, len(place) + 1)
    after[bounds[1:] - 1] = bounds[:-1]
    before = np.arange(-1, len(place) - 1)
    before[bounds[:-1]] = bounds[1:] - 1
    east, north = own_x[after] - own_x, own_y[after] - own_y
    turn = east[before] * north - north[before] * east
    area = np.add.reduceat(own_x * own_y[after] - own_y * own_x[after], bounds[:-1])
    turn *= np.repeat(np.sign(area), sizes)
    least = np.minimum.reduceat(turn, bounds[:-1])
    apex = np.minimum.reduceat(np.where(turn == np.repeat(least, sizes), number, len(number)), bounds[:-1])
    # From there on, round about.
    turned = np.repeat(bounds[:-1], sizes) + (number + np.repeat(apex, sizes)) % np.repeat(sizes, sizes)
    fan_x, fan_y = own_x[turned], own_y[turned]
    fan_x -= np.repeat(fan_x[bounds[:-1]], sizes)
    fan_y -= np.repeat(fan_y[bounds[:-1]], sizes)
    doubled = _from_first(fan_x, fan_y, bounds) * np.repeat(np.sign(area), sizes)
    seen = np.flatnonzero((np.minimum.reduceat(doubled, bounds[:-1]) >= -_SLIVER_M2) & (area != 0))
    middle = spans(bounds[seen] + 1, sizes[seen] - 2)
    points = place[turned]
    corners = np.column_stack(
        (np.repeat(points[bounds[seen]], sizes[seen] - 2), points[middle], points[middle + 1])
    )
    return alone[seen], corners, sizes[seen] - 2


def _by_earcut(polygons: Polygons, x: Floats, y: Floats, chosen: NDArray[np.intp]) -> tuple[Ints, Ints]:
    import mapbox_earcut

    points, rings = polygons.point_offsets, polygons.polygons
    flat = np.column_stack((x, y))
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


def _doubled(x: Floats, y: Floats, corners: Ints) -> Floats:
    ax, bx, cx = (x[corners[:, i]] for i in range(3))
    ay, by, cy = (y[corners[:, i]] for i in range(3))
    return np.asarray((bx - ax) * (cy - ay) - (by - ay) * (cx - ax))
