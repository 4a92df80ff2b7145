"""Footprints with heights or storeys become buildings: GeoPackage, GeoJSON, Parquet, Shapefile, FlatGeobuf.

GeoJSON comes as one document or by lines, a Shapefile with its siblings beside it or in an archive with them.
The kind of a file is told by its first bytes, never by its name; no driver is asked what it might be.
What an export of OpenStreetMap (GeoJSON) tags as a lake, a meadow or a street is no building: it has no form.

Options:
    height_field, storeys_field, base_field, roof_field, id_field: columns, where they have names that we do
        not know (`ingest.extrusion.columns.NAMES`). `base_field` is the height of the ground.
    assumed_height: metres for a building without height or storeys; 6 by default, and always noted.
    storey_height: metres; 3 by default.
    base: height of the ground in metres where the file gives none.
    crs: CRS to build in, in metres; by default the file's own, or the UTM zone where that is in degrees.
    layer: which layer of a GeoPackage.
    geometry_field: which column of a Parquet file.
    axes: ``yx`` where coordinates come as latitude, longitude.
    lod: 1 draws flat roofs only.
    attributes: ``all`` keeps the other columns.
    classes: a list; nothing is read if it lacks ``Building``.
    areas: what is no building is read as well: lines, places and areas (`ingest.connectors.overlays`), and
        every layer of a GeoPackage. ``auto``, or ``buildings`` or ``ground`` for areas that say nothing.
    encoding: of a Shapefile's texts where no ``.cpg`` says it (default: UTF-8, else cp1252).
    trees: true gives points with ``natural=tree`` as points with a size, of the class ``Tree``.
"""

import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ingest.connectors import flatgeobuf, ogr, shapefile
from ingest.connectors.features import refuse_columns
from ingest.connectors.options import listed, options
from ingest.connectors.overlays import EXTRA, WAYS, Judge, overlay
from ingest.extrusion import geojson, geopackage, parquet
from ingest.extrusion.buildings import BATCH, Building, Piece, records
from ingest.extrusion.columns import OPTIONS, Columns
from ingest.extrusion.form import STOREY_M, Rules
from ingest.extrusion.plane import Plane
from ingest.extrusion.table import OF_OSM, Row, Table, generic, row_of
from ingest.fetch import Fetch
from ingest.files import File
from ingest.osm.tags import other_than_building
from ingest.osm.trees import KEYS, is_tree, tree_of
from twin.errors import RecipeError, SourceBroken
from twin.record import Record
from twin.source import Columns as Known
from twin.source import Source

