"""Footprints: outlines of many buildings in flat arrays, and the simpler ones drawn far away.

Footprints of a city are mostly small: working on all at once costs a tenth of asking for each.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.polygons import Floats, Ints, Mask, offsets, shifted, spans

SIMPLIFY_M = 0.3
"""Corners that stand out less than this from the line between their neighbours are left away."""
_DIRECTIONS = 12
"""The longest edges of a footprint, along which its rectangle may lie."""
_LOOK = 8
"""Places along each side of a rectangle at which one looks what it covers."""
_PAIRS = 1 << 16
"""So many pairs of place and edge are looked at at once: memory does not grow with the tile."""


@dataclass(frozen=True, slots=True)
class Outlines:
    """Polygons in the plane, sorted by building; outer rings counter-clockwise, holes clockwise."""

    corners: Floats
    """(n, 2) metres; rings are open."""
    rings: Ints
    """(r + 1,) offsets into `corners`."""
    parts: Ints
    """(p + 1,) offsets into `rings`; a part's first ring is the outer one."""
    owners: Ints
    """(p,) number of the building, ascending."""

    @property
    def corner_owners(self) -> Ints:
        """(n,) building of each corner."""
        return np.repeat(self.owners, np.diff(self.rings[self.parts]))

    def bounds(self, buildings: int) -> Ints:
        """(b + 1,) offsets of the buildings into `corners`."""
        return self.rings[self.parts][np.searchsorted(self.owners, np.arange(buildings + 1))]

    def some(self, keep: Mask) -> "Outlines":
        """Only the buildings that `keep` (b,) says."""
        if keep.all():
            return self
        parts = np.flatnonzero(keep[self.owners])
        counts = np.diff(self.parts)[parts]
        rings = spans(self.parts[:-1][parts], counts)
        sizes = np.diff(self.rings)[rings]
        places = spans(self.rings[:-1][rings], sizes)
        return Outlines(
            self.corners.take(places, axis=0), offsets(sizes), offsets(counts), self.owners[parts]
        )


