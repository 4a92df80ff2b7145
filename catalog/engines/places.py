"""Places: which boxes meet a box, without looking at all of them."""

import numpy as np
from numpy.typing import NDArray

from catalog import hilbert

_BLOCK = 64
Box = tuple[float, float, float, float]


class Places:
    """An index over boxes: blocks of neighbours along a Hilbert curve (a packed R-tree of two levels).

    Its order is its own, because large files lie in parts that each have an order of theirs.
    """

    def __init__(self, bounds: NDArray[np.float64]) -> None:
        """Index (n, 4) west, south, east, north; NaN where there is no place, which no box meets."""
        centres = (bounds[:, :2] + bounds[:, 2:]) / 2
        known = np.flatnonzero(~np.isnan(bounds[:, 0]))
        along = hilbert.distances(centres[known, 0], centres[known, 1])
        self._rows = known[np.argsort(along, kind="stable")].astype(np.int32)
        self._bounds = bounds[self._rows]
        starts = np.arange(0, len(self._rows), _BLOCK)
        low, high = np.minimum.reduceat, np.maximum.reduceat
        self._blocks = (
            np.column_stack((low(self._bounds[:, :2], starts), high(self._bounds[:, 2:], starts)))
            if len(starts)
            else np.empty((0, 4))
        )

    def near(self, box: Box) -> NDArray[np.int64]:
        """Rows whose boxes meet `box`, in ascending order."""
        blocks = np.flatnonzero(_meets(self._blocks, box))
        places: NDArray[np.int64] = (blocks[:, None] * _BLOCK + np.arange(_BLOCK)).ravel()
        places = places[places < len(self._rows)]
        return np.sort(self._rows[places[_meets(self._bounds[places], box)]]).astype(np.int64)


def _meets(bounds: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
    west, south, east, north = box
    return (bounds[:, 0] <= east) & (bounds[:, 2] >= west) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
