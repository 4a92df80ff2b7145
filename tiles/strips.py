"""Strips: the corners of rectangles two and two, each above the other, as codecs like them best.

The next wall of a building begins where the last one ended, so that two corners in four are those before
them, and most steps from corner to corner are the same again.
"""

import numpy as np
from numpy.typing import NDArray

from tiles.polygons import Floats, Ints
from tiles.triangulate import Triangles

CORNERS = np.array([[0, 1, 2], [2, 1, 3]])
"""The triangles of a strip: upper and lower corner at one end, upper and lower at the other."""


def strips(points: Floats, starts: Ints, found: Triangles) -> tuple[Ints, NDArray[np.uint32]]:
    """Put the corners of rectangles in the order of strips; they begin with the edge that falls most.

    Args:
        points: (n, 3) of the polygons that were triangulated.
        starts: (p + 1,) offsets of the polygons into the points.
        found: Their triangles.

    Returns:
        (n,) places of the points in their new order, and (t, 3) the triangles' indices into that.
    """
    order = np.arange(len(points))
    corners = found.corners
    if not len(found.squares):
        return order, corners
    corners = corners.copy()
    first, triangle = starts[found.squares], found.offsets[found.squares]
    # Counter-clockwise, whichever way the source's ring runs.
    step = np.where(corners[triangle, 1] == first + 1, 1, 3)
    ring = first[:, None] + step[:, None] * np.arange(4) % 4
    height = points[:, 2][ring]
    fall = height - height[:, [1, 2, 3, 0]]
    turned = (fall.argmax(axis=1)[:, None] + np.array([0, 1, 3, 2])) % 4
    order[first[:, None] + np.arange(4)] = np.take_along_axis(ring, turned, axis=1)
    for number, each in enumerate(CORNERS):
        corners[triangle + number] = first[:, None] + each
    return order, corners