SUFFIXES = (".gpkg", ".geojson", ".json", ".parquet", ".geoparquet", ".shp", ".fgb", *geojson.SEQUENCES)
COMMON = ("assumed_height", "storey_height", "base", "crs", "lod", "attributes", "classes", "trees")
"""Options of everything that raises outlines."""


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield one record per footprint, with a `Solid` in metres.

    Values: those of a building (``measured_height`` only where a height is stated), ``height_assumed``, and
    ``base_unknown`` where nobody states how high the ground is: such a solid stands at 0 m.

    Raises:
        SourceBroken: a file of another format, damaged or cut off.
        SourceChanged: other columns than the recipe's.
        UnknownCRS: the file's CRS is none that we know, and none is stated.
    """
    told = options(source, (*COMMON, *OPTIONS, "layer", "geometry_field", "axes", "areas", "encoding"))
    rules, everything, wanted = common(told)
    if told.get("axes", "xy") not in ("xy", "yx"):
        raise RecipeError("options.axes is xy (longitude first) or yx (latitude first)")
    if told.get("areas", "auto") not in WAYS:
        raise RecipeError(f"options.areas is one of {', '.join(WAYS)}")
    if not wanted:
        return
    columns = Columns({role: str(told[option]) for option, role in OPTIONS.items() if option in told})
    for file in fetch.files(source.url, SUFFIXES):
        planes: dict[str, Plane] = {}  # each layer of a file has a CRS of its own
        judge = Judge(file.name, told["areas"], columns) if "areas" in told else None
        for table in _tables(file, source, columns, told, everything):
            if source.columns is not None:
                _known(table, source.columns, file.name)
            if table.layer not in planes:
                planes[table.layer] = Plane(table.crs, source.crs, told.get("crs"))
            plane = planes[table.layer]
            if told.get("axes") == "yx":
                _swap(table)
            trees = [row for row in table.rows if told.get("trees", False) and _is_tree(row)]
            taken = {row.number for row in trees}
            table.rows = [row for row in table.rows if row.number not in taken]
            rows, others = (table.rows, []) if judge is None else judge.sort(table, plane)
            yield from records([_building(row, file, columns, everything) for row in rows], plane, rules)
            for row, notes in others:
                place = f"{file.name}, feature {row.number}"
                yield overlay(row, place, columns, plane.source, (*plane.notes, *notes), everything)
            for row in trees:
                yield _tree(row, file, columns, table.crs or source.crs, everything)


def common(told: dict[str, Any]) -> tuple[Rules, bool, bool]:
    """The rules of form, whether all attributes are wanted, and whether buildings are wanted at all."""
    numbers = {
        name: told[name] for name in ("assumed_height", "storey_height", "base", "lod") if name in told
    }
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise RecipeError(f"options.{name} is a number")
        if name in ("assumed_height", "storey_height") and not 0.5 <= value <= 1000:
            raise RecipeError(f"options.{name} is a height in metres, from 0.5 to 1000")
    if told.get("attributes", "all") != "all":
        raise RecipeError('options.attributes is "all" or left out')
    rules = Rules(
        assumed_height=float(told.get("assumed_height", 2 * STOREY_M)),
        base=None if "base" not in told else float(told["base"]),
        storey_height=float(told.get("storey_height", STOREY_M)),
        flat=told.get("lod") is not None and told["lod"] < 2,
    )
    wanted = "Building" in listed(told.get("classes", ["Building"]), "classes")
    return rules, "attributes" in told, wanted


def _tables(
    file: File, source: Source, columns: Columns, told: dict[str, Any], everything: bool
) -> Iterator[Table]:
    with file.open() as stream:
        head = stream.read(16)
    others = {*EXTRA, *KEYS} if "areas" in told else None
    if not head:
        raise SourceBroken(f"{file.name} is empty; ask its publisher")
    if head == geopackage.MAGIC:
        with plain(file) as path:
            yield from geopackage.tables(
                path, file.name, columns, told.get("layer"), everything, BATCH, others
            )
    elif head[:4] == parquet.MAGIC:
        with plain(file) as path:
            geometry = told.get("geometry_field")
            yield from parquet.tables(
                path, file.name, columns, geometry, everything, BATCH, file.limit, others
            )
    elif head[:4] == shapefile.MAGIC or head.startswith(flatgeobuf.MAGIC):
        yield from _of_driver(file, columns, everything, others, told.get("encoding"))
    elif head.lstrip(b"\xef\xbb\xbf\x1e \t\r\n")[:1] in (b"{", b"[", b"<", b""):
        yield from geojson.tables(file, source.crs, BATCH)
    else:
        raise SourceBroken(
            f"{file.name} is neither GeoPackage, GeoJSON, Parquet, Shapefile nor FlatGeobuf; convert it to "
            "one of them"
        )


def _of_driver(
    file: File, columns: Columns, everything: bool, others: Collection[str] | None, encoding: str | None
) -> Iterator[Table]:
    chosen = geopackage.columns_of(columns, everything, {"other_tags", *(others or ())})
    with tempfile.TemporaryDirectory(prefix="twin-") as name:
        folder = Path(name)
        found: ogr.Rows
        if file.has_suffix((".shp",)):
            found = shapefile.layers(file, folder, chosen, encoding, BATCH)
        else:
            found = flatgeobuf.layers(file, folder, chosen, BATCH)
        for crs, names, number, rows in found:
            of_osm = others is not None and not OF_OSM.isdisjoint(names)
            told = [
                row_of(at, wkb, values, shapes=others is not None, of_osm=of_osm)
                for at, (wkb, values) in enumerate(rows, number)
            ]
            yield Table(crs, names, told)


@contextmanager
def plain(file: File) -> Iterator[Path]:
    """The path of the file's inflated bytes; of a packed one a copy that goes when it has been read."""
    if file.is_plain:
        yield file.path
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "inflated"
        with file.open() as stream, path.open("wb") as sink:
            shutil.copyfileobj(stream, sink, 1 << 20)
        yield path


def _known(table: Table, known: Known, name: str) -> None:
    missing, unknown = known.difference(table.names)
    if unknown or (missing and table.rows):
        refuse_columns(name, missing, unknown)


def _swap(table: Table) -> None:
    for row in table.rows:
        row.area = [
            [ring[:, [1, 0, *range(2, ring.shape[1])]] for ring in rings] for rings in row.area or []
        ] or None


def _is_tree(row: Row) -> bool:
    return row.point is not None and is_tree(row.values)


def _tree(row: Row, file: File, columns: Columns, crs: str | None, everything: bool) -> Record:
    assert row.point is not None
    x, y, *height = row.point
    identity = columns.of(row.values).get("id")
    place = f"{file.name}, point {row.number}"
    at = (x, y, height[0] if height else None)
    name = None if identity is None else str(identity)[:1000]
    return tree_of(place, name, at, crs, row.values, everything=everything)


def _building(row: Row, file: File, columns: Columns, everything: bool) -> Building:
    said = columns.of(row.values)
    rest = generic(row.values) if everything else {}
    place = f"{file.name}, footprint {row.number}"
    other = other_than_building(row.values) if row.of_osm else None
    area = row.area if other is None else None
    return Building(place, said, [Piece(area, said)], row.fault, generic=rest, other=other)