def laid_out(areas: NDArray[Any]) -> Outlines:
    """Polygons and multipolygons (b,) of shapely as arrays; None and whatever is no area has no part."""
    import shapely

    there = np.flatnonzero(np.isin(shapely.get_type_id(areas), (3, 6)))  # Polygon, MultiPolygon
    polygons, owners = shapely.get_parts(shapely.orient_polygons(areas[there]), return_index=True)
    filled = ~shapely.is_empty(polygons)
    polygons, owners = polygons[filled], owners[filled]
    rings, part = shapely.get_rings(polygons, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    sizes = np.bincount(ring, minlength=len(rings))
    opened = np.ones(len(corners), dtype=bool)
    opened[np.cumsum(sizes) - 1] = False
    return Outlines(
        corners=corners[opened],
        rings=offsets(sizes - 1),
        parts=offsets(np.bincount(part, minlength=len(polygons))),
        owners=there[owners],
    )


def rectangles(outlines: Outlines, buildings: int) -> tuple[Outlines, Floats]:
    """The smallest rectangle along an edge around each building, and how far its outline is from it.

    Returns:
        One rectangle per building that has an outline, and (b,) how far in metres the two are apart: the
        Hausdorff distance over the corners of both, and what a rectangle covers of courtyards and bays;
        infinite for the others.
    """
    bounds = outlines.bounds(buildings)
    sizes = np.diff(bounds)
    there = np.flatnonzero(sizes)
    distances = np.full(buildings, np.inf)
    if not len(there):
        return outlines, distances
    first, sizes = bounds[there], sizes[there]
    corners = outlines.corners - np.repeat(outlines.corners[first], sizes, axis=0)  # near zero: keeps digits
    x, y = np.ascontiguousarray(corners[:, 0]), np.ascontiguousarray(corners[:, 1])
    east, north = shifted(x, outlines.rings) - x, shifted(y, outlines.rings) - y
    length = np.hypot(east, north)
    place = np.repeat(np.arange(len(there)), sizes)
    order = np.lexsort((-length, place))
    rank = np.arange(len(order)) - np.repeat(first, sizes)
    edges = order[(rank < _DIRECTIONS) & ((length[order] > 0) | (rank == 0))]
    cosine, sine = east[edges] / length[edges].clip(1e-9), north[edges] / length[edges].clip(1e-9)
    counts = sizes[place[edges]]
    points = spans(first[place[edges]], counts)
    c, s = np.repeat(cosine, counts), np.repeat(sine, counts)
    along, across = x[points] * c + y[points] * s, y[points] * c - x[points] * s
    starts = offsets(counts)[:-1]
    box = np.stack([f.reduceat(v, starts) for v in (along, across) for f in (np.minimum, np.maximum)])
    size = (box[1] - box[0]) * (box[3] - box[2])
    by_size = np.lexsort((size, place[edges]))
    best = by_size[np.flatnonzero(np.r_[True, np.diff(place[edges][by_size]) > 0])]
    west, east_, south, north_ = box[:, best]
    c, s = cosine[best][:, None], sine[best][:, None]
    u, v = np.stack([west, east_, east_, west], axis=1), np.stack([south, south, north_, north_], axis=1)
    local = np.stack([u * c - v * s, u * s + v * c], axis=2)
    distances[there] = np.maximum(
        _inside(x, y, place, box[:, best], cosine[best], sine[best], first),
        _corner_distances(local, corners, outlines.rings, first, sizes),
    )
    _covered(distances, there, size[best], local, corners, outlines.rings, first, sizes)
    made = Outlines(
        corners=(local + outlines.corners[first][:, None]).reshape(-1, 2),
        rings=np.arange(len(there) + 1) * 4,
        parts=np.arange(len(there) + 1),
        owners=there,
    )
    return made, distances


def simplified(outlines: Outlines, buildings: int) -> tuple[Outlines, Floats]:
    """Outlines without corners that hardly stand out, and how far the true ones are from them.

    The corner that stands out least among its neighbours goes first, again and again.

    Returns:
        The outlines, and (b,) discrete Hausdorff distances in metres; infinite without an outline.
    """
    kept = np.arange(len(outlines.corners))
    rings = outlines.rings
    while True:
        x, y = outlines.corners[kept, 0], outlines.corners[kept, 1]
        nx, ny = shifted(x, rings), shifted(y, rings)
        before = np.empty(len(kept), dtype=np.int64)
        before[1:] = np.arange(len(kept) - 1)
        before[rings[:-1]] = rings[1:] - 1
        out = _from_segments(x, y, x[before], y[before], nx, ny)
        least = (out < out[before]) & (out <= shifted(out, rings)) & (out < SIMPLIFY_M)
        least &= np.repeat(np.diff(rings) > 4, np.diff(rings))
        if not least.any():
            break
        rings = offsets((~least).astype(np.int64))[rings]
        kept = kept[~least]
    simpler = Outlines(outlines.corners.take(kept, axis=0), rings, outlines.parts, outlines.owners)
    distances = np.full(buildings, np.inf)
    distances[outlines.owners] = 0.0
    gone = np.ones(len(outlines.corners), dtype=bool)
    gone[kept] = False
    lost = np.flatnonzero(gone)
    if len(lost):
        ring = np.searchsorted(outlines.rings, lost, side="right") - 1
        away = _to_rings(outlines.corners[lost], ring, simpler.corners, rings)
        np.maximum.at(distances, outlines.corner_owners[lost], away)
    return simpler, distances


def _inside(
    x: Floats, y: Floats, place: Ints, box: Floats, cosine: Floats, sine: Floats, first: Ints
) -> Floats:
    """How deep the deepest corner of each building lies inside its rectangle."""
    c, s = cosine[place], sine[place]
    along, across = x * c + y * s, y * c - x * s
    west, east, south, north = box[:, place]
    depth = np.minimum(np.minimum(along - west, east - along), np.minimum(across - south, north - across))
    return np.asarray(np.maximum.reduceat(depth, first))


def _corner_distances(local: Floats, corners: Floats, rings: Ints, first: Ints, sizes: Ints) -> Floats:
    """How far the farthest of a rectangle's four corners is from the building's outline."""
    ends = np.column_stack([shifted(np.ascontiguousarray(corners[:, axis]), rings) for axis in (0, 1)])
    edges = spans(np.repeat(first, 4), np.repeat(sizes, 4))
    x, y = np.repeat(local.reshape(-1, 2), np.repeat(sizes, 4), axis=0).T
    away = _from_segments(x, y, *corners.take(edges, axis=0).T, *ends.take(edges, axis=0).T)
    nearest = np.minimum.reduceat(away, offsets(np.repeat(sizes, 4))[:-1])
    return np.asarray(nearest.reshape(-1, 4).max(axis=1))


def _covered(
    distances: Floats,
    there: Ints,
    size: Floats,
    local: Floats,
    corners: Floats,
    rings: Ints,
    first: Ints,
    sizes: Ints,
) -> None:
    """Raise `distances` where a rectangle covers places in a courtyard or a bay that are farther off.

    Beside a convex outline no place is farther off than the rectangle's corners. A place in the middle of an
    edge or farther in has half a disc around it that is not built on: where so large a one does not fit into
    the area between outline and rectangle, nobody looks.
    """  # fmt: skip
    ends = np.column_stack([shifted(np.ascontiguousarray(corners[:, axis]), rings) for axis in (0, 1)])
    twice = corners[:, 0] * ends[:, 1] - corners[:, 1] * ends[:, 0]
    free = size - np.add.reduceat(twice, first) / 2
    most = np.sqrt(2 * free.clip(0) / np.pi)
    asked = np.flatnonzero((most > distances[there] + SIMPLIFY_M) & ~_convex(corners, ends, rings, first))
    asked = asked[np.argsort(sizes[asked], kind="stable")]  # as many edges as another: looked at together
    work = offsets(sizes[asked])[:-1] * _LOOK**2 // _PAIRS
    apart = (np.diff(work) > 0) | (np.diff(sizes[asked]) > 0)
    for some in np.split(asked, np.flatnonzero(apart) + 1):
        if len(some):
            edges = first[some, None] + np.arange(sizes[some[0]])
            seen = _farthest_free(local[some], corners[edges], ends[edges])
            distances[there[some]] = np.maximum(distances[there[some]], np.minimum(seen, most[some]))


def _convex(corners: Floats, ends: Floats, rings: Ints, first: Ints) -> Mask:
    """(b,) whether an outline is a single ring without a corner that is bent inwards."""
    ways = ends - corners
    after = np.column_stack([shifted(np.ascontiguousarray(ways[:, axis]), rings) for axis in (0, 1)])
    turn = ways[:, 0] * after[:, 1] - ways[:, 1] * after[:, 0]
    alone = np.diff(np.searchsorted(rings, [*first.tolist(), len(corners)])) == 1
    return np.asarray(alone & (np.minimum.reduceat(turn, first) >= 0))


def _farthest_free(local: Floats, corners: Floats, ends: Floats) -> Floats:
    """(b,) how far from the outline the rectangle's farthest place is that is not built on.

    Args:
        local: (b, 4, 2) the rectangles' corners.
        corners: (b, k, 2) where the outlines' edges begin.
        ends: (b, k, 2) and where they end.
    """
    sides = local[:, [1, 3]] - local[:, [0]]
    long = np.linalg.norm(sides, axis=2)
    into = (sides / long.clip(1e-9)[..., None]).transpose(0, 2, 1)
    # Along the rectangle's own sides places stand in columns and rows; short numbers are exact enough.
    places = (np.arange(_LOOK) + 0.5) / _LOOK * long[..., None]
    way = (places[:, None] - ((corners - local[:, [0]]) @ into)[..., None]).astype(np.float32)
    edge = ((ends - corners) @ into).astype(np.float32)
    u, v = way[:, :, 0, :, None], way[:, :, 1, None, :]
    squared = np.square(edge).sum(axis=2).clip(1e-18)
    (a, b), (c, d) = (each.transpose(2, 0, 1)[..., None, None] for each in (edge, edge / squared[..., None]))
    share = u * c + v * d
    np.clip(share, 0.0, 1.0, out=share)
    away, other = share * a, share * b
    for part, axis in ((away, u), (other, v)):
        np.subtract(axis, part, out=part)
        np.multiply(part, part, out=part)
    away += other
    nearest = away.min(axis=1)
    # The way on along the rows crosses the outline an odd number of times from within.
    over = (v < 0) != (v < b)
    crossed = u < np.where(over, v * (a / np.where(b == 0, 1.0, b)), -np.inf)
    nearest[np.logical_xor.reduce(crossed, axis=1)] = 0.0  # built on
    between = long.max(axis=1) / _LOOK * np.sqrt(0.5)
    return np.asarray(np.sqrt(nearest.reshape(len(local), -1).max(axis=1)) + between)


def _to_rings(points: Floats, which: Ints, corners: Floats, rings: Ints) -> Floats:
    """(k,) distance of points from the ring that each belongs to."""
    ends = np.column_stack([shifted(np.ascontiguousarray(corners[:, axis]), rings) for axis in (0, 1)])
    counts = np.diff(rings)[which]
    edges = spans(rings[:-1][which], counts)
    x, y = np.repeat(points, counts, axis=0).T
    away = _from_segments(x, y, *corners.take(edges, axis=0).T, *ends.take(edges, axis=0).T)
    return np.asarray(np.minimum.reduceat(away, offsets(counts)[:-1]))


def _from_segments(x: Floats, y: Floats, ax: Floats, ay: Floats, bx: Floats, by: Floats) -> Floats:
    """Distances of points from segments."""
    east, north = bx - ax, by - ay
    share = ((x - ax) * east + (y - ay) * north) / (east * east + north * north).clip(1e-18)
    share = share.clip(0, 1)
    return np.asarray(np.sqrt((x - ax - share * east) ** 2 + (y - ay - share * north) ** 2))
