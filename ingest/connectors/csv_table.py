"""CSV tables of any header: each row a thing at a point or a shape, or a measurement.

Files, folders and zip archives of them, or an address; also ``.gz``. Separator, BOM, padding and a leading
index column are found out. The recipe's ``source.crs`` says in which CRS positions are.

Options:
    lon, lat: columns with the position (longitude or easting, latitude or northing); a decimal comma is read.
    wkt: column with the geometry as WKT, instead of ``lon`` and ``lat``.
    rows: ``observations`` where rows are measurements (default ``features``).
    encoding: such as ``cp1252`` (default ``utf-8``).
    separator: where it cannot be found out, as a text of one sign.
    files: names of the files wanted, such as ``trees_*.csv``, where a folder or archive has others beside.
    ending: how they end (default ``.csv``).
"""

import math
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from ingest.connectors.features import UNREADABLE, refuse_columns
from ingest.connectors.options import options
from ingest.connectors.rows import Table, check_columns
from ingest.connectors.wkb import NoGeometry, point
from ingest.fetch import Fetch
from ingest.files import File, opened
from twin.errors import RecipeError, SourceBroken
from twin.record import Record, Shape
from twin.source import Source

_OPTIONS = ("lon", "lat", "wkt", "rows", "encoding", "separator", "files", "ending")
_ROWS = {"features": Shape.FEATURE, "observations": Shape.OBSERVATION}
# Collections are left out: nested deeply they kill geometry libraries.
_WKT = re.compile(
    r"\s*(?:SRID=\d{1,6};)?\s*((?:MULTI)?(?:POINT|LINESTRING|POLYGON)\b.{0,20000000})", re.I | re.S
)
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:\.\d{3})+,\d+")


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield one record per row: header → text without surrounding blanks, with its position as 2D WKB.

    A row whose position is missing or no number has geometry None and a note beginning with `UNREADABLE`; a
    row with more or fewer fields than the header has no values.

    Raises:
        SourceChanged: another header than the recipe's columns, or without the columns of the position.
        SourceBroken: no CSV, or no file of the wanted name.
    """
    asked = options(source, _OPTIONS)
    shape, columns = _shape(asked), _position(asked)
    found = False
    for file in _files(source, fetch):
        found = True
        with Table(file, str(asked.get("encoding", "utf-8")), _separator(asked)) as table:
            if source.columns is not None:
                check_columns(table, [source.columns])
            if missing := sorted(set(columns) - table.columns):
                refuse_columns(file.name, missing, [])
            for record in table.records(shape):
                yield _placed(record, columns, source.crs) if columns and record.values else record
    if not found:
        raise SourceBroken(
            f"no file is named like options.files ({str(asked['files'])[:60]!r}); look at the source"
        )


def _files(source: Source, fetch: Fetch) -> Iterator[File]:
    ending = str(source.options.get("ending", ".csv")).lower()
    wanted = str(source.options.get("files", "*"))[:200]
    for file in fetch.files(source.url, (ending,)):
        for inner in (file,) if file.member is not None else opened(file, (ending,)):
            if fnmatchcase(inner.name.rpartition("/")[2], wanted):
                yield inner


def _placed(record: Record, columns: tuple[str, ...], crs: str | None) -> Record:
    words = [record.values[name] for name in columns]
    notes: tuple[str, ...] = ()
    try:
        geometry = _of_wkt(words[0]) if len(words) == 1 else point(number(words[0]), number(words[1]))
    except NoGeometry as error:
        geometry, notes = None, (f"{UNREADABLE}: {error}",)
    return Record(record.place, record.values, geometry, crs, record.shape, (*record.notes, *notes))


def number(written: str) -> float:
    """A coordinate, with a point or a comma; `NoGeometry` if it is none."""
    text = written.strip()
    if "," in text:
        text = (text.replace(".", "") if _THOUSANDS.fullmatch(text) else text).replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        raise NoGeometry("its position is no pair of numbers") from None
    if not math.isfinite(value):
        raise NoGeometry("its position is no pair of finite numbers")
    return value


def _of_wkt(written: str) -> bytes:
    import shapely

    match = _WKT.fullmatch(written)
    if match is None:
        raise NoGeometry("its geometry is no WKT of a point, line or area")
    try:
        geometry = shapely.from_wkt(match[1])
    except shapely.errors.ShapelyError:
        raise NoGeometry("its geometry is not readable WKT") from None
    if geometry.is_empty:
        raise NoGeometry("its geometry is empty")
    return bytes(shapely.to_wkb(geometry, output_dimension=2))


def _shape(asked: dict[str, Any]) -> Shape:
    try:
        return _ROWS[asked.get("rows", "features")]
    except (KeyError, TypeError):
        raise RecipeError("options.rows is features or observations") from None


def _position(asked: dict[str, Any]) -> tuple[str, ...]:
    names = tuple(str(asked[name]) for name in ("lon", "lat") if name in asked)
    if "wkt" in asked:
        if names:
            raise RecipeError("options.wkt stands instead of lon and lat; keep one of the two")
        return (str(asked["wkt"]),)
    if len(names) == 1:
        raise RecipeError("options.lon and options.lat name the columns of the position; one is missing")
    return names


def _separator(asked: dict[str, Any]) -> str | None:
    stated = asked.get("separator")
    if stated is not None and (not isinstance(stated, str) or len(stated) != 1):
        raise RecipeError("options.separator is one sign, such as ';'")
    return stated
