"""Features as GeoParquet 1.1: bbox column, Hilbert order, the same bytes for the same features."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from catalog import hilbert, solids
from twin.errors import Damaged, StoreError
from twin.record import Feature
from twin.schema import Column, Kind, Schema

if TYPE_CHECKING:
    import pyarrow as pa

GEOMETRY, SOLID, FACES, BBOX = "geometry", "solid", "faces", "bbox"
_CORNERS = ("xmin", "ymin", "xmax", "ymax")
_ROW_GROUP = 16384
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


def write_features(features: Sequence[Feature], schema: Schema, crs3d: str) -> bytes:
    """Write features as GeoParquet 1.1.

    Args:
        features: In any order; they are written along a Hilbert curve, equal places by id.
        schema: Its columns become the file's, enums as strings, times as UTC microseconds.
        crs3d: CRS of the solids, such as ``EPSG:25832+7837``.

    Returns:
        The file. Geometry is 2D WKB in OGC:CRS84; layers with solids have the columns ``solid`` (WKB
        MultiPolygon Z with its own CRS) and ``faces`` (a `twin.record.Face` for each polygon) as well.

    Raises:
        StoreError: A value does not fit its column; names feature id and column, not the value.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq
    import shapely

    shapes = shapely.from_wkb([feature.geometry for feature in features])
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    centres = (bounds[:, :2] + bounds[:, 2:]) / 2
    distance = hilbert.distances(centres[:, 0], centres[:, 1])
    order = sorted(range(len(features)), key=lambda i: (distance[i], features[i].id))
    features, bounds = [features[i] for i in order], bounds[order]
    nowhere = np.isnan(bounds[:, 0])

    columns: dict[str, pa.Array] = {column.name: _array(column, features) for column in schema.columns}
    columns[GEOMETRY] = pa.array([feature.geometry for feature in features], pa.binary())
    corners = [pa.array(bounds[:, i], pa.float64(), mask=nowhere) for i in range(4)]
    columns[BBOX] = pa.StructArray.from_arrays(corners, _CORNERS, mask=pa.array(nowhere))
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
    if schema.geometry == "building":
        columns[SOLID] = pa.array(solids.encode([feature.solid for feature in features]), pa.binary())
        columns[FACES] = pa.array(
            [None if f.solid is None else f.solid.faces for f in features], pa.list_(pa.uint8())
        )
        geo["columns"][SOLID] = {
            "encoding": "WKB",
            "geometry_types": ["MultiPolygon Z"],
            "crs": _projjson(crs3d),
        }
    table = pa.table(columns).replace_schema_metadata({"geo": orjson.dumps(geo)})
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", row_group_size=_ROW_GROUP)
    return buffer.getvalue()


def read_table(data: bytes, columns: list[str] | None = None) -> "pa.Table":
    """Read a features file (or some of its columns) as an Arrow table; `Damaged` if it is none."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(pa.BufferReader(data), columns=columns, use_threads=False)
    except (pa.ArrowException, OSError) as error:
        raise Damaged("features.parquet cannot be read; publish the layer again") from error


def column_names(data: bytes) -> list[str]:
    """Names of all columns of a features file; `Damaged` if it is none."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return list(pq.read_schema(pa.BufferReader(data)).names)
    except (pa.ArrowException, OSError) as error:
        raise Damaged("features.parquet cannot be read; publish the layer again") from error


def read_features(data: bytes, with_solids: bool = False) -> list[Feature]:
    """Read features back, in the file's order; columns they did not have are None."""
    table = read_table(data)
    plain = [name for name in table.column_names if name not in (GEOMETRY, SOLID, FACES, BBOX)]
    rows = table.select(plain).to_pylist()
    geometries = table[GEOMETRY].to_pylist()
    if with_solids and SOLID in table.column_names:
        shapes = solids.decode(table[SOLID].to_pylist(), table[FACES].to_pylist())
    else:
        shapes = [None] * len(rows)
    return [
        Feature(id=row.pop("id"), source_id=row.pop("source_id"), values=row, geometry=geometry, solid=solid)
        for row, geometry, solid in zip(rows, geometries, shapes, strict=True)
    ]


def _array(column: Column, features: Sequence[Feature]) -> "pa.Array":
    import pyarrow as pa

    kinds = {
        Kind.TEXT: pa.string(),
        Kind.ENUM: pa.string(),
        Kind.INTEGER: pa.int64(),
        Kind.NUMBER: pa.float64(),
        Kind.BOOLEAN: pa.bool_(),
        Kind.TIME: pa.timestamp("us", tz="UTC"),
    }
    if column.name in ("id", "source_id"):
        values = [getattr(feature, column.name) for feature in features]
    else:
        values = [feature.values.get(column.name) for feature in features]
    try:
        return pa.array(values, kinds[column.kind])
    except (pa.ArrowException, UnicodeError, TypeError, ValueError, OverflowError) as error:
        for feature, value in zip(features, values, strict=True):
            try:
                pa.array([value], kinds[column.kind])
            except (pa.ArrowException, UnicodeError, TypeError, ValueError, OverflowError):
                place = feature.id.encode("ascii", "backslashreplace").decode()
                raise StoreError(
                    f"feature {place}: {column.name} is not a {column.kind}; check the recipe's mapping"
                ) from None
        raise StoreError(f"column {column.name} cannot be written as {column.kind}") from error


def _types(shapes: Any) -> list[str]:
    import shapely

    return [_TYPE_NAMES[i] for i in np.unique(shapely.get_type_id(shapes)) if i >= 0]


def _projjson(crs: str) -> dict[str, Any]:
    import pyproj

    return pyproj.CRS.from_user_input(crs).to_json_dict()
