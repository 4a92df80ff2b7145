"""GeoPackage, read as the SQLite file that it is: no driver guesses what else it might be."""

import sqlite3
import struct
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from ingest.extrusion.columns import Columns
from ingest.extrusion.table import OF_OSM, Table, row_of
from ingest.extrusion.wkb import NoArea
from twin.errors import RecipeError, SourceBroken, SourceRefused

MAGIC = b"SQLite format 3\0"
_LARGEST_VALUE = 64_000_000
_ENVELOPES = (0, 32, 48, 48, 64)
AREAS = (
    "POLYGON",
    "MULTIPOLYGON",
    "GEOMETRY",
    "GEOMETRYCOLLECTION",
    "SURFACE",
    "CURVEPOLYGON",
    "MULTISURFACE",
)
"""Geometry types of layers that may hold footprints."""
ANY = (*AREAS, "POINT", "MULTIPOINT", "LINESTRING", "MULTILINESTRING", "CURVE", "MULTICURVE")
"""All geometry types."""
Wanted = Callable[[list[str]], list[str]]
"""Chooses among the names of columns."""
_DAMAGED = "{}: the GeoPackage is damaged or cut off; fetch it again"


def tables(
    path: Path,
    name: str,
    columns: Columns,
    layer: str | None,
    everything: bool,
    batch: int,
    others: Collection[str] | None = None,
) -> Iterator[Table]:
    """Yield the rows of a GeoPackage's layer, `batch` at a time.

    Args:
        path: the file.
        name: its name for messages.
        columns: what to look for.
        layer: which layer; None for the only one with areas.
        everything: read all columns, not only those that are known.
        batch: rows at a time.
        others: more columns to look for; points and lines are then read as well, and every layer where
            none is chosen. None for footprints alone.

    Raises:
        SourceBroken: no GeoPackage, or a damaged one.
        RecipeError: several layers and none chosen, or no such layer.
    """
    chosen: list[str | None] = [layer]
    if others is not None and layer is None:
        chosen = [*_all_layers(path, name)]
    wanted = columns_of(columns, everything, {"other_tags", *(others or ())})
    before = 0
    for each in chosen:
        number = 1
        for crs, names, number, found in rows(path, name, wanted, each, AREAS, batch):
            of_osm = others is not None and not OF_OSM.isdisjoint(names)
            told = [
                row_of(before + number + i, _wkb(blob), values, shapes=others is not None, of_osm=of_osm)
                for i, (blob, values) in enumerate(found)
            ]
            yield Table(crs, names, told, each or "")
            number += len(found)
        before += number - 1


def _all_layers(path: Path, name: str) -> list[str]:
    """Names of all layers with geometries."""
    with _opened(path, name) as base:
        found = _listed(base, name)
    if not found:
        raise SourceBroken(f"{name} has no layer of things with a place")
    return [str(row[0]) for row in found]


def columns_of(columns: Columns, everything: bool, others: Collection[str]) -> Wanted:
    """Which columns of a layer are read."""
    return lambda names: names if everything else [c for c in names if c in columns.wanted(names) | {*others}]


def rows(
    path: Path, name: str, wanted: Wanted, layer: str | None, kinds: tuple[str, ...], batch: int
) -> Iterator[tuple[str | None, set[str], int, list[tuple[Any, dict[str, Any]]]]]:
    """Yield (CRS, all columns' names, number of the first, [(geometry blob, values)]), in batches.

    Args:
        path: the file.
        name: its name for messages.
        wanted: chooses among the columns.
        layer: which layer; None for the only one of the `kinds`.
        kinds: geometry types (upper case) that are looked for.
        batch: rows at a time.

    Raises:
        SourceBroken: no GeoPackage, or a damaged one.
        RecipeError: several layers and none chosen, or no such layer.
    """
    with _opened(path, name) as base:
        yield from _rows(base, name, wanted, layer, kinds, batch)


@contextmanager
def _opened(path: Path, name: str) -> Iterator[sqlite3.Connection]:
    """The file, for reading; whatever SQLite finds wrong with it in the meantime is said in our words."""
    _refuse_cut(path, name)
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as base:
            base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_VALUE)
            base.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
            base.execute("PRAGMA trusted_schema = OFF")
            base.execute("PRAGMA cell_size_check = ON")
            base.text_factory = lambda raw: raw.decode("utf-8", "replace")
            yield base
    except (sqlite3.Error, OverflowError):
        raise SourceBroken(_DAMAGED.format(name)) from None


