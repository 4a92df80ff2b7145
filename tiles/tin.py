"""TIN: the triangulated tiles of one part of a terrain level. Runs in workers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles import rtin
from tiles.geodesy import Geodesy
from tiles.gltf import Mesh, coordinate_error, write_glb
from tiles.tree import Matrix, frame_at, to_local

MOST_VERTICES = 65_535
"""In a tile, with those of its skirt: more do not fit indices of two bytes."""
RAISE = 1.25
"""A tile with more vertices takes so much larger an error, again and again."""
_NORMAL_REACH = 128
"""A square's cells divided by this are how far a vertex looks for its slope: finer levels, finer light."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some neighbouring tiles of one level, with the heights around them."""

    heights: NDArray[np.float32]
    """Window that begins one tile north-west of the first tile and ends one south-east of the last."""
    tile: int
    """Cells along a tile's side."""
    first: tuple[int, int]
    """Row and column of the first tile in its level."""
    wanted: tuple[tuple[int, int], ...]
    """Rows and columns of the tiles to make."""
    origin: tuple[float, float]
    """Easting and northing of row 0, column 0 of the level's grid."""
    step: float
    """Metres between neighbouring cells of this level."""
    threshold: float
    """Vertices with a larger error (metres) are kept."""
    skirts: tuple[float, ...]
    """For each wanted tile the metres by which its skirt reaches further down than its own error."""
    geodesy: Geodesy
    copyright: str
    encoding: str
    below: bool = False
    """Whether the tiles rise above none of the heights, so that they bury nothing that lies on these."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile, ready for the tree."""

    place: tuple[int, int]
    data: bytes
    frame: Matrix
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    error: float
    """Largest vertical distance in metres from the heights of this level's grid."""
    triangles: int


def make_tiles(part: Part) -> list[Tile]:
    """Triangulate the wanted tiles; those without a single triangle are left out.

    A tile that would have too many vertices gets fewer than its neighbours. Its threshold then hardly passes
    its parent's by more than `RAISE`, for the parent has no more vertices on four times the ground; so
    skirts of that depth close the border.
    """
    skirts = dict(zip(part.wanted, part.skirts, strict=True))
    return [_tile(part, cut, skirts[cut.place]) for cut in _cuts(part)]


def roughest(part: Part) -> tuple[float, float]:
    """Largest error of the wanted tiles, and largest threshold that one of them takes; both in metres."""
    cuts = list(_cuts(part))
    return max((c.error for c in cuts), default=0.0), max((c.threshold for c in cuts), default=0.0)


@dataclass(frozen=True, slots=True)
class _Cut:
    """A tile's triangles."""

    place: tuple[int, int]
    corner: tuple[int, int]
    """Row and column of its first cell in the window."""
    faces: NDArray[np.int64]
    heights: NDArray[np.float32]
    """Of its square; true only where a vertex is."""
    error: float
    threshold: float


def _cuts(part: Part) -> Iterator[_Cut]:
    n, heights = part.tile, part.heights
    parity = part.first[0] + part.first[1]  # the window begins one row and one column earlier: even
    splits = rtin.errors(heights, n, parity, part.step)
    used = rtin.active(splits, part.threshold)
    fitted = rtin.lowered(heights, used, n, parity, part.step) if part.below else heights
    for row, column in part.wanted:
        top, left = (row - part.first[0] + 1) * n, (column - part.first[1] + 1) * n
        square = slice(top, top + n + 1), slice(left, left + n + 1)
        chosen, threshold, vertices = used[square], part.threshold, fitted[square]
        while _vertices(chosen) > MOST_VERTICES:
            threshold *= RAISE
            fewer = rtin.active(splits, threshold)
            chosen = fewer[square]
            if part.below:
                vertices = rtin.lowered(heights, fewer, n, parity, part.step)[square]
        faces = rtin.triangles(chosen, row + column)
        unknown = np.isnan(heights[square]).ravel()
        faces = faces[~unknown[faces].any(axis=1)]
        if len(faces):
            drawn = rtin.surface(vertices, chosen, n, row + column, part.step)
            error = float(rtin.deviation(drawn, heights[square]).max())
            if unknown.any():
                error = max(error, threshold)  # how far the outline of a hole may be off
            yield _Cut((row, column), (top, left), faces, vertices, error, threshold)


