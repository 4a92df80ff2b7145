"""A revision's features, ready to be cut into tiles."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from api.vector import commands, shapes, values, wire
from api.vector.grid import EXTENT, PIXEL, Tile
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
    """The features of one revision: geometries as they are stored, outlines in memory."""

    def __init__(self, data: parquet.Table, columns: tuple[str, ...]) -> None:
        """Read the features with those columns; `Damaged` if `data` is no features file."""
        there = [name for name in parquet.column_names(data) if name in columns]
        table = parquet.read_table(data, [*there, parquet.GEOMETRY, parquet.BBOX])
        table = several.fitted(table, ())  # a tile has one value for each column: lists as people read them
        box = table[parquet.BBOX].combine_chunks()
        corners = [box.field(i).to_numpy(zero_copy_only=False).astype(np.float64) for i in range(4)]
        self._bounds = np.column_stack(corners)
        self._table: pa.Table = table.drop_columns([parquet.BBOX])
        self._blocks = _blocks(self._bounds)
        self._size = _sizes(self._bounds)

    def __len__(self) -> int:
        return len(self._bounds)

    def values(self, column: str) -> set[Any]:
        """The different values of a column."""
        import pyarrow.compute as pc

        return set(pc.unique(self._table[column]).to_pylist()) - {None}

    def tile(self, name: str, tile: Tile) -> bytes:
        """A tile with one layer called `name`, without any bytes if no feature meets it.

        Below level 14 features smaller than a pixel are left out, and so are points that share a pixel with
        another; pixels count as larger where more than 10,000 features were left.
        """
        import shapely

        rows = self._rows(tile)
        if not len(rows):
            return b""
        wkb = self._table[parquet.GEOMETRY].take(rows).to_numpy(zero_copy_only=False)
        drawn, dimension = shapes.fitted(shapely.from_wkb(wkb), tile)
        there = np.flatnonzero(~shapely.is_missing(drawn))
        order = there[np.argsort(dimension[there], kind="stable")]
        if not len(order):
            return b""
        rows, drawn, dimension = rows[order], drawn[order], dimension[order]
        parts = [_DRAW[d](drawn[dimension == d]) for d in range(3) if (dimension == d).any()]
        geometry = wire.Runs(
            np.concatenate([part.numbers for part in parts]), np.concatenate([part.lengths for part in parts])
        )
        table = self._table.drop_columns([parquet.GEOMETRY]).take(rows)
        told = values.told(table)
        ids = values.numbered(table["id"].to_pylist())
        return wire.layer(name, ids, told.tags, dimension + 1, geometry, told.keys, told.values)

    def _rows(self, tile: Tile) -> NDArray[np.int64]:
        """The features that may meet the buffered tile and are large enough for its level."""
        box = tile.box()
        blocks = np.flatnonzero(_meets(self._blocks, box))
        rows = (blocks[:, None] * _BLOCK + np.arange(_BLOCK)).ravel()
        rows = rows[rows < len(self)]
        rows = rows[_meets(self._bounds[rows], box)]
        most, pixel = (_MOST, PIXEL) if tile.z < WHOLE else (_MOST_WHOLE, 0)
        kept = self._seen(rows, tile, pixel)
        while len(kept) > most:
            pixel = 2 * pixel or PIXEL
            kept = self._seen(rows, tile, pixel)
        return kept

    def _seen(self, rows: NDArray[np.int64], tile: Tile, pixel: int) -> NDArray[np.int64]:
        """Those of the rows that are at least a pixel large, and a point of each pixel that has any."""
        if not pixel:
            return rows
        size = self._size[rows] * 2.0**tile.z * EXTENT
        dots = rows[size == 0]
        cells = np.floor(tile.steps(self._bounds[dots, :2]) / pixel).astype(np.int64)
        alone = np.unique(cells[:, 0] << 32 | cells[:, 1] & 0xFFFFFFFF, return_index=True)[1]
        return np.sort(np.concatenate((rows[size >= pixel], dots[alone])))


def _meets(bounds: NDArray[np.float64], box: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    west, south, east, north = box
    return (bounds[:, 0] <= east) & (bounds[:, 2] >= west) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)


def _sizes(bounds: NDArray[np.float64]) -> NDArray[np.float32]:
    """The longer side of each outline as a share of the projection's; 0 for points only."""
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
