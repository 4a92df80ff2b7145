"""RTIN: right-triangulated irregular networks over a height grid, crack-free across tiles.

Squares of `n` cells are halved into right triangles along alternating diagonals, those again at the middle
of their longest side, and so on (Evans, Kirkpatrick, Townsend: Right-Triangulated Irregular Networks, 2001).
A vertex's error is the largest interpolation error of itself and of everything that depends on it, so any
threshold selects a triangulation without cracks. All levels are numpy slices of the whole window.

What a vertex depends on reaches less than `n` cells beyond the square it lies in: two windows that both
show a square and one square around it give its vertices the same error, bit for bit.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_RADIUS_M = 6.37e6
"""Radius of the earth: a straight edge sinks below the curved surface by length² / 8 radius."""

Grid = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Split:
    """Errors in metres of the vertices that split squares of `size` cells."""

    size: int
    across: Grid
    """(r + 1, c) middles of the squares' northern and southern sides."""
    down: Grid
    """(r, c + 1) middles of their western and eastern sides."""
    centre: Grid
    """(r, c) centres."""


def errors(heights: Grid, n: int, parity: int, step: float) -> list[Split]:
    """Error of every vertex, from the finest squares (two cells) to those of `n` cells.

    Args:
        heights: (r * n + 1, c * n + 1) metres, NaN for holes.
        n: Cells along a square's side, a power of two.
        parity: Row plus column of the first square in the whole grid: says which diagonal halves it.
        step: Metres between neighbouring cells.

    Where a hole begins the error is the width of what would be drawn wrongly.
    """
    splits: list[Split] = []
    holes = bool(np.isnan(heights).any())
    size = 2
    while size <= n:
        half = size // 2
        corners = np.ascontiguousarray(heights[::size, ::size])
        flat, diagonal = _sag(size * step), _sag(size * step * np.sqrt(2))
        width = size * step if holes else None
        across = _off(heights[::size, half::size], corners[:, :-1], corners[:, 1:], flat, width)
        down = _off(heights[half::size, ::size], corners[:-1], corners[1:], flat, width)
        first, second = _diagonals(corners, parity if size == n else 0)
        centre = _off(heights[half::size, half::size], first, second, diagonal, width)
        if splits:
            below = splits[-1].centre
            rows = np.maximum(below[:, ::2], below[:, 1::2])
            np.maximum(across[:-1], rows[::2], out=across[:-1])
            np.maximum(across[1:], rows[1::2], out=across[1:])
            columns = np.maximum(below[::2], below[1::2])
            np.maximum(down[:, :-1], columns[:, ::2], out=down[:, :-1])
            np.maximum(down[:, 1:], columns[:, 1::2], out=down[:, 1:])
        for side in (across[:-1], across[1:], down[:, :-1], down[:, 1:]):
            np.maximum(centre, side, out=centre)
        splits.append(Split(size, across, down, centre))
        size *= 2
    return splits


def active(splits: list[Split], threshold: float) -> NDArray[np.bool_]:
    """Which vertices of the window the triangulation uses: those with a larger error than `threshold`.

    The squares' corners always belong to it.
    """
    top = splits[-1]
    rows, columns = (side * top.size + 1 for side in top.centre.shape)
    used = np.zeros((rows, columns), np.bool_)
    used[:: top.size, :: top.size] = True
    for split in splits:
        size, half = split.size, split.size // 2
        used[::size, half::size] = split.across > threshold
        used[half::size, ::size] = split.down > threshold
        used[half::size, half::size] = split.centre > threshold
    return used


def surface(heights: Grid, used: NDArray[np.bool_], n: int, parity: int, step: float) -> Grid:
    """Height of the triangulation at every cell, with the sag of its straight edges."""

    def keep(rows: slice, columns: slice, straight: Grid) -> Grid:
        return np.where(used[rows, columns], heights[rows, columns], straight)

    return _interpolated(heights, n, parity, step, keep)


def lowered(heights: Grid, used: NDArray[np.bool_], n: int, parity: int, step: float) -> Grid:
    """Heights for the vertices in use with which the triangulation rises above no cell.

    A cell that would be buried pulls down the two ends it lies between, those theirs, up to vertices in
    use: from the finest squares to the coarsest, so that all between them sinks at least as far.

    Args:
        heights: (r * n + 1, c * n + 1) metres, NaN for holes; so is the result.
        used: The same shape, as `active` returns it.
        n: Cells along a square's side.
        parity: As for `errors`.
        step: Metres between neighbouring cells.
    """
    rise = surface(heights, used, n, parity, step)
    rise -= heights
    np.copyto(rise, 0.0, where=~(rise > 0))
    size = 2
    while size <= n:
        half = size // 2
        on, between = slice(None, None, size), slice(half, None, size)
        corners = np.ascontiguousarray(rise[on, on])
        centre = np.where(used[between, between], 0.0, rise[between, between])
        falling, rising = centre.copy(), centre
        odd = 1 - (parity if size == n else 0) % 2
        for row in (0, 1):
            falling[row::2, (odd + row) % 2 :: 2] = 0.0
            rising[row::2, (odd + row + 1) % 2 :: 2] = 0.0
        across = np.where(used[on, between], 0.0, rise[on, between])
        down = np.where(used[between, on], 0.0, rise[between, on])
        for part, over in (
            (corners[:, :-1], across),
            (corners[:, 1:], across),
            (corners[:-1], down),
            (corners[1:], down),
            (corners[:-1, :-1], falling),
            (corners[1:, 1:], falling),
            (corners[:-1, 1:], rising),
            (corners[1:, :-1], rising),
        ):
            np.maximum(part, over, out=part)
        rise[on, on] = corners
        size *= 2
    result: Grid = heights - rise
    return result


