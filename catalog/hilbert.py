"""Hilbert order: neighbours in the plane stand near each other in the file, so that readers skip the rest."""

import numpy as np
from numpy.typing import NDArray

_ORDER = 16
ORDER_M = 26
"""Order of the curve over cells of a metre: 67,000 km wide, so that every place on earth lies on it."""


def distances(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
    """Distance along a Hilbert curve of order 16 over the points' own extent.

    Args:
        x: (n,) any unit, NaN where unknown (such points come last).
        y: (n,) likewise.

    Returns:
        (n,) distances.

    Formula: "xy2d" in Hamilton, Compact Hilbert Indices (Dalhousie University CS-2006-07), as the usual
    rotate-and-flip loop over the bits.
    """
    known = np.isfinite(x) & np.isfinite(y)
    result = np.full(len(x), np.iinfo(np.int64).max, dtype=np.int64)
    if not known.any():
        return result
    side = 1 << _ORDER
    cells = []
    for values in (x[known], y[known]):
        low, span = values.min(), np.ptp(values) or 1.0
        cells.append(np.minimum((values - low) / span * side, side - 1).astype(np.int64))
    result[known] = _along(cells[0], cells[1], _ORDER)
    return result


def distances_m(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
    """Distance along a Hilbert curve over cells of a metre that lie where they lie, whatever the points.

    Args:
        x: (n,) metres, NaN where unknown (such points come last).
        y: (n,) likewise.

    Returns:
        (n,) distances, below 4 to the power of `ORDER_M` where known.
    """
    known = np.isfinite(x) & np.isfinite(y)
    result = np.full(len(x), np.iinfo(np.int64).max, dtype=np.int64)
    half = 1 << (ORDER_M - 1)
    a, b = (np.clip(np.floor(each[known]) + half, 0, 2 * half - 1).astype(np.int64) for each in (x, y))
    result[known] = _along(a, b, ORDER_M)
    return result


def _along(a: NDArray[np.int64], b: NDArray[np.int64], order: int) -> NDArray[np.int64]:
    side = 1 << order
    total = np.zeros(len(a), dtype=np.int64)
    step = side >> 1
    while step:
        right, up = (a & step) > 0, (b & step) > 0
        total += step * step * ((3 * right) ^ up)
        flip = ~up & right
        a, b = np.where(flip, side - 1 - a, a), np.where(flip, side - 1 - b, b)
        a, b = np.where(up, a, b), np.where(up, b, a)
        step >>= 1
    return total
