"""Changes: what is different between two snapshots of a layer, feature by feature, as a small Arrow file.

Two snapshots never change, so what lies between them is worked out once and kept under both their names. It
is an index: it can be deleted at any time and worked out again.
"""

import io
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from numpy.typing import NDArray

from catalog import parquet, several
from twin.base import Noun
from twin.errors import Damaged

if TYPE_CHECKING:
    import pyarrow as pa

_MANY = 0.5
"""Share of the features from which on a change of a source's own fields is told once and not of each."""
_UNTOLD = ("id", "observed_at", parquet.BBOX)
_ABOUT = b"columns"
_MOST = 16384
"""Rows of a batch."""
_PACKED = 1 << 16
"""Tables of more bytes than this are packed."""
Origins = Mapping[str, str]


class Change(StrEnum):
    """What happened to a feature between two snapshots."""

    APPEARED = "appeared"
    CHANGED = "changed"
    GONE = "gone"
    RETURNED = "returned"
    """Appeared again; told by the history, not by a single step."""


class ColumnChange(Noun):
    """What happened to a column as a whole: the schema, the recipe or the source's own fields changed."""

    column: str
    change: str
    """``added``, ``removed`` or ``remade``: it comes from other fields of the source than before."""
    before: str | None
    """What fed it; None if there was no such column, or nothing fed it."""
    after: str | None
    features: int
    """How many features have another value through this; told here and not one by one."""


def compare(
    before: parquet.Table,
    after: parquet.Table,
    was: Origins | None,
    now: Origins | None,
    recipe: bool,
    shared: int = 0,
) -> bytes:
    """Compare two features files.

    Args:
        before: GeoParquet as `catalog.parquet` writes it.
        after: The later one.
        was: Column → the source's fields that fed it, as the earlier provenance says; None if it does not.
        now: The same of the later one.
        recipe: Whether the recipe changed in between.
        shared: Features that are the same in both and in neither of the files.

    Returns:
        An Arrow file with ``id``, ``change`` and, as JSON objects by column, ``before`` and ``after``;
        sorted by id; `ColumnChange` in the file's metadata. ``observed_at`` is no change, nor is
        another first corner.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    ids_before, ids_after = _column(before, "id"), _column(after, "id")
    place = pc.index_in(ids_after, value_set=ids_before)
    kept = pc.is_valid(place)
    rows_before, rows_after = place.drop_null(), pc.indices_nonzero(kept)
    ids = ids_after.filter(kept)
    names = [set(parquet.column_names(data)) - set(_UNTOLD) for data in (before, after)]
    columns: list[ColumnChange] = [
        ColumnChange(column=name, change=word, before=None, after=None, features=_filled(data, name))
        for word, found, data in (
            ("removed", names[0] - names[1], before),
            ("added", names[1] - names[0], after),
        )
        for name in sorted(found)
    ]
    told: dict[str, tuple[NDArray[np.int64], list[Any], list[Any]]] = {}
    for name in sorted(names[0] & names[1]):
        old, new = _alike(_column(before, name).take(rows_before), _column(after, name).take(rows_after))
        rows = _different(old, new, name)
        fed = None if was is None or now is None else (was.get(name), now.get(name))
        if (
            fed is not None
            and fed[0] != fed[1]
            and (recipe or len(rows) >= max(1, _MANY * (len(ids) + shared)))
        ):
            word = "remade" if fed[0] and fed[1] else "added" if fed[1] else "removed"
            columns.append(
                ColumnChange(column=name, change=word, before=fed[0], after=fed[1], features=len(rows))
            )
        elif len(rows):
            where = pa.array(rows)
            told[name] = (rows, _plain(old.take(where), name), _plain(new.take(where), name))
    changed, values = _by_feature(told)
    table = pa.concat_tables(
        [
            _rows(ids_after.filter(pc.invert(kept)), Change.APPEARED),
            _rows(ids_before.filter(pc.invert(pc.is_in(ids_before, value_set=ids_after))), Change.GONE),
            _rows(ids.take(pa.array(changed, pa.int64())), Change.CHANGED, values),
        ]
    ).sort_by("id")
    about = orjson.dumps([column.model_dump() for column in columns])
    buffer = io.BytesIO()
    _write(table.replace_schema_metadata({_ABOUT: about}), buffer)
    return buffer.getvalue()


def appeared(data: parquet.Table) -> "pa.Table":
    """The first snapshot of a chain as changes: all of its features appeared."""
    return _rows(_column(data, "id"), Change.APPEARED).sort_by("id")


def read(data: bytes, key: str) -> "pa.Table":
    """Read what `compare` wrote; `Damaged` naming `key` if it is none."""
    import pyarrow as pa

    try:
        with pa.ipc.open_file(pa.BufferReader(data)) as file:
            table = file.read_all()
        table.validate(full=True)  # offsets lead nowhere else
        return table
    except (pa.ArrowException, OSError) as error:
        raise Damaged(f"{key} cannot be read; delete it, it is worked out again") from error


def columns(table: "pa.Table") -> list[ColumnChange]:
    """What happened to whole columns."""
    about = (table.schema.metadata or {}).get(_ABOUT, b"[]")
    return [] if about == b"[]" else [ColumnChange.model_validate(one) for one in orjson.loads(about)]


def _column(data: parquet.Table, name: str) -> "pa.Array":
    import pyarrow as pa

    column = parquet.read_table(data, [name])[name]
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], column.type)


def _filled(data: parquet.Table, name: str) -> int:
    column = _column(data, name)
    return len(column) - int(column.null_count)


def _different(old: "pa.Array", new: "pa.Array", name: str) -> NDArray[np.int64]:
    """Rows in which two columns differ."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if old.type != new.type:
        old, new = old.cast(pa.string()), new.cast(pa.string())
    if pa.types.is_list(old.type):
        return _other_lists(old, new)
    same = pc.fill_null(pc.equal(old, new), pc.and_(pc.is_null(old), pc.is_null(new)))
    if pa.types.is_floating(old.type):
        same = pc.or_(same, pc.fill_null(pc.and_(pc.is_nan(old), pc.is_nan(new)), False))
    rows: NDArray[np.int64] = np.flatnonzero(~same.to_numpy(zero_copy_only=False))
    if name == parquet.GEOMETRY and len(rows):
        rows = rows[~_same_place(old.take(pa.array(rows)), new.take(pa.array(rows)))]
    return rows


