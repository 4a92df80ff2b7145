"""Attributes: what the finest tiles' property tables say, summed up column by column."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tiles.inspect.table import Column, Table

_MOST_DIFFERENT = 100_000
"""Beyond so many different values they are no longer told apart."""


@dataclass(slots=True)
class Attribute:
    """One column of one class over all features."""

    class_: str
    name: str
    title: str
    kind: str
    unit: str | None
    features: int = 0
    filled: int = 0
    least: float | None = None
    """Of numbers."""
    greatest: float | None = None
    counts: Counter[Any] = field(default_factory=Counter)
    """Of everything else: value → how often."""

    @property
    def share(self) -> float:
        """Share of features that have a value, 0 to 1."""
        return self.filled / self.features if self.features else 0.0

    @property
    def numeric(self) -> bool:
        """Whether it has numbers, not words."""
        return (
            self.kind.startswith(("INT", "UINT", "FLOAT")) and " " not in self.kind and "[" not in self.kind
        )

    def most(self, number: int = 3) -> list[tuple[str, int]]:
        """The most frequent values and how often they occur; none where hardly any occurs twice."""
        if not self.counts or len(self.counts) > self.filled / 2:
            return []
        return [(str(value), times) for value, times in self.counts.most_common(number)]

    def add(self, column: Column, rows: Iterable[int] | None) -> None:
        """Count a column's values, or those of some rows."""
        values = column.values if rows is None else [column.values[row] for row in rows]
        there = [value for value in values if value is not None]
        self.features += len(values)
        self.filled += len(there)
        if self.numeric and there:
            self.least = min(there) if self.least is None else min(self.least, *there)
            self.greatest = max(there) if self.greatest is None else max(self.greatest, *there)
        elif len(self.counts) < _MOST_DIFFERENT:
            self.counts.update(str(value) if isinstance(value, list) else value for value in there)


class Attributes:
    """All columns of a tileset; a feature that several tiles draw counts once."""

    def __init__(self) -> None:
        self.columns: dict[tuple[str, str], Attribute] = {}
        self._known: set[tuple[str, Any]] = set()
        self._nameless = 0

    @property
    def features(self) -> int:
        """Different features."""
        return len(self._known) + self._nameless

    def add(self, table: Table) -> None:
        """Count a table of one of the finest tiles."""
        ids = table.column("id")
        rows: list[int] | None = None
        if table.of == "vertices":
            pass  # a point is no feature
        elif ids is None:
            self._nameless += table.count
        else:
            keys = [(table.class_, value) for value in ids.values]
            rows = [row for row, key in enumerate(keys) if key not in self._known]
            self._known.update(keys)
            rows = None if len(rows) == table.count else rows
        for column in table.columns:
            key = (table.class_, column.name)
            if key not in self.columns:
                self.columns[key] = Attribute(
                    table.class_, column.name, column.title, column.kind, column.unit
                )
            self.columns[key].add(column, rows)
