"""Properties: the columns of a features file as the JSON members of some of its rows."""

from collections.abc import Callable, Collection
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

_JSON = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC | orjson.OPT_SERIALIZE_NUMPY
_FEW = 4
"""So many rows are faster written value by value."""
Texts = list[bytes]


class Properties:
    """Columns, each written in one go; what is the same in all rows is written once."""

    def __init__(self, table: Any) -> None:
        """Look at the columns of an Arrow table."""
        self._columns: dict[str, tuple[Any, Callable[[Any], Texts]]] = {}
        self._same: dict[str, bytes] = {}
        for name in table.column_names:
            column = table[name].combine_chunks()
            write = next((write for fits, write in _KINDS if fits(column.type)), _any)
            if _uniform(column):
                self._same[name] = write(column.slice(0, 1))[0]
            else:
                self._columns[name] = column, write
        self._names = tuple(table.column_names)

    def written(self, rows: NDArray[np.int64], names: Collection[str] | None = None) -> Texts:
        """JSON objects without the closing brace, one for each row; with `names` these members only."""
        members = []
        kept = []
        for name in self._names if names is None else (name for name in self._names if name in names):
            key = orjson.dumps(name).replace(b"%", b"%%")
            if name in self._same:
                members.append(b"%b:%b" % (key, self._same[name].replace(b"%", b"%%")))
            else:
                members.append(b"%b:%%b" % key)
                kept.append(name)
        form = b"{" + b",".join(members)
        if not kept:
            return [form % ()] * len(rows)
        return [form % cells for cells in zip(*self.columns(kept, rows), strict=True)]

    def columns(self, names: Collection[str], rows: NDArray[np.int64]) -> list[Texts]:
        """Some columns as JSON values, each in the order of the rows."""
        import pyarrow as pa

        row = int(rows[0]) if len(rows) else 0
        together = len(rows) < 2 or (np.diff(rows) == 1).all()
        places = None if together else pa.array(rows)
        found = []
        for name in names:
            if name in self._same:
                found.append([self._same[name]] * len(rows))
            else:
                column, write = self._columns[name]
                some = column.slice(row, len(rows)) if places is None else column.take(places)
                found.append(_any(some) if len(rows) < _FEW else write(some))
        return found


def _uniform(column: Any) -> bool:
    """Whether all rows say the same, or nothing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not len(column) or column.null_count:
        return bool(0 < len(column) == column.null_count)
    if pa.types.is_floating(column.type) or pa.types.is_nested(column.type):
        return False  # a number that is none differs from itself
    span = pc.min_max(column)
    return bool(span["min"] == span["max"])


def _texts(column: Any) -> Texts:
    return [orjson.dumps(value) for value in column.to_numpy(zero_copy_only=False)]


def _floats(column: Any) -> Texts:
    return _cut(column.to_numpy(zero_copy_only=False))  # what is missing is NaN, which JSON writes as null


def _integers(column: Any) -> Texts:
    return _with_nulls(column, _cut(column.fill_null(0).to_numpy()))


def _booleans(column: Any) -> Texts:
    told = column.fill_null(False).to_numpy(zero_copy_only=False).tolist()
    return _with_nulls(column, [b"true" if each else b"false" for each in told])


def _instants(column: Any) -> Texts:
    import pyarrow as pa

    micros = column.cast(pa.timestamp("us", tz="UTC")).cast(pa.int64()).fill_null(0).to_numpy()
    return _with_nulls(column, _cut(micros.view("datetime64[us]")))


def _any(column: Any) -> Texts:
    return [orjson.dumps(value, option=_JSON) for value in column.to_pylist()]


def _cut(values: NDArray[Any]) -> Texts:
    """JSON of an array, cut between its values; they have no comma in themselves."""
    return orjson.dumps(np.ascontiguousarray(values), option=_JSON)[1:-1].split(b",") if len(values) else []


def _with_nulls(column: Any, texts: Texts) -> Texts:
    if column.null_count:
        for row in np.flatnonzero(column.is_null().to_numpy(zero_copy_only=False)).tolist():
            texts[row] = b"null"
    return texts


def _fits(test: str) -> Callable[[Any], bool]:
    def fits(kind: Any) -> bool:
        import pyarrow as pa

        found: bool = getattr(pa.types, test)(kind)
        return found

    return fits


_KINDS: tuple[tuple[Callable[[Any], bool], Callable[[Any], Texts]], ...] = (
    (_fits("is_string"), _texts),
    (_fits("is_float64"), _floats),
    (_fits("is_int64"), _integers),
    (_fits("is_timestamp"), _instants),
    (_fits("is_boolean"), _booleans),
)
"""Type of a column → how it is written; `_any` writes the others."""
