"""Bows: rings that cross themselves so that their halves cancel out, told from those that enclose nothing."""

import numpy as np
from numpy.typing import NDArray

_MOST = 64
"""Points of the largest ring that is looked at: every edge is held against every other."""
_LEAST_M2 = 0.01
"""Smallest triangle between three points of a bow: what is flatter may be a line, measured badly."""
_PLANE_M = 0.05
"""Farther off their plane, edges may pass above each other."""


def bows(points: NDArray[np.float64], begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.bool_]:
    """(r,) which rings surely cross themselves, of those that enclose nothing in all.

    Args:
        points: (n, 3) metres.
        begin: (r,) first point of each ring; they are not closed.
        end: (r,) the one behind its last.
    """
    found = np.zeros(len(begin), dtype=bool)
    sizes = end - begin
    likely = np.flatnonzero((sizes >= 4) & (sizes <= _MOST))
    if len(likely):  # most are next to a line: seen at once
        starts = np.cumsum(sizes[likely]) - sizes[likely]
        places = np.arange(sizes[likely].sum()) + np.repeat(begin[likely] - starts, sizes[likely])
        corners = points[places] - np.repeat(points[begin[likely]], sizes[likely], axis=0)
        doubled = np.linalg.norm(np.cross(corners, np.roll(corners, -1, axis=0)), axis=1)
        doubled[starts - 1] = 0  # the last point of a ring with the first of the next
        likely = likely[np.maximum.reduceat(doubled, starts) > 2 * _LEAST_M2]
    for ring in likely.tolist():
        found[ring] = _crosses(points[begin[ring] : end[ring]])
    return found


def _crosses(ring: NDArray[np.float64]) -> bool:
    """Whether two edges of a ring cross each other, seen along the axis its largest triangle looks to.

    False also where that is not certain: edges that only touch or lie on each other, points off a plane.
    """
    corners = ring - ring[0]
    triangles = np.cross(corners[1:-1], corners[2:])
    largest = triangles[np.linalg.norm(triangles, axis=1).argmax()]
    if np.abs(corners @ (largest / np.linalg.norm(largest))).max() > _PLANE_M:
        return False
    flat = np.delete(corners, np.abs(largest).argmax(), axis=1)
    begin, end = flat[:, None], np.roll(flat, -1, axis=0)[:, None]
    # Twice the area between each edge (row) and each point (column): on which side of it that lies.
    side = (end[..., 0] - begin[..., 0]) * (flat[None, :, 1] - begin[..., 1])
    side -= (end[..., 1] - begin[..., 1]) * (flat[None, :, 0] - begin[..., 0])
    side = np.where(np.abs(side) < _LEAST_M2, 0, np.sign(side))
    parted = side * np.roll(side, -1, axis=1) < 0  # the ends of the other edge lie on both sides
    return bool((parted & parted.T).any())
