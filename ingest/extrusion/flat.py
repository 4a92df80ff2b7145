"""Flat roofs over any outline, for thousands of buildings at once."""

import numpy as np
from numpy.typing import NDArray

from ingest.extrusion.outlines import Outlines, Points
from twin.record import Face, Solid

Indices = NDArray[np.int64]


def flat_solids(found: Outlines, bottom: Points, top: Points) -> list[Solid | None]:
    """Raise every outline from `bottom` to `top` ((n,) heights each); None where there is no outline.

    Each building is ground faces, then a wall for every edge, then roof faces, all seen from outside
    counter-clockwise; holes are kept in ground and roof.
    """
    sizes, rings_of, polygons_of = (
        np.diff(offsets) for offsets in (found.rings, found.polygons, found.buildings)
    )
    points, rings, polygons = len(found.xy), len(sizes), len(rings_of)
    if points == 0:
        return [None] * len(polygons_of)
    polygon_building = np.repeat(np.arange(len(polygons_of)), polygons_of)
    ring_building = np.repeat(polygon_building, rings_of)
    point_building = np.repeat(ring_building, sizes)
    n = np.bincount(point_building, minlength=len(polygons_of))
    r = np.bincount(ring_building, minlength=len(polygons_of))
    p = polygons_of
    n0, r0, p0 = (np.cumsum(count) - count for count in (n, r, p))

    at = np.arange(points)
    first = np.repeat(found.rings[:-1], sizes)
    last = first + np.repeat(sizes, sizes) - 1
    following = np.where(at == last, first, at + 1)
    own = at - n0[point_building]
    start = 6 * n0[point_building]
    base = np.column_stack([found.xy, bottom[point_building]])
    crown = np.column_stack([found.xy, top[point_building]])
    corners = np.empty((6 * points, 3))
    corners[start + own] = base[first + last - at]  # seen from below the ground runs the other way round
    wall = start + n[point_building] + 4 * own
    corners[wall], corners[wall + 1] = base, base[following]
    corners[wall + 2], corners[wall + 3] = crown[following], crown
    corners[start + 5 * n[point_building] + own] = crown

    # Ring sizes with an empty slot before each building: their running sum, less what came before the
    # building, is its offsets including the leading 0. The same for polygons.
    ring_slots = 2 * r + n + 1
    ring_at = np.cumsum(ring_slots) - ring_slots
    ring_sizes = np.zeros(ring_slots.sum(), dtype=np.int64)
    in_building = np.arange(rings) - r0[ring_building]
    ring_sizes[ring_at[ring_building] + 1 + in_building] = sizes
    ring_sizes[ring_at[point_building] + 1 + r[point_building] + own] = 4
    ring_sizes[(ring_at + r + n)[ring_building] + 1 + in_building] = sizes
    ring_offsets = (np.cumsum(ring_sizes) - np.repeat(6 * n0, ring_slots)).astype(np.int32)

    slots = 2 * p + n + 1
    polygon_at = np.cumsum(slots) - slots
    polygon_sizes = np.zeros(slots.sum(), dtype=np.int64)
    faces = np.full(slots.sum(), int(Face.WALL), dtype=np.uint8)
    in_building = np.arange(polygons) - p0[polygon_building]
    ground = polygon_at[polygon_building] + 1 + in_building
    roof = ground + (p + n)[polygon_building]
    polygon_sizes[ground] = polygon_sizes[roof] = rings_of
    polygon_sizes[polygon_at[point_building] + 1 + p[point_building] + own] = 1
    faces[ground], faces[roof] = int(Face.GROUND), int(Face.ROOF)
    before = np.cumsum(2 * r + n) - (2 * r + n)
    polygon_offsets = (np.cumsum(polygon_sizes) - np.repeat(before, slots)).astype(np.int32)

    cuts = zip(
        n0.tolist(),
        n.tolist(),
        ring_at.tolist(),
        ring_slots.tolist(),
        polygon_at.tolist(),
        slots.tolist(),
        strict=True,
    )
    return [
        Solid(
            corners[6 * a : 6 * (a + many)],
            ring_offsets[b : b + ring_count],
            polygon_offsets[c : c + count],
            faces[c + 1 : c + count],
        )
        if many
        else None
        for a, many, b, ring_count, c, count in cuts
    ]
