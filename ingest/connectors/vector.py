"""GeoPackage, Shapefile, FlatGeobuf: points, lines or areas with columns; files, a folder, a zip, an address.

Options:
    layer: which layer of a GeoPackage, where it has several.
    encoding: of a Shapefile's texts where no ``.cpg`` says it (default: UTF-8, else cp1252).
    columns_read: list of columns to read; all by default. What is not listed never enters the process.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.connectors import flatgeobuf, shapefile
from ingest.connectors.features import UNREADABLE, refuse_columns
from ingest.connectors.footprints import plain as inflated
from ingest.connectors.ogr import Rows
from ingest.connectors.options import listed, options
from ingest.extrusion import geopackage
from ingest.extrusion.wkb import NoArea, plain
from ingest.fetch import Fetch
from ingest.files import File
from ingest.inflate import ZIP_MAGIC
from twin.errors import RecipeError, SourceBroken
from twin.record import Record
from twin.source import Source

_BATCH = 1024
_SUFFIXES = (".gpkg", ".shp", ".fgb", ".zip")


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield one record per feature: its columns, and its geometry as WKB in the file's CRS.

    A Shapefile comes as ``.shp`` with its siblings beside it, or all of them in one zip archive.

    Raises:
        SourceBroken: a file of another format, damaged, or without its siblings.
        SourceChanged: other columns than the recipe's.
        RecipeError: several layers and none chosen.
    """
    told = options(source, ("layer", "encoding", "columns_read"))
    for name in ("layer", "encoding"):
        if not isinstance(told.get(name, ""), str):
            raise RecipeError(f"options.{name} is a text")
    wanted = listed(told["columns_read"], "columns_read") if "columns_read" in told else None
    for file in fetch.files(source.url, _SUFFIXES):
        with tempfile.TemporaryDirectory(prefix="twin-") as folder:
            for crs, names, number, rows in _tables(file, Path(folder), told, wanted):
                if source.columns is not None:
                    missing, unknown = source.columns.difference(names)
                    if missing or unknown:
                        refuse_columns(file.name, missing, unknown)
                for at, (shape, values) in enumerate(rows, number):
                    yield _record(f"{file.name}, feature {at}", shape, values, crs or source.crs)


def _tables(file: File, folder: Path, told: dict[str, Any], wanted: list[str] | None) -> Rows:
    def chosen(columns: list[str]) -> list[str]:
        return columns if wanted is None else [column for column in columns if column in wanted]

    with file.path.open("rb") as raw:
        head = raw.read(16)
    if head[:4] in (ZIP_MAGIC, shapefile.MAGIC):
        yield from shapefile.layers(file, folder, chosen, told.get("encoding"), _BATCH)
        return
    if head.startswith(flatgeobuf.MAGIC):
        yield from flatgeobuf.layers(file, folder, chosen, _BATCH)
        return
    with inflated(file) as path:
        with path.open("rb") as raw:
            if raw.read(16) != geopackage.MAGIC:
                raise SourceBroken(
                    f"{file.name} is neither GeoPackage, Shapefile nor FlatGeobuf; convert it to one"
                )
        for crs, names, number, rows in geopackage.rows(
            path, file.name, chosen, told.get("layer"), geopackage.ANY, _BATCH
        ):
            yield crs, names, number, [(_bytes(blob), values) for blob, values in rows]


def _bytes(blob: Any) -> bytes | NoArea | None:
    try:
        return None if blob is None else geopackage.wkb_in(blob)
    except NoArea as error:
        return error


def _record(place: str, shape: Any, values: dict[str, Any], crs: str | None) -> Record:
    notes: tuple[str, ...] = ()
    try:
        if isinstance(shape, NoArea):
            raise shape
        geometry = None if shape is None else plain(shape)
    except NoArea as error:
        geometry, notes = None, (f"{UNREADABLE}: {error}",)
    return Record(place, values, geometry, crs, notes=notes)
