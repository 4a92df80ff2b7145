"""Drape: flat triangles and lines are laid on the terrain.

An edge is halved while the ground leaves it by more than a tolerance, or while it is very long. That is
decided edge by edge, so triangles that share one stay joined, without T-junctions.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiles.ground import Ground

SHORTEST_M = 1.0
"""Edges up to this length are not halved."""
LONGEST_M = 32.0
"""Edges above this are halved even on a plain: relief may hide between the places we look at."""
LEVEL_M = 1000.0
"""The same where no terrain is: here only the earth's curve asks for it, 2 cm."""
_GUESSED_M = 250.0
"""Edges up to this length stay whole where the terrain's edge says how high it may be beyond it."""
_LOOK = (0.25, 0.5, 0.75)
"""Where along an edge it is compared with the ground."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Flat:
    """Triangles or segments in the plane."""

    points: Floats
    """(n, 2) easting, northing in the city's CRS."""
    owners: Ints
    """(n,) number of the feature that a point belongs to."""
    corners: Ints
    """(t, 3) triangles or (t, 2) segments: numbers of points, each of one owner."""


@dataclass(frozen=True, slots=True)
class Draped:
    """The same on the terrain, in finer parts."""

    points: Floats
    """(n, 3) easting, northing, height; the height is NaN where no ground is known."""
    owners: Ints
    corners: Ints
    off_m: float
    """Largest vertical distance to the ground that was seen along edges and at centres."""


def drape(flat: Flat, ground: Ground, tolerance_m: float, shortest_m: float = SHORTEST_M) -> Draped:
    """Lay triangles or segments on the ground.

    Args:
        flat: What to lay down.
        ground: Where to.
        tolerance_m: How far an edge or a triangle's centre may lie off the ground.
        shortest_m: Edges up to this length stay whole all the same.
    """
    flat = _merged(flat)
    points, owners, corners = flat.points, flat.owners, flat.corners
    heights, guessed = ground.heights(points), ground.guessed(points)
    longest = LEVEL_M if ground.level else max(LONGEST_M, 4 * shortest_m)
    while True:
        edges, which = _edges(corners)
        lengths = np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1)
        # Beyond the terrain nobody knows the height: that is followed roughly, not to the metre.
        rough = guessed[edges].all(axis=1) & (lengths <= _GUESSED_M)
        rough[rough] = ground.guessed(points[edges[rough]].mean(axis=1))
        along = np.zeros(len(edges))
        along[~rough] = _edges_off(points, heights, edges[~rough], ground)
        wanted = along > tolerance_m
        centres = np.zeros(0)
        if corners.shape[1] == 3:
            close = ~rough[which].all(axis=1)
            centres = _centres_off(points, heights, corners[close], ground)
            wanted[which[close][centres > tolerance_m].ravel()] = True
        wanted &= lengths > shortest_m
        wanted |= ~rough & (lengths > longest)
        _longest_too(wanted, lengths, which)
        if not wanted.any():
            off = float(np.concatenate([along, centres, [0.0]]).max())
            return Draped(np.column_stack([points, heights]), owners, corners, off)
        middles = np.full(len(edges), -1, np.int64)
        middles[wanted] = len(points) + np.arange(wanted.sum())
        new = points[edges[wanted]].mean(axis=1)
        points = np.concatenate([points, new])
        owners = np.concatenate([owners, owners[edges[wanted, 0]]])
        heights = np.concatenate([heights, ground.heights(new)])
        guessed = np.concatenate([guessed, ground.guessed(new)])
        corners = _halved(corners, middles[which])


def _merged(flat: Flat) -> Flat:
    """One point where several of an owner coincide, so that edges are shared."""
    keys = np.column_stack([flat.owners.astype(np.float64), flat.points])
    _, first, number = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    return Flat(flat.points[first], flat.owners[first], number.reshape(-1)[flat.corners])


def _edges(corners: Ints) -> tuple[Ints, Ints]:
    """(e, 2) distinct edges, and for every corner the number of the edge that begins there."""
    if corners.shape[1] == 2:
        return corners, np.arange(len(corners))[:, None]
    pairs = np.sort(np.stack([corners, np.roll(corners, -1, axis=1)], axis=2), axis=2).reshape(-1, 2)
    base = int(pairs.max()) + 1 if len(pairs) else 1
    keys, which = np.unique(pairs[:, 0] * base + pairs[:, 1], return_inverse=True)
    return np.column_stack([keys // base, keys % base]), which.reshape(corners.shape)


def _edges_off(points: Floats, heights: Floats, edges: Ints, ground: Ground) -> Floats:
    start, end = edges.T
    off = np.zeros(len(edges))
    for t in _LOOK:
        there = ground.heights((1 - t) * points[start] + t * points[end])
        off = np.fmax(off, np.abs((1 - t) * heights[start] + t * heights[end] - there))
    return off


def _centres_off(points: Floats, heights: Floats, corners: Ints, ground: Ground) -> Floats:
    there = ground.heights(points[corners].mean(axis=1))
    off: Floats = np.fmax(0.0, np.abs(heights[corners].mean(axis=1) - there))
    return off


def _longest_too(wanted: NDArray[np.bool_], lengths: Floats, which: Ints) -> None:
    """Where an edge of a triangle is halved, its longest one is too (Rivara 1984).

    Else a needle would be cut across again and again and never become shorter.
    """
    longest = np.take_along_axis(which, lengths[which].argmax(axis=1)[:, None], axis=1)[:, 0]
    while True:
        more = longest[wanted[which].any(axis=1) & ~wanted[longest]]
        if not len(more):
            return
        wanted[more] = True


def _halved(corners: Ints, middles: Ints) -> Ints:
    """Triangles or segments with some edges halved; `middles` (t, k) has -1 for whole edges."""
    if corners.shape[1] == 2:
        cut = middles[:, 0] >= 0
        (a, b), m = corners[cut].T, middles[cut, 0]
        return np.concatenate([corners[~cut], np.column_stack([a, m]), np.column_stack([m, b])])
    halves = (middles >= 0).sum(axis=1)
    parts = [corners[halves == 0]]
    # Turned so that the one halved edge comes first.
    a, b, c, m, _, _ = _turned(corners, middles, halves == 1, middles.argmax(axis=1))
    parts += [np.column_stack(three) for three in ((a, m, c), (m, b, c))]
    # Turned so that the one whole edge comes last.
    a, b, c, m, n, _ = _turned(corners, middles, halves == 2, middles.argmin(axis=1) + 1)
    parts += [np.column_stack(three) for three in ((m, b, n), (a, m, n), (a, n, c))]
    a, b, c, m, n, o = _turned(corners, middles, halves == 3, np.zeros(len(corners), np.int64))
    parts += [np.column_stack(three) for three in ((a, m, o), (m, b, n), (o, n, c), (m, n, o))]
    return np.concatenate(parts)


def _turned(corners: Ints, middles: Ints, chosen: NDArray[np.bool_], by: Ints) -> Ints:
    order = (np.arange(3)[None, :] + by[chosen, None]) % 3
    turned = [np.take_along_axis(values[chosen], order, axis=1) for values in (corners, middles)]
    return np.concatenate(turned, axis=1).T
