"""Vertices: points and polygons of one ring, read from WKB by NumPy alone, many at once.

Nearly all features of cities are of this kind, and to make geometries of them for a page, turn them and take
them apart again takes longer than to write them.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.engines import coordinates
from catalog.engines.places import Box

_POINT, _RING = 5, 13
"""Bytes of WKB (OGC 06-103r4, 8.2) before the coordinates: byte order, type; number of rings, of points."""
_LITTLE_POINT = bytes([1, 1, 0, 0, 0])
_LITTLE_POLYGON = bytes([1, 3, 0, 0, 0, 1, 0, 0, 0])
_PAIR = 16
_AT_ONCE = 65_536
Rows = NDArray[np.int64]


class Vertices:
    """The geometries of a features file."""

    def __init__(self, wkb: Any) -> None:
        """Look at an Arrow array of WKB."""
        _, offsets, data = wkb.buffers()
        ends = np.frombuffer(offsets, np.int32)[wkb.offset : wkb.offset + len(wkb) + 1].astype(np.int64)
        self._data = np.frombuffer(data, np.uint8) if data else np.empty(0, np.uint8)
        # The vertex that begins at each byte, were there one: no copy, only another way to count.
        every = max(0, len(self._data) - _PAIR + 1)
        self._every = np.ndarray((every,), "<c16", self._data, 0, (1,)) if every else np.empty(0, "<c16")
        self._starts, self._sizes = ends[:-1], np.diff(ends)
        size = self._sizes
        points = (size == _POINT + _PAIR) & self._begins(_LITTLE_POINT)
        rings = (size >= _RING + 4 * _PAIR) & self._begins(_LITTLE_POLYGON)
        counts = (size - _RING) // _PAIR
        rings &= (size - _RING == counts * _PAIR) & (self._numbers(_RING - 4) == counts)
        self._counts = np.where(points, 1, counts)
        self._before = np.where(rings, _RING, np.where(points, _POINT, 0)).astype(np.int8)
        self._clockwise = np.zeros(len(wkb), bool)
        plain = np.flatnonzero(rings)
        for start in range(0, len(plain), _AT_ONCE):
            some = plain[start : start + _AT_ONCE]
            self._clockwise[some] = _clockwise(*self._pairs(some, _RING))

    def wkb(self, rows: Rows) -> NDArray[np.object_]:
        """The geometries of some rows as they lie; None where there is none."""
        found = np.empty(len(rows), object)
        starts = self._starts[rows].tolist()
        for place, (start, size) in enumerate(zip(starts, self._sizes[rows].tolist(), strict=True)):
            if size:
                found[place] = self._data[start : start + size].tobytes()
        return found

    def written(self, rows: Rows) -> coordinates.Written | None:
        """GeoJSON of some rows, outer rings counterclockwise (RFC 7946); None if not all are of one kind."""
        before = self._before[rows]
        if not len(rows) or not before[0] or (before != before[0]).any():
            return None
        pairs, firsts = self._pairs(rows, int(before[0]), self._clockwise[rows])
        if not np.isfinite(pairs).all():
            return None
        if before[0] == _POINT:
            return coordinates.points(pairs)
        return coordinates.polygons(pairs, firsts)

    def whole(self, rows: Rows) -> NDArray[np.bool_]:
        """Which rows surely are one point or one ring: nothing of them lies apart from the rest."""
        found: NDArray[np.bool_] = self._before[rows] > 0
        return found

    def inside(self, rows: Rows, box: Box) -> NDArray[np.bool_]:
        """Which rows surely meet a box, because a vertex lies in it; of others nothing is said."""
        found = np.zeros(len(rows), bool)
        plain = np.flatnonzero(self._before[rows] == _RING)
        if len(plain):
            pairs, firsts = self._pairs(rows[plain], _RING)
            west, south, east, north = box
            x, y = pairs.T
            met = (x >= west) & (x <= east) & (y >= south) & (y <= north)
            found[plain] = np.logical_or.reduceat(met, firsts)
        return found

    def _pairs(
        self, rows: Rows, before: int, turned: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """All vertices, (m, 2), of `turned` rows from the last to the first; and where each row begins."""
        counts = self._counts[rows]
        ends = np.cumsum(counts)
        firsts = ends - counts
        step: Any = _PAIR
        starts = self._starts[rows] + before
        if turned is not None and turned.any():
            step = np.where(turned, -_PAIR, _PAIR)
            starts += np.where(turned, _PAIR * (counts - 1), 0)
            starts -= step * firsts
            step = -_PAIR if turned.all() else np.repeat(step, counts)
        else:
            starts -= _PAIR * firsts
        places = np.repeat(starts, counts) + step * np.arange(ends[-1])
        return self._every[places].view("<f8").reshape(-1, 2), firsts

    def _begins(self, what: bytes) -> NDArray[np.bool_]:
        found = np.ones(len(self._starts), bool)
        for place, byte in enumerate(what):
            found &= self._byte(place) == byte
        return found

    def _numbers(self, place: int) -> NDArray[np.int64]:
        """The unsigned number at a place of each row."""
        found = self._byte(place)
        for n in (1, 2, 3):
            found = found | (self._byte(place + n) << (8 * n))
        return found

    def _byte(self, place: int) -> NDArray[np.int64]:
        """A byte of each row; of short rows one of another, whose length is looked at anyway."""
        if not len(self._data):
            return np.zeros(len(self._starts), np.int64)
        places = np.minimum(self._starts + place, len(self._data) - 1)
        found: NDArray[np.int64] = self._data[places].astype(np.int64)
        return found


def _clockwise(pairs: NDArray[np.float64], firsts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which rings are clockwise, by the sign of their area (shoelace formula)."""
    counts = np.diff(firsts, append=len(pairs))
    # Of each ring the first vertex lies at 0, 0: no edge leads to the next ring, and numbers stay fine.
    x, y = (pairs - np.repeat(pairs[firsts], counts, axis=0)).T
    with np.errstate(invalid="ignore"):
        cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    found: NDArray[np.bool_] = np.add.reduceat(cross, firsts) < 0
    return found
