"""Pyramid: the levels of a terrain's quadtree, and the parts in which they are worked on.

The finest tiles have 256 cells a side, each coarser level twice that. Levels share one numbering of cells,
so a tile keeps its place, and its bytes, when the terrain grows elsewhere. The first levels choose their
vertices among all cells, later ones among every second, fourth … of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiles import rtin
from tiles.lattice import BLOCK, Lattice

LEAF = 2 * BLOCK
"""Cells along a side of the finest tiles."""
_WHOLE = 3
"""Levels that choose among all cells."""
_SIDE = LEAF << _WHOLE
"""Cells along a side of what is worked on at a time: a tile more is looked at all around, so not too few."""
_TOP = 10
"""The coarsest level there can be: tiles of 262 km for cells of 1 m."""
_ROOTS = 4
"""No coarser level is made once there are so few tiles."""

Place = tuple[int, int]
"""Row and column of a tile in its level."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the quadtree."""

    number: int
    """0 is the finest."""
    places: tuple[Place, ...]
    """Tiles that may have content."""

    @property
    def stride(self) -> int:
        """Cells from one grid point of this level to the next."""
        return 1 << max(0, self.number - _WHOLE + 1)

    @property
    def tile(self) -> int:
        """Grid points along a tile's side, less the last one."""
        return LEAF << min(self.number, _WHOLE - 1)

    def parts(self) -> Iterator[tuple[Place, Place, tuple[Place, ...]]]:
        """Neighbouring tiles that are made together: their rectangle's first and last place, and all."""
        side = _SIDE // self.tile
        together: dict[Place, list[Place]] = {}
        for row, column in self.places:
            together.setdefault((row // side, column // side), []).append((row, column))
        for _, places in sorted(together.items()):
            rows, columns = zip(*places, strict=True)
            yield (min(rows), min(columns)), (max(rows), max(columns)), tuple(sorted(places))

    def window(self, lattice: Lattice, first: Place, last: Place, margin: int) -> NDArray[np.float32]:
        """Heights of the tiles from `first` to `last`, with `margin` tiles around."""
        n, stride = self.tile, self.stride
        row, column = ((at - margin) * n * stride for at in first)
        rows, columns = (
            (end - begin + 1 + 2 * margin) * n + 1 for begin, end in zip(first, last, strict=True)
        )
        return lattice.window(row, column, rows, columns, stride)


def levels(lattice: Lattice) -> list[Level]:
    """The levels of a lattice's quadtree, finest first."""
    down, right = lattice.numbers()
    found: list[Level] = []
    for number in range(_TOP + 1):
        size = (LEAF // BLOCK) << number
        places = sorted(set(zip((down // size).tolist(), (right // size).tolist(), strict=True)))
        found.append(Level(number, tuple(places)))
        if len(places) <= _ROOTS:
            break
    return found


@dataclass(frozen=True, slots=True)
class Sample:
    """Some neighbouring finest tiles, to measure what coarser grids of cells miss."""

    heights: NDArray[np.float32]
    first: Place
    wanted: tuple[Place, ...]
    strides: tuple[int, ...]
    step: float


def measure(sample: Sample) -> dict[tuple[int, Place], float]:
    """How far cells lie off the grid of every `stride`-th one: (stride, tile) → largest metres."""
    found = {}
    for stride in sample.strides:
        parity = sample.first[0] + sample.first[1]
        off = rtin.gaps(sample.heights, stride, LEAF, parity, sample.step)
        for row, column in sample.wanted:
            top, left = (row - sample.first[0]) * LEAF, (column - sample.first[1]) * LEAF
            found[stride, (row, column)] = float(off[top : top + LEAF + 1, left : left + LEAF + 1].max())
    return found
