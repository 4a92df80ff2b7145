"""Cells: values of one column as JSON, some rows at a time, straight from the memory where they lie.

Arrow's own way to pick rows costs some 30 µs a column and another 30 to write them; for a page of a hundred
features that is more than all the rest of an answer.
"""

import operator
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
_COMPARED: dict[str, Callable[[Any, float], Any]] = {
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
"""Without ``<>``, which NaN would pass."""


def cells(column: Any) -> Cells:
    """What writes some rows of an Arrow array."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_string(kind):
        return _words(column) or _strings(column) or _any(column)
    if pa.types.is_float64(kind):
        # what is missing is NaN, which JSON writes as null and which no number is equal to, above or below
        return Numbers(column.to_numpy(zero_copy_only=False))
    if pa.types.is_int64(kind):
        return _or_null(column, column.fill_null(0).to_numpy(), cut)
    if pa.types.is_timestamp(kind):
        micros = column.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()).fill_null(0).to_numpy()
        return _or_null(column, micros.view("datetime64[us]"), cut)
    if pa.types.is_boolean(kind):
        told = column.fill_null(False).to_numpy(zero_copy_only=False)
        words = np.array([b"false", b"true"], object)
        return _or_null(column, told, lambda some: words[some.astype(np.int8)].tolist())
    return _any(column)


class Numbers:
    """A column of numbers in floating point."""

    def __init__(self, values: NDArray[np.float64]) -> None:
        """NaN where there is none."""
        self.values = values

    def __call__(self, rows: Rows) -> Texts:
        """JSON of some rows."""
        return cut(self.values[rows])

    def compared(self, op: str, value: float, rows: Rows | None) -> NDArray[np.bool_]:
        """Where a number is there and compares so; None: of all rows."""
        found: NDArray[np.bool_] = _COMPARED[op](self.values if rows is None else self.values[rows], value)
        return found


class Words:
    """A column of text of few different words, each written once."""

    def __init__(self, words: list[str], which: NDArray[np.int32]) -> None:
        """`which` of the words stands in each row; the one behind the last where there is none."""
        self._which = which
        self._numbers = {word: number for number, word in enumerate(words)}
        self._written = np.array([*map(orjson.dumps, words), b"null"], object)

    def __call__(self, rows: Rows) -> Texts:
        """JSON of some rows."""
        found: Texts = self._written[self._which[rows]].tolist()
        return found

    def compared(self, word: str, rows: Rows | None) -> NDArray[np.bool_]:
        """Where just this word stands; None: of all rows."""
        found: NDArray[np.bool_] = (self._which if rows is None else self._which[rows]) == self._numbers.get(
            word, -1
        )
        return found


def _words(column: Any) -> Words | None:
    """None if there are too many."""
    if len(column.slice(0, _SAMPLE).unique()) > _FEW_IN_SAMPLE:
        return None
    coded = column.dictionary_encode()
    if len(coded.dictionary) > _WORDS:
        return None
    words = coded.dictionary.to_pylist()
    return Words(words, coded.indices.fill_null(len(words)).to_numpy())


def _strings(column: Any) -> Cells | None:
    """Text in which nothing has to be escaped, cut out of one memory; None if something has."""
    import pyarrow as pa
    import pyarrow.compute as pc

    _, offsets, data = column.buffers()
    ends = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1]
    text = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]] if data else np.empty(0, np.uint8)
    if ((text < ord(" ")) | (text == ord('"')) | (text == ord("\\"))).any():
        return None
    # bytes are cut in half the time of a view of them, and need no quotes then
    quote, nothing = pa.scalar('"', pa.large_string()), pa.scalar("", pa.large_string())
    quoted = pc.binary_join_element_wise(quote, column.cast(pa.large_string()), quote, nothing)
    _, offsets, data = quoted.buffers()
    edges = np.frombuffer(offsets, np.int64)[quoted.offset : quoted.offset + len(quoted) + 1]
    memory = data.to_pybytes() if data else b""

    def pick(rows: Rows) -> Texts:
        starts, stops = edges[rows].tolist(), edges[rows + 1].tolist()
        return [memory[start:stop] for start, stop in zip(starts, stops, strict=True)]

    return _hiding(column, pick)


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


def cut(values: NDArray[Any]) -> Texts:
    """JSON of an array, cut between its values; they have no comma in themselves."""
    return orjson.dumps(np.ascontiguousarray(values), option=_JSON)[1:-1].split(b",") if len(values) else []
