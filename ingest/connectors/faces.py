"""Polygons of a building become a `Solid`: coordinates of all rings are read at once, because that is the cost."""

from collections.abc import Iterable

import numpy as np
import orjson
from lxml import etree
from numpy.typing import NDArray

from twin.record import Solid

FLAT = "a face without heights was left out"
UNREADABLE = "a face with unreadable coordinates was left out"
DEGENERATE = "a face with fewer than three corners was left out"
HOLE = "a hole with fewer than three corners was closed"
OPEN = "a ring that does not end where it began was closed"


def solid_of(faces: Iterable[tuple[etree._Element, int]], notes: list[str]) -> Solid | None:
    """Read the coordinates of polygons.

    Args:
        faces: ``gml:Polygon`` (or patch) elements with their values of `twin.record.Face`.
        notes: gets a line for each repair.

    Returns:
        The solid in the source's CRS, or None if no polygon is usable.
    """
    tokens: list[str] = []
    lengths: list[int] = []  # numbers per ring
    counts: list[int] = []  # rings per polygon
    kinds: list[int] = []
    for polygon, kind in faces:
        rings = _rings(polygon)
        if rings is None:
            notes.append(FLAT)
        elif rings:
            for ring in rings:
                tokens += ring
                lengths.append(len(ring))
            counts.append(len(rings))
            kinds.append(kind)
    if not counts:
        return None
    return _assembled(
        _numbers(tokens).reshape(-1, 3),
        np.array(lengths) // 3,
        np.array(counts),
        np.array(kinds, dtype=np.uint8),
        notes,
    )


def _rings(polygon: etree._Element) -> list[list[str]] | None:
    """The numbers of each ring, outer first; None if they are not triples."""
    rings: list[list[str]] = []
    for bound in polygon:
        for ring in bound:
            numbers: list[str] = []
            for positions in ring:
                written = (positions.text or "").replace(",", " ").split()
                if positions.get("srsDimension") == "2" or len(written) % 3:
                    return None
                numbers += written
            if not numbers:
                continue
            if rings and bound.tag.endswith(("}exterior", "}outerBoundaryIs")):
                rings.insert(0, numbers)
            else:
                rings.append(numbers)
    return rings


def _numbers(tokens: list[str]) -> NDArray[np.float64]:
    try:
        # Ten times faster than numpy's own reading of text.
        return np.array(orjson.loads(f"[{','.join(tokens)}]"), dtype=np.float64)
    except orjson.JSONDecodeError:
        return np.array([_number(token) for token in tokens])


def _number(token: str) -> float:
    try:
        return float(token)
    except ValueError:
        return float("nan")


def _assembled(
    points: NDArray[np.float64],
    lengths: NDArray[np.int64],
    counts: NDArray[np.int64],
    kinds: NDArray[np.uint8],
    notes: list[str],
) -> Solid | None:
    """Open the rings, leave out what is no face, and lay down the offsets."""
    ends = np.cumsum(lengths)
    starts = ends - lengths
    last = ends - 1
    closed = (points[starts] == points[last]).all(axis=1) & (lengths > 1)
    ring_of = np.repeat(np.arange(len(lengths)), lengths)
    keep = np.ones(len(points), dtype=bool)
    keep[last[closed]] = False
    lengths = lengths - closed
    polygon_of = np.repeat(np.arange(len(counts)), counts)
    finite = np.isfinite(points).all(axis=1)
    if closed.all() and lengths.min() >= 3 and finite.all():  # the usual case
        return _solid(points[keep], lengths, counts, kinds)
    notes += [OPEN] * int((~closed & (lengths >= 3)).sum())
    outer = np.concatenate(([0], np.cumsum(counts)[:-1]))
    lost = np.zeros(len(counts), dtype=bool)
    lost[polygon_of[ring_of[~finite]]] = True
    notes += [UNREADABLE] * int(lost.sum())
    short = lengths < 3
    degenerate = short[outer] & ~lost
    notes += [DEGENERATE] * int(degenerate.sum())
    lost |= degenerate
    keep_ring = ~short & ~lost[polygon_of]
    notes += [HOLE] * int((short & ~lost[polygon_of]).sum())
    keep &= keep_ring[ring_of]
    counts = np.bincount(polygon_of[keep_ring], minlength=len(counts))[~lost]
    if not len(counts):
        return None
    return _solid(points[keep], lengths[keep_ring], counts, kinds[~lost])


def _solid(
    points: NDArray[np.float64], lengths: NDArray[np.int64], counts: NDArray[np.int64], kinds: NDArray[np.uint8]
) -> Solid:
    rings = np.zeros(len(lengths) + 1, dtype=np.int32)
    np.cumsum(lengths, out=rings[1:])
    polygons = np.zeros(len(counts) + 1, dtype=np.int32)
    np.cumsum(counts, out=polygons[1:])
    return Solid(points, rings, polygons, kinds)
