"""Batch: many features with solids as one Arrow record batch, column by column.

A city has hundreds of thousands of buildings: as objects they cost more memory and time than their
geometry. Batches travel between processes and lie on disk as they are.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from numpy.typing import NDArray

from twin.errors import StoreError
from twin.features import Features
from twin.record import Feature, Skin, Solid
from twin.schema import Column, Kind, Schema
from twin.solids import Solids, offsets

if TYPE_CHECKING:
    import pyarrow as pa

GEOMETRY, GENERIC, CHECKSUM = "geometry", "generic", "checksum"
X, Y = "centre_x", "centre_y"
"""Middle of the solid's box in the city's CRS, metres."""
POINTS, RINGS, POLYGONS, FACES = "points", "ring_points", "polygon_rings", "faces"
"""Coordinates one behind the other, points of each ring, rings of each polygon, `Face` of each polygon."""
IMAGES, CHOSEN, UV = "images", "chosen", "uv"
"""`Skin`, null where there is none."""
SOLID = (POINTS, RINGS, POLYGONS, FACES, IMAGES, CHOSEN, UV)
"""All columns of a solid."""


def pack(features: Sequence[Feature], schema: Schema) -> "pa.RecordBatch":
    """Put features into columns; those of the schema first, under their own names.

    Raises:
        StoreError: A value does not fit its column; names feature id and column, not the value.
    """
    return pack_columns(Features.of(features), schema)


def pack_columns(features: Features, schema: Schema) -> "pa.RecordBatch":
    """Put features that come in columns into those of a batch, as `pack` does."""
    import pyarrow as pa

    given = features.values | {"id": features.ids, "source_id": features.source_ids}
    columns = {column.name: _array(column, given.get(column.name), features.ids) for column in schema.columns}
    columns[GEOMETRY] = pa.array(features.geometries, pa.binary())
    columns[GENERIC] = pa.array([_generic(values) for values in features.generic], pa.string())
    columns[CHECKSUM] = pa.array(features.checksums, pa.string())
    columns |= _solids(features.forms)
    return pa.RecordBatch.from_pydict(columns)


def concatenated(batches: Sequence["pa.RecordBatch"]) -> "pa.RecordBatch":
    """Several batches of one schema as one."""
    import pyarrow as pa

    (whole,) = pa.Table.from_batches(batches).combine_chunks().to_batches()
    return whole


def _generic(values: Mapping[str, Any] | None) -> str | None:
    return orjson.dumps(values).decode() if values else None


def values_of(column: Column, features: Sequence[Feature]) -> "pa.Array":
    """One column of the schema as an Arrow array; errors as for `pack`."""
    if column.name in ("id", "source_id"):
        values = [getattr(feature, column.name) for feature in features]
    else:
        values = [feature.values.get(column.name) for feature in features]
    return _array(column, values, [feature.id for feature in features])


def _array(column: Column, values: Sequence[Any] | None, ids: Sequence[str]) -> "pa.Array":
    import pyarrow as pa

    kinds = {
        Kind.TEXT: pa.string(),
        Kind.ENUM: pa.string(),
        Kind.INTEGER: pa.int64(),
        Kind.NUMBER: pa.float64(),
        Kind.BOOLEAN: pa.bool_(),
        Kind.TIME: pa.timestamp("us", tz="UTC"),
        Kind.TEXTS: pa.list_(pa.string()),
    }
    kind = kinds[column.kind]
    if values is None:
        return pa.nulls(len(ids), kind)
    try:
        if column.kind is Kind.TEXTS and any(isinstance(value, str) for value in values):
            raise TypeError("Arrow would take a text for a list of its letters")
        return pa.array(values, kind)
    except (pa.ArrowException, UnicodeError, TypeError, ValueError, OverflowError) as error:
        for name, value in zip(ids, values, strict=True):
            try:
                if isinstance(value, str) and column.kind is Kind.TEXTS:
                    raise TypeError
                pa.array([value], kind)
            except (pa.ArrowException, UnicodeError, TypeError, ValueError, OverflowError):
                place = name.encode("ascii", "backslashreplace").decode()
                raise StoreError(
                    f"feature {place}: {column.name} is not a {column.kind}; check the recipe's mapping"
                ) from None
        raise StoreError(f"column {column.name} cannot be written as {column.kind}") from error


def _solids(solids: Solids) -> dict[str, "pa.Array"]:
    import pyarrow as pa

    starts = solids.starts
    counts = np.diff(starts)
    centres = np.full((len(solids), 2), np.nan)
    filled = counts > 0
    if filled.any():
        plan = np.ascontiguousarray(solids.points[:, :2].T)
        low = np.minimum.reduceat(plan, starts[:-1][filled], axis=1)
        high = np.maximum.reduceat(plan, starts[:-1][filled], axis=1)
        centres[filled] = ((low + high) / 2).T
    columns = {
        X: pa.array(centres[:, 0]),
        Y: pa.array(centres[:, 1]),
        POINTS: _lists(solids.points.ravel(), starts * 3),
        RINGS: _lists(np.diff(solids.rings).astype(np.int32), solids.polygons[solids.solids]),
        POLYGONS: _lists(np.diff(solids.polygons).astype(np.int32), solids.solids),
        FACES: _lists(solids.faces, solids.solids),
    }
    if solids.skins is not None:
        skins = solids.skins
        columns[IMAGES] = pa.array([s and list(s.images) for s in skins], pa.list_(pa.string()))
        columns[CHOSEN] = pa.array([s and s.chosen for s in skins], pa.list_(pa.int32()))
        columns[UV] = pa.array([s and s.uv.ravel() for s in skins], pa.list_(pa.float32()))
    else:
        kinds = {IMAGES: pa.string(), CHOSEN: pa.int32(), UV: pa.float32()}
        columns |= {name: pa.nulls(len(solids), pa.list_(kind)) for name, kind in kinds.items()}
    return columns


def _lists(values: NDArray[Any], starts: NDArray[np.int64]) -> "pa.Array":
    import pyarrow as pa

    return pa.ListArray.from_arrays(pa.array(starts.astype(np.int32)), pa.array(values))


def flat(batch: "pa.RecordBatch", name: str) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """A list column as (all values one behind the other, how many each row has)."""
    array = batch.column(name)
    offsets = np.asarray(array.offsets, dtype=np.int64)
    return np.asarray(array.flatten()), np.diff(offsets)


def unpack(batch: "pa.RecordBatch", schema: Schema) -> list[Feature]:
    """The features that `pack` was given."""
    names = [column.name for column in schema.columns]
    rows = batch.select(names).to_pylist()
    geometries, generic = batch.column(GEOMETRY).to_pylist(), batch.column(GENERIC).to_pylist()
    checksums = batch.column(CHECKSUM).to_pylist()
    return [
        Feature(
            id=row.pop("id"),
            source_id=row.pop("source_id"),
            values=row,
            geometry=geometry,
            solid=solid,
            generic=orjson.loads(extra) if extra else None,
            checksum=checksum,
        )
        for row, geometry, solid, extra, checksum in zip(
            rows, geometries, solids_of(batch), generic, checksums, strict=True
        )
    ]


def solids_of(batch: "pa.RecordBatch") -> list[Solid | None]:
    """The solids of a batch, row by row; None where a row has no faces."""
    columns = {name: batch.column(name) for name in (POINTS, RINGS, POLYGONS, FACES)}
    solids: list[Solid | None] = []
    for row in range(batch.num_rows):
        points, rings, polygons, faces = (np.asarray(column[row].values) for column in columns.values())
        skin = None
        if batch.column(IMAGES)[row].is_valid:
            skin = Skin(
                tuple(batch.column(IMAGES)[row].as_py()),
                np.asarray(batch.column(CHOSEN)[row].values),
                np.asarray(batch.column(UV)[row].values).reshape(-1, 2),
            )
        solids.append(
            Solid(
                points.reshape(-1, 3),
                offsets(rings).astype(np.int32),
                offsets(polygons).astype(np.int32),
                faces,
                skin,
            )
            if len(faces)
            else None
        )
    return solids
