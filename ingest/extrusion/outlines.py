"""Footprints of many buildings in flat arrays, cleaned at once: a few calls a batch, not one a building."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.extrusion.wkb import Polygons

Points = NDArray[np.float64]
Offsets = NDArray[np.int64]

OPEN = "an outline that does not end where it began was closed"
CROSSING = "a self-crossing outline was repaired"
LOST_HOLE = "a hole without area was left out"
SLOPING = "an outline that is not level stands at its lowest corner"
NOT_FINITE = "its coordinates are not finite numbers"
FAR_OUT = "its coordinates lie outside its CRS"
TOO_LARGE = "its outline is larger than any building"
NO_EXTENT = "its outline encloses no area"
_SAME_M = 1e-3
"""Points closer than this are one."""
_GRID_M = 0.004
_LEAST_M2 = 1e-4
_FARTHEST_M = 1e8
_LARGEST_M = 50_000.0
_LEVEL_M = 0.5


@dataclass(frozen=True, slots=True)
class Outlines:
    """Areas of n buildings, in metres. Rings are open; outer rings run counter-clockwise, holes clockwise.

    Building ``b`` has the polygons ``buildings[b]:buildings[b + 1]``, polygon ``p`` the rings
    ``polygons[p]:polygons[p + 1]``, ring ``r`` the points ``rings[r]:rings[r + 1]``.
    """

    xy: Points
    rings: Offsets
    polygons: Offsets
    buildings: Offsets
    ground: Points
    """(n,) height of the outline itself; NaN where it is flat paper."""
    faults: list[str | None]
    """Why a building has no area; it then has no polygon either."""
    notes: list[tuple[str, ...]]


def outlines(
    areas: Sequence[Polygons | None],
    to_metres: Callable[[Points], Points] | None = None,
    *,
    repair: bool = True,
) -> Outlines:
    """Clean the areas of a batch.

    Args:
        areas: of each building its polygons, or None where there are none.
        to_metres: (n, 2) → (n, 2), called once for all points; may give NaN.
        repair: make self-crossing outlines valid.
    """
    count = len(areas)
    faults: list[str | None] = [None] * count
    notes: list[tuple[str, ...]] = [()] * count
    usable = [area or [] for area in areas]
    per_building = np.array([len(area) for area in usable], dtype=np.int64)
    per_polygon = np.array([len(rings) for area in usable for rings in area], dtype=np.int64)
    rings = [ring for area in usable for polygon in area for ring in polygon]
    per_ring = np.array([len(ring) for ring in rings], dtype=np.int64)
    xy = np.concatenate([ring[:, :2] for ring in rings]).astype(np.float64) if rings else np.empty((0, 2))
    of_polygon = np.repeat(np.arange(count), per_building)
    of_ring = np.repeat(of_polygon, per_polygon)
    of_point = np.repeat(of_ring, per_ring)
    ground = _ground(rings, of_ring, count, notes)

    bad = np.zeros(count, dtype=bool)
    broken = np.unique(of_point[~np.isfinite(xy).all(axis=1)])
    bad[broken] = True
    for b in broken:
        faults[b] = NOT_FINITE
    if to_metres is not None and len(xy):
        xy = to_metres(np.where(bad[of_point][:, None], 0.0, xy))
    far = ~(np.abs(xy) < _FARTHEST_M).all(axis=1) & ~bad[of_point]  # NaN is far, too
    for b in np.unique(of_point[far]):
        bad[b] = True
        faults[b] = FAR_OUT
    xy = np.where(bad[of_point][:, None], 0.0, xy)

    starts = np.cumsum(per_ring) - per_ring
    full = per_ring > 0
    if full.any():
        first, last = starts[full], starts[full] + per_ring[full] - 1
        opened = np.abs(xy[first] - xy[last]).max(axis=1) > _SAME_M
        for b in np.unique(of_ring[full][opened]):
            notes[b] += (OPEN,)
        spans = np.maximum.reduceat(xy, first) - np.minimum.reduceat(xy, first)
        for b in np.unique(of_ring[full][(spans > _LARGEST_M).any(axis=1)]):
            bad[b] = True
            faults[b] = faults[b] or TOO_LARGE
        following = np.arange(1, len(xy) + 1)
        following[last] = first
        keep = np.abs(xy - xy[following]).max(axis=1) > _SAME_M
        per_ring = np.bincount(np.repeat(np.arange(len(rings)), per_ring)[keep], minlength=len(rings))
        xy = xy[keep]
    areas2, extents2 = _areas(xy, per_ring)
    sound = (per_ring >= 3) & (extents2 > 2 * _LEAST_M2)
    outer = np.zeros(len(rings), dtype=bool)
    outer[(np.cumsum(per_polygon) - per_polygon)[per_polygon > 0]] = True
    of = np.repeat(np.arange(len(per_polygon)), per_polygon)
    whole = np.zeros(len(per_polygon), dtype=bool)
    whole[of[outer & sound]] = True
    for b in np.unique(of_ring[~outer & ~sound & whole[of]]):
        notes[b] += (LOST_HOLE,)
    kept = sound & whole[of] & ~bad[of_ring]
    xy = xy[np.repeat(kept, per_ring)]
    turn = (areas2 > 0) != outer
    sizes = per_ring[kept]
    xy = xy[_turned(sizes, turn[kept])]
    per_polygon = np.bincount(of[kept], minlength=len(per_polygon))
    whole = per_polygon > 0
    per_building = np.bincount(of_polygon[whole], minlength=count)
    found = Outlines(
        xy, _offsets(sizes), _offsets(per_polygon[whole]), _offsets(per_building), ground, faults, notes
    )
    if repair:
        found = _repaired(found)
    for b in np.flatnonzero(np.diff(found.buildings) == 0):
        if faults[b] is None and areas[b] is not None:
            faults[b] = NO_EXTENT
    return found


def _ground(rings: list[Points], of_ring: Offsets, count: int, notes: list[tuple[str, ...]]) -> Points:
    """Lowest height of each building's outline; all zero is how paper maps fill the third column."""
    ground = np.full(count, np.nan)
    tall = [i for i, ring in enumerate(rings) if ring.shape[1] == 3 and len(ring)]
    if not tall:
        return ground
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    of = of_ring[tall]
    lows, highs = (np.array([most(rings[i][:, 2]) for i in tall]) for most in (np.min, np.max))
    known = np.isfinite(lows) & np.isfinite(highs)
    np.minimum.at(low, of[known], lows[known])
    np.maximum.at(high, of[known], highs[known])
    there = np.isfinite(low) & ((low != 0) | (high != 0))
    there[of[~known]] = False
    ground[there] = low[there]
    for b in np.flatnonzero(there):
        if high[b] - low[b] > _LEVEL_M:
            notes[b] += (SLOPING,)
    return ground


