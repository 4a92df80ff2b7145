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
from twin.record import Feature, Skin, Solid
from twin.schema import Column, Kind, Schema

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
    import pyarrow as pa

    columns = {column.name: values_of(column, features) for column in schema.columns}
    columns[GEOMETRY] = pa.array([feature.geometry for feature in features], pa.binary())
    columns[GENERIC] = pa.array([_generic(feature.generic) for feature in features], pa.string())
    columns[CHECKSUM] = pa.array([feature.checksum for feature in features], pa.string())
    columns |= _solids([feature.solid for feature in features])
    return pa.RecordBatch.from_pydict(columns)


def _generic(values: Mapping[str, Any] | None) -> str | None:
    return orjson.dumps(values).decode() if values else None


def values_of(column: Column, features: Sequence[Feature]) -> "pa.Array":
    """One column of the schema as an Arrow array; errors as for `pack`."""
    import pyarrow as pa

    kinds = {
        Kind.TEXT: pa.string(),
        Kind.ENUM: pa.string(),
        Kind.INTEGER: pa.int64(),
        Kind.NUMBER: pa.float64(),
        Kind.BOOLEAN: pa.bool_(),
        Kind.TIME: pa.timestamp("us", tz="UTC"),
    }
    if column.name in ("id", "source_id"):
        values = [getattr(feature, column.name) for feature in features]
    else:
        values = [feature.values.get(column.name) for feature in features]
    try:
        return pa.array(values, kinds[column.kind])
    except (pa.ArrowException, UnicodeError, TypeError, ValueError, OverflowError) as error:
        for feature, value in zip(features, values, strict=True):
            try:
                pa.array([value], kinds[column.kind])
            except (pa.ArrowException, UnicodeError, TypeError, ValueError, OverflowError):
                place = feature.id.encode("ascii", "backslashreplace").decode()
                raise StoreError(
                    f"feature {place}: {column.name} is not a {column.kind}; check the recipe's mapping"
                ) from None
        raise StoreError(f"column {column.name} cannot be written as {column.kind}") from error


def _solids(solids: Sequence[Solid | None]) -> dict[str, "pa.Array"]:
    import pyarrow as pa

    nothing = Solid(np.zeros((0, 3)), *(np.zeros(1, np.int32),) * 2, np.zeros(0, np.uint8))
    present = [solid or nothing for solid in solids]
    points = np.concatenate([solid.points for solid in present]) if present else np.zeros((0, 3))
    counts = np.array([len(solid.points) for solid in present], dtype=np.int64)
    centres = np.full((len(present), 2), np.nan)
    filled = counts > 0
    if filled.any():
        starts = _offsets(counts)[:-1][filled]
        plan = np.ascontiguousarray(points[:, :2].T)
        low = np.minimum.reduceat(plan, starts, axis=1)
        high = np.maximum.reduceat(plan, starts, axis=1)
        centres[filled] = ((low + high) / 2).T
    columns = {
        X: pa.array(centres[:, 0]),
        Y: pa.array(centres[:, 1]),
        POINTS: _lists(points.ravel(), counts * 3),
        RINGS: _differences([solid.rings for solid in present]),
        POLYGONS: _differences([solid.polygons for solid in present]),
        FACES: _lists(
            np.concatenate([solid.faces for solid in present]) if present else np.zeros(0, np.uint8),
            np.array([len(solid.faces) for solid in present], dtype=np.int64),
        ),
    }
    skins = [solid.skin for solid in present]
    if any(skin is not None for skin in skins):
        columns[IMAGES] = pa.array([s and list(s.images) for s in skins], pa.list_(pa.string()))
        columns[CHOSEN] = pa.array([s and s.chosen for s in skins], pa.list_(pa.int32()))
        columns[UV] = pa.array([s and s.uv.ravel() for s in skins], pa.list_(pa.float32()))
    else:
        kinds = {IMAGES: pa.string(), CHOSEN: pa.int32(), UV: pa.float32()}
        columns |= {name: pa.nulls(len(present), pa.list_(kind)) for name, kind in kinds.items()}
    return columns


def _offsets(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    result = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=result[1:])
    return result


def _lists(values: NDArray[Any], counts: NDArray[np.int64]) -> "pa.Array":
    import pyarrow as pa

    return pa.ListArray.from_arrays(pa.array(_offsets(counts).astype(np.int32)), pa.array(values))


def _differences(offsets: Sequence[NDArray[np.int32]]) -> "pa.Array":
    """Arrays of offsets → a list of counts for each."""
    if not offsets:
        return _lists(np.zeros(0, np.int32), np.zeros(0, np.int64))
    lengths = np.array([len(each) for each in offsets], dtype=np.int64)
    steps = np.diff(np.concatenate(offsets))
    return _lists(np.delete(steps, np.cumsum(lengths)[:-1] - 1).astype(np.int32), lengths - 1)


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
                _offsets(rings).astype(np.int32),
                _offsets(polygons).astype(np.int32),
                faces,
                skin,
            )
            if len(faces)
            else None
        )
    return solids
