"""Brim: the outermost known cells of a terrain, which say how high it is beyond them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tiles.lattice import BLOCK, Lattice

_SOME = 256
"""Places of the brim that are asked from afar."""
_AT_A_TIME = 4096
_REACH = 8.0
"""In cells, see `Brim.reach_m`."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Brim:
    """Steps from one cell of the brim to the next."""

    ends: Floats
    """(s, 2, 3) easting, northing and height of both ends; a cell without a neighbour is both."""
    some: Floats
    """(k, 3) places all along the brim: their mean, near ones first, is the height far beyond it."""
    reach_m: float
    """So far from the brim its nearest place has lost half of its say, and more beyond."""

    def heights(self, xy: Floats) -> Floats:
        """Heights (n,) at points (n, 2): that of the nearest place of the brim, farther out a mean.

        The nearest place alone would jump: from afar one looks past the steps of a slanting edge.
        """
        import shapely

        tree = shapely.STRtree(shapely.linestrings(self.ends[:, :, :2]))
        start, end = self.ends[tree.nearest(shapely.points(xy))].transpose(1, 0, 2)
        way = end - start
        length = np.square(way[:, :2]).sum(axis=1)
        along = ((xy - start[:, :2]) * way[:, :2]).sum(axis=1) / np.where(length > 0, length, 1.0)
        near = start + np.clip(along, 0.0, 1.0)[:, None] * way
        away = np.linalg.norm(xy - near[:, :2], axis=1)
        own = np.square(self.reach_m / (away + self.reach_m))
        return np.asarray(own * near[:, 2] + (1 - own) * self._mean(xy))

    def _mean(self, xy: Floats) -> Floats:
        found = []
        for start in range(0, len(xy), _AT_A_TIME):
            way = xy[start : start + _AT_A_TIME, None] - self.some[None, :, :2]
            weights = 1 / (np.square(way).sum(axis=2) + self.reach_m**2)
            found.append(weights @ self.some[:, 2] / weights.sum(axis=1))
        return np.concatenate(found)

    def around(self, xy: Floats) -> "Brim":
        """The part that points between these (n, 2) can need."""
        low, high = xy.min(axis=0), xy.max(axis=0)
        away = np.linalg.norm(self.ends[:, 0, :2] - (low + high) / 2, axis=1)
        longest = np.linalg.norm(np.ptp(self.ends[:, :, :2], axis=1), axis=1).max()
        return replace(self, ends=self.ends[away <= away.min() + np.linalg.norm(high - low) + 2 * longest])


def brim(lattices: Sequence[Lattice]) -> Brim | None:
    """That of all lattices; None where no height is known."""
    parts = [_steps(lattice, row, column) for lattice in lattices for row, column in _blocks(lattice)]
    ends = np.concatenate([np.empty((0, 2, 3)), *parts])
    if not len(ends):
        return None
    return Brim(ends, ends[:: max(1, len(ends) // _SOME), 0], _REACH * max(one.step for one in lattices))


def _blocks(lattice: Lattice) -> list[tuple[int, int]]:
    """First row and column of each block."""
    down, right = lattice.numbers()
    return list(zip((down * BLOCK).tolist(), (right * BLOCK).tolist(), strict=True))


def _steps(lattice: Lattice, row: int, column: int) -> Floats:
    """(s, 2, 3) the steps that begin in a block, to the east, south-west, south and south-east."""
    heights = lattice.window(row - 2, column - 2, BLOCK + 4, BLOCK + 4)
    known = np.isfinite(heights)
    inner = known[1:-1, 1:-1]
    all_round = known[:-2, 1:-1] & known[2:, 1:-1] & known[1:-1, :-2] & known[1:-1, 2:]
    outer = np.zeros_like(known)
    outer[1:-1, 1:-1] = inner & ~all_round
    i, j = np.nonzero(outer[2:-2, 2:-2])
    i, j = i + 2, j + 2
    pairs = [(i, j, i, j)]
    for below, beside in ((0, 1), (1, -1), (1, 0), (1, 1)):
        there = outer[i + below, j + beside]
        pairs.append((i[there], j[there], i[there] + below, j[there] + beside))
    a, b, c, d = (np.concatenate(part) for part in zip(*pairs, strict=True))
    return np.stack(
        [
            np.column_stack(
                [
                    lattice.east + (column - 2 + across) * lattice.step,
                    lattice.north - (row - 2 + down) * lattice.step,
                    heights[down, across],
                ]
            )
            for down, across in ((a, b), (c, d))
        ],
        axis=1,
    )