def _offsets(sizes: Offsets) -> Offsets:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)


def _areas(xy: Points, per_ring: Offsets) -> tuple[Points, Points]:
    """Twice the area of each ring, about its first point (coordinates are large): with sign, and without.

    A bow tie has no area with sign, points in a row have none without.
    """
    area, extent = np.zeros(len(per_ring)), np.zeros(len(per_ring))
    full = per_ring > 0
    if not full.any():
        return area, extent
    sizes = per_ring[full]
    first = np.cumsum(sizes) - sizes
    local = xy - np.repeat(xy[first], sizes, axis=0)
    following = np.arange(1, len(xy) + 1)
    following[first + sizes - 1] = first
    x, y = local[:, 0], local[:, 1]
    crosses = x * y[following] - x[following] * y
    area[full] = np.add.reduceat(crosses, first)
    extent[full] = np.add.reduceat(np.abs(crosses), first)
    return area, extent


def _turned(sizes: Offsets, turn: NDArray[np.bool_]) -> Offsets:
    """Order of points that runs through the rings marked in `turn` backwards."""
    first = np.repeat(np.cumsum(sizes) - sizes, sizes)
    at = np.arange(len(first))
    return np.where(np.repeat(turn, sizes), 2 * first + np.repeat(sizes, sizes) - 1 - at, at)


def _repaired(found: Outlines) -> Outlines:
    """Make self-crossing outlines valid, one by one; most batches have none."""
    import shapely

    rings = np.diff(found.rings)
    if not len(rings):
        return found
    closed = found.xy[np.insert(np.arange(len(found.xy)), found.rings[1:], found.rings[:-1])]
    shapes = shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON, closed, (_offsets(rings + 1), found.polygons, found.buildings)
    )
    wrong = ~shapely.is_valid(shapes)
    if not wrong.any():
        return found
    mended = shapes.copy()
    valid = shapely.make_valid(shapes[wrong], method="structure", keep_collapsed=False)
    mended[wrong] = shapely.set_precision(valid, _GRID_M)  # no two points so near that they were one again
    again = outlines([_polygons(shape) for shape in mended], repair=False)
    for b in np.flatnonzero(wrong):
        found.notes[b] += (CROSSING,)
    for b, note in enumerate(again.notes):
        found.notes[b] += note
    return Outlines(
        again.xy, again.rings, again.polygons, again.buildings, found.ground, found.faults, found.notes
    )


def _polygons(shape: object) -> Polygons:
    import shapely

    return [
        [shapely.get_coordinates(polygon.exterior), *map(shapely.get_coordinates, polygon.interiors)]
        for polygon in shapely.get_parts(shape)
        if polygon.geom_type == "Polygon" and not polygon.is_empty
    ]
