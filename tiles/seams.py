"""Seams: shells that close although one long edge meets several short ones.

Sources split an edge where a neighbour's corner lies on it in one face, and not in the other. The shell is
closed there, though its edges do not pair up. So loose edges are split at the loose corners on them.
"""

import numpy as np
from numpy.typing import NDArray

from tiles.edges import edge_names, point_names
from tiles.polygons import Ints, Mask, Polygons, offsets, spans
from tiles.winding import Winding

_ON_EDGE_M = 0.0015
"""How far corners rounded to millimetres may be from the line they were meant to lie on."""
_MOST = 128
"""Different loose edges of a building; with more it is no shell, and looking at all pairs would take long."""


def seamless(polygons: Polygons, winding: Winding) -> Mask:
    """Whether shells close once loose edges are split; one for each of `winding.starts`."""
    closed = winding.closed.copy()
    edges, surplus, building = _loose(polygons, winding)
    few = np.bincount(building, minlength=len(closed)) <= _MOST
    edges, surplus, building = (values[few[building]] for values in (edges, surplus, building))
    if not len(edges):
        return closed
    ends = np.arange(1, len(polygons.points) + 1)
    ends[polygons.rings[1:] - 1] = polygons.rings[:-1]
    after = ends[edges]
    names, _ = point_names(polygons.points[np.r_[edges, after]])
    forwards = (names[: len(edges)] < names[len(edges) :]) == (surplus > 0)
    corners = np.stack([np.where(forwards, edges, after), np.where(forwards, after, edges)])
    names = np.where(forwards, names.reshape(2, -1), names.reshape(2, -1)[::-1])
    steps = _split(polygons, corners, names, building) * np.abs(surplus).astype(np.uint64)
    there = np.unique(building)
    closed[there] = np.add.reduceat(steps, np.searchsorted(building, there)) == 0
    return closed


def _loose(polygons: Polygons, winding: Winding) -> tuple[Ints, Ints, Ints]:
    """Edges of open shells that are run more often one way than the other: one of each, sorted by building.

    Returns:
        Number of the edge's first point; how much more often it is run forwards; the building's place.
    """
    bounds = polygons.point_offsets[np.r_[winding.starts, len(polygons.faces)]]
    open_ones = np.flatnonzero(~winding.closed)
    counts = np.diff(bounds)[open_ones]
    edges = spans(bounds[:-1][open_ones], counts)
    building = np.repeat(open_ones, counts)
    order = np.lexsort((winding.edges[edges], building))
    edges, building = edges[order], building[order]
    names = winding.edges[edges]
    first = np.flatnonzero(np.r_[True, (names[1:] != names[:-1]) | (building[1:] != building[:-1])])
    first = first[first < len(edges)]
    if not len(first):
        return edges, edges, building
    surplus = np.add.reduceat(np.where(winding.forwards[edges], 1, -1), first)
    loose = (surplus != 0) & (names[first] != 0)
    return edges[first[loose]], surplus[loose], building[first[loose]]


def _split(
    polygons: Polygons, corners: Ints, names: NDArray[np.uint64], building: Ints
) -> NDArray[np.uint64]:
    """(m,) sum of the steps along each edge, from corner to corner on it.

    Args:
        polygons: Where the corners are.
        corners: (2, m) numbers of the first and last point of each edge.
        names: (2, m) their names.
        building: (m,) sorted; only corners of the same building lie on an edge.
    """
    count = len(building)
    first = np.searchsorted(building, building)
    rivals = np.searchsorted(building, building, side="right") - first
    edge = np.tile(np.repeat(np.arange(count), rivals), 2)
    other = spans(first, rivals)
    place = np.r_[other, other + count]  # in the flattened corners
    points = polygons.points[corners.ravel()]
    start, along = points[:count], points[count:] - points[:count]
    squared = np.einsum("ij,ij->i", along, along)
    away = points[place] - start[edge]
    share = np.einsum("ij,ij->i", away, along[edge]) / squared[edge].clip(1e-12)
    away -= share[:, None] * along[edge]
    length = np.sqrt(squared)[edge]
    on = (np.einsum("ij,ij->i", away, away) <= _ON_EDGE_M**2) & (
        (share * length > _ON_EDGE_M) & ((1 - share) * length > _ON_EDGE_M)
    )
    ends = np.arange(count)
    edge = np.r_[ends, edge[on], ends]
    share = np.r_[np.zeros(count), share[on], np.ones(count)]
    name = names.ravel()[np.r_[ends, place[on], ends + count]]
    order = np.lexsort((share, edge))
    edge, name = edge[order], name[order]
    here, there = name[:-1], name[1:]
    steps = edge_names(here, there)
    steps = np.where(here < there, steps, np.uint64(0) - steps)
    steps[edge[1:] != edge[:-1]] = 0
    starts = offsets(np.bincount(edge, minlength=count))[:-1]
    return np.asarray(np.add.reduceat(np.r_[steps, np.uint64(0)], starts))
