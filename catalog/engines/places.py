"""Places: which boxes meet a box, without looking at all of them."""

import numpy as np
from numpy.typing import NDArray

from catalog import hilbert

_BITS = 6
_BLOCK = 1 << _BITS
_AT_ONCE = 16_384
"""Boxes of blocks that are looked at faster all at once than by another level."""
Box = tuple[float, float, float, float]


class Places:
    """An index over boxes: blocks of neighbours along a Hilbert curve (a packed R-tree).

    Its order is its own, because large files lie in parts that each have an order of theirs.
    """

    def __init__(self, bounds: NDArray[np.float64]) -> None:
        """Index (n, 4) west, south, east, north; NaN where there is no place, which no box meets."""
        centres = (bounds[:, :2] + bounds[:, 2:]) / 2
        known = np.flatnonzero(~np.isnan(bounds[:, 0]))
        along = hilbert.distances(centres[known, 0], centres[known, 1])
        self._rows = known[np.argsort(along, kind="stable")].astype(np.int32)
        self._levels = [_blocks(bounds[self._rows])]
        around = _around(self._levels[0])
        while len(around) > _AT_ONCE:
            self._levels.insert(0, _blocks(around))
            around = _around(self._levels[0])
        self._top = np.ascontiguousarray(around.T)

    def near(self, box: Box) -> NDArray[np.int64]:
        """Rows whose boxes meet `box`, in ascending order."""
        places = _meet(self._top[0], self._top[1], self._top[2], self._top[3], box).nonzero()[0]
        for level in self._levels:
            places = _meeting(places, level, box)
        rows = self._rows[places].astype(np.int64)
        rows.sort()
        return rows


def _blocks(bounds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Boxes in blocks, (blocks, 4, 64): what is compared at once lies together. The last one ends in NaN."""
    number = -(-len(bounds) // _BLOCK)
    found = np.full((number * _BLOCK, 4), np.nan)
    found[: len(bounds)] = bounds
    return np.ascontiguousarray(found.reshape(number, _BLOCK, 4).transpose(0, 2, 1))


def _around(blocks: NDArray[np.float64]) -> NDArray[np.float64]:
    """The box around each block, (blocks, 4)."""
    low, high = np.fmin.reduce(blocks[:, :2], axis=2), np.fmax.reduce(blocks[:, 2:], axis=2)
    return np.hstack((low, high))


def _meeting(numbers: NDArray[np.int64], level: NDArray[np.float64], box: Box) -> NDArray[np.int64]:
    """Places, among all of a level, of the boxes of some of its blocks that meet a box."""
    some = level.take(numbers, axis=0)
    at = _meet(some[:, 0], some[:, 1], some[:, 2], some[:, 3], box).ravel().nonzero()[0]
    found: NDArray[np.int64] = (numbers << _BITS)[at >> _BITS] + (at & (_BLOCK - 1))
    return found


def _meet(
    wests: NDArray[np.float64],
    souths: NDArray[np.float64],
    easts: NDArray[np.float64],
    norths: NDArray[np.float64],
    box: Box,
) -> NDArray[np.bool_]:
    """Which boxes meet a box."""
    west, south, east, north = box
    met: NDArray[np.bool_] = wests <= east
    met &= easts >= west
    met &= souths <= north
    met &= norths >= south
    return met
