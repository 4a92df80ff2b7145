"""Winding: faces that look inwards are turned round, so that light falls on the outside.

Two faces of a closed shell run along their common edge in opposite directions. Where that does not
hold, or a roof looks down or a ground up, the building is gone through face by face.
"""

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tiles.edges import Hashes, edges_of, told_twice
from tiles.polygons import (
    SMALLEST_FACE_M2,
    Floats,
    Ints,
    Mask,
    Polygons,
    area_vectors,
    reordered,
    spans,
)
from twin.record import Face

_LEANING = 0.2
"""Vertical part of a unit normal from which a face clearly looks up or down."""


@dataclass(frozen=True, slots=True)
class Winding:
    """Which way round faces run, and which way round they should."""

    rings: Floats
    """(r, 3) outward area vectors of the rings; a hole's points the other way."""
    vectors: Floats
    """(p, 3) outward vectors as long as the polygon's area, holes taken off."""
    turned: Mask
    """(p,) True where the source's ring runs the other way round."""
    starts: NDArray[np.intp]
    """First polygon of each building that has any."""
    closed: Mask
    """Whether these buildings' shells close: each edge is run as often one way as the other."""
    polygons: Polygons
    """What all this is about: the polygons given, but for `twice`."""
    twice: Ints
    """(k,) building of each face that repeats another one of it, the same way round: false neighbours."""
    edges: Hashes
    """(n,) names of the edges from each point to the next."""
    forwards: Mask
    """(n,) whether an edge is run in the direction of its name, once all faces look outwards."""


def wound(polygons: Polygons, rings: Floats | None = None) -> Winding:
    """Find out which way round all faces run.

    Args:
        polygons: Sorted by owner; no ring is empty.
        rings: Their area vectors, if they are known.
    """
    rings = area_vectors(polygons.points, polygons.rings) if rings is None else rings
    vectors, rings, against = _net_vectors(polygons, rings)
    owners = polygons.owners
    first = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]])
    sizes = np.diff(np.r_[first, len(owners)])
    edges, forwards, steps = edges_of(polygons, against)
    sums = np.add.reduceat(steps, polygons.point_offsets[:-1])
    twice = told_twice(sums, owners)
    if twice.any():
        once = wound(reordered(polygons, np.flatnonzero(~twice)))
        return replace(once, twice=np.concatenate([owners[twice], once.twice]))
    closed = np.add.reduceat(sums, first) == 0
    turned = np.zeros(len(polygons.faces), dtype=bool)
    settled = np.zeros(len(first), dtype=bool)
    starts = polygons.point_offsets
    for building in _suspicious(polygons, vectors, first, closed, edges, forwards):
        begin, end = int(first[building]), int(first[building] + sizes[building])
        span = slice(starts[begin], starts[end])
        face = np.repeat(np.arange(end - begin), np.diff(starts[begin : end + 1]))
        agreeing, shells, whole = _agreed(edges[span], forwards[span], face, end - begin)
        turned[begin:end] = agreeing
        members = slice(begin, end)
        signed = np.where(agreeing[:, None], -vectors[members], vectors[members])
        anchors = polygons.points[starts[begin:end]]
        turned[members] ^= _looking_inwards(anchors, polygons.faces[members], signed, agreeing, shells, whole)
        settled[building] = True
        signs = np.where(turned[begin:end], -sums[begin:end], sums[begin:end])
        closed[building] = np.add.reduce(signs) == 0
    vectors[turned] *= -1
    inside_out = _negative(polygons.points[starts[:-1]], vectors, first, sizes) & ~settled
    if inside_out.any():
        wrong = np.repeat(inside_out, sizes)
        vectors[wrong] *= -1
        turned ^= wrong
    if turned.any():
        rings[turned[polygons.ring_polygons]] *= -1
        forwards ^= np.repeat(turned, np.diff(starts))
    return Winding(rings, vectors, turned, first, closed, polygons, owners[:0], edges, forwards)


def _net_vectors(polygons: Polygons, rings: Floats) -> tuple[Floats, Floats, Mask | None]:
    """Vectors of polygons less holes; of rings, holes against the outer one; which holes ran like it."""
    first = polygons.polygons[:-1]
    if len(rings) == len(first):
        return rings.copy(), rings.copy(), None
    outer = rings[first]
    hole = np.flatnonzero(~polygons.outer)
    parents = polygons.ring_polygons[hole]
    same = np.einsum("ij,ij->i", rings[hole], outer[parents]) > 0
    against = np.zeros(len(rings), dtype=bool)
    against[hole[same]] = True
    rings = np.where(against[:, None], -rings, rings)
    return np.add.reduceat(rings, first, axis=0), rings, against


