"""Features of a revision, ready to be cut into tiles."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from api.vector import commands, shapes, values, wire
from api.vector.grid import EXTENT, PIXEL, Box, Tile
from catalog import parquet, several

if TYPE_CHECKING:
    import pyarrow as pa

WHOLE = 14
"""From this level on a tile has every feature that meets it."""
_MOST = 10_000
_MOST_WHOLE = 100_000
_BLOCK = 256
"""Features whose common outline is looked at first; neighbours, as the file is in Hilbert order."""
_DRAW = (commands.points, commands.lines, commands.polygons)


class Sheet:
    """The features of one file of a revision: geometries as they are stored, outlines in memory."""

    def __init__(self, data: parquet.Table, columns: tuple[str, ...]) -> None:
        """Read the features with those columns; `Damaged` if `data` is no features file."""
        there = [name for name in parquet.column_names(data) if name in columns]
        table = parquet.read_table(data, [*there, parquet.GEOMETRY, parquet.BBOX])
        table = several.fitted(table, ())  # a tile has one value for each column: lists as people read them
        box = table[parquet.BBOX].combine_chunks()
        corners = [box.field(i).to_numpy(zero_copy_only=False).astype(np.float64) for i in range(4)]
        self.bounds = np.column_stack(corners)
        """(n, 4) west, south, east, north of each; NaN where it has no place."""
        self.table: pa.Table = table.drop_columns([parquet.BBOX])
        """The columns, and the geometries as WKB."""
        self.sizes = _sizes(self.bounds)
        """(n,) the longer side of each outline as a share of the projection's; 0 for points only."""
        self._blocks = _blocks(self.bounds)

    def __len__(self) -> int:
        return len(self.bounds)

    def meeting(self, box: Box) -> NDArray[np.int64]:
        """Rows of the features that may meet a box."""
        blocks = np.flatnonzero(_meets(self._blocks, box))
        rows = (blocks[:, None] * _BLOCK + np.arange(_BLOCK)).ravel()
        rows = rows[rows < len(self)]
        return rows[_meets(self.bounds[rows], box)]


def cut(name: str, sheets: Sequence[Sheet], tile: Tile) -> bytes:
    """A tile with one layer called `name`, without any bytes if no feature of the sheets meets it.

    Below level 14 features smaller than a pixel are left out, and so are points that share a pixel with
    another; pixels count as larger where more than 10,000 features were left.
    """
    import pyarrow as pa
    import shapely

    found = _found(sheets, tile)
    if not found:
        return b""
    table = pa.concat_tables([sheet.table.take(rows) for sheet, rows in found])
    wkb = table[parquet.GEOMETRY].to_numpy()
    drawn, dimension = shapes.fitted(shapely.from_wkb(wkb), tile)
    there = np.flatnonzero(~shapely.is_missing(drawn))
    order = there[np.argsort(dimension[there], kind="stable")]
    if not len(order):
        return b""
    drawn, dimension = drawn[order], dimension[order]
    parts = [_DRAW[d](drawn[dimension == d]) for d in range(3) if (dimension == d).any()]
    geometry = wire.Runs(
        np.concatenate([part.numbers for part in parts]), np.concatenate([part.lengths for part in parts])
    )
    table = table.drop_columns([parquet.GEOMETRY]).take(order)
    told = values.told(table)
    ids = values.numbered(table["id"].to_pylist())
    return wire.layer(name, ids, told.tags, dimension + 1, geometry, told.keys, told.values)


def _found(sheets: Sequence[Sheet], tile: Tile) -> list[tuple[Sheet, NDArray[np.int64]]]:
    """Of each sheet the features that may meet the buffered tile and are large enough for its level."""
    box = tile.box()
    near = [(sheet, rows) for sheet in sheets if len(rows := sheet.meeting(box))]
    if not near:
        return []
    bounds = np.concatenate([sheet.bounds[rows] for sheet, rows in near])
    sizes = np.concatenate([sheet.sizes[rows] for sheet, rows in near])
    most, pixel = (_MOST, PIXEL) if tile.z < WHOLE else (_MOST_WHOLE, 0)
    kept = _seen(bounds, sizes, tile, pixel)
    while len(kept) > most:
        pixel = 2 * pixel or PIXEL
        kept = _seen(bounds, sizes, tile, pixel)
    edges = np.cumsum([0, *(len(rows) for _, rows in near)])
    cuts = np.searchsorted(kept, edges)
    return [
        (sheet, rows[kept[first:last] - edge])
        for (sheet, rows), edge, first, last in zip(near, edges[:-1], cuts[:-1], cuts[1:], strict=True)
        if first < last
    ]


def _seen(
    bounds: NDArray[np.float64], sizes: NDArray[np.float32], tile: Tile, pixel: int
) -> NDArray[np.int64]:
    """Places of those that are at least a pixel large, and of a point of each pixel that has any."""
    if not pixel:
        return np.arange(len(sizes))
    dots = np.flatnonzero(sizes == 0)
    cells = np.floor(tile.steps(bounds[dots, :2]) / pixel).astype(np.int64)
    alone = np.unique(cells[:, 0] << 32 | cells[:, 1] & 0xFFFFFFFF, return_index=True)[1]
    return np.sort(np.concatenate((np.flatnonzero(sizes * 2.0**tile.z * EXTENT >= pixel), dots[alone])))


def _meets(bounds: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
    west, south, east, north = box
    return (bounds[:, 0] <= east) & (bounds[:, 2] >= west) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)


def _sizes(bounds: NDArray[np.float64]) -> NDArray[np.float32]:
    world = Tile(0, 0, 0)
    low, high = world.steps(bounds[:, :2]), world.steps(bounds[:, 2:])
    size = np.abs(high - low).max(axis=1) / EXTENT
    flat = (bounds[:, 0] == bounds[:, 2]) & (bounds[:, 1] == bounds[:, 3])
    return np.where(flat, 0.0, np.maximum(size, np.finfo(np.float32).tiny)).astype(np.float32)


def _blocks(bounds: NDArray[np.float64]) -> NDArray[np.float64]:
    """The outline of each block; inside out where nothing of it has a place."""
    if not len(bounds):
        return np.empty((0, 4))
    starts = np.arange(0, len(bounds), _BLOCK)
    low = np.where(np.isnan(bounds[:, :2]), np.inf, bounds[:, :2])
    high = np.where(np.isnan(bounds[:, 2:]), -np.inf, bounds[:, 2:])
    return np.column_stack((np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)))
