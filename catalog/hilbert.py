"""Hilbert order: neighbours in the plane stand near each other in the file, so that readers skip the rest."""

import numpy as np
from numpy.typing import NDArray

_ORDER = 16


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
    a, b = cells
    total = np.zeros(len(a), dtype=np.int64)
    step = side >> 1
    while step:
        right, up = (a & step) > 0, (b & step) > 0
        total += step * step * ((3 * right) ^ up)
        flip = ~up & right
        a, b = np.where(flip, side - 1 - a, a), np.where(flip, side - 1 - b, b)
        a, b = np.where(up, a, b), np.where(up, b, a)
        step >>= 1
    result[known] = total
    return result
