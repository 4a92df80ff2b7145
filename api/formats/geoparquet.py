"""GeoParquet 1.1: WKB, zstd, typed columns."""

import io
from typing import Any

import orjson

from api.formats import table
from api.formats.page import CRS84, Page, authority
from catalog import deadline


def write(page: Page) -> bytes:
    """The page as GeoParquet; without geometries a plain Parquet file."""
    import pyarrow.parquet as pq

    found = table.table(page)
    told = page.tell()
    metadata = {"attribution": told["attribution"].encode(), "licence": told["licence"]["url"].encode()}
    if page.geometry:
        column: dict[str, Any] = {"encoding": "WKB", "geometry_types": table.types(found), "edges": "planar"}
        if page.crs != CRS84:  # which it is where nothing is said
            from pyproj import CRS

            column["crs"] = CRS.from_user_input(authority(page.crs)).to_json_dict()
        geo = {"version": "1.1.0", "primary_column": table.GEOMETRY, "columns": {table.GEOMETRY: column}}
        metadata["geo"] = orjson.dumps(geo)
    deadline.check()
    buffer = io.BytesIO()
    pq.write_table(found.replace_schema_metadata(metadata), buffer, compression="zstd")
    return buffer.getvalue()
