"""Quadtree: which buildings share a tile. Cells lie on a fixed grid of the city's CRS.

Cells are 2^k metres wide and begin at multiples of that, whatever the data's extent: a new building on
the edge of town moves no other building into another tile.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

_SMALLEST_M = 8.0
_SPREAD = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)
"""Shifts and masks that put a zero before each bit of a number; see Bit Twiddling Hacks, "Interleave bits
by Binary Magic Numbers"."""


@dataclass(slots=True)
class Cell:
    """A square of the city with its buildings."""

    width: float
    """Metres."""
    weight: int
    """Sum of its buildings' weights."""
    place: tuple[int, int]
    """Row (northing) and column (easting) on the grid of cells of this width; for the topmost, which may lie
    across four cells of half its width, that of the south-western one of them."""
    children: list["Cell"] = field(default_factory=list)
    """At most four, in order of northing and easting; empty for a leaf."""
    inside: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """Of a leaf: `members`. Cells above have none of their own: each level would hold all of them again."""

    @property
    def members(self) -> NDArray[np.int64]:
        """Numbers of the buildings, ascending; above leaves made anew each time."""
        if not self.children:
            return self.inside
        return np.sort(np.concatenate([leaf.inside for leaf in self.leaves()]), kind="stable")

    def leaves(self) -> Iterator["Cell"]:
        """All cells without children."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


def quadtree(
    centres: NDArray[np.float64],
    weights: NDArray[np.int64],
    limit: int,
    members: NDArray[np.int64] | None = None,
) -> Cell:
    """Divide buildings into cells until each weighs at most `limit` or is 8 m wide.

    Args:
        centres: (n, 2) easting, northing; n ≥ 1.
        weights: (n,) such as numbers of vertices.
        limit: Largest weight of a leaf.
        members: Numbers of those to divide, ascending; all if left out.
    """
    members = np.arange(len(centres), dtype=np.int64) if members is None else members
    here = np.ascontiguousarray(centres[members].T)
    extent = float(np.ptp(here, axis=1).max())
    width = 2.0 ** np.ceil(np.log2(max(extent, _SMALLEST_M)))
    # Data of this extent touch at most four cells of this width, unless rounding made it shorter than it is.
    if np.ptp(np.floor(here / width), axis=1).max() > 1:
        width *= 2
    low = np.floor(here.min(axis=1) / width).astype(np.int64)
    levels = round(np.log2(width / _SMALLEST_M))
    squares = np.floor(here / _SMALLEST_M).astype(np.int64) - (low << levels)[:, None]
    curve = _curve(squares)
    order = np.argsort(curve)
    until = np.concatenate(([0], np.cumsum(weights[members][order])))
    row, column = low[::-1].tolist()
    sorted_ = _Sorted(curve[order], members[order], until, limit, levels, (row, column))
    top = sorted_.cell(0, len(order), levels + 1)
    if not top.children:
        top.width, top.place = width, (row, column)
    return top


def unbroken(cell: Cell) -> Cell:
    """The same tree with the cells that were passed over, so that each is half as wide as the one above.

    Only above cells with children of their own: where a leaf lies within the cell above does not matter.
    """
    half = cell.width / 2
    cell.children = [_raised(unbroken(child), half) for child in cell.children]
    return cell


def _raised(cell: Cell, width: float) -> Cell:
    while cell.children and cell.width < width:
        above = (cell.place[0] // 2, cell.place[1] // 2)
        cell = Cell(2 * cell.width, cell.weight, above, [cell])
    return cell


def _curve(squares: NDArray[np.int64]) -> NDArray[np.int64]:
    """Place of each square, (2, n) from 0 to 2^31 - 1, on Morton's curve, on which those of any cell follow
    each other. Easting varies faster."""
    spread = squares.copy()
    for shift, mask in _SPREAD:
        spread |= spread << shift
        spread &= mask
    along: NDArray[np.int64] = spread[0] | spread[1] << 1
    return along


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Buildings along the curve: those of a cell are a run of them."""

    curve: NDArray[np.int64]
    members: NDArray[np.int64]
    until: NDArray[np.int64]
    """(n + 1,) weight of all before each."""
    limit: int
    levels: int
    """Halvings from the width of the topmost's quarters to the smallest."""
    low: tuple[int, int]
    """Row and column of its south-western quarter."""

    def cell(self, begin: int, end: int, level: int) -> Cell:
        """The cell of what lies from `begin` to `end` and within 2^level of the smallest squares."""
        first, last = int(self.curve[begin]), int(self.curve[end - 1])
        weight = int(self.until[end] - self.until[begin])
        children: list[Cell] = []
        if weight > self.limit:
            level = (first ^ last).bit_length() + 1 >> 1  # all in one corner: that corner is the cell
        if weight > self.limit and level:
            half = 2 * level - 2
            quarters = (np.arange(1, 4) + (first >> half + 2 << 2)) << half
            inner = begin + np.searchsorted(self.curve[begin:end], quarters)
            bounds = itertools.pairwise((begin, *inner.tolist(), end))
            children = [self.cell(start, stop, level - 1) for start, stop in bounds if start < stop]
        cell = Cell(_SMALLEST_M * 2.0**level, weight, self._place(first, level), children)
        if not children:
            cell.inside = np.sort(self.members[begin:end])
        return cell

    def _place(self, square: int, level: int) -> tuple[int, int]:
        if level > self.levels:
            return self.low
        digits = range(level, self.levels + 1)
        row, column = (
            sum((square >> 2 * digit + axis & 1) << digit - level for digit in digits) for axis in (1, 0)
        )
        return row + (self.low[0] << self.levels - level), column + (self.low[1] << self.levels - level)
