"""Winding: faces that look inwards are turned round, so that light falls on the outside.

Two faces of a closed shell run along their common edge in opposite directions. Where that does not
hold, or a roof looks down or a ground up, the building is gone through face by face.
"""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from tiles.polygons import Floats, Ints, Mask, Polygons, area_vectors, following
from twin.record import Face

_LEANING = 0.2
"""Vertical part of a unit normal from which a face clearly looks up or down."""
_MILLIMETRES = 1000


def oriented(polygons: Polygons) -> tuple[Floats, Mask]:
    """Outward area vectors of all polygons, and which polygons must be turned for it.

    Returns:
        (p, 3) vectors as long as the area (holes taken off), and (p,) True where the source's ring runs
        the other way round.
    """
    vectors, holes_against = _net_vectors(polygons)
    edges, directions = _edges(polygons, holes_against)
    suspicious = _suspicious(polygons, vectors, edges, directions)
    turned = np.zeros(len(polygons.faces), dtype=bool)
    bounds = np.searchsorted(polygons.owners, np.unique(polygons.owners[suspicious]))
    starts = polygons.point_offsets
    for first in bounds:
        last = int(np.searchsorted(polygons.owners, polygons.owners[first], side="right"))
        span = slice(starts[first], starts[last])
        face = np.repeat(np.arange(last - first), np.diff(starts[first : last + 1]))
        agreeing, shells, closed = _agreed(edges[span], directions[span], face, last - first)
        turned[first:last] = agreeing
        for shell in np.unique(shells):
            members = first + np.flatnonzero(shells == shell)
            if _looks_inwards(polygons, vectors, turned, members, bool(closed[members - first].all())):
                turned[members] ^= True
    inside_out = _inside_out(polygons, np.where(turned[:, None], -vectors, vectors))
    settled = np.isin(polygons.owners, polygons.owners[bounds])
    turned ^= inside_out & ~settled
    return np.where(turned[:, None], -vectors, vectors), turned


def _net_vectors(polygons: Polygons) -> tuple[Floats, Mask]:
    """Area vectors without holes, and for each ring whether it runs as its polygon's outer one does."""
    rings = area_vectors(polygons.points, polygons.rings)
    outer = rings[polygons.polygons[:-1]]
    parents = polygons.ring_polygons
    same = np.einsum("ij,ij->i", rings, outer[parents]) > 0
    hole = ~polygons.outer
    vectors = outer.copy()
    if hole.any():
        signed = np.where(same[hole, None], -rings[hole], rings[hole])
        np.add.at(vectors, parents[hole], signed)
    return vectors, hole & same


def _edges(polygons: Polygons, against: Mask) -> tuple[NDArray[np.uint64], NDArray[np.int8]]:
    """Name of the edge after each point, the same from both sides, and the direction it is run in."""
    grid = np.rint(polygons.points * _MILLIMETRES).astype(np.int64).astype(np.uint64)
    x, y, z = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)
    names = grid[:, 0] * x + grid[:, 1] * y + grid[:, 2] * z  # wraps round, as a hash may
    names ^= names >> np.uint64(29)
    names *= np.uint64(0xBF58476D1CE4E5B9)
    after = names[following(polygons.rings)]
    counts = np.diff(polygons.rings)
    owner = np.repeat(polygons.owners[polygons.ring_polygons], counts).astype(np.uint64)
    directions = np.where(names < after, 1, -1).astype(np.int8)
    directions[np.repeat(against, counts)] *= -1
    return (names + after) ^ (owner * np.uint64(0xD6E8FEB86659FD93)), directions


