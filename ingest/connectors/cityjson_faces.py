"""Boundaries of many objects become solids at once: numpy is called per batch, not per building."""

import struct
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, compress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.connectors.axes import FARTHEST
from ingest.connectors.cityjson_kinds import OTHER, kinds_of
from twin.record import Solid

DEGENERATE = "a face with fewer than three corners was left out"
HOLE = "a hole with fewer than three corners was closed"
CLOSED = "a ring that repeats its first corner was opened"
LOST = "a face with a corner that is no point was left out"

_DEPTHS = {"MultiSurface": 0, "CompositeSurface": 0, "Solid": 1, "MultiSolid": 2, "CompositeSolid": 2}

Points = NDArray[np.float64]
Polygon = list[list[int]]


class Uneven(Exception):
    """The boundaries cannot be drawn as they are; the message tells why."""


NESTED = "its boundaries are nested otherwise than their type says"
INDEX = "a corner refers to a vertex that does not exist"
NUMBERS = "a vertex is not three numbers of a place on earth"
TYPE = "its type of geometry is none of CityJSON"
_RING = "a ring needs repair"


@dataclass(slots=True)
class Draft:
    """The faces of one object before they have coordinates."""

    base: int
    """Place of its first vertex in the points of the batch."""
    count: int
    """How many vertices it may refer to."""
    polygons: list[Polygon] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    pictures: list[Any] = field(default_factory=list)
    """For each polygon its texture values as written; empty unless textures are wanted."""
    notes: list[str] = field(default_factory=list)

    def take(self, piece: "Draft") -> None:
        """Take over the faces of another draft with the same vertices."""
        self.polygons += piece.polygons
        self.kinds += piece.kinds
        self.pictures += piece.pictures
        self.notes += piece.notes


def vertices(written: list[Any]) -> Points:
    """(n, 3) the vertices as written; NaN for one that is not three numbers."""
    try:
        flat = list(chain.from_iterable(written))  # a list is faster than an iterator
        if set(map(len, written)) <= {3}:
            return in_threes(flat)
    except (TypeError, OverflowError):
        pass  # one of them is bad: look at each
    points = np.full((len(written), 3), np.nan)
    for i, vertex in enumerate(written):
        if isinstance(vertex, list) and len(vertex) == 3 and all(type(n) in (int, float) for n in vertex):
            points[i] = vertex
    return points


def in_threes(flat: list[Any]) -> Points:
    """(n, 3) numbers that are written one behind the other.

    Raises:
        TypeError: one of them is no number.
        OverflowError: one is too large.
    """
    numbers: NDArray[Any]
    try:
        numbers = whole(flat)
    except TypeError:
        numbers = np.frombuffer(array("d", flat), dtype=np.float64)
    return numbers.reshape(-1, 3).astype(np.float64, copy=False)


def whole(flat: list[Any]) -> NDArray[np.int64]:
    """(n,) whole numbers, three times as fast as by `array`.

    Raises:
        TypeError: one of them is no whole number of 64 bits.
    """
    try:
        return np.frombuffer(struct.pack(f"{len(flat)}q", *flat), dtype=np.int64)
    except struct.error as error:
        raise TypeError(*error.args) from None


def add(draft: Draft, geometry: Any) -> None:
    """Add the surfaces of a geometry to a draft.

    Raises:
        Uneven: they are not nested as the geometry's type says.
    """
    try:
        depth = _DEPTHS[geometry["type"]]
        found = geometry["boundaries"]
        for _ in range(depth):
            found = list(chain.from_iterable(found))
        if type(found) is not list:
            raise Uneven(NESTED)
    except KeyError:
        raise Uneven(TYPE) from None
    except TypeError:
        raise Uneven(NESTED) from None
    draft.polygons += found
    semantics = geometry.get("semantics")
    draft.kinds += (
        kinds_of(semantics, geometry, depth, len(found), draft.notes) if semantics else [OTHER] * len(found)
    )