def _alike(old: "pa.Array", new: "pa.Array") -> tuple["pa.Array", "pa.Array"]:
    """Two columns; if one of them was made a list, both as lists."""
    import pyarrow as pa

    if pa.types.is_list(old.type) or pa.types.is_list(new.type):
        return several.as_list(old), several.as_list(new)
    return old, new


def _other_lists(old: "pa.Array", new: "pa.Array") -> NDArray[np.int64]:
    """Rows in which two lists have not the same texts, whatever their order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    joined = [pc.binary_join(side, "\0") for side in (old, new)]
    same = pc.fill_null(pc.equal(*joined), pc.and_(pc.is_null(old), pc.is_null(new)))
    rows: NDArray[np.int64] = np.flatnonzero(~same.to_numpy(zero_copy_only=False))
    where = pa.array(rows)
    sides = (side.take(where).to_pylist() for side in (old, new))
    others = [
        one is None or other is None or set(one) != set(other) for one, other in zip(*sides, strict=True)
    ]
    different: NDArray[np.int64] = rows[np.array(others, dtype=bool)]
    return different


def _same_place(old: "pa.Array", new: "pa.Array") -> NDArray[np.bool_]:
    """(n,) whether two geometries are the same but for where their rings begin and how these turn."""
    import shapely

    one, other = (
        shapely.to_wkb(shapely.normalize(shapely.from_wkb(side.to_numpy(zero_copy_only=False))))
        for side in (old, new)
    )
    same: NDArray[np.bool_] = np.array([a is not None and a == b for a, b in zip(one, other, strict=True)])
    return same


def _plain(values: "pa.Array", name: str) -> list[Any]:
    """Values as JSON knows them; geometry as GeoJSON."""
    if name != parquet.GEOMETRY:
        found: list[Any] = values.to_pylist()
        return found
    import shapely

    shapes = shapely.to_geojson(shapely.from_wkb(values.to_numpy(zero_copy_only=False)))
    return [None if shape is None else orjson.Fragment(shape.encode()) for shape in shapes]


def _by_feature(
    told: Mapping[str, tuple[NDArray[np.int64], list[Any], list[Any]]],
) -> tuple[NDArray[np.int64], list[tuple[dict[str, Any], dict[str, Any]]]]:
    """Changed rows, and of each its values before and after by column."""
    found: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
    for name, (rows, old, new) in told.items():
        for row, one, other in zip(rows.tolist(), old, new, strict=True):
            before, after = found.setdefault(row, ({}, {}))
            before[name], after[name] = one, other
    return np.array(list(found), np.int64), list(found.values())


def _rows(
    ids: "pa.Array", change: Change, values: list[tuple[dict[str, Any], dict[str, Any]]] | None = None
) -> "pa.Table":
    import pyarrow as pa

    sides: list[pa.Array] = [
        pa.nulls(len(ids), pa.string())
        if values is None
        else pa.array(
            [orjson.dumps(pair[i], option=orjson.OPT_UTC_Z).decode() for pair in values], pa.string()
        )
        for i in (0, 1)
    ]
    word = pa.array([change.value] * len(ids), pa.string())
    return pa.table({"id": ids.cast(pa.string()), "change": word, "before": sides[0], "after": sides[1]})


def _write(table: "pa.Table", buffer: io.BytesIO) -> None:
    """Small tables as they are: a thousand of them are read at once, and unpacking takes most of the time."""
    import pyarrow as pa

    options = pa.ipc.IpcWriteOptions(compression="zstd" if table.nbytes > _PACKED else None)
    with pa.ipc.new_file(buffer, table.schema, options=options) as file:
        file.write_table(table.combine_chunks(), max_chunksize=_MOST)
