"""Properties: the columns of a features file as the JSON members of some of its rows."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from catalog.engines.cells import Cells, Numbers, Texts, cells, cut

_FORMS = 100
_Form = tuple[bytes, list[str], dict[str, NDArray[np.float64]]]
"""An object with places for what differs from row to row, the names of what fills them, and the numbers
among these."""


class Properties:
    """Columns, each written in one go; what is the same in all rows is written once."""

    def __init__(self, table: Any) -> None:
        """Look at the columns of an Arrow table."""
        import pyarrow as pa

        self.cells: dict[str, Cells] = {}
        """What writes each column whose rows differ."""
        self._same: dict[str, bytes] = {}
        self._twins: dict[str, str] = {}
        texts: dict[str, Any] = {}
        """Columns of text so far."""
        for name in table.column_names:
            column = table[name].combine_chunks()
            uniform = _uniform(column)
            twin = None if uniform else _twin(column, texts)
            if twin is not None:
                self._twins[name] = twin
                self.cells[name] = self.cells[twin]
                continue
            write = cells(column.slice(0, 1) if uniform else column)
            if uniform:
                self._same[name] = write(np.zeros(1, np.int64))[0]
            else:
                self.cells[name] = write
                if pa.types.is_string(column.type):
                    texts[name] = column
        self._names = tuple(table.column_names)
        self._forms: dict[frozenset[str] | None, _Form] = {}

    def written(
        self,
        rows: NDArray[np.int64],
        names: Collection[str] | None = None,
        known: Mapping[str, Texts] | None = None,
        before: tuple[bytes, Sequence[Texts]] = (b"", ()),
    ) -> Texts:
        """JSON objects without the closing brace, one for each row.

        Args:
            rows: Which ones.
            names: These members only; None: all.
            known: Columns that are written already.
            before: What comes before each object, with places (``%b``) for these texts of each row.
        """
        form, columns, numbers = self._form(None if names is None else frozenset(names))
        there = dict(known or {})
        if len(rows) and len(numbers) > 1:  # all numbers of a page at once
            texts = cut(np.concatenate([values[rows] for values in numbers.values()]))
            for place, name in enumerate(numbers):
                there[name] = texts[place * len(rows) : (place + 1) * len(rows)]
        for name in columns:
            if name not in there:
                twin = self._twins.get(name, name)
                there[name] = there[twin] if twin in there else self.cells[name](rows)
        opening, more = before
        found = [*more, *(there[name] for name in columns)]
        form = opening + form
        return [form % row for row in zip(*found, strict=True)] if found else [form % ()] * len(rows)

    def column(self, name: str, rows: NDArray[np.int64]) -> Texts:
        """One column as JSON values, in the order of the rows."""
        return [self._same[name]] * len(rows) if name in self._same else self.cells[name](rows)

    def _form(self, names: frozenset[str] | None) -> _Form:
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
        numbers = {name: found.values for name in columns if isinstance(found := self.cells[name], Numbers)}
        made = (b"{" + b",".join(members), columns, numbers)
        if len(self._forms) < _FORMS:
            self._forms[names] = made
        return made


def _twin(column: Any, texts: dict[str, Any]) -> str | None:
    """The name of a column of text before that says the same in each row, as ids of sources often do."""
    import pyarrow as pa

    if not pa.types.is_string(column.type):
        return None
    return next((name for name, other in texts.items() if column.equals(other)), None)


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