def gaps(heights: Grid, stride: int, n: int, parity: int, step: float) -> Grid:
    """How far each cell lies off the triangulation of every `stride`-th cell; 0 where either has a hole."""
    straight = _interpolated(heights, stride, parity if stride == n else 0, step, lambda _r, _c, value: value)
    return deviation(straight, heights)


def deviation(straight: Grid, heights: Grid) -> Grid:
    """Distance in metres of two surfaces; 0 where either has a hole."""
    off: Grid = np.abs(straight - heights)
    np.copyto(off, 0.0, where=np.isnan(off))
    return off


def triangles(used: NDArray[np.bool_], parity: int) -> NDArray[np.int64]:
    """Triangles (t, 3) of one square, counter-clockwise with rows going south.

    Args:
        used: (n + 1, n + 1) part of what `active` returned.
        parity: Row plus column of this square in the whole grid.

    Returns:
        Flat vertex numbers, ``row * (n + 1) + column``.
    """
    n = len(used) - 1
    west, east = (0, n), (n * (n + 1), n * (n + 2))  # flat numbers: north-west, north-east, ...
    (north_west, north_east), (south_west, south_east) = west, east
    if parity % 2:
        start = [[south_west, north_east, north_west], [north_east, south_west, south_east]]
    else:
        start = [[north_west, south_east, north_east], [south_east, north_west, south_west]]
    front = np.array(start, np.int64)
    flat = used.ravel()
    done = []
    for _ in range(2 * (n.bit_length() - 1)):
        a, b, c = front.T
        middle = (a + b) // 2
        split = flat[middle]
        done.append(front[~split])
        a, b, c, middle = a[split], b[split], c[split], middle[split]
        front = np.concatenate([np.column_stack([c, a, middle]), np.column_stack([b, c, middle])])
        if not len(front):
            break
    return np.concatenate([*done, front])


def _interpolated(
    heights: Grid, top: int, parity: int, step: float, keep: Callable[[slice, slice, Grid], Grid]
) -> Grid:
    result = np.empty_like(heights)
    result[::top, ::top] = heights[::top, ::top]
    size = top
    while size >= 2:
        half = size // 2
        on, between = slice(None, None, size), slice(half, None, size)
        flat, diagonal = _sag(size * step), _sag(size * step * np.sqrt(2))
        corners = np.ascontiguousarray(result[on, on])
        result[on, between] = keep(on, between, _middle(corners[:, :-1], corners[:, 1:]) - flat)
        result[between, on] = keep(between, on, _middle(corners[:-1], corners[1:]) - flat)
        first, second = _diagonals(corners, parity if size == top else 0)
        result[between, between] = keep(between, between, _middle(first, second) - diagonal)
        size = half
    return result


def _diagonals(corners: Grid, parity: int) -> tuple[Grid, Grid]:
    """The two ends of each square's diagonal: falling where row plus column is even, else rising."""
    first, second = corners[:-1, :-1].copy(), corners[1:, 1:].copy()
    odd = 1 - parity % 2
    for rows, columns in (
        (slice(0, None, 2), slice(odd, None, 2)),
        (slice(1, None, 2), slice(1 - odd, None, 2)),
    ):
        first[rows, columns] = corners[:-1, 1:][rows, columns]
        second[rows, columns] = corners[1:, :-1][rows, columns]
    return first, second


def _middle(first: Grid, second: Grid) -> Grid:
    middle: Grid = first + second
    middle *= np.float32(0.5)
    return middle


def _off(vertex: Grid, first: Grid, second: Grid, sag: np.float32, width: float | None) -> Grid:
    """Distance of vertices from the middle of two others; `width` at a hole, None if there are no holes."""
    off = _middle(first, second)
    np.subtract(vertex, off, out=off)
    np.abs(off, out=off)
    off += sag
    if width is None:
        return off
    unknown = np.isnan(off)
    if unknown.any():
        # A hole begins here unless all three are unknown.
        inside = np.isnan(vertex)
        inside &= np.isnan(first)
        inside &= np.isnan(second)
        np.copyto(off, width, where=unknown)
        np.copyto(off, 0.0, where=inside)
    return off


def _sag(length_m: float) -> np.float32:
    return np.float32(length_m**2 / (8 * _RADIUS_M))
