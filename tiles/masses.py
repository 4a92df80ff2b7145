"""Masses: neighbours too small to be seen alone, drawn together as one block of their street."""

import numpy as np

from tiles.blocks import extruded
from tiles.footprints import Outlines
from tiles.polygons import Floats, Ints
from tiles.shapes import Shapes, picked

VERTICES = 20
"""Of one mass: four walls and a roof."""
_LEAST_M = 0.5
"""What is around a mass is no narrower, and the mass no lower."""
_LEAST_SHARE = 0.1
"""A mass is at least so wide, for one wide, whatever its buildings cover."""


def masses(shapes: Shapes, sizes: Floats, groups: Ints) -> tuple[Shapes, Floats, Ints]:
    """Draw each group of buildings as one box along the first wall of its largest.

    The box covers as much ground as its buildings do, around their middle, up to their mean height: it is a
    smaller copy of the box around all of them.

    Args:
        shapes: Of b buildings, in a frame whose third axis points about up; each has triangles.
        sizes: (b,) their diagonals in metres.
        groups: (b,) numbers from 0 to m - 1; each occurs.

    Returns:
        m shapes; (m,) metres from which no point of a box and of its buildings is farther apart; and (m,)
        the place of each group's largest building, the first of equals.
    """
    order = np.lexsort((-sizes, groups))
    groups = groups[order]
    first = np.flatnonzero(np.r_[True, groups[1:] > groups[:-1]])
    shapes = picked(shapes, order)
    axes = _along(shapes, first)
    of_vertices = np.repeat(groups, shapes.counts)
    x, y, z = shapes.positions.T
    cosine, sine = axes[of_vertices].T
    starts = shapes.vertices[first]
    low, high = (
        np.stack([side.reduceat(each, starts) for each in (x * cosine + y * sine, y * cosine - x * sine, z)])
        for side in (np.minimum, np.maximum)
    )
    covered, top = _covered(shapes, groups, high[2])
    extent = np.maximum(high[:2] - low[:2], _LEAST_M)
    share = np.sqrt(covered / extent.prod(axis=0)).clip(_LEAST_SHARE, 1)
    half, middle = extent * share / 2, (low[:2] + high[:2]) / 2
    u = middle[0] + half[0] * np.array([-1, 1, 1, -1])[:, None]
    v = middle[1] + half[1] * np.array([-1, -1, 1, 1])[:, None]
    cosine, sine = axes.T
    count = len(first)
    outlines = Outlines(
        corners=np.stack([(u * cosine - v * sine).T, (u * sine + v * cosine).T], axis=2).reshape(-1, 2),
        rings=np.arange(count + 1) * 4,
        parts=np.arange(count + 1),
        owners=np.arange(count),
    )
    top = np.maximum(top, low[2] + _LEAST_M)
    away = np.hypot(_apart(extent, share), np.maximum(high[2], top) - low[2])
    return extruded(outlines, low[2], top), away, order[first]


def _along(shapes: Shapes, buildings: Ints) -> Floats:
    """(n, 2) horizontal direction of the first edge of some buildings; of a block that of its first wall."""
    begin = shapes.vertices[buildings]
    last = shapes.vertices[buildings + 1] - 1
    edge = (shapes.positions[np.minimum(begin + 2, last)] - shapes.positions[begin])[:, :2]
    length = np.hypot(*edge.T)
    edge[length == 0] = 1, 0
    return np.asarray(edge / np.where(length == 0, 1, length)[:, None])


def _apart(extent: Floats, share: Floats) -> Floats:
    """(m,) metres on the ground from which no point of a mass and of its buildings is farther apart.

    On each side of the box around them stands a building. From a place in the mass the nearer of two
    opposite sides is half the box away, and that building at most half of both boxes along it. From a
    building the mass is no farther than from a corner of the box.
    """
    half, most = extent / 2, extent * (1 + share) / 2
    return np.asarray(np.minimum(np.hypot(half[0], most[1]), np.hypot(most[0], half[1])))


def _covered(shapes: Shapes, groups: Ints, highest: Floats) -> tuple[Floats, Floats]:
    """(m,) square metres below what looks up, and its mean height; of groups without any the `highest`."""
    x, y, z = (shapes.positions[:, axis][shapes.corners] for axis in range(3))
    area = (x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0]) - (x[:, 2] - x[:, 0]) * (y[:, 1] - y[:, 0])
    area = area.clip(0) / 2
    owner = np.repeat(groups, np.diff(shapes.triangles))
    covered = np.bincount(owner, area, minlength=len(highest)).astype(float)
    height = np.bincount(owner, area * z.mean(axis=1), minlength=len(highest))
    return covered, np.divide(height, covered, out=highest.copy(), where=covered > 0)
