"""Lattice: height rasters that continue one another, joined into one grid of cell centres.

The 1 km pieces of a terrain model share step and phase, so their centres form one lattice. It is kept as
square blocks under absolute block numbers: reading a window or sampling points touches only the blocks
concerned, an L-shaped city costs no empty corner, and a block's number does not move when pieces are added.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import TilingError
from twin.record import Raster

BLOCK = 128
"""Cells along a block's side."""
_ALIGNED = 0.01
"""Pieces whose centres differ by less than this part of a step are on the same lattice."""
_SPAN = 1 << 31
"""Block numbers are smaller than half of this; two of them fit in an int64 key."""


@dataclass(frozen=True)
class Lattice:
    """Heights at ``(east + column * step, north - row * step)`` for absolute rows and columns.

    `east` and `north` are smaller than a step, so the numbering depends on step and phase alone.
    """

    east: float
    north: float
    step: float
    """Metres."""
    keys: NDArray[np.int64]
    """(k,) sorted block keys."""
    blocks: NDArray[np.float32]
    """(k + 1, BLOCK, BLOCK) heights in metres; NaN where nothing is known; the last block is all NaN."""
    bounds: tuple[int, int, int, int]
    """First row, first column, last row + 1, last column + 1 of the pieces."""

    def values(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.float32]:
        """Heights at these cells; NaN where the lattice knows none."""
        key: NDArray[np.int64] = _key(rows // BLOCK, columns // BLOCK)
        at = np.searchsorted(self.keys, key)
        at = np.where(np.append(self.keys, -1)[at] == key, at, len(self.keys))
        found: NDArray[np.float32] = self.blocks[at, rows % BLOCK, columns % BLOCK]
        return found

    def window(self, row: int, column: int, rows: int, columns: int, stride: int = 1) -> NDArray[np.float32]:
        """Every `stride`-th cell from (row, column) on: a (rows, columns) array."""
        result = np.full((rows, columns), np.nan, np.float32)
        last_row, last_column = row + (rows - 1) * stride, column + (columns - 1) * stride
        low = np.searchsorted(self.keys, _key(row // BLOCK, -_SPAN // 2))
        high = np.searchsorted(self.keys, _key(last_row // BLOCK, _SPAN // 2 - 1), side="right")
        down, right = _numbers(self.keys[low:high])
        for at in np.flatnonzero((right >= column // BLOCK) & (right <= last_column // BLOCK)):
            top, left = int(down[at]) * BLOCK, int(right[at]) * BLOCK
            # First sample of the window in this block, and where it goes in the result.
            i, j = max(0, -((row - top) // stride)), max(0, -((column - left) // stride))
            start, begin = row + i * stride - top, column + j * stride - left
            part = self.blocks[low + at, start::stride, begin::stride][: rows - i, : columns - j]
            result[i : i + part.shape[0], j : j + part.shape[1]] = part
        return result

    def around(self, west: float, south: float, east: float, north: float) -> "Lattice":
        """The same lattice with only the blocks that points within these bounds can need."""
        rows, columns = self.index(np.array([[west, north], [east, south]]))
        down, right = self.numbers()
        near = np.ones(len(self.keys), np.bool_)
        for numbers, cells in ((down, rows), (right, columns)):
            low, high = np.floor((cells + np.array([-1, 1])) / BLOCK)
            near &= (numbers >= low) & (numbers <= high)
        return replace(self, keys=self.keys[near], blocks=self.blocks[np.append(near, True)])

    def numbers(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows and columns of the blocks: cell numbers divided by `BLOCK`."""
        return _numbers(self.keys)

    def index(self, xy: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Fractional rows and columns of points (n, 2)."""
        return (self.north - xy[:, 1]) / self.step, (xy[:, 0] - self.east) / self.step


def join(pieces: Sequence[Raster]) -> list[Lattice]:
    """Join pieces of equal step and phase; the finest lattice comes first.

    Where pieces overlap, the north-western one that knows a height wins, whatever their order.
    """
    groups: list[list[Raster]] = []
    for piece in sorted(pieces, key=lambda p: (p.step, -p.north, p.west)):
        _check(piece)
        for group in groups:
            first = group[0]
            shift = ((piece.west - first.west) / first.step, (piece.north - first.north) / first.step)
            if piece.step == first.step and all(abs(s - round(s)) < _ALIGNED for s in shift):
                group.append(piece)
                break
        else:
            groups.append([piece])
    return [_joined(group) for group in groups]


def _joined(pieces: list[Raster]) -> Lattice:
    step = pieces[0].step
    east, north = pieces[0].west % step, pieces[0].north % step
    blocks: dict[int, NDArray[np.float32]] = {}
    tops, lefts, bottoms, rights = [], [], [], []
    for piece in pieces:
        row, column = round((north - piece.north) / step), round((piece.west - east) / step)
        rows, columns = piece.heights.shape
        tops.append(row)
        lefts.append(column)
        bottoms.append(row + rows)
        rights.append(column + columns)
        for down in range(row // BLOCK, (row + rows - 1) // BLOCK + 1):
            for right in range(column // BLOCK, (column + columns - 1) // BLOCK + 1):
                i, j = down * BLOCK - row, right * BLOCK - column
                part = piece.heights[max(i, 0) : i + BLOCK, max(j, 0) : j + BLOCK]
                key = int(_key(down, right))
                if key not in blocks:
                    blocks[key] = np.full((BLOCK, BLOCK), np.nan, np.float32)
                i, j = max(-i, 0), max(-j, 0)
                target = blocks[key][i : i + part.shape[0], j : j + part.shape[1]]
                np.copyto(target, part, where=np.isnan(target))
    keys = np.array(sorted(blocks), np.int64)
    stack = np.full((len(keys) + 1, BLOCK, BLOCK), np.nan, np.float32)
    for at, key in enumerate(keys):
        stack[at] = blocks.pop(int(key))
    return Lattice(east, north, step, keys, stack, (min(tops), min(lefts), max(bottoms), max(rights)))


def _check(piece: Raster) -> None:
    numbers = (piece.west, piece.north, piece.step)
    if piece.heights.ndim != 2 or not piece.heights.size or not all(map(np.isfinite, numbers)):
        raise TilingError("a height raster has no cells or no position; check the source's file")
    if piece.step <= 0 or max(abs(piece.west), abs(piece.north)) / piece.step > 1e9:
        raise TilingError(
            "a height raster's cell size does not fit its position; it must be metres, north up"
        )


def _key(down: Any, right: Any) -> Any:
    return np.int64(_SPAN) * down + right + _SPAN // 2


def _numbers(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return keys // _SPAN, keys % _SPAN - _SPAN // 2