def _suspicious(
    polygons: Polygons, vectors: Floats, edges: NDArray[np.uint64], directions: NDArray[np.int8]
) -> NDArray[np.intp]:
    """Polygons that give reason to look at their building."""
    order = np.argsort(edges, kind="stable")
    first = np.flatnonzero(np.r_[True, edges[order][1:] != edges[order][:-1]])
    excess = np.abs(np.add.reduceat(directions[order].astype(np.int64), first))
    polygon = np.repeat(np.arange(len(polygons.faces)), np.diff(polygons.point_offsets))
    by_edge = polygon[order[first[excess >= 2]]]
    up = vectors[:, 2] / np.linalg.norm(vectors, axis=1).clip(1e-12)
    wrong = ((polygons.faces == Face.ROOF) & (up < -_LEANING)) | (
        (polygons.faces == Face.GROUND) & (up > _LEANING)
    )
    return np.union1d(by_edge, np.flatnonzero(wrong))


def _agreed(
    edges: NDArray[np.uint64], directions: NDArray[np.int8], face: Ints, count: int
) -> tuple[Mask, Ints, Mask]:
    """Which of `count` faces must be turned so that neighbours agree, and the shell each belongs to.

    Neighbours are faces with an edge that no third face shares. The third result says which faces have
    neighbours all round.
    """
    sharing: dict[int, list[int]] = defaultdict(list)
    for place, edge in enumerate(edges.tolist()):
        sharing[edge].append(place)
    neighbours: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    closed = np.ones(count, dtype=bool)
    for places in sharing.values():
        if len(places) == 1:
            closed[face[places[0]]] = False
        if len(places) == 2:
            one, two = places
            differs = bool(directions[one] == directions[two])
            neighbours[int(face[one])].append((int(face[two]), differs))
            neighbours[int(face[two])].append((int(face[one]), differs))
    turned = np.zeros(count, dtype=bool)
    shells = np.full(count, -1)
    for start in range(count):
        waiting = [start] if shells[start] < 0 else []
        shells[start] = start if waiting else shells[start]
        while waiting:
            here = waiting.pop()
            for there, differs in neighbours[here]:
                if shells[there] < 0:
                    shells[there] = start
                    turned[there] = turned[here] ^ differs
                    waiting.append(there)
    return turned, shells, closed


def _looks_inwards(polygons: Polygons, vectors: Floats, turned: Mask, members: Ints, closed: bool) -> bool:
    """Whether a shell, agreed in itself, must be turned as a whole.

    A closed one tells by its volume, an open one by its roofs and grounds. Where these do not tell
    either, the source is right about most of the shell's area.
    """
    signed = np.where(turned[members, None], -vectors[members], vectors[members])
    if closed:
        return _volume(polygons, members, signed) < 0
    faces = polygons.faces[members]
    vote = signed[faces == Face.ROOF, 2].sum() - signed[faces == Face.GROUND, 2].sum()
    areas = np.linalg.norm(vectors[members], axis=1)
    if abs(vote) > _LEANING * areas.sum() / len(areas):
        return bool(vote < 0)
    return bool(areas[turned[members]].sum() > areas.sum() / 2)


def _volume(polygons: Polygons, members: Ints, vectors: Floats) -> float:
    """Signed volume between some faces and the middle of their bottom (right for open bottoms too)."""
    starts = polygons.point_offsets[:-1][members]
    points = polygons.points[starts]
    middle = points.mean(axis=0)
    middle[2] = points[:, 2].min()
    return float(np.einsum("ij,ij->", points - middle, vectors))


def _inside_out(polygons: Polygons, vectors: Floats) -> Mask:
    """(p,) whether the polygon's building as a whole has a negative volume."""
    points = polygons.points[polygons.point_offsets[:-1]]
    owners = polygons.owners
    first = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]])
    sizes = np.diff(np.r_[first, len(owners)])
    middle = np.add.reduceat(points, first, axis=0) / sizes[:, None]
    middle[:, 2] = np.minimum.reduceat(points[:, 2], first)
    parts = np.einsum("ij,ij->i", points - np.repeat(middle, sizes, axis=0), vectors)
    return np.repeat(np.add.reduceat(parts, first) < 0, sizes)
