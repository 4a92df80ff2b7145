"""Edges: names for points and edges, so that shells are compared by adding numbers instead of sorting.

Names are hashes of 64 bits. Points are one if they are in the same cubic millimetre.
"""

import numpy as np
from numpy.typing import NDArray

from tiles.polygons import Floats, Ints, Mask, Polygons, shifted

_MILLIMETRES = 1000

Hashes = NDArray[np.uint64]


def edges_of(polygons: Polygons, against: Mask | None) -> tuple[Hashes, Mask, Hashes]:
    """Names of the edges after each point, the same from both sides; which are run forwards; their steps.

    Over a shell that closes, the steps add up to 0 (modulo 2^64); over any other, but once in 2^64. The
    step of an edge is its name, or that taken off. That of an upright edge leads from the name of its first
    point to that of its second one: walls of several storeys meet one long edge with several short ones.
    """
    points, places = point_names(polygons.points)
    upright = places == shifted(places, polygons.rings)
    after = shifted(points, polygons.rings)
    forwards = points < after
    if against is not None:
        forwards ^= np.repeat(against, np.diff(polygons.rings))
    names = edge_names(points, after)
    risen = np.where(points < after, after - points, points - after)
    steps = np.where(upright, risen, names)
    return names, forwards, np.where(forwards, steps, np.uint64(0) - steps)


def point_names(points: Floats) -> tuple[Hashes, Hashes]:
    """(n,) names of points (n, 3) to the millimetre, and of their places in the plan."""
    names = np.zeros(len(points), dtype=np.uint64)
    plan = names
    for axis, factor in enumerate((0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)):
        if axis == 2:
            plan = names.copy()
        grid = np.rint(points[:, axis] * _MILLIMETRES).astype(np.int64).view(np.uint64)
        grid *= np.uint64(factor)  # wraps round, as a hash may
        names += grid
    _mix(names)
    return names, plan


def edge_names(start: Hashes, end: Hashes) -> Hashes:
    """Names of edges between named points, the same from both sides; 0 for an edge without length."""
    names = start + end
    _mix(names)
    names[start == end] = 0
    return names


def told_twice(sums: Hashes, owners: Ints) -> Mask:
    """(p,) faces whose edges are those of an earlier face of the building."""
    names = sums ^ (owners.astype(np.uint64) * np.uint64(0xD6E8FEB86659FD93))
    found = np.zeros(len(names), dtype=bool)
    ordered = np.sort(names)
    if (ordered[1:] == ordered[:-1]).any():
        order = np.argsort(names, kind="stable")
        found[order[1:][names[order][1:] == names[order][:-1]]] = True
    return found


def _mix(names: Hashes) -> None:
    names ^= names >> np.uint64(29)
    names *= np.uint64(0xBF58476D1CE4E5B9)
    names ^= names >> np.uint64(32)
    names *= np.uint64(0x94D049BB133111EB)
