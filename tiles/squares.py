"""Squares: the way from a city's coordinates to those of tiles, worked out once for each square of 256 m.

Along the vertical the way is straight, and across a few hundred metres a polynomial of third degree follows
it to some micrometres. PROJ is asked for the polynomial's nodes instead of for every corner of every
building. The squares lie on a fixed grid, so that a point goes where it always went, whatever is around it.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tiles.geodesy import Geodesy
from tiles.polygons import spans

SIDE_M = 256.0
TOLERANCE_M = 0.0005
"""Where the polynomial is farther off than this (a fold of the geoid's grid), every point is asked for."""
_REACH = 1.0
"""How far from its middle a square's polynomial is used, in sides: buildings stick out."""
_HIGH_M = 1000.0

Floats = NDArray[np.float64]


def to_ecef(geodesy: Geodesy, points: Floats, counts: NDArray[np.int64]) -> Floats:
    """City CRS with heights → EPSG:4978, to within `TOLERANCE_M` of `Geodesy.to_ecef`.

    Args:
        geodesy: The exact way.
        points: (n, 3) easting, northing, height; those of a thing one behind the other.
        counts: (b,) points of each thing, none zero; things are small against a square.

    Returns:
        (n, 3) metres; NaN outside the area of the CRS or the geoid's grid.
    """
    starts = np.cumsum(counts) - counts
    corners = np.floor(points[starts, :2] / SIDE_M)
    corners[~np.isfinite(corners)] = 0
    names, which = np.unique(corners, axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    places = spans(starts[order], counts[order])  # the points square by square
    ends = np.cumsum(np.bincount(which.ravel(), counts, minlength=len(names)).astype(np.int64))
    sorted_points, found = points[places], np.empty_like(points)
    exact = np.zeros(len(points), dtype=bool)
    start = 0
    for (east, north), end in zip(names.tolist(), ends.tolist(), strict=True):
        here, polynomial = slice(start, end), _polynomial(geodesy, east, north)
        start = end
        if polynomial is None:
            exact[here] = True
            continue
        x = sorted_points[here, 0] / SIDE_M - (east + 0.5)
        y = sorted_points[here, 1] / SIDE_M - (north + 0.5)
        exact[here] = ~((np.abs(x) <= _REACH) & (np.abs(y) <= _REACH))
        values = polynomial.coefficients @ _terms(x, y)
        values[:3] += sorted_points[here, 2] * values[3:]
        found[here] = values[:3].T + polynomial.middle
    if exact.any():
        found[exact] = geodesy.to_ecef(sorted_points[exact])
    result = np.empty_like(points)
    result[places] = found
    return result


@dataclass(frozen=True, slots=True)
class _Polynomial:
    middle: Floats
    """(3,) ECEF."""
    coefficients: Floats
    """(6, 10) of the way from there at height 0, and of the way up a metre."""


@lru_cache(maxsize=4096)
def _polynomial(geodesy: Geodesy, east: float, north: float) -> _Polynomial | None:
    """That of a square; None where it would be too far off."""
    nodes = np.cos(np.pi * (np.arange(6) + 0.5) / 6) * _REACH  # Chebyshev's
    ground, way = _asked(geodesy, east, north, nodes, 0.0), _asked(geodesy, east, north, nodes, _HIGH_M)
    if not np.isfinite(ground).all() or not np.isfinite(way).all():
        return None
    middle = ground.mean(axis=0)
    wanted = np.column_stack((ground - middle, (way - ground) / _HIGH_M))
    coefficients = np.linalg.lstsq(_terms(*_grid(nodes).T).T, wanted, rcond=None)[0].T.copy()
    between = np.linspace(-_REACH, _REACH, 9)
    found = coefficients @ _terms(*_grid(between).T)
    there = middle + (found[:3] + _HIGH_M / 2 * found[3:]).T
    off = np.abs(there - _asked(geodesy, east, north, between, _HIGH_M / 2)).max()
    return _Polynomial(middle, coefficients) if off <= TOLERANCE_M else None


def _asked(geodesy: Geodesy, east: float, north: float, nodes: Floats, height: float) -> Floats:
    places = (_grid(nodes) + np.array([east + 0.5, north + 0.5])) * SIDE_M
    return geodesy.to_ecef(np.column_stack((places, np.full(len(places), height))))


def _grid(nodes: Floats) -> Floats:
    a, b = np.meshgrid(nodes, nodes)
    return np.column_stack((a.ravel(), b.ravel()))


def _terms(x: Floats, y: Floats) -> Floats:
    """(10, n) monomials of degree 3 and below."""
    terms = np.empty((10, len(x)))
    terms[0], terms[1], terms[2] = 1.0, x, y
    np.multiply(x, x, out=terms[3])
    np.multiply(x, y, out=terms[4])
    np.multiply(y, y, out=terms[5])
    np.multiply(terms[3], x, out=terms[6])
    np.multiply(terms[3], y, out=terms[7])
    np.multiply(terms[5], x, out=terms[8])
    np.multiply(terms[5], y, out=terms[9])
    return terms
