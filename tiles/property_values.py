"""Property values: columns of Arrow arrays as the bytes of a property table (EXT_structural_metadata 1.0)."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tiles.glb import Container
from twin.base import Text
from twin.errors import TilingError
from twin.schema import Choice, Column, Kind

if TYPE_CHECKING:
    import pyarrow as pa

NO_DATA = "no-data"
"""Name of the enum value that stands for "the source does not say"."""
NO_NUMBER = -9999.0
NO_INTEGER = -(2**31)
_FINE = 0.0005
"""Numbers that float32 would change by more than this are written as float64."""
_BOOLEANS = (
    Choice(value="false", title=Text(de="nein", en="no")),
    Choice(value="true", title=Text(de="ja", en="yes")),
)


def choices(column: Column) -> list[tuple[str, Choice]]:
    """Names and choices of an enum or boolean, in the order of their numbers."""
    found = _BOOLEANS if column.kind is Kind.BOOLEAN else column.choices
    return [(choice.value, choice) for choice in found]


def sort_of(column: Column) -> str:
    """The type of its property: ``SCALAR``, ``ENUM`` or ``STRING``."""
    if column.kind in (Kind.NUMBER, Kind.INTEGER):
        return "SCALAR"
    return "ENUM" if column.kind in (Kind.ENUM, Kind.BOOLEAN) else "STRING"


class Writer:
    """Puts the columns of one table into a container, equal bytes once."""

    def __init__(
        self,
        container: Container,
        table: "Mapping[str, pa.Array] | pa.RecordBatch | Sequence[Mapping[str, Any]]",
    ) -> None:
        """Take `table` as `tiles.property_table.add_property_table` does."""
        self._container = container
        import pyarrow as pa

        if isinstance(table, pa.RecordBatch):
            table = dict(zip(table.schema.names, table.columns, strict=True))
        self._table: Mapping[str, pa.Array] | Sequence[Mapping[str, Any]] = table
        self._views: dict[bytes, int] = {}
        lengths = {len(values) for values in table.values()} if isinstance(table, Mapping) else {len(table)}
        if len(lengths) != 1:
            raise TilingError("the columns of a property table are not all as long")
        (self.count,) = lengths

    def write(self, column: Column) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Write one column; return its type for the schema and its place for the table.

        None, and nothing written, for texts that are all missing or empty.
        """
        values = self._array(column)
        match sort_of(column):
            case "ENUM":
                return {"type": "ENUM", "noData": NO_DATA}, {"values": self._view(_codes(column, values))}
            case "STRING":
                place = self._strings(values)
                return None if place is None else ({"type": "STRING", "noData": ""}, place)
            case _:
                numbers, component = _numbers(column, values)
                no_data = NO_INTEGER if column.kind is Kind.INTEGER else NO_NUMBER
                kind = {"type": "SCALAR", "componentType": component, "noData": no_data}
                return kind, {"values": self._view(numbers)}

    def _array(self, column: Column) -> "pa.Array":
        import pyarrow as pa

        if not isinstance(self._table, Mapping):
            return _from_rows(column, [row.get(column.name) for row in self._table])
        values = self._table.get(column.name)
        if values is None:
            return pa.nulls(self.count)
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        return values.dictionary_decode() if isinstance(values, pa.DictionaryArray) else values

    def _view(self, values: NDArray[Any]) -> int:
        data = values.tobytes()
        if data not in self._views:
            self._views[data] = self._container.view(data)
        return self._views[data]

    def _strings(self, values: "pa.Array") -> dict[str, Any] | None:
        import pyarrow as pa

        texts = _texts(values).cast(pa.string()).fill_null("")
        _, ends, body = texts.buffers()
        offsets = np.frombuffer(ends, np.int32)[texts.offset : texts.offset + len(texts) + 1]
        first, last = int(offsets[0]), int(offsets[-1])
        if body is None or first == last:
            return None
        letters = np.frombuffer(body, np.uint8)[first:last]
        narrow = last - first <= 0xFFFF
        return {
            "values": self._view(letters),
            "stringOffsets": self._view((offsets - first).astype("<u2" if narrow else "<u4")),
            "stringOffsetType": "UINT16" if narrow else "UINT32",
        }


def _from_rows(column: Column, values: list[Any]) -> "pa.Array":
    import pyarrow as pa

    kinds = {Kind.NUMBER: pa.float64(), Kind.INTEGER: pa.int64(), Kind.BOOLEAN: pa.bool_()}
    if column.kind is Kind.TIME:
        values = [value if value is None or isinstance(value, str) else _instant(value) for value in values]
    return pa.array(values, kinds.get(column.kind, pa.string()))


def _codes(column: Column, values: "pa.Array") -> NDArray[np.uint8]:
    """Numbers of the choices; the one behind the last is "no data"."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = [name for name, _ in choices(column)]
    # Arrow writes booleans as "true" and "false" too.
    found = pc.index_in(values.cast(pa.string()), value_set=pa.array(names, pa.string()))
    codes: NDArray[np.uint8] = found.fill_null(len(names)).to_numpy(zero_copy_only=False).astype(np.uint8)
    return codes


def _numbers(column: Column, values: "pa.Array") -> tuple[NDArray[Any], str]:
    import pyarrow as pa

    if column.kind is Kind.INTEGER:
        whole = values.cast(pa.int64()).fill_null(NO_INTEGER).to_numpy(zero_copy_only=False)
        if ((whole >= NO_INTEGER) & (whole < -NO_INTEGER)).all():
            return whole.astype("<i4", casting="unsafe"), "INT32"
        return whole.astype("<i8"), "INT64"
    exact = values.cast(pa.float64()).fill_null(NO_NUMBER).to_numpy(zero_copy_only=False)
    exact = np.where(np.isfinite(exact), exact, NO_NUMBER)
    with np.errstate(over="ignore"):
        short = exact.astype("<f4")
    if (np.abs(short - exact) <= _FINE).all():
        return short, "FLOAT32"
    return exact.astype("<f8"), "FLOAT64"


def _texts(values: "pa.Array") -> "pa.Array":
    """Times as RFC 3339 in UTC; all else as it is."""
    import pyarrow as pa

    if not pa.types.is_timestamp(values.type):
        return values
    instants = values.cast(pa.timestamp("us", tz="UTC")).to_pylist()
    return pa.array([None if instant is None else _instant(instant) for instant in instants], pa.string())


def _instant(value: Any) -> str:
    return str(value.isoformat().replace("+00:00", "Z"))
