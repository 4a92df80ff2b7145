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
_BLANK = r"[\s\pZ\x0b\x1c-\x1f\x{85}]"
"""What Unicode calls a space."""
_UNTIDY = f"^{_BLANK}|{_BLANK}{{2}}|[^\\S ]|[\\x0b\\x1c-\\x1f\\x{{85}}]|[^\\PZ ]|{_BLANK}$"
_TOGETHER_M = 1500.0
"""Features of one name nearer to each other than this are one entry."""
_DEGREE_M = 111_320.0
_CELLS = 16_384
"""More than there are steps of that many metres from 0 to 180 degrees."""
_WORLDS = 1000


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


def _coded(column: "pa.ChunkedArray") -> tuple["pa.Array", NDArray[np.int64]]:
    """Distinct names, tidied and sorted, and for each feature the number of its own; -1 for none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    coded = column.combine_chunks().dictionary_encode()
    tidy = coded.dictionary
    if pc.any(pc.match_substring_regex(tidy, _UNTIDY)).as_py():
        tidy = pc.utf8_trim(pc.replace_substring_regex(tidy, f"{_BLANK}+", " "), " ")
    tidy = pc.utf8_slice_codeunits(tidy, 0, _LONGEST)
    texts = pc.unique(pc.filter(tidy, pc.not_equal(tidy, "")))
    texts = texts.take(pc.sort_indices(texts))
    number = pc.index_in(tidy, texts).take(coded.indices)
    return texts.cast(pa.string()), number.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)


def _bounds(table: "pa.Table") -> NDArray[np.float64]:
    boxes: Any = table[parquet.BBOX].combine_chunks()
    corners = [boxes.field(i).to_numpy(zero_copy_only=False).astype(np.float64) for i in range(4)]
    return np.column_stack(corners)


def _entries(texts: "pa.Array", codes: NDArray[np.int64], bounds: NDArray[np.float64], ids: Any) -> Names:
    if len(codes) == 0:
        return Names([], [], np.empty((0, 2)), np.empty(0), 0)
    groups = _apart(codes, bounds)
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(groups[order]) > 0])
    low = np.minimum.reduceat(bounds[order, :2], starts)
    high = np.maximum.reduceat(bounds[order, 2:], starts)
    middles = (bounds[:, :2] + bounds[:, 2:]) / 2
    sizes = np.diff(np.r_[starts, len(order)])
    nearest = starts.copy()
    shared = np.flatnonzero(np.repeat(sizes > 1, sizes))
    if len(shared):
        entry = np.repeat(np.arange(len(starts)), sizes)[shared]
        off = middles[order[shared]] - ((low + high) / 2)[entry]
        ranked = np.lexsort((np.hypot(off[:, 0], off[:, 1]), entry))
        nearest[np.unique(entry)] = shared[ranked[np.flatnonzero(np.diff(entry[ranked], prepend=-1))]]
    shrink = np.cos(np.radians((low[:, 1] + high[:, 1]) / 2))
    reach = np.hypot((high - low)[:, 0] * shrink, (high - low)[:, 1]) * _DEGREE_M / 2
    chosen = np.arange(len(starts))
    if len(chosen) > MOST:
        chosen = np.sort(np.argsort(-reach, kind="stable")[:MOST])
    rows = order[nearest[chosen]]
    return Names(
        texts=texts.take(codes[rows]).to_pylist(),
        ids=ids.take(rows).to_pylist(),
        places=middles[rows],
        reach_m=reach[chosen],
        left_out=len(starts) - len(chosen),
    )


def _apart(codes: NDArray[np.int64], bounds: NDArray[np.float64]) -> NDArray[np.int64]:
    """Number of the entry of each feature, ascending with its name; several where it is used far apart."""
    numbers = np.unique(codes, return_inverse=True)[1]
    firsts, around = _around(numbers, bounds)
    wide = np.flatnonzero(((around[:, 2:] - around[:, :2]).max(axis=1) * _DEGREE_M > _TOGETHER_M)[numbers])
    first = firsts[numbers]  # which feature is the first of an entry tells entries of one name apart
    if len(wide):
        first[wide] = wide[_clusters(numbers[wide], bounds[wide])]
    entries: NDArray[np.int64] = np.unique(numbers * len(codes) + first, return_inverse=True)[1]
    return entries


def _clusters(codes: NDArray[np.int64], boxes: NDArray[np.float64]) -> NDArray[np.int64]:
    """Of each box (west, south, east, north) the first one of its cluster: boxes of a code near each other.

    What has grown together may reach what none of its parts reached: clusters are compared as boxes, until
    none is near another.
    """
    import shapely

    # A degree of longitude is shorter: what lies east and west of each other may be a little further apart.
    gap = _TOGETHER_M / _DEGREE_M
    # Those whose middles share a cell of that size are near each other: a street has thousands of pieces.
    cells = np.floor((boxes[:, :2] + boxes[:, 2:]) / 2 / gap).astype(np.int64) + _CELLS
    whose = np.unique((codes * 2 * _CELLS + cells[:, 0]) * 2 * _CELLS + cells[:, 1], return_inverse=True)[1]
    while True:
        firsts, around = _around(whose, boxes)
        # Each name has a world of its own, so that only what has the same is found to be near.
        worlds = np.column_stack(np.divmod(codes[firsts], _WORLDS)) * 1000.0
        around += np.tile(worlds, 2)
        near = around + np.array([-gap, -gap, gap, gap])
        pairs = shapely.STRtree(shapely.box(*around.T)).query(shapely.box(*near.T))
        merged = _joined(len(firsts), pairs)
        if merged.max() == len(firsts) - 1:
            return firsts[whose]
        whose = merged[whose]


def _around(
    whose: NDArray[np.int64], boxes: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Of groups that are numbered from 0 the first member, and the box around all of them."""
    order = np.argsort(whose, kind="stable")
    starts = np.flatnonzero(np.diff(whose[order], prepend=-1))
    low = np.minimum.reduceat(boxes[order, :2], starts)
    return order[starts], np.hstack((low, np.maximum.reduceat(boxes[order, 2:], starts)))


def _joined(count: int, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Numbers, from 0, of what things are joined to by (2, n) pairs of them, each there both ways."""
    least = np.arange(count)
    while True:
        found = least.copy()
        np.minimum.at(found, pairs[0], least[pairs[1]])
        found = found[found]
        if (found == least).all():
            numbers: NDArray[np.int64] = np.unique(least, return_inverse=True)[1]
            return numbers
        least = found
