"""Features as GeoParquet 1.1: bbox column, Hilbert order, the same bytes for the same features."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from numpy.typing import NDArray

from catalog import hilbert, tables
from twin.batch import values_of
from twin.errors import Damaged
from twin.record import Feature
from twin.schema import Schema
from twin.shelf import Shelf

if TYPE_CHECKING:
    import pyarrow as pa

GEOMETRY, BBOX, OBSERVED = "geometry", "bbox", "observed_at"
_CORNERS = ("xmin", "ymin", "xmax", "ymax")
_ROW_GROUP = 16384
_ALONE = ("id", "source_id")
_UNREADABLE = "features.parquet cannot be read; publish the layer again"
Box = tuple[float, float, float, float]
"""West, south, east, north in OGC:CRS84."""
_TYPE_NAMES = (  # by GEOS type id
    "Point",
    "LineString",
    "LinearRing",
    "Polygon",
    "MultiPoint",
    "MultiLineString",
    "MultiPolygon",
    "GeometryCollection",
)


@dataclass(frozen=True, slots=True)
class Pieces:
    """A features file that is cut into several; `catalog.parts` says how."""

    files: tuple[bytes, ...]
    """At least one. In none of them a feature says when it was looked at."""
    observed_at: datetime
    """When all of them were."""


Table = bytes | Pieces
"""A features file, whole or cut: both are read in the same way."""


def write_features(features: Sequence[Feature], schema: Schema, observed_at: datetime | None = None) -> bytes:
    """Write features as GeoParquet 1.1.

    Args:
        features: In any order; they are written along a Hilbert curve, equal places by id.
        schema: Its columns become the file's, enums as strings, times as UTC microseconds.
        observed_at: When all of them were looked at; None if they say it themselves.

    Returns:
        The file. Geometry is 2D WKB in OGC:CRS84; forms in 3D are in the tiles.

    Raises:
        StoreError: A value does not fit its column; names feature id and column, not the value.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    table = _table(features, schema, observed_at)
    bounds = _bounds(table)[1]
    centres = (bounds[:, :2] + bounds[:, 2:]) / 2
    by_id = np.asarray(pc.sort_indices(table["id"])).astype(np.int64)
    distance = hilbert.distances(centres[:, 0], centres[:, 1])
    order = by_id[np.argsort(distance[by_id], kind="stable")]
    return _written(table.take(pa.array(order, pa.int64())))


def write_rows(shelf: Shelf, rows: NDArray[np.int64]) -> bytes:
    """Some features of a shelf, in that order, as a GeoParquet file that does not say when they were seen."""
    import pyarrow as pa

    table = pa.Table.from_batches([shelf.rows(rows).load([*shelf.schema.names, GEOMETRY])])
    return _written(_observed(table, None))


def whole(table: Table) -> bytes:
    """A features file in one."""
    return table if isinstance(table, bytes) else _written(read_table(table).drop_columns([BBOX]))


def box_of(data: bytes) -> Box | None:
    """Extent of a features file, as it tells itself."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    told = orjson.loads(pq.read_schema(pa.BufferReader(data)).metadata[b"geo"])["columns"][GEOMETRY]
    found = told.get("bbox")
    return None if found is None else (found[0], found[1], found[2], found[3])


def _bounds(table: "pa.Table") -> tuple[Any, NDArray[np.float64]]:
    """Geometries, and (n, 4) their bounds; NaN where there is none."""
    import shapely

    shapes = shapely.from_wkb(table[GEOMETRY].to_numpy())
    return shapes, shapely.bounds(shapes).reshape(-1, 4)


def _written(table: "pa.Table") -> bytes:
    """A table in its final order as GeoParquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    shapes, bounds = _bounds(table)
    nowhere = np.isnan(bounds[:, 0])
    corners = [pa.array(bounds[:, i], pa.float64(), mask=nowhere) for i in range(4)]
    boxes = pa.StructArray.from_arrays(corners, _CORNERS, mask=pa.array(nowhere))
    geometry: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": _types(shapes),
        "edges": "planar",
        "covering": {"bbox": {corner: [BBOX, corner] for corner in _CORNERS}},
    }
    if not nowhere.all():
        known = bounds[~nowhere]
        geometry["bbox"] = [*known[:, :2].min(axis=0).tolist(), *known[:, 2:].max(axis=0).tolist()]
    geo: dict[str, Any] = {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: geometry}}
    table = table.append_column(BBOX, boxes).replace_schema_metadata({"geo": orjson.dumps(geo)})
    buffer = io.BytesIO()
    # Words repeat, ids and places do not: a dictionary of those is made only to be thrown away.
    words = [name for name in table.column_names if name not in _ALONE and _is_text(table, name)]
    pq.write_table(table, buffer, compression="zstd", row_group_size=_ROW_GROUP, use_dictionary=words)
    return buffer.getvalue()


def _observed(table: "pa.Table", at: datetime | None) -> "pa.Table":
    """The table with all features looked at at that instant."""
    import pyarrow as pa

    instant = pa.repeat(pa.scalar(at, pa.timestamp("us", tz="UTC")), len(table))
    return table.set_column(table.schema.get_field_index(OBSERVED), OBSERVED, instant)


def _is_text(table: "pa.Table", name: str) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(table.schema.field(name).type))


def _table(features: Sequence[Feature], schema: Schema, observed_at: datetime | None) -> "pa.Table":
    """The schema's columns and the geometry, one chunk each."""
    import pyarrow as pa

    if isinstance(features, Shelf) and len(features):
        names = [*schema.names, GEOMETRY]
        table = pa.Table.from_batches([features.rows(np.arange(len(features))).load(names)])
        # Parts that an earlier run prepared say when that run looked.
        return table if observed_at is None else _observed(table, observed_at)
    columns: dict[str, pa.Array] = {c.name: values_of(c, features) for c in schema.columns}
    columns[GEOMETRY] = pa.array([feature.geometry for feature in features], pa.binary())
    return pa.table(columns)


def read_table(data: Table, columns: list[str] | None = None) -> "pa.Table":
    """Read a features file (or some of its columns) as an Arrow table; `Damaged` if it is none."""
    import pyarrow as pa

    try:
        if isinstance(data, bytes):
            return tables.read_table(data, columns)
        table = pa.concat_tables([tables.read_table(file, columns) for file in data.files])
    except (pa.ArrowException, OSError) as error:
        raise Damaged(_UNREADABLE) from error
    return _observed(table, data.observed_at) if OBSERVED in table.column_names else table


def column_names(data: Table) -> list[str]:
    """Names of all columns of a features file; `Damaged` if it is none."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return list(pq.read_schema(pa.BufferReader(data if isinstance(data, bytes) else data.files[0])).names)
    except (pa.ArrowException, OSError) as error:
        raise Damaged(_UNREADABLE) from error


def read_features(data: Table) -> list[Feature]:
    """Read features back, in the file's order; columns they did not have are None."""
    table = read_table(data)
    rows = table.select([name for name in table.column_names if name not in (GEOMETRY, BBOX)]).to_pylist()
    return [
        Feature(id=row.pop("id"), source_id=row.pop("source_id"), values=row, geometry=geometry)
        for row, geometry in zip(rows, table[GEOMETRY].to_pylist(), strict=True)
    ]


def _types(shapes: Any) -> list[str]:
    import shapely

    return [_TYPE_NAMES[i] for i in np.unique(shapely.get_type_id(shapes)) if i >= 0]