def _suspicious(
    polygons: Polygons, vectors: Floats, first: NDArray[np.intp], closed: Mask, edges: Hashes, forwards: Mask
) -> NDArray[np.intp]:
    """Buildings (places in `first`) that give reason to be looked at."""
    up = vectors[:, 2]
    areas = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    leaning = (np.abs(up) > _LEANING * areas) & (areas > SMALLEST_FACE_M2)  # slivers look anywhere
    wrong = leaning & np.where(up < 0, polygons.faces == Face.ROOF, polygons.faces == Face.GROUND)
    reason = np.logical_or.reduceat(wrong, first)
    # Two edges run the same way and none against them, in a shell that does not close.
    loose = np.flatnonzero(~closed)
    bounds = polygons.point_offsets[np.r_[first, len(polygons.faces)]]
    counts = np.diff(bounds)[loose]
    if len(loose):
        places = spans(bounds[:-1][loose], counts)
        owner = np.repeat(loose, counts)
        names = edges[places] ^ (owner.astype(np.uint64) * np.uint64(0xD6E8FEB86659FD93))
        order = np.argsort(names)
        names = names[order]
        start = np.flatnonzero(np.r_[True, names[1:] != names[:-1]])
        steps = np.where(forwards[places], 1, -1)[order]
        excess = np.abs(np.add.reduceat(steps, start)) >= 2
        reason[owner[order[start[excess]]]] = True
    return np.flatnonzero(reason)


def _agreed(edges: Hashes, forwards: Mask, face: Ints, count: int) -> tuple[Mask, Ints, Mask]:
    """Which of `count` faces must be turned so that neighbours agree, and the shell each belongs to.

    Neighbours are faces with an edge that no third face shares. The third result says which faces have
    neighbours all round.
    """
    sharing: dict[int, list[int]] = defaultdict(list)
    for place, edge in enumerate(edges.tolist()):
        sharing[edge].append(place)
    sharing.pop(0, None)  # edges without length
    neighbours: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    closed = np.ones(count, dtype=bool)
    for places in sharing.values():
        if len(places) == 1:
            closed[face[places[0]]] = False
        if len(places) == 2:
            one, two = places
            differs = bool(forwards[one] == forwards[two])
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


def _looking_inwards(
    points: Floats, faces: NDArray[np.uint8], vectors: Floats, turned: Mask, shells: Ints, closed: Mask
) -> Mask:
    """Which faces of a building belong to shells that, agreed in themselves, must be turned as a whole.

    A closed one tells by its volume, an open one by its roofs and grounds. Where these do not tell
    either, the source is right about most of the shell's area.

    Args:
        points: (n, 3) a point of each face.
        faces: (n,) values of `Face`.
        vectors: (n, 3) normals as long as the areas, agreed.
        turned: (n,) faces that were turned for it.
        shells: (n,) name of each face's shell.
        closed: (n,) faces with neighbours all round.
    """
    order = np.argsort(shells, kind="stable")
    first = np.flatnonzero(np.r_[True, np.diff(shells[order]) != 0])
    sizes = np.diff(np.r_[first, len(order)])
    areas = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[order]
    upward = np.where(faces == Face.ROOF, vectors[:, 2], 0) - np.where(faces == Face.GROUND, vectors[:, 2], 0)
    vote = np.add.reduceat(upward[order], first)
    area = np.add.reduceat(areas, first)
    against = np.add.reduceat(areas * turned[order], first) > area / 2
    told = np.where(np.abs(vote) > _LEANING * area / sizes, vote < 0, against)
    inside_out = _negative(points[order], vectors[order], first, sizes)
    wrong = np.where(np.logical_and.reduceat(closed[order], first), inside_out, told)
    found = np.empty(len(order), dtype=bool)
    found[order] = np.repeat(wrong, sizes)
    return found


def _negative(points: Floats, vectors: Floats, first: NDArray[np.intp], sizes: NDArray[np.intp]) -> Mask:
    """Whether faces, in groups from `first` on, enclose less than nothing with the middle of their bottom.

    Right for shells without a bottom, too.
    """
    middle = np.add.reduceat(points, first, axis=0) / sizes[:, None]
    middle[:, 2] = np.minimum.reduceat(points[:, 2], first)
    parts = np.einsum("ij,ij->i", points - np.repeat(middle, sizes, axis=0), vectors)
    return np.asarray(np.add.reduceat(parts, first) < 0)
