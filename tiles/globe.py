"""Globe: a city's terrain sampled on the globe's grid, and cut into quantized-mesh tiles. Runs in workers."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles import rtin
from tiles.geodesy import Geodesy
from tiles.geographic import CELLS, DEGREE_M, Place, bounds, cell_m, side
from tiles.ground import Ground
from tiles.quantized_mesh import QUANTA, Piece, encode

_EVERY = 16
"""Positions are transformed at every so many samples; between them the way to the city's CRS is straight."""
_CURVED_M = 200.0
"""Where samples lie farther apart than this, each of them is transformed."""

Floats = NDArray[np.float64]
Grid = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Part:
    """Some neighbouring tiles of one level."""

    level: int
    wanted: tuple[Place, ...]
    needed: frozenset[Place]
    """Tiles that are made even if no height in them is known, because they have tiles below."""
    ground: Ground
    geodesy: Geodesy
    base: float
    """Metres above the ellipsoid where nothing is known."""
    threshold: float
    """Vertices with a larger error (metres) are kept."""
    extent: tuple[float, float, float, float]
    """West, south, east, north of all terrain in degrees."""
    below: Mapping[Place, list[list[dict[str, int]]]]
    """For tiles that say which tiles lie below them: these, level by level."""
    gzipped: bool


@dataclass(frozen=True, slots=True)
class Cut:
    """One tile."""

    place: Place
    data: bytes
    triangles: int
    error: float
    """Largest vertical distance in metres from the samples of this level."""


def cut(part: Part) -> list[Cut]:
    """Triangulate the wanted tiles in which a height is known, and those that are needed all the same."""
    n = CELLS
    rows, columns = (np.array(line) for line in zip(*part.wanted, strict=True))
    top, left = int(rows.min()) - 1, int(columns.min()) - 1  # a tile more on every side, see `rtin`
    high, wide = int(rows.max()) - top + 2, int(columns.max()) - left + 2
    heights, known = _window(part, top, left, high + 1, wide + 1)
    heights = heights[: high * n + 1, : wide * n + 1]
    wanted = [
        place for place in part.wanted if place in part.needed or known[_square(place, top, left)].any()
    ]
    if not wanted:
        return []
    step = cell_m(part.level)
    splits = rtin.errors(heights, n, top + left, step)
    used = rtin.active(splits, part.threshold)
    core = slice(n, -n), slice(n, -n)
    off = rtin.deviation(rtin.surface(heights[core], used[core], n, top + left, step), heights[core])
    result = []
    for place in wanted:
        square = _square(place, top, left)
        inner = tuple(slice(line.start - n, line.stop - n) for line in square)
        faces = rtin.triangles(used[square], place[0] + place[1])
        piece = _piece(part.level, place, heights, (square[0].start, square[1].start), faces)
        data = encode(piece, part.below.get(place))
        data = gzip.compress(data, 9, mtime=0) if part.gzipped else data
        result.append(Cut(place, data, len(faces), float(off[inner].max())))
    return result


def _square(place: Place, top: int, left: int) -> tuple[slice, slice]:
    row, column = (place[0] - top) * CELLS, (place[1] - left) * CELLS
    return slice(row, row + CELLS + 1), slice(column, column + CELLS + 1)


def _piece(
    level: int, place: Place, heights: Grid, corner: tuple[int, int], faces: NDArray[np.int64]
) -> Piece:
    numbers, flat = np.unique(faces, return_inverse=True)
    rows, columns = numbers // (CELLS + 1), numbers % (CELLS + 1)
    west, south, east, north = bounds(level, place)
    cell = side(level) / CELLS
    i, j = rows + corner[0], columns + corner[1]
    lon, lat = np.radians(west + columns * cell), np.radians(north - rows * cell)
    across = 2 * cell * DEGREE_M
    northward = (heights[i - 1, j] - heights[i + 1, j]) / across
    eastward = (heights[i, j + 1] - heights[i, j - 1]) / (across * np.maximum(np.cos(lat), 1e-6))
    return Piece(
        bounds=(west, south, east, north),
        u=np.rint(columns * (QUANTA / CELLS)).astype(np.int64),
        v=np.rint((CELLS - rows) * (QUANTA / CELLS)).astype(np.int64),
        heights=heights[i, j].astype(np.float64),
        faces=flat.reshape(-1, 3),
        normals=_normals(lon, lat, eastward, northward),
    )