def _refuse_cut(path: Path, name: str) -> None:
    """SQLite reads a file that lacks its end as if nothing had been there; its head knows better."""
    with path.open("rb") as file:
        head = file.read(100)
    if len(head) < 100:
        raise SourceBroken(_DAMAGED.format(name))
    (size,), (changes, pages), (valid,) = (
        struct.unpack_from(form, head, at) for form, at in ((">H", 16), (">II", 24), (">I", 92))
    )
    if changes == valid and path.stat().st_size < pages * (65536 if size == 1 else size):
        raise SourceBroken(_DAMAGED.format(name))


def _rows(
    base: sqlite3.Connection,
    name: str,
    wanted: Wanted,
    layer: str | None,
    kinds: tuple[str, ...],
    batch: int,
) -> Iterator[tuple[str | None, set[str], int, list[tuple[Any, dict[str, Any]]]]]:
    table, shape, crs = _layer(base, name, layer, kinds)
    kind = base.execute(
        "SELECT type, sql FROM sqlite_master WHERE lower(name) = lower(?)", (table,)
    ).fetchone()
    if kind is None:
        raise SourceBroken(f"{name} lists a layer that it does not hold; export it again")
    if kind[0] != "table" or "VIRTUAL" in str(kind[1]).upper().split("(")[0]:
        raise SourceRefused(f"{name}: the layer is a view, which may compute for ever; export it as a table")
    names = [row[1] for row in base.execute(f"PRAGMA table_info({_quoted(table)})")]
    others = [column for column in names if column.lower() != shape.lower()]
    others = wanted(others)
    asked = ", ".join(_quoted(column) for column in (shape, *others))
    cursor = base.execute(f"SELECT {asked} FROM {_quoted(table)}")
    number = 1
    while found := cursor.fetchmany(batch):
        yield (
            crs,
            set(names) - {shape},
            number,
            [(blob, dict(zip(others, values, strict=True))) for blob, *values in found],
        )
        number += len(found)


def _layer(
    base: sqlite3.Connection, name: str, wanted: str | None, kinds: tuple[str, ...]
) -> tuple[str, str, str | None]:
    """Table, geometry column and CRS of the layer to read."""
    found = _listed(base, name)
    if wanted is not None:
        found = [row for row in found if row[0] == wanted]
    else:
        found = [row for row in found if str(row[2]).upper() in kinds]
    if len(found) != 1:
        if wanted is not None:
            raise RecipeError(f"{name} has no layer of the name in options.layer; look at it with a GIS")
        if not found:
            raise SourceBroken(
                f"{name} has no layer of {'areas' if kinds is AREAS else 'things with a place'}"
            )
        what = "layers of areas; name the one with buildings" if kinds is AREAS else "layers; name one"
        raise RecipeError(f"{name} has {len(found)} {what} in options.layer")
    table, shape, _, organization, code = found[0]
    known = isinstance(code, int) and code > 0 and str(organization).upper() == "EPSG"
    return str(table), str(shape), f"EPSG:{code}" if known else None


def _listed(base: sqlite3.Connection, name: str) -> list[tuple[Any, ...]]:
    """Table, geometry column, kind of geometry, and both halves of the CRS of each layer."""
    try:
        return base.execute(
            "SELECT g.table_name, g.column_name, g.geometry_type_name, s.organization, "
            "s.organization_coordsys_id "
            "FROM gpkg_geometry_columns g LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id"
        ).fetchall()
    except sqlite3.OperationalError:
        raise SourceBroken(f"{name} is an SQLite file but no GeoPackage with geometries") from None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def wkb_in(data: Any) -> bytes:
    """The WKB in a GeoPackage geometry (OGC 12-128r19, 2.1.3): it stands behind a header.

    Raises:
        NoArea: there is none; says why.
    """
    if data is None:
        raise NoArea("it has none")
    if not isinstance(data, bytes) or data[:2] != b"GP" or len(data) < 8:
        raise NoArea("it is no GeoPackage geometry")
    flags = data[3]
    envelope = flags >> 1 & 7
    if flags & 0x20 or envelope > 4:
        raise NoArea("it is of a kind beyond the standard")
    if flags & 0x10:
        raise NoArea("it is empty")
    return data[8 + _ENVELOPES[envelope] :]


def _wkb(data: Any) -> bytes | NoArea:
    try:
        return wkb_in(data)
    except NoArea as error:
        return error
