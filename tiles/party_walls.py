"""Party walls: where blocks of a street touch, the walls between them are not drawn from afar."""

import numpy as np

from tiles.polygons import Ints, offsets
from tiles.shapes import WALL, Shapes
from tiles.strips import CORNERS

_TOUCHING_M = 0.1
"""Grid on which the corners of touching walls fall together; also how level and upright they must be."""


def without_party_walls(shapes: Shapes, tolerance: float) -> Shapes:
    """The shapes without upright rectangles that the wall of one neighbour covers from the other side.

    The lower wall goes, and both where the heights agree. What is seen of a street stays a closed block; its
    vertices still belong to their buildings.

    Args:
        shapes: In a frame whose third axis points about up.
        tolerance: Metres by which a wall may stand out above or below the one that covers it.
    """
    first = _rectangles(shapes)
    if len(first) < 2:
        return shapes
    owner = np.searchsorted(shapes.vertices, first, side="right")
    ends = np.rint(shapes.positions[np.stack([first + 1, first + 3]), :2] / _TOUCHING_M).astype(np.int64)
    names = (ends[..., 0] << 32) + ends[..., 1]
    low_name, high_name = names.min(axis=0), names.max(axis=0)
    order = np.lexsort((high_name, low_name))
    low_name, high_name = low_name[order], high_name[order]
    same = (low_name[1:] == low_name[:-1]) & (high_name[1:] == high_name[:-1])
    alone = ~np.r_[False, same[:-1]] & ~np.r_[same[1:], False]  # two and no third
    place = np.flatnonzero(same & alone)
    one, two = order[place], order[place + 1]
    forwards = names[0] < names[1]
    opposite = (forwards[one] != forwards[two]) & (owner[one] != owner[two]) & (names[0] != names[1])[one]
    one, two = one[opposite], two[opposite]
    high, low = shapes.positions[first, 2], shapes.positions[first + 1, 2]
    hidden = [
        wall[(high[wall] <= high[cover] + tolerance) & (low[wall] >= low[cover] - tolerance)]
        for wall, cover in ((one, two), (two, one))
    ]
    return _without(shapes, first[np.concatenate(hidden)])


def _rectangles(shapes: Shapes) -> Ints:
    """First vertices of walls that are strips of two triangles, level and upright."""
    a, b = shapes.corners[:-1].astype(np.int64), shapes.corners[1:].astype(np.int64)
    first = a[:, 0]
    found = (a == first[:, None] + CORNERS[0]).all(axis=1)
    found &= (b == first[:, None] + CORNERS[1]).all(axis=1)
    first = first[found & (shapes.kinds[first] == WALL)]
    up, down, far_up, far_down = (shapes.positions[first + corner] for corner in range(4))
    off = np.abs(np.column_stack([up[:, :2] - down[:, :2], far_up[:, :2] - far_down[:, :2]]))
    off = np.column_stack([off, np.abs(up[:, 2] - far_up[:, 2]), np.abs(down[:, 2] - far_down[:, 2])])
    return np.asarray(first[(off < _TOUCHING_M).all(axis=1) & (down[:, 2] < up[:, 2])])


def _without(shapes: Shapes, walls: Ints) -> Shapes:
    """The shapes without the four vertices and two triangles of each of these rectangles."""
    if not len(walls):
        return shapes
    kept = np.ones(len(shapes.positions), dtype=bool)
    kept[(walls[:, None] + np.arange(4)).ravel()] = False
    drawn = kept[shapes.corners[:, 0]]
    new = offsets(kept.astype(np.int64))
    return Shapes(
        positions=shapes.positions.compress(kept, axis=0),
        normals=shapes.normals.compress(kept, axis=0),
        kinds=shapes.kinds[kept],
        corners=new[shapes.corners.compress(drawn, axis=0)].astype(np.uint32),
        vertices=new[shapes.vertices],
        triangles=offsets(drawn.astype(np.int64))[shapes.triangles],
    )
