"""FlatGeobuf and GeoPackage, written by GDAL through pyogrio."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Lock

from api.formats import table
from api.formats.page import CRS84, CRS84H, Page, authority
from catalog import deadline
from twin.errors import TooMuch

FLATGEOBUF = "application/flatgeobuf"
GEOPACKAGE = "application/geopackage+sqlite3"

_ROWS = 256
"""Of a batch; between two of them the clock is looked at."""
_AT_ONCE = Lock()
"""Files are made in memory: one after the other."""


def flatgeobuf(page: Page) -> bytes:
    """The page as FlatGeobuf, in its own order: without an index, which would sort by place."""
    told = page.layer
    options = {"TITLE": told.title.en, "DESCRIPTION": _description(page), "SPATIAL_INDEX": "NO"}
    return _written(page, "FlatGeobuf", options)


def geopackage(page: Page) -> bytes:
    """The page as GeoPackage, one table named like the layer, with attribution and licence in it."""
    at = page.published or datetime.fromtimestamp(0, UTC)
    options = {
        "IDENTIFIER": page.layer.title.en,
        "DESCRIPTION": _description(page),
        "GEOMETRY_NAME": table.GEOMETRY,
    }
    return _written(page, "GPKG", options, f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}")


def _written(page: Page, driver: str, options: dict[str, str], at: str | None = None) -> bytes:
    """The page by one of GDAL's drivers; `at` is what the file says of when it was written.

    Raises:
        TooMuch: It takes longer than a question may.
    """
    import pyarrow as pa
    import pyogrio

    found = table.table(page)
    kinds = table.types(found) if page.geometry else []
    if len(kinds) > 1 and page.crs == CRS84H:  # a file of any kinds would have no heights
        found, kinds = table.several(found), ["MultiPolygon Z"]
    buffer = io.BytesIO()
    late: list[TooMuch] = []

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            yield from deadline.some(found.to_batches(max_chunksize=_ROWS))
        except TooMuch as error:  # on its way through GDAL it would lose its name
            late.append(error)
            raise

    with _AT_ONCE:
        # of the whole process, which is why only one file is written at a time; nobody else sets it
        deadline.check()
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": at})
        try:
            pyogrio.write_arrow(
                pa.RecordBatchReader.from_batches(found.schema, batches()),
                buffer,
                layer=page.name,
                driver=driver,
                geometry_name=table.GEOMETRY if page.geometry else None,
                geometry_type=(kinds[0] if len(kinds) == 1 else "Unknown") if page.geometry else None,
                crs=_crs(page.crs) if page.geometry else None,
                layer_options=options,
            )
        except Exception:
            if late:
                raise late[0] from None
            raise
    return buffer.getvalue()


def _crs(uri: str) -> str:
    """Both formats have longitude first whatever the CRS says, and name WGS 84 by its EPSG codes."""
    return {CRS84: "EPSG:4326", CRS84H: "EPSG:4979"}.get(uri) or authority(uri)


def _description(page: Page) -> str:
    told = page.tell()
    licence = told["licence"]
    return " · ".join((page.layer.summary.en, told["attribution"], licence["title"], licence["url"]))
