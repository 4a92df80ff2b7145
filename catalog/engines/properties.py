"""Properties: the columns of a features file as the JSON members of some of its rows."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from catalog.engines.cells import Cells, Texts, cells

_FORMS = 100


class Properties:
    """Columns, each written in one go; what is the same in all rows is written once."""

    def __init__(self, table: Any) -> None:
        """Look at the columns of an Arrow table."""
        self._cells: dict[str, Cells] = {}
        self._same: dict[str, bytes] = {}
        for name in table.column_names:
            column = table[name].combine_chunks()
            uniform = _uniform(column)
            write = cells(column.slice(0, 1) if uniform else column)
            if uniform:
                self._same[name] = write(np.zeros(1, np.int64))[0]
            else:
                self._cells[name] = write
        self._names = tuple(table.column_names)
        self._forms: dict[frozenset[str] | None, tuple[bytes, list[str]]] = {}

    def written(
        self,
        rows: NDArray[np.int64],
        names: Collection[str] | None = None,
        known: Mapping[str, Texts] | None = None,
    ) -> Texts:
        """JSON objects without the closing brace, one for each row.

        Args:
            rows: Which ones.
            names: These members only; None: all.
            known: Columns that are written already.
        """
        form, columns = self._form(None if names is None else frozenset(names))
        if not columns:
            return [form % ()] * len(rows)
        there = known or {}
        cells = [there[name] if name in there else self._cells[name](rows) for name in columns]
        return [form % row for row in zip(*cells, strict=True)]

    def column(self, name: str, rows: NDArray[np.int64]) -> Texts:
        """One column as JSON values, in the order of the rows."""
        return [self._same[name]] * len(rows) if name in self._same else self._cells[name](rows)

    def _form(self, names: frozenset[str] | None) -> tuple[bytes, list[str]]:
        """An object with places for what differs from row to row, and the names of what fills them."""
        known = self._forms.get(names)
        if known is not None:
            return known
        members, columns = [], []
        for name in self._names:
            if names is not None and name not in names:
                continue
            key = orjson.dumps(name).replace(b"%", b"%%")
            if name in self._same:
                members.append(b"%b:%b" % (key, self._same[name].replace(b"%", b"%%")))
            else:
                members.append(b"%b:%%b" % key)
                columns.append(name)
        made = (b"{" + b",".join(members), columns)
        if len(self._forms) < _FORMS:
            self._forms[names] = made
        return made


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
