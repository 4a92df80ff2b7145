"""Places: which boxes meet a box, without looking at all of them."""

import numpy as np
from numpy.typing import NDArray

from catalog import hilbert

_BLOCK = 64
Box = tuple[float, float, float, float]


class Places:
    """An index over boxes: blocks of neighbours along a Hilbert curve (a packed R-tree of three levels).

    Its order is its own, because large files lie in parts that each have an order of theirs.
    """

    def __init__(self, bounds: NDArray[np.float64]) -> None:
        """Index (n, 4) west, south, east, north; NaN where there is no place, which no box meets."""
        centres = (bounds[:, :2] + bounds[:, 2:]) / 2
        known = np.flatnonzero(~np.isnan(bounds[:, 0]))
        along = hilbert.distances(centres[known, 0], centres[known, 1])
        self._rows = known[np.argsort(along, kind="stable")].astype(np.int32)
        self._bounds = bounds[self._rows]
        self._blocks = _around(self._bounds)
        self._groups = _around(self._blocks)

    def near(self, box: Box) -> NDArray[np.int64]:
        """Rows whose boxes meet `box`, in ascending order."""
        groups = np.flatnonzero(_meets(self._groups, box))
        blocks = _meeting(groups, self._blocks, box)
        return np.sort(self._rows[_meeting(blocks, self._bounds, box)]).astype(np.int64)


def _around(bounds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Boxes around blocks of boxes."""
    starts = np.arange(0, len(bounds), _BLOCK)
    if not len(starts):
        return np.empty((0, 4))
    low, high = np.minimum.reduceat, np.maximum.reduceat
    return np.column_stack((low(bounds[:, :2], starts), high(bounds[:, 2:], starts)))


def _meeting(blocks: NDArray[np.int64], bounds: NDArray[np.float64], box: Box) -> NDArray[np.int64]:
    """Which boxes of some blocks meet a box."""
    places: NDArray[np.int64] = (blocks[:, None] * _BLOCK + np.arange(_BLOCK)).ravel()
    if len(places) and places[-1] >= len(bounds):
        places = places[places < len(bounds)]
    return places[_meets(bounds[places], box)]


def _meets(bounds: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
    west, south, east, north = box
    return (bounds[:, 0] <= east) & (bounds[:, 2] >= west) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
