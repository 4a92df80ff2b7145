"""A cloud on disk, in columns: points go to the square they stand on, until each square fits into memory."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.points_las import CHUNK, POINT
from twin.errors import TilingError

MOST = 2_000_000
"""Most points in a column: some 60 MB, and five times that while it is made."""
_NARROWEST, _WIDEST = 3, 14
"""Sides of columns are 2^3 to 2^14 metres."""

Square = tuple[int, int, int]
"""Exponent of the side (2^e metres), column and row on the fixed grid of the city's CRS."""


def side_for(points: int, area: float) -> int:
    """Exponent of a side so that a column holds about a quarter of `MOST` points, if they lie evenly."""
    even = np.log2(max(area, 1.0) / max(points, 1) * MOST / 4) / 2
    return int(np.clip(np.floor(even), _NARROWEST, _WIDEST))


@dataclass(slots=True)
class Spill:
    """The columns' files in a folder."""

    folder: Path
    exponent: int
    counts: dict[Square, int] = field(default_factory=dict)
    """Points of each column."""
    _below: dict[Square, set[Square]] = field(default_factory=dict)

    def add(self, points: NDArray[Any], exponent: int | None = None) -> None:
        """Append points (`POINT`, in the city's CRS) to the columns they belong to, in their order.

        Raises:
            TilingError: the disk is full.
        """
        exponent = self.exponent if exponent is None else exponent
        squares = np.floor(points["at"][:, :2] / 2.0**exponent).astype(np.int64)
        order = np.lexsort((squares[:, 0], squares[:, 1]))
        squares, points = squares[order], points[order]
        starts = np.flatnonzero(np.r_[True, (np.diff(squares, axis=0) != 0).any(axis=1)])
        for start, end in zip(starts, [*starts[1:], len(points)], strict=True):
            square = (exponent, *squares[start].tolist())
            try:
                with self.path(square).open("ab") as file:
                    points[start:end].tofile(file)
            except OSError as error:
                raise TilingError(
                    f"points cannot be kept while they are sorted ({error.strerror}); make room for "
                    f"{POINT.itemsize} bytes a point where TMPDIR points to"
                ) from None
            self.counts[square] = self.counts.get(square, 0) + int(end - start)

    def path(self, square: Square) -> Path:
        """File of a column."""
        return self.folder / "_".join(map(str, square))

    def settle(self) -> None:
        """Halve columns until each holds at most `MOST` points or is as narrow as may be."""
        heavy = [s for s, count in self.counts.items() if count > MOST and s[0] > _NARROWEST]
        while heavy:
            square = heavy.pop()
            del self.counts[square]
            path = self.path(square)
            with path.open("rb") as file:
                while len(piece := np.fromfile(file, POINT, CHUNK)):
                    self.add(piece, square[0] - 1)
            path.unlink()
            halves = [(square[0] - 1, 2 * square[1] + i, 2 * square[2] + j) for j in (0, 1) for i in (0, 1)]
            heavy += [s for s in halves if self.counts.get(s, 0) > MOST and s[0] > _NARROWEST]

    def roots(self) -> list[Square]:
        """The smallest squares of one size, at most four, that hold all columns."""
        exponent = max(square[0] for square in self.counts)
        while len(found := {ancestor(square, exponent) for square in self.counts}) > 4:
            exponent += 1
        self._below = {}
        for column in self.counts:
            for above in range(column[0] + 1, exponent + 1):
                self._below.setdefault(ancestor(column, above), set()).add(ancestor(column, above - 1))
        return _in_order(found)

    def children(self, square: Square) -> list[Square]:
        """The squares that hold points within one that is no column itself; ask for `roots` before."""
        return _in_order(self._below[square])


def _in_order(squares: set[Square]) -> list[Square]:
    return sorted(squares, key=lambda square: (square[2], square[1]))


def ancestor(square: Square, exponent: int) -> Square:
    """The square of side 2^exponent that holds a smaller one."""
    up = exponent - square[0]
    return exponent, square[1] >> up, square[2] >> up
