"""Names of a layer's features and where they are: what a search by name needs, and no more.

Features of one name that lie together, as the pieces of a street do, are one entry; where the same name is
used in several places each has its own.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from catalog import parquet
from twin.schema import Kind, Schema

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("name", "title")
"""Columns that hold what people call a feature; the first that a schema has counts."""
MOST = 20_000
"""Entries of one layer; of more those that reach furthest are kept."""
_LONGEST = 120
_TOGETHER_M = 1500.0
"""Features of one name nearer to each other than this are one entry."""
_LOOKED_AT = 2000
"""Features of one name up to which it is worth looking whether they lie in several places."""
_DEGREE_M = 111_320.0


@dataclass(frozen=True, slots=True)
class Names:
    """Entries in the order of their names, as columns of equal length."""

    texts: list[str]
    ids: list[str]
    """Id of the feature that stands for an entry: the one nearest to its middle."""
    places: NDArray[np.float64]
    """(n, 2) longitude and latitude, degrees (OGC:CRS84): the middle of that feature."""
    reach_m: NDArray[np.float64]
    """(n,) metres from the middle of all features of an entry to the corner of the box around them."""
    left_out: int
    """Entries above `MOST`."""


def column_of(schema: Schema) -> str | None:
    """Name of the column with what people call a feature; None if the features of a schema have no names."""
    texts = {column.name for column in schema.columns if column.kind is Kind.TEXT}
    return next((name for name in COLUMNS if name in texts), None)


def read(data: parquet.Table, column: str) -> Names:
    """The names in a features file.

    Args:
        data: The file, whole or cut.
        column: Where they stand, see `column_of`.

    Raises:
        Damaged: It is no features file.
    """
    if column not in parquet.column_names(data):  # written before there was one
        return Names([], [], np.empty((0, 2)), np.empty(0), 0)
    table = parquet.read_table(data, ["id", column, parquet.BBOX])
    texts, codes = _coded(table[column])
    bounds = _bounds(table)
    rows = np.flatnonzero((codes >= 0) & ~np.isnan(bounds[:, 0]))
    return _entries(texts, codes[rows], bounds[rows], table["id"].take(rows))


def _coded(column: "pa.ChunkedArray") -> tuple[list[str], NDArray[np.int64]]:
    """Distinct names, tidied and sorted, and for each feature the number of its own; -1 for none."""
    coded = column.combine_chunks().dictionary_encode()
    tidy = [" ".join((text or "").split())[:_LONGEST] for text in coded.dictionary.to_pylist()]
    texts = sorted({text for text in tidy if text})
    places = {text: place for place, text in enumerate(texts)}
    number = np.array([places.get(text, -1) for text in tidy] + [-1], np.int64)
    return texts, number[coded.indices.fill_null(len(tidy)).to_numpy(zero_copy_only=False).astype(np.int64)]


def _bounds(table: "pa.Table") -> NDArray[np.float64]:
    boxes: Any = table[parquet.BBOX].combine_chunks()
    corners = [boxes.field(i).to_numpy(zero_copy_only=False).astype(np.float64) for i in range(4)]
    return np.column_stack(corners)


def _entries(texts: list[str], codes: NDArray[np.int64], bounds: NDArray[np.float64], ids: Any) -> Names:
    if len(codes) == 0:
        return Names([], [], np.empty((0, 2)), np.empty(0), 0)
    groups = _apart(codes, bounds)
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(groups[order]) > 0])
    low = np.minimum.reduceat(bounds[order, :2], starts)
    high = np.maximum.reduceat(bounds[order, 2:], starts)
    middles = (bounds[:, :2] + bounds[:, 2:]) / 2
    sizes = np.diff(np.r_[starts, len(order)])
    off = middles[order] - np.repeat((low + high) / 2, sizes, axis=0)
    nearest = np.lexsort((np.hypot(off[:, 0], off[:, 1]), np.repeat(np.arange(len(starts)), sizes)))[starts]
    shrink = np.cos(np.radians((low[:, 1] + high[:, 1]) / 2))
    reach = np.hypot((high - low)[:, 0] * shrink, (high - low)[:, 1]) * _DEGREE_M / 2
    chosen = np.arange(len(starts))
    if len(chosen) > MOST:
        chosen = np.sort(np.argsort(-reach, kind="stable")[:MOST])
    rows = order[nearest[chosen]]
    return Names(
        texts=[texts[code] for code in codes[rows].tolist()],
        ids=ids.take(rows).to_pylist(),
        places=middles[rows],
        reach_m=reach[chosen],
        left_out=len(starts) - len(chosen),
    )


def _apart(codes: NDArray[np.int64], bounds: NDArray[np.float64]) -> NDArray[np.int64]:
    """Number of the entry of each feature, ascending with its name; several where it is used far apart."""
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(codes[order]) > 0])
    low = np.minimum.reduceat(bounds[order, :2], starts)
    high = np.maximum.reduceat(bounds[order, 2:], starts)
    sizes = np.diff(np.r_[starts, len(order)])
    wide = ((high - low).max(axis=1) * _DEGREE_M > _TOGETHER_M) & (sizes > 1) & (sizes <= _LOOKED_AT)
    parts = np.zeros(len(codes), np.int64)
    for start, size in zip(starts[wide].tolist(), sizes[wide].tolist(), strict=True):
        rows = order[start : start + size]
        parts[rows] = _clusters(bounds[rows].tolist())
    return codes * _LOOKED_AT + parts


def _clusters(boxes: list[list[float]]) -> list[int]:
    """Number of the cluster of each box (west, south, east, north); boxes near each other share one."""
    # A degree of longitude is shorter: what lies east and west of each other may be a little further apart.
    gap = _TOGETHER_M / _DEGREE_M
    found: list[tuple[list[float], list[int]]] = []
    for place, box in enumerate(boxes):
        met, members = box, [place]
        grown = True
        while grown:  # what has grown may reach what it did not reach before
            near = [each for each in found if _near(each[0], met, gap)]
            grown = bool(near)
            found = [each for each in found if not _near(each[0], met, gap)]
            for outer, inside in near:
                met = [*map(min, met[:2], outer[:2]), *map(max, met[2:], outer[2:])]
                members = inside + members
        found.append((met, members))
    numbers = [0] * len(boxes)
    for number, (_, members) in enumerate(sorted(found, key=lambda each: min(each[1]))):
        for place in members:
            numbers[place] = number
    return numbers


def _near(one: list[float], other: list[float], gap: float) -> bool:
    apart = max(one[0] - other[2], other[0] - one[2], one[1] - other[3], other[1] - one[3])
    return apart <= gap
