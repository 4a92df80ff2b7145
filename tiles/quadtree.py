"""Quadtree: which buildings share a tile. Cells lie on a fixed grid of the city's CRS.

Cells are 2^k metres wide and begin at multiples of that, whatever the data's extent: a new building on
the edge of town moves no other building into another tile.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

_SMALLEST_M = 8.0


@dataclass(slots=True)
class Cell:
    """A square of the city with its buildings."""

    width: float
    """Metres."""
    members: NDArray[np.int64]
    """Numbers of the buildings, ascending."""
    weight: int
    """Sum of their weights."""
    place: tuple[int, int]
    """Row (northing) and column (easting) on the grid of cells of this width; for the topmost, which may lie
    across four cells of half its width, that of the south-western one of them."""
    children: list["Cell"] = field(default_factory=list)
    """At most four, in order of northing and easting; empty for a leaf."""

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
    extent = float(np.ptp(centres[members], axis=0).max())
    width = 2.0 ** np.ceil(np.log2(max(extent, _SMALLEST_M)))
    # Data of this extent touch at most four cells of this width.
    row, column = np.floor(centres[members].min(axis=0) / width).astype(np.int64)[::-1].tolist()
    top = Cell(2 * width, members, int(weights[members].sum()), (row, column))
    _divide(top, centres, weights, limit)
    if not top.children:
        top.width = width
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
        cell = Cell(2 * cell.width, cell.members, cell.weight, above, [cell])
    return cell


def _divide(cell: Cell, centres: NDArray[np.float64], weights: NDArray[np.int64], limit: int) -> None:
    while cell.weight > limit and cell.width > _SMALLEST_M:
        half = cell.width / 2
        places = np.floor(centres[cell.members] / half).astype(np.int64)[:, ::-1]
        low = places.min(axis=0)
        which = ((places - low) @ (2, 1)).astype(np.int8)  # a cell has four quarters
        names = np.flatnonzero(np.bincount(which))
        cell.width = half
        if len(names) == 1:
            cell.place = (int(low[0]), int(low[1]))
            continue  # all in one corner: that corner is the cell
        cell.width = 2 * half
        for name in names.tolist():
            members = cell.members[which == name]
            place = (int(low[0]) + name // 2, int(low[1]) + name % 2)
            child = Cell(half, members, int(weights[members].sum()), place)
            _divide(child, centres, weights, limit)
            cell.children.append(child)
        return
