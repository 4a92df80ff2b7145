"""Cells: values of one column as JSON, some rows at a time, straight from the memory where they lie.

Arrow's own way to pick rows costs some 30 µs a column and another 30 to write them; for a page of a hundred
features that is more than all the rest of an answer.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

_JSON = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC | orjson.OPT_SERIALIZE_NUMPY
_SAMPLE, _FEW_IN_SAMPLE, _WORDS = 4096, 256, 4096
"""A column of text is one of words if so many of its first rows have few different ones, and all not many."""
Texts = list[bytes]
Rows = NDArray[np.int64]
Cells = Callable[[Rows], Texts]


def cells(column: Any) -> Cells:
    """What writes some rows of an Arrow array."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_string(kind):
        return _words(column) or _strings(column) or _any(column)
    if pa.types.is_float64(kind):
        values = column.to_numpy(zero_copy_only=False)
        return lambda rows: _cut(values[rows])  # what is missing is NaN, which JSON writes as null
    if pa.types.is_int64(kind):
        return _or_null(column, column.fill_null(0).to_numpy(), _cut)
    if pa.types.is_timestamp(kind):
        micros = column.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()).fill_null(0).to_numpy()
        return _or_null(column, micros.view("datetime64[us]"), _cut)
    if pa.types.is_boolean(kind):
        told = column.fill_null(False).to_numpy(zero_copy_only=False)
        words = np.array([b"false", b"true"], object)
        return _or_null(column, told, lambda some: words[some.astype(np.int8)].tolist())
    return _any(column)


def _words(column: Any) -> Cells | None:
    """Text of few different words, each written once; None if there are too many."""
    if len(column.slice(0, _SAMPLE).unique()) > _FEW_IN_SAMPLE:
        return None
    coded = column.dictionary_encode()
    if len(coded.dictionary) > _WORDS:
        return None
    words = np.array([*map(orjson.dumps, coded.dictionary.to_pylist()), b"null"], object)
    which = coded.indices.fill_null(len(words) - 1).to_numpy()
    return lambda rows: words[which[rows]].tolist()


def _strings(column: Any) -> Cells | None:
    """Text in which nothing has to be escaped, cut out of Arrow's memory; None if something has."""
    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    text = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]] if data else np.empty(0, np.uint8)
    if ((text < ord(" ")) | (text == ord('"')) | (text == ord("\\"))).any():
        return None
    memory, low = text.tobytes(), ends[0]  # bytes are cut in half the time of a view of them

    def cut(rows: Rows) -> Texts:
        starts, stops = (ends[rows] - low).tolist(), (ends[rows + 1] - low).tolist()
        return [b'"%b"' % memory[start:stop] for start, stop in zip(starts, stops, strict=True)]

    return _hiding(column, cut)


def _or_null(column: Any, values: NDArray[Any], write: Callable[[NDArray[Any]], Texts]) -> Cells:
    return _hiding(column, lambda rows: write(values[rows]))


def _hiding(column: Any, write: Cells) -> Cells:
    """What writes null where the column has nothing."""
    if not column.null_count:
        return write
    nothing = column.is_null().to_numpy(zero_copy_only=False)

    def with_nulls(rows: Rows) -> Texts:
        texts = write(rows)
        for place in np.flatnonzero(nothing[rows]).tolist():
            texts[place] = b"null"
        return texts

    return with_nulls


def _any(column: Any) -> Cells:
    import pyarrow as pa

    return lambda rows: [orjson.dumps(v, option=_JSON) for v in column.take(pa.array(rows)).to_pylist()]


def _cut(values: NDArray[Any]) -> Texts:
    """JSON of an array, cut between its values; they have no comma in themselves."""
    return orjson.dumps(np.ascontiguousarray(values), option=_JSON)[1:-1].split(b",") if len(values) else []
