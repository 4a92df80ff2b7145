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
_NODES = np.cos(np.pi * (np.arange(6) + 0.5) / 6) * _REACH
"""Chebyshev's."""
_BETWEEN = np.linspace(-_REACH, _REACH, 9)
_MOST = 4096
"""Squares that a process remembers: 270 km²."""

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
    sorted_points, found = points.take(places, axis=0), np.empty_like(points)
    exact = np.zeros(len(points), dtype=bool)
    start = 0
    squares = [(east, north) for east, north in names.tolist()]
    known = _polynomials(geodesy, squares)
    for (east, north), end in zip(squares, ends.tolist(), strict=True):
        here, polynomial = slice(start, end), known[east, north]
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
    back = np.empty_like(places)
    back[places] = np.arange(len(places))
    return found.take(back, axis=0)


_Square = tuple[float, float]
"""Its number to the east and to the north."""


@dataclass(frozen=True, slots=True)
class _Polynomial:
    middle: Floats
    """(3,) ECEF."""
    coefficients: Floats
    """(6, 10) of the way from there at height 0, and of the way up a metre."""


@lru_cache(maxsize=8)
def _kept(geodesy: Geodesy) -> dict[_Square, _Polynomial | None]:
    """Polynomials that were worked out before; None where one would be too far off."""
    return {}


def _polynomials(geodesy: Geodesy, squares: list[_Square]) -> dict[_Square, _Polynomial | None]:
    """Those of some squares and perhaps others; PROJ is asked once for all that are not known yet."""
    kept = _kept(geodesy)
    if len(kept) > _MOST:
        _kept.cache_clear()  # who is about to use the old ones, in another thread, still can
        kept = _kept(geodesy)
    new = [square for square in squares if square not in kept]
    if new:
        middles = (np.array(new) + 0.5) * SIDE_M
        ground, way = (_asked(geodesy, middles, _grid(_NODES), height) for height in (0.0, _HIGH_M))
        halfway = _asked(geodesy, middles, _grid(_BETWEEN), _HIGH_M / 2)
        kept.update(zip(new, _fitted(ground, way, halfway), strict=True))
    return kept


def _fitted(ground: Floats, way: Floats, halfway: Floats) -> list[_Polynomial | None]:
    """The polynomials through the nodes of squares at the ground and up high, checked half way up between
    them; None for a square where it is too far off, or a node has no place on earth."""
    middles = ground.mean(axis=1)
    wanted = np.concatenate((ground - middles[:, None], (way - ground) / _HIGH_M), axis=2)
    least_squares = np.linalg.pinv(_terms(*_grid(_NODES).T).T)
    with np.errstate(invalid="ignore"):  # what is not finite is too far off
        coefficients = (least_squares @ wanted).transpose(0, 2, 1).copy()
        found = coefficients @ _terms(*_grid(_BETWEEN).T)
        there = middles[..., None] + found[:, :3] + _HIGH_M / 2 * found[:, 3:]
        near = np.abs(there.transpose(0, 2, 1) - halfway).max(axis=(1, 2)) <= TOLERANCE_M
    return [
        _Polynomial(middle, own) if close else None
        for middle, own, close in zip(middles, coefficients, near.tolist(), strict=True)
    ]


def _asked(geodesy: Geodesy, middles: Floats, nodes: Floats, height: float) -> Floats:
    """(s, n, 3) ECEF of the nodes of squares, given in sides from their middles."""
    places = (middles[:, None] + nodes * SIDE_M).reshape(-1, 2)
    found = geodesy.to_ecef(np.column_stack((places, np.full(len(places), height))))
    return found.reshape(len(middles), len(nodes), 3)


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