def _normals(lon: Floats, lat: Floats, eastward: Any, northward: Any) -> Floats:
    east = np.column_stack([-np.sin(lon), np.cos(lon), np.zeros(len(lon))])
    north = np.column_stack([-np.sin(lat) * np.cos(lon), -np.sin(lat) * np.sin(lon), np.cos(lat)])
    up = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    normals: Floats = up - eastward[:, None] * east - northward[:, None] * north
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return normals


def _window(part: Part, top: int, left: int, high: int, wide: int) -> tuple[Grid, NDArray[np.bool_]]:
    """Ellipsoidal heights of all samples of `high` by `wide` tiles, holes filled; and which are known.

    Every sample belongs to the one tile on whose northern and western side it is; holes are filled from that
    tile alone. So a sample has one height, whichever tile asks for it.
    """
    n = CELLS
    heights = np.full((high * n, wide * n), np.nan, np.float32)
    for row in range(high):
        for column in range(wide):
            block = heights[row * n : (row + 1) * n, column * n : (column + 1) * n]
            block[:] = _sampled(part, top + row, left + column)
    known = np.isfinite(heights)
    for row in range(high):
        for column in range(wide):
            block = heights[row * n : (row + 1) * n, column * n : (column + 1) * n]
            block[:] = filled(block, part.base)
    return heights, known


def _sampled(part: Part, row: int, column: int) -> Any:
    """Ellipsoidal heights of a tile's samples; NaN where the terrain knows none."""
    west, south, east, north = bounds(part.level, (row, column))
    extent = part.extent
    if west > extent[2] or east < extent[0] or south > extent[3] or north < extent[1]:
        return np.nan
    n, fine = CELLS, cell_m(part.level) < _CURVED_M
    nodes = np.arange(0, n + 1, _EVERY) if fine else np.arange(n)
    cell = side(part.level) / n
    lon, lat = np.meshgrid((column * n + nodes) * cell - 180, 90 - (row * n + nodes) * cell)
    xy = part.geodesy.from_lonlat(np.column_stack([lon.ravel(), lat.ravel()]))
    if not np.isfinite(xy).any():
        return np.nan
    ground = part.ground
    if fine:
        if not np.isfinite(xy).all():
            return np.nan
        ground = ground.around(xy)
        if ground.level:
            return np.nan
    above = part.geodesy.to_geographic(np.column_stack([xy, np.zeros(len(xy))]))[:, 2]
    if fine:
        shape = len(nodes), len(nodes)
        xy = np.column_stack([_between(line.reshape(shape)) for line in xy.T])
        above = _between(above.reshape(shape))
    return (ground.measured(xy) + above).reshape(n, n)


def _between(nodes: Floats) -> Floats:
    """(k + 1, k + 1) values at the nodes → (CELLS²,) at all samples, bilinear."""
    part = (np.arange(CELLS) % _EVERY) / _EVERY
    at = np.arange(CELLS) // _EVERY
    across = nodes[:, at] * (1 - part) + nodes[:, at + 1] * part
    return np.asarray(across[at] * (1 - part)[:, None] + across[at + 1] * part[:, None]).ravel()


def filled(block: Grid, base: float) -> Grid:
    """A tile's samples with holes filled: near their rim like what is known there, farther in like its mean.

    Means of ever larger squares are taken of what is known; then each unknown square takes what the larger
    ones around it say.
    """
    unknown = np.isnan(block)
    if not unknown.any():
        return block
    if unknown.all():
        return np.full_like(block, np.float32(base))
    sums, counts = [np.where(unknown, 0, block).astype(np.float64)], [(~unknown).astype(np.float64)]
    while len(sums[-1]) > 1:
        for pyramid in (sums, counts):
            last = pyramid[-1]
            pyramid.append(last[::2, ::2] + last[1::2, ::2] + last[::2, 1::2] + last[1::2, 1::2])
    result = sums[-1] / counts[-1]
    for total, count in zip(sums[-2::-1], counts[-2::-1], strict=True):
        result = np.where(count > 0, total / np.maximum(count, 1), _doubled(result))
    return result.astype(np.float32)


def _doubled(grid: Floats) -> Floats:
    """Twice as many values each way, each nearer to its own square than to the next: 3 to 1."""
    for _ in range(2):
        before = np.concatenate([grid[:1], grid[:-1]])
        after = np.concatenate([grid[1:], grid[-1:]])
        both = np.stack([0.75 * grid + 0.25 * before, 0.75 * grid + 0.25 * after], axis=1)
        grid = both.reshape(-1, grid.shape[1]).T
    return grid