def _vertices(used: NDArray[np.bool_]) -> int:
    """How many vertices a tile may have with its skirt."""
    border = used[0].sum() + used[-1].sum() + used[:, 0].sum() + used[:, -1].sum()
    return int(np.count_nonzero(used) + border)


def _tile(part: Part, cut: _Cut, skirt: float) -> Tile:
    n, place, corner, faces, error = part.tile, cut.place, cut.corner, cut.faces, cut.error
    numbers, flat = np.unique(faces, return_inverse=True)
    faces = flat.reshape(-1, 3)
    rows, columns = numbers // (n + 1), numbers % (n + 1)
    heights = cut.heights[rows, columns].astype(np.float64)
    points = _in_city(part, place[0] * n + rows, place[1] * n + columns, heights)
    centre = _in_city(
        part, np.array([(place[0] + 0.5) * n]), np.array([(place[1] + 0.5) * n]), heights.min(keepdims=True)
    )
    frame = frame_at(part.geodesy.to_ecef(centre)[0])
    positions = to_local(frame, part.geodesy.to_ecef(points))
    normals = _normals(part, rows + corner[0], columns + corner[1], centre, frame)
    rims, top = _skirts(faces, rows, columns, n)
    below = positions[top] - [0.0, 0.0, error + skirt]
    positions = np.concatenate([positions, below])
    mesh = Mesh(
        positions,
        np.concatenate([faces, rims]).astype(np.uint32).ravel(),
        "terrain",
        np.concatenate([normals, normals[top]]).astype(np.float32),
    )
    low, high = positions.min(axis=0), positions.max(axis=0)
    margin = coordinate_error(float((high - low).max()), part.encoding)
    data = write_glb([mesh], copyright=part.copyright, encoding=part.encoding)
    return Tile(place, data, frame, low - margin, high + margin, error + margin, len(faces))


def _in_city(
    part: Part, rows: NDArray[Any], columns: NDArray[Any], heights: NDArray[np.float64]
) -> NDArray[np.float64]:
    east, north = part.origin
    return np.column_stack([east + columns * part.step, north - rows * part.step, heights])


def _normals(
    part: Part,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    centre: NDArray[np.float64],
    frame: Matrix,
) -> NDArray[np.float64]:
    """Normals from the slopes of the raster: smooth, and the same on both sides of a tile's border."""
    reach = max(part.tile // _NORMAL_REACH, 1)
    eastward = _slope(part, rows, columns, (0, 1), reach)
    northward = _slope(part, rows, columns, (-1, 0), reach)
    # The city's grid is turned and scaled against true east and north: ask how, 10 m each way.
    around = to_local(frame, part.geodesy.to_ecef(centre + np.vstack([np.zeros(3), 10 * np.eye(3)])))
    east, north, up = (around[1:] - around[0]) / 10
    normals: NDArray[np.float64] = np.cross(east + eastward[:, None] * up, north + northward[:, None] * up)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    return normals


def _slope(
    part: Part, rows: NDArray[np.int64], columns: NDArray[np.int64], way: tuple[int, int], reach: int
) -> NDArray[np.float64]:
    heights = part.heights
    result = np.full(len(rows), np.nan)
    while reach and np.isnan(result).any():  # beside a hole: look less far, then to one side only
        ahead = heights[rows + way[0] * reach, columns + way[1] * reach].astype(np.float64)
        behind = heights[rows - way[0] * reach, columns - way[1] * reach].astype(np.float64)
        here = heights[rows, columns]
        length = reach * part.step
        for slope in ((ahead - behind) / (2 * length), (ahead - here) / length, (here - behind) / length):
            result = np.where(np.isnan(result), slope, result)
        reach //= 2
    result[np.isnan(result)] = 0.0
    return result


def _skirts(
    faces: NDArray[np.int64], rows: NDArray[np.int64], columns: NDArray[np.int64], n: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Faces that hang down from the tile's border, and the vertices above their lower ends.

    The lower end of the i-th of these has the number ``len(rows) + i``.
    """
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    sides = [(line == end)[edges].all(axis=1) for line in (rows, columns) for end in (0, n)]
    start, end = edges[np.logical_or.reduce(sides)].T
    top = np.unique(np.concatenate([start, end]))
    low_start, low_end = np.searchsorted(top, start) + len(rows), np.searchsorted(top, end) + len(rows)
    quads = [np.column_stack([start, low_start, end]), np.column_stack([end, low_start, low_end])]
    return np.concatenate(quads), top
