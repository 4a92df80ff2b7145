"""Outlines: the edges of a body that a draughtsman would draw (for CESIUM_primitive_outline)."""

import numpy as np
from numpy.typing import NDArray

_SAME_POINT_M = 1e-3
_FLAT = 0.9998
"""Cosine of the angle (about one degree) up to which two triangles count as one plane."""


def outlines(positions: NDArray[np.float64], indices: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Edges that lie at a border or between triangles that are not in one plane.

    Args:
        positions: (n, 3) metres. Points that coincide within a millimetre are one, whatever their number.
        indices: Flat, three to a triangle.

    Returns:
        Flat, two vertices to an edge, sorted. Where faces meet without sharing vertices each has its own copy
        of the edge, because clients draw edges triangle by triangle.
    """
    corners = indices.reshape(-1, 3).astype(np.int64)
    sides = positions[corners[:, 1:]] - positions[corners[:, :1]]
    vectors = np.cross(sides[:, 0], sides[:, 1])
    lengths = np.linalg.norm(vectors, axis=1)
    vectors /= lengths.clip(1e-12)[:, None]
    edges = np.stack((corners, np.roll(corners, -1, axis=1)), axis=-1).reshape(-1, 2)
    edges.sort(axis=1)
    points = _points(positions)[edges]
    points.sort(axis=1)
    faces = np.repeat(np.arange(len(corners)), 3)
    sound = (points[:, 0] != points[:, 1]) & (lengths[faces] > 0)
    edges, points, faces = edges[sound], points[sound], faces[sound]
    if not len(edges):
        return np.zeros(0, np.uint32)
    keys = points[:, 0] * len(positions) + points[:, 1]
    order = np.argsort(keys, kind="stable")
    keys, edges, planes = keys[order], edges[order], vectors[faces[order]]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    counts = np.diff(np.r_[starts, len(keys)])
    # Two triangles that fold back onto each other also differ: their normals are opposite.
    level = np.einsum("ij,ij->i", planes, np.repeat(planes[starts], counts, axis=0)) > _FLAT
    drawn = (counts == 1) | ~np.logical_and.reduceat(level, starts)
    found = edges[np.repeat(drawn, counts)]
    return np.unique(found, axis=0).astype(np.uint32).ravel()


def _points(positions: NDArray[np.float64]) -> NDArray[np.int64]:
    """(n,) number of each vertex's point."""
    lattice = np.rint(positions / _SAME_POINT_M).astype(np.int64)
    order = np.lexsort(lattice.T)
    first = np.r_[True, (np.diff(lattice[order], axis=0) != 0).any(axis=1)]
    numbers = np.empty(len(positions), np.int64)
    numbers[order] = np.cumsum(first) - 1
    return numbers
