"""A snapshot in memory: immutable, indexed by place and id, its features ready as GeoJSON bytes."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from catalog import parquet

_BLOCK = 256
"""Features encoded at once; neighbours, because the file is in Hilbert order."""
_JSON = orjson.OPT_UTC_Z | orjson.OPT_SERIALIZE_NUMPY
_SECRET = (parquet.GEOMETRY, parquet.BBOX)
Box = tuple[float, float, float, float]


class Snapshot:
    """An index over one features file. Features are encoded block by block when first asked for."""

    def __init__(self, data: parquet.Table) -> None:
        """Build the index; `Damaged` if `data` is not a features file."""
        names = parquet.column_names(data)
        table = parquet.read_table(data, [name for name in names if name not in _SECRET[2:]])
        self._geometry = table[parquet.GEOMETRY].combine_chunks()
        self._values = table.drop_columns([parquet.GEOMETRY, parquet.BBOX]).combine_chunks()
        bbox = table[parquet.BBOX].combine_chunks()
        corners = [bbox.field(i).to_numpy(zero_copy_only=False).astype(np.float64) for i in range(4)]
        self._bounds = np.column_stack(corners)
        self._blocks = _unions(self._bounds)
        ids = table["id"].to_pylist()
        self._rows = {name: row for row, name in enumerate(ids)}
        self.ids: list[str] = ids
        self._heads: dict[int, list[bytes]] = {}

    def __len__(self) -> int:
        return len(self.ids)

    def row(self, feature_id: str) -> int | None:
        """Row of a feature, None if there is none of this id."""
        return self._rows.get(feature_id)

    def times(self, column: str) -> NDArray[np.int64]:
        """A time column as microseconds since 1970; the smallest int64 where there is none."""
        array = self._values[column].combine_chunks()
        instants: NDArray[np.int64] = (
            array.to_numpy(zero_copy_only=False).astype("datetime64[us]").astype(np.int64)
        )
        return instants

    def within(self, box: Box) -> NDArray[np.int64]:
        """Rows whose geometry meets a box (west, south, east, north), in the file's order."""
        blocks = np.flatnonzero(_meets(self._blocks, box))
        if not len(blocks):
            return np.empty(0, np.int64)
        rows = (blocks[:, None] * _BLOCK + np.arange(_BLOCK)).ravel()
        rows = rows[rows < len(self)]
        bounds = self._bounds[rows]
        near = _meets(bounds, box)
        rows, bounds = rows[near], bounds[near]
        west, south, east, north = box
        inside = (
            (bounds[:, 0] >= west)
            & (bounds[:, 1] >= south)
            & (bounds[:, 2] <= east)
            & (bounds[:, 3] <= north)
        )
        if not inside.all():
            inside[~inside] = self._touches(rows[~inside], box)
        return rows[inside]

    def heads(self, rows: Iterable[int]) -> list[bytes]:
        """GeoJSON of features without the closing ``}}``, so that members can follow the properties."""
        found = []
        for row in rows:
            block, place = divmod(int(row), _BLOCK)
            encoded = self._heads.get(block)
            if encoded is None:
                encoded = self._heads[block] = self._encode(block * _BLOCK)
            found.append(encoded[place])
        return found

    def _touches(self, rows: NDArray[np.int64], box: Box) -> NDArray[np.bool_]:
        import shapely

        shapes = shapely.from_wkb(self._geometry.take(rows).to_numpy(zero_copy_only=False))
        found: NDArray[np.bool_] = shapely.intersects(shapes, shapely.box(*box))
        return found

    def _encode(self, start: int) -> list[bytes]:
        import shapely

        geometry = self._geometry.slice(start, _BLOCK).to_numpy(zero_copy_only=False)
        # RFC 7946: outer rings run counterclockwise
        shapes = shapely.to_geojson(shapely.orient_polygons(shapely.from_wkb(geometry)))
        rows: list[dict[str, Any]] = self._values.slice(start, _BLOCK).to_pylist()
        return [
            b'{"type":"Feature","id":%b,"geometry":%b,"properties":%b'
            % (
                orjson.dumps(row["id"]),
                b"null" if shape is None else shape.encode(),
                orjson.dumps(row, option=_JSON)[:-1],
            )
            for row, shape in zip(rows, shapes, strict=True)
        ]


def _meets(bounds: NDArray[np.float64], box: Box) -> NDArray[np.bool_]:
    west, south, east, north = box
    return (bounds[:, 0] <= east) & (bounds[:, 2] >= west) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)


def _unions(bounds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Boxes around each block; infinite inside out where nothing of it has a place."""
    low = np.where(np.isnan(bounds[:, :2]), np.inf, bounds[:, :2])
    high = np.where(np.isnan(bounds[:, 2:]), -np.inf, bounds[:, 2:])
    starts = np.arange(0, len(bounds), _BLOCK)
    if not len(starts):
        return np.empty((0, 4))
    return np.column_stack((np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)))
