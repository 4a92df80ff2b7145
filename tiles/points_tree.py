"""An octree of points: every point is in exactly one tile, and coarser tiles are thinner (refine ADD).

A tile keeps one point of each small cube (its side is a 128th of the tile's) and hands the others down.
Cubes lie on a fixed grid of the city's CRS. The points are sorted along a Morton curve once; every level
then only walks along the sorted numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.geodesy import Geodesy
from tiles.gltf import coordinate_error
from tiles.points_glb import write_points
from tiles.points_las import POINT
from tiles.tree import Node, extent, frame_at, to_local
from twin.errors import TilingError

LEAF = 32_000
"""So many points are not divided further."""
_CELLS = 7
"""A tile's side has 2^7 cubes."""
_DEPTH = 16
"""The finest cubes are 2^-16 of a column's side: millimetres."""

Points = NDArray[Any]
"""An array of `POINT`."""


@dataclass(frozen=True, slots=True)
class Style:
    """What all tiles of a cloud have in common."""

    geodesy: Geodesy
    copyright: str
    encoding: str
    coloured: bool


@dataclass(frozen=True, slots=True)
class Column:
    """The order for one square column of the cloud: everything above a square of the city."""

    path: Path
    """File of `POINT` records."""
    corner: tuple[float, float]
    """Easting and northing of the square's south-west corner."""
    side: float
    """Metres."""
    above: int
    """How many coarser levels there are that show some of its points."""
    style: Style


@dataclass(slots=True)
class Twig:
    """A tile and those below it."""

    node: Node
    data: bytes
    points: int
    children: list["Twig"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Grown:
    """A column's tiles, and what it lends to the coarser ones."""

    twig: Twig | None
    """None if the coarser levels show all that there is."""
    lent: tuple[Points, ...]
    """For each coarser level, the coarsest first."""
    errors: tuple[float, ...]
    """How far the points that a coarser level leaves away lie from those it shows, likewise."""


def grow(column: Column) -> Grown:
    """Make the tiles of one column; the same points in the same order give the same bytes."""
    points = np.fromfile(column.path, POINT)
    base = np.array([*column.corner, np.floor(points["at"][:, 2].min() / column.side) * column.side])
    cells = np.floor((points["at"] - base) / column.side * (1 << _DEPTH)).astype(np.int64)
    # A point on the far edge by rounding belongs to this column all the same.
    cells[:, :2] = cells[:, :2].clip(0, (1 << _DEPTH) - 1)
    codes = _morton(cells)
    order = np.argsort(codes, kind="stable")
    codes, points = codes[order], points[order]
    lent, errors = [], []
    for level in range(column.above, 0, -1):
        codes, points, shown, error = _thin(codes, points, _DEPTH + level - _CELLS)
        lent.append(shown)
        errors.append(error)
    twig = _divide(codes, points, 0, column.style) if len(points) else None
    return Grown(twig, tuple(lent), tuple(errors))


def twig_of(points: Points, error: float, style: Style) -> Twig:
    """One tile.

    Args:
        points: What it shows.
        error: Metres to the farthest point that tiles below add.
        style: Of the cloud.
    """
    ecef = style.geodesy.to_ecef(points["at"])
    if not np.isfinite(ecef).all():
        raise TilingError(
            "some points lie outside the area of the CRS or of the geoid grid; check the CRS of the file"
        )
    frame = frame_at(ecef.mean(axis=0))
    local = to_local(frame, ecef)
    low, high = extent(local)
    data = write_points(
        local,
        points["rgb"] if style.coloured else None,
        points["class"],
        points["intensity"],
        copyright=style.copyright,
        encoding=style.encoding,
    )
    reach = float((high - low).max()) if style.encoding != "plain" else float(np.abs(local).max())
    margin = coordinate_error(max(reach, 1e-3), style.encoding)
    return Twig(Node(frame, low - margin, high + margin, error, refine="ADD"), data, len(points))


def _divide(codes: NDArray[np.int64], points: Points, depth: int, style: Style) -> Twig:
    if len(points) <= LEAF or depth + _CELLS >= _DEPTH:
        return twig_of(points, 0.0, style)
    codes, points, shown, error = _thin(codes, points, _DEPTH - depth - _CELLS)
    twig = twig_of(shown, error, style)
    for one in _runs(codes >> 3 * (_DEPTH - depth - 1)):
        twig.children.append(_divide(codes[one], points[one], depth + 1, style))
    return twig


def _thin(
    codes: NDArray[np.int64], points: Points, bits: int
) -> tuple[NDArray[np.int64], Points, Points, float]:
    """Take the first point of each cube of 2^bits cells: the others, the taken ones, the longest way."""
    cubes = codes >> 3 * min(bits, 20)
    first = np.ones(len(cubes), bool)
    first[1:] = cubes[1:] != cubes[:-1]
    shown = points[first]
    stand_in = np.cumsum(first) - 1
    rest = points[~first]
    ways = rest["at"] - shown["at"][stand_in[~first]]
    error = float(np.sqrt(np.einsum("ij,ij->i", ways, ways).max(initial=0.0)))
    return codes[~first], rest, shown, error


def _runs(numbers: NDArray[np.int64]) -> Iterator[slice]:
    """Stretches of equal numbers."""
    ends = np.flatnonzero(np.diff(numbers)) + 1
    starts = [0, *ends.tolist()]
    for start, end in zip(starts, [*starts[1:], len(numbers)], strict=True):
        if end > start:
            yield slice(start, end)


def _morton(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n, 3) numbers of 21 bits → their bits interleaved, those of the height highest."""
    if cells.max() >= 1 << 21:
        raise TilingError(
            "the cloud has points kilometres above each other; drop the stray ones, or check its units"
        )
    code = np.zeros(len(cells), np.int64)
    for axis in range(3):
        part = cells[:, axis].copy()
        for shift, mask in (
            (32, 0x1F00000000FFFF),
            (16, 0x1F0000FF0000FF),
            (8, 0x100F00F00F00F00F),
            (4, 0x10C30C30C30C30C3),
            (2, 0x1249249249249249),
        ):
            part = (part | part << shift) & mask
        code |= part << axis
    return code
