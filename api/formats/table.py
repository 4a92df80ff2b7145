"""A page of features as an Arrow table with WKB geometry: what files are written from."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from api.formats.page import CRS84, Page, authority
from catalog import deadline
from twin.schema import Kind

if TYPE_CHECKING:
    import pyarrow as pa

GEOMETRY = "geometry"


def table(page: Page) -> "pa.Table":
    """The page as rows.

    Columns are those of the layer's schema that were asked for, typed by it, then what is told of features
    beside it (phases, latest values), as text or JSON text. ``geometry`` comes last: WKB, easting or
    longitude first whatever the CRS says, as in all files; left out if it was not asked for.
    """
    import pyarrow as pa

    rows = [orjson.loads(feature) for feature in deadline.some(page.features)]
    properties = [row["properties"] for row in rows]
    columns: dict[str, Any] = {}
    for name, kind in _kinds(page, properties).items():
        deadline.check()
        columns[name] = _values(kind, [row.get(name) for row in properties])
    if page.geometry:
        columns[GEOMETRY] = pa.array(_wkb(page, [row["geometry"] for row in rows]), pa.binary())
    return pa.table(columns)


def shapes(table_: "pa.Table") -> Any:
    """The table's geometries, an array of shapely's; None where there is none."""
    import shapely

    return shapely.from_wkb(table_[GEOMETRY].to_numpy(zero_copy_only=False))


def types(table_: "pa.Table") -> list[str]:
    """Names of the kinds of geometry in the table."""

    found = [shape for shape in shapes(table_) if shape is not None]
    return sorted({f"{shape.geom_type} Z" if shape.has_z else shape.geom_type for shape in found})


def several(table_: "pa.Table") -> "pa.Table":
    """The table with every polygon as a collection of one."""
    import pyarrow as pa
    import shapely

    found = [
        shapely.multipolygons([shape]) if shape is not None and shape.geom_type == "Polygon" else shape
        for shape in shapes(table_)
    ]
    written = pa.array(shapely.to_wkb(found).tolist(), pa.binary())
    return table_.set_column(table_.schema.get_field_index(GEOMETRY), GEOMETRY, written)


def _kinds(page: Page, properties: list[dict[str, Any]]) -> dict[str, Kind | None]:
    """Name of each column → its kind; None: not of the schema."""
    known: dict[str, Kind | None] = {column.name: column.kind for column in page.layer.schema_.columns}
    if page.columns is not None:
        known = {name: kind for name, kind in known.items() if name in ("id", *page.columns)}
    if properties:
        there = dict.fromkeys(name for row in properties for name in row)
        known = {name: kind for name, kind in known.items() if name in there}
        known |= {name: None for name in there if name not in known}
    return known


def _values(kind: Kind | None, values: list[Any]) -> "pa.Array":
    import pyarrow as pa

    match kind:
        case Kind.INTEGER:
            return pa.array(values, pa.int64())
        case Kind.NUMBER:
            return pa.array([None if value is None else float(value) for value in values], pa.float64())
        case Kind.BOOLEAN:
            return pa.array(values, pa.bool_())
        case Kind.TIME:
            instants = [None if value is None else datetime.fromisoformat(value) for value in values]
            return pa.array(instants, pa.timestamp("us", tz="UTC"))
        case Kind.TEXTS:
            return pa.array(values, pa.list_(pa.string()))
        case _:
            return pa.array(list(map(_text, values)), pa.string())


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return orjson.dumps(value).decode()


def _wkb(page: Page, geometries: Iterable[dict[str, Any] | None]) -> list[bytes | None]:
    import numpy as np
    import shapely

    told = [
        None if geometry is None else orjson.dumps(geometry).decode()
        for geometry in deadline.some(geometries)
    ]
    found = shapely.from_geojson(np.array(told, object))
    if _north_first(page.crs):
        found = shapely.transform(
            found, lambda x, y, z=None: (y, x) if z is None else (y, x, z), interleaved=False
        )
    written: list[bytes | None] = shapely.to_wkb(found).tolist() if len(found) else []
    return written


def _north_first(crs: str) -> bool:
    if crs == CRS84:
        return False
    from pyproj import CRS

    return str(CRS.from_user_input(authority(crs)).axis_info[0].direction) == "north"
