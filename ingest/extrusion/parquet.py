"""Parquet and GeoParquet: areas as WKB or WKT, read row group by row group."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from ingest.extrusion.columns import Columns
from ingest.extrusion.table import OF_OSM, Row, Table, row_of
from ingest.extrusion.wkb import NoArea, from_wkt
from twin.errors import RecipeError, SourceBroken, SourceRefused

MAGIC = b"PAR1"
_GEOMETRY = ("geometry", "geom", "wkb_geometry", "the_geom", "wkb", "wkt", "shape", "footprint")
_LARGEST_GROUP = 512_000_000
"""Inflated bytes of the columns read, in one row group."""
_LARGEST_BATCH = 256_000_000
_CODE = re.compile(r"[A-Za-z]{1,10}")


def tables(
    path: Path,
    name: str,
    columns: Columns,
    geometry: str | None,
    everything: bool,
    batch: int,
    limit: int,
    more: Collection[str] | None = None,
) -> Iterator[Table]:
    """Yield the rows of a Parquet file, `batch` at a time.

    Values written once and repeated by reference (which is how 600 kB become 5 GB) are counted before
    they are spread out.

    Args:
        path: the file.
        name: its name for messages.
        columns: what to look for.
        geometry: column with the areas; None for the one GeoParquet names, or one of the usual names.
        everything: read all columns, not only those that are known.
        batch: rows at a time.
        limit: most bytes that a file may inflate to.
        more: columns to look for beside; points and lines in WKB are then read as well.

    Raises:
        SourceBroken: no readable Parquet, or no areas in it.
        SourceRefused: it inflates to more than it may.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path, memory_map=True) as opened:
            schema, metadata = opened.schema_arrow, opened.metadata
            shape, crs = _geometry(schema, name, geometry)
            others = [field.name for field in schema if field.name != shape and _plain(field.type)]
            if not everything:
                wanted = columns.wanted(others) | {*(more or ())}
                others = [column for column in others if column in wanted]
            _bounded(metadata, {shape, *others}, name)
            texts = [c for c in (shape, *others) if _bytes(schema.field(c).type)]
        with pq.ParquetFile(path, memory_map=True, read_dictionary=texts, pre_buffer=False) as opened:
            number, taken = 0, 0
            for found in opened.iter_batches(batch_size=batch, columns=[shape, *others]):
                values, sizes = zip(*(_values(found.column(c), name) for c in (shape, *others)), strict=True)
                taken += sum(sizes)
                if taken > limit:
                    raise SourceRefused(
                        f"{name}: more than {limit / 1e6:,.0f} MB inflated; if that is right, raise "
                        f"TWIN_MAX_BODY_MB"
                    )
                rows = []
                for area, *rest in zip(*values, strict=True):
                    number += 1
                    rows.append(_row(number, area, dict(zip(others, rest, strict=True)), more is not None))
                yield Table(crs, set(schema.names) - {shape}, rows)
    except (pa.ArrowException, OSError):
        raise SourceBroken(f"{name} is no readable Parquet or is cut off; fetch it again") from None


def _geometry(schema: Any, name: str, asked: str | None) -> tuple[str, str | None]:
    """The column with areas, and its CRS."""
    import orjson

    crs: str | None = None
    column: str | None = asked
    raw = (schema.metadata or {}).get(b"geo")
    if raw is not None:
        try:
            geo = orjson.loads(raw)
            column = column or geo["primary_column"]
            of = geo["columns"].get(column, {})
            encoding, crs = of.get("encoding", "WKB"), _crs(of, name)
        except (orjson.JSONDecodeError, LookupError, TypeError, AttributeError):
            raise SourceBroken(f"{name}: its GeoParquet metadata cannot be read; write it again") from None
        if encoding != "WKB":
            raise SourceBroken(f"{name}: geometries in another encoding than WKB; write them as WKB")
    if column is None:
        column = next((n for n in schema.names if n.lower() in _GEOMETRY), None)
    if column is None or column not in schema.names or not _bytes(schema.field(column).type):
        if asked is not None:
            raise RecipeError(f"{name} has no column with WKB or WKT of the name in options.geometry_field")
        raise SourceBroken(f"{name} has no column with WKB or WKT; name it in options.geometry_field")
    return column, crs


def _crs(column: dict[str, Any], name: str) -> str | None:
    """The CRS of GeoParquet metadata: absent is OGC:CRS84, null is unknown, else PROJJSON."""
    if "crs" not in column:
        return "OGC:CRS84"
    crs = column["crs"]
    if crs is None:
        return None
    named = crs.get("id") if isinstance(crs, dict) else None
    if isinstance(named, dict) and _CODE.fullmatch(str(named.get("authority", ""))):
        return f"{named['authority']}:{named.get('code')}"
    if isinstance(crs, dict) and isinstance(crs.get("components"), list):
        parts = [part.get("id", {}).get("code") for part in crs["components"] if isinstance(part, dict)]
        if len(parts) == 2 and all(isinstance(code, int) for code in parts):
            return f"EPSG:{parts[0]}+{parts[1]}"
    raise SourceBroken(
        f"{name}: its CRS has no code; state it in the recipe's crs and take it out of the file"
    )


def _bounded(metadata: Any, wanted: set[str], name: str) -> None:
    for index in range(metadata.num_row_groups):
        group = metadata.row_group(index)
        chunks = (group.column(i) for i in range(group.num_columns))
        size = sum(c.total_uncompressed_size for c in chunks if c.path_in_schema.partition(".")[0] in wanted)
        if size > _LARGEST_GROUP:
            raise SourceRefused(f"{name}: a row group inflates to {size / 1e6:,.0f} MB; write smaller ones")


def _plain(kind: Any) -> bool:
    import pyarrow as pa

    return bool(
        pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind) or pa.types.is_date(kind) or _text(kind)
        or (pa.types.is_dictionary(kind) and _text(kind.value_type))
    )  # fmt: skip


def _text(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _bytes(kind: Any) -> bool:
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return _text(kind) or bool(
        pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind)
    )


def _values(column: Any, name: str) -> tuple[list[Any], int]:
    """A column as Python values, and how many bytes of text they are.

    Text that is no UTF-8 keeps what can be read of it.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_dictionary(column.type):
        return [float(v) if type(v).__name__ == "Decimal" else v for v in column.to_pylist()], column.nbytes
    words = column.dictionary
    is_text = _text(words.type)
    if is_text:
        words = words.cast(pa.binary())
    size = pc.sum(pc.take(pc.binary_length(words), column.indices)).as_py() or 0
    if size > _LARGEST_BATCH:
        raise SourceRefused(f"{name}: values repeated by reference would fill the memory; cut it up")
    known = words.take(column.indices).to_pylist()
    if is_text:
        known = [None if word is None else word.decode("utf-8", "replace") for word in known]
    return known, size


def _row(number: int, value: Any, values: dict[str, Any], shapes: bool) -> Row:
    of_osm = shapes and not OF_OSM.isdisjoint(values)
    if not isinstance(value, str):
        return row_of(number, value, values, shapes=shapes, of_osm=of_osm)
    try:
        return Row(number, from_wkt(value), None, values, of_osm=of_osm)
    except NoArea as error:
        return Row(number, None, str(error), values, of_osm=of_osm)