def assemble(drafts: Sequence[Draft], points: Points) -> list[Solid]:
    """Give drafts their coordinates, all in one go.

    Args:
        drafts: at least one polygon each.
        points: (n, 3) vertices of the whole batch in the CRS of the file.

    Raises:
        Uneven: a draft cannot be drawn as it is; which one is not said.
    """
    counts = [len(draft.polygons) for draft in drafts]
    polygons = list(chain.from_iterable([draft.polygons for draft in drafts]))
    try:
        rings = list(chain.from_iterable(polygons))
        flat = list(chain.from_iterable(rings))
        index = whole(flat)
        holes = np.fromiter(map(len, polygons), np.int32, len(polygons))
        lengths = np.fromiter(map(len, rings), np.int32, len(rings))
    except (TypeError, OverflowError):
        raise Uneven(NESTED) from None
    if len(polygons) == 0 or holes.min() < 1 or lengths.min() < 3:
        raise Uneven(_RING)
    ring_ends = np.concatenate(([0], np.cumsum(lengths)))
    polygon_ends = np.concatenate(([0], np.cumsum(holes)))
    if (index[ring_ends[:-1]] == index[ring_ends[1:] - 1]).any():
        raise Uneven(_RING)
    cuts = np.concatenate(([0], np.cumsum(counts)))  # of the drafts, in polygons
    ring_cuts = polygon_ends[cuts]
    point_cuts = ring_ends[ring_cuts]
    sizes = np.diff(point_cuts)
    if (index < 0).any() or (index >= np.repeat([draft.count for draft in drafts], sizes)).any():
        raise Uneven(INDEX)
    corners = points.take(index + np.repeat([draft.base for draft in drafts], sizes), axis=0)
    if not -FARTHEST < corners.min() <= corners.max() < FARTHEST:
        raise Uneven(NUMBERS)
    kinds = np.fromiter(chain.from_iterable([draft.kinds for draft in drafts]), np.uint8, len(polygons))
    # Offsets that start anew with each draft, one entry longer than what they count.
    rings_of = (ring_ends[:-1] - np.repeat(point_cuts[:-1], np.diff(ring_cuts))).astype(np.int32)
    polygons_of = (polygon_ends[:-1] - np.repeat(ring_cuts[:-1], counts)).astype(np.int32)
    rings_of = np.insert(rings_of, ring_cuts[1:], sizes)
    polygons_of = np.insert(polygons_of, cuts[1:], np.diff(ring_cuts))
    return [
        Solid(corners[a:b], rings_of[c:d], polygons_of[e:f], kinds[g:h])
        for a, b, c, d, e, f, g, h in zip(
            *_spans(point_cuts, 0), *_spans(ring_cuts, 1), *_spans(cuts, 1), *_spans(cuts, 0), strict=True
        )
    ]


def _spans(cuts: NDArray[Any], more: int) -> tuple[list[int], list[int]]:
    """Begin and end of each slice, where every slice before has `more` entries than it counts."""
    shift = np.arange(len(cuts)) * more
    shifted = cuts + shift
    return shifted[:-1].tolist(), shifted[1:].tolist()


def mend(draft: Draft, points: Points) -> None:
    """Open rings that repeat their first corner; leave out faces with fewer than three, or with none that is.

    Args:
        draft: the faces.
        points: the vertices they may refer to.

    Raises:
        Uneven: a polygon is no list of rings, or not one face has all of its corners.
    """
    polygons, kinds, pictures = [], [], []
    for i, polygon in enumerate(draft.polygons):
        rings = _rings(polygon)
        images = list(draft.pictures[i] or ()) if draft.pictures else []
        good = []
        for j, ring in enumerate(rings):
            if len(ring) > 1 and ring[0] == ring[-1]:
                ring = ring[:-1]
                draft.notes.append(CLOSED)
                if j < len(images) and isinstance(images[j], list) and len(images[j]) > 3:
                    images[j] = images[j][:-1]
            if len(ring) >= 3:
                good.append(ring)
            elif j == 0:
                break
            else:
                draft.notes.append(HOLE)
                images = []
        if good:
            polygons.append(good)
            kinds.append(draft.kinds[i])
            pictures.append(images)
        else:
            draft.notes.append(DEGENERATE)
    if polygons and _fault(list(chain.from_iterable(polygons)), points):
        faults = [_fault(polygon, points) for polygon in polygons]
        if all(faults):
            raise Uneven(faults[0])
        draft.notes += [LOST] * (len(faults) - faults.count(None))
        fine = [fault is None for fault in faults]
        polygons, kinds = list(compress(polygons, fine)), list(compress(kinds, fine))
        pictures = list(compress(pictures, fine))
    draft.polygons, draft.kinds = polygons, kinds
    draft.pictures = pictures if draft.pictures else []


def _fault(polygon: Polygon, points: Points) -> str | None:
    """Why it cannot be drawn: one of its corners is no vertex, or its vertex no place."""
    corners = [corner for ring in polygon for corner in ring]
    if {*map(type, corners)} != {int} or min(corners) < 0 or max(corners) >= len(points):
        return INDEX
    return None if (np.abs(points[corners]) < FARTHEST).all() else NUMBERS


def _rings(polygon: Any) -> list[list[int]]:
    if not isinstance(polygon, list):
        raise Uneven(NESTED)
    for ring in polygon:
        if not isinstance(ring, list):
            raise Uneven(NESTED)
        if list in map(type, ring):
            raise Uneven(NESTED)
    return polygon
