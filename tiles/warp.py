"""Warp: a height raster in another CRS than the city's becomes one in the city's, by bilinear resampling."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.crs import resolve_crs, split_crs
from tiles.geodesy import transform_2d
from tiles.grids import GEOIDS, TO_DEGREES, find, from_degrees, operation
from tiles.ground import Ground
from twin.errors import GeodesyError, MissingGeoid, TilingError
from twin.record import Raster

_DEGREE_M = 111_195.0
"""Metres of a degree of latitude."""
_MOST_CELLS = 100_000_000
_EVERY = 32
"""Positions are transformed at every so many cells; between them CRS are straight to far below a cell."""
_STRIP = 64 * _EVERY
"""Rows whose positions are transformed at a time."""
_TOGETHER = 250_000
"""Cells resampled at a time: each takes some 300 bytes meanwhile."""

Floats = NDArray[np.float64]


def warp(raster: Raster, source_crs: str, target_crs: str, *, grids: Path | None = None) -> Raster:
    """Bring a raster to another CRS.

    Args:
        raster: Heights in `source_crs`; its step is in that CRS's unit (degrees for EPSG:4326).
        source_crs: Any name `resolve_crs` knows. Without a vertical part the heights are taken to be those
            of `target_crs`, and stay as they are.
        target_crs: A projected CRS in metres, with or without a vertical part.
        grids: Folder with grids, searched before PROJ's own path.

    Returns:
        `raster` itself where nothing differs; else a raster whose centres stand at odd multiples of half
        its step, so that neighbouring pieces still continue one another. The step is the source's, rounded
        down to 1, 2 or 5 times a power of ten. Where the source knows nothing there are holes.

    Raises:
        UnknownCRS: a name cannot be read.
        GeodesyError: a datum grid is missing, or the target is not in metres.
        MissingGeoid: the heights are of another kind, and a grid that leads from one to the other is
            missing.
        TilingError: the result would be too large, or the raster does not lie where its CRS says.
    """
    (source, kind), (target, wanted) = (split_crs(resolve_crs(crs)) for crs in (source_crs, target_crs))
    change = _change(kind, wanted, grids)
    if source == target and change is None:
        return raster
    _check_metres(target)
    if source == target:
        west, north, step = raster.west, raster.north, raster.step
        rows, columns = raster.heights.shape
    else:
        west, north, step, rows, columns = _frame(raster, source, target, grids)
    ground = Ground([raster], None)
    heights = np.empty((rows, columns), np.float32)
    for top in range(0, rows, _STRIP):
        count = min(_STRIP, rows - top)
        i, j = _nodes(count), _nodes(columns)
        x, y = np.meshgrid(west + j * step, north - (top + i) * step)
        nodes = np.column_stack([x.ravel(), y.ravel()])
        there = transform_2d(nodes, target, source, grids=grids)
        added = None if change is None else change(transform_2d(nodes, target, grids=grids))
        some = max(1, _TOGETHER // columns)
        for first in range(0, count, some):
            lines = np.arange(first, min(first + some, count))
            xy = np.column_stack([_between(part, i, j, lines, columns) for part in there.T])
            strip = ground.measured(xy)
            if added is not None:
                strip += _between(added, i, j, lines, columns)
            heights[top + lines] = strip.reshape(len(lines), columns)
    if np.isnan(heights).all():
        raise TilingError(f"a height raster does not lie where {source} says; state the CRS it is really in")
    return Raster(heights, west, north, step)


def _check_metres(target: str) -> None:
    import pyproj

    crs = pyproj.CRS(target)
    if not crs.is_projected or crs.axis_info[0].unit_conversion_factor != 1.0:
        raise GeodesyError(f"{target} is not in metres; state a projected CRS, for example EPSG:25832")


def _change(kind: str | None, wanted: str | None, grids: Path | None) -> Callable[[Floats], Floats] | None:
    """What to add to heights above one geoid to get those above another, at (n, 2) degrees."""
    if kind is None or wanted is None or kind == wanted:
        return None
    first, second = _undulation(kind, wanted, grids), _undulation(wanted, kind, grids)
    return lambda lonlat: first(lonlat) - second(lonlat)


def _undulation(vertical: str, other: str, grids: Path | None) -> Callable[[Floats], Floats]:
    import pyproj

    grid = GEOIDS.get(vertical)
    path = find(grid, grids) if grid else None
    if grid is None or path is None:
        remedy = (
            f"put the grid {grid.name} into a folder named in PROJ_DATA or TWIN_GRIDS"
            if grid
            else f"we know no grid of {vertical}"
        )
        raise MissingGeoid(
            f"heights in {vertical} cannot become those in {other}: {remedy}; or say in metres what to add "
            "(shift_m under [source.options]; for twin convert --crs with the heights' own vertical CRS "
            "and --undulation)"
        )
    steps = from_degrees(operation(grid, path), TO_DEGREES)
    pipeline: Any = pyproj.Transformer.from_pipeline(steps)

    def undulation(lonlat: Floats) -> Floats:
        lon, lat = lonlat.T
        height = np.asarray(pipeline.transform(lon, lat, np.zeros(len(lonlat)))[2])
        height[~np.isfinite(height)] = np.nan
        return height

    return undulation


def _frame(
    raster: Raster, source: str, target: str, grids: Path | None
) -> tuple[float, float, float, int, int]:
    """West, north, step, rows and columns of the raster in the target CRS."""
    import pyproj

    rows, columns = raster.heights.shape
    crs = pyproj.CRS(source)
    unit = _DEGREE_M if crs.is_geographic else crs.axis_info[0].unit_conversion_factor
    mid = np.radians(raster.north - rows / 2 * raster.step) if crs.is_geographic else 0.0
    step = _nice(raster.step * unit * float(np.cos(mid)))
    i, j = np.linspace(-0.5, rows - 0.5, 65), np.linspace(-0.5, columns - 0.5, 65)
    ends_i, ends_j = np.full(65, i[-1]), np.full(65, j[-1])
    around = np.column_stack(
        [
            raster.west + raster.step * np.concatenate([j, j, np.full(65, j[0]), ends_j]),
            raster.north - raster.step * np.concatenate([np.full(65, i[0]), ends_i, i, i]),
        ]
    )
    outline = transform_2d(around, source, target, grids=grids)
    if not np.isfinite(outline).all():
        raise TilingError(f"a height raster does not lie where {source} says; state the CRS it is really in")
    low, high = np.floor(outline.min(axis=0) / step), np.ceil(outline.max(axis=0) / step)
    columns, rows = (int(n) for n in high - low)
    if rows * columns > _MOST_CELLS:
        raise TilingError(
            f"a height raster has more than {_MOST_CELLS:,} cells in {target}; cut it into tiles"
        )
    return float(low[0] + 0.5) * step, float(high[1] - 0.5) * step, step, rows, columns


def _nice(step: float) -> float:
    """The largest of 1, 2 or 5 times a power of ten that is not above `step`, by more than a hundredth."""
    power = 10.0 ** np.floor(np.log10(step * 1.01))
    return float(max(n * power for n in (1, 2, 5) if n * power <= step * 1.01))


def _nodes(count: int) -> NDArray[np.int64]:
    """Every so many numbers below `count`, and the last one."""
    return np.unique(np.append(np.arange(0, count, _EVERY), count - 1))


def _between(
    values: Floats, i: NDArray[Any], j: NDArray[Any], rows: NDArray[np.int64], columns: int
) -> Floats:
    """Values at the nodes (i, j) → (len(rows) * columns,) values at all cells of some rows, bilinear."""
    grid = values.reshape(len(i), len(j))
    across = _lerp(grid, j, np.arange(columns))
    return np.ascontiguousarray(_lerp(across.T, i, rows).T).ravel()


def _lerp(grid: Floats, nodes: NDArray[Any], cells: NDArray[np.int64]) -> Floats:
    if len(nodes) == 1:
        return np.repeat(grid, len(cells), axis=1)
    left = np.minimum(np.searchsorted(nodes, cells, side="right") - 1, len(nodes) - 2)
    part = (cells - nodes[left]) / (nodes[left + 1] - nodes[left])
    result: Floats = grid[:, left] * (1 - part) + grid[:, left + 1] * part
    return result
