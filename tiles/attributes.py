"""Attributes: which columns of a layer go into the property tables of its tiles."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from twin import batch as batches
from twin.base import Text
from twin.errors import TilingError
from twin.schema import Column, Kind, Schema
from twin.shelf import Shelf

if TYPE_CHECKING:
    import pyarrow as pa

WORDS = ("schema", "all")
"""Wishes that are no names."""
_NEVER = ("observed_at",)
"""Says when we looked, not what is there."""
_KINDS = {bool: Kind.BOOLEAN, int: Kind.INTEGER, float: Kind.NUMBER, str: Kind.TEXT}


@dataclass(frozen=True, slots=True)
class Attributes:
    """The columns of property tables."""

    schema: Schema
    """The layer's, with just the chosen columns."""
    generic: tuple[tuple[str, str], ...] = ()
    """Name of a generic attribute in the source → name of its column."""

    @property
    def needed(self) -> list[str]:
        """Columns of a batch that `of` looks at."""
        own = {column for _, column in self.generic}
        names = [column.name for column in self.schema.columns if column.name not in own]
        return [*names, batches.GENERIC] if self.generic else names

    def of(self, batch: "pa.RecordBatch") -> "dict[str, pa.Array]":
        """The chosen columns of a batch, by name."""
        own = {column: name for name, column in self.generic}
        found = {c.name: batch.column(c.name) for c in self.schema.columns if c.name not in own}
        if not own:
            return found
        rows = [orjson.loads(text) if text else {} for text in batch.column(batches.GENERIC).to_pylist()]
        for column in self.schema.columns:
            if column.name in own:
                found[column.name] = _array(column, [row.get(own[column.name]) for row in rows])
        return found

    def generic_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The chosen generic attributes of one feature, under their columns' names."""
        return {
            column: _text(value) if self.schema.column(column).kind is Kind.TEXT else value
            for name, column in self.generic
            if (value := values.get(name)) is not None
        }


def attributes(schema: Schema, wanted: str | None, shelf: Shelf) -> Attributes:
    """Choose the columns.

    Args:
        schema: Of the layer.
        wanted: None for those that the schema marks; ``schema`` for all that any feature has a value for;
            ``all`` for generic attributes of the source as well; else names with commas between.
        shelf: The features.

    Raises:
        TilingError: a name is no column of the schema.
    """
    if wanted is None:
        return Attributes(_with(schema, [c for c in schema.columns if c.tiles]))
    filled = [c for c in schema.columns if c.name in shelf.filled and c.name not in _NEVER]
    if wanted == "schema":
        return Attributes(_with(schema, filled))
    if wanted == "all":
        extra = _generic(schema, shelf)
        columns = [column for _, column in extra]
        return Attributes(
            _with(schema, filled + columns), tuple((name, column.name) for name, column in extra)
        )
    names = _listed(wanted)
    check(names, [schema])
    return Attributes(_with(schema, [schema.column(name) for name in dict.fromkeys(["id", *names])]))


def shared_out(wanted: str, schemas: Sequence[Schema]) -> list[str]:
    """What each of some layers is asked for, when one wish is said for all: of names, those that it has.

    Raises:
        TilingError: a name is a column of none of the schemas.
    """
    if wanted in WORDS:
        return [wanted] * len(schemas)
    names = _listed(wanted)
    check(names, schemas)
    return [",".join(["id", *(name for name in names if name in schema.names)]) for schema in schemas]


def check(names: Sequence[str], schemas: Sequence[Schema]) -> None:
    """Refuse a name that is a column of none of the schemas.

    Raises:
        TilingError: with the name that was probably meant.
    """
    known = list(dict.fromkeys(name for schema in schemas for name in schema.names))
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, [*known, *WORDS], 1)
            hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
            raise TilingError(
                f"{name!r} is no attribute of {' or '.join(s.id for s in schemas)}; {hint}. "
                "What a source has beyond these comes with all"
            )


def _listed(wanted: str) -> list[str]:
    return [name for name in (each.strip() for each in wanted.split(",")) if name]


def _with(schema: Schema, columns: list[Column]) -> Schema:
    marked = tuple(column.model_copy(update={"tiles": True}) for column in columns)
    return schema.model_copy(update={"columns": marked})


def _generic(schema: Schema, shelf: Shelf) -> list[tuple[str, Column]]:
    """Every generic attribute there is, with the narrowest type that holds all its values."""
    kinds: dict[str, set[Any]] = {}
    for texts in shelf.column(batches.GENERIC):
        for text in texts.to_pylist():
            for name, value in (orjson.loads(text) if text else {}).items():
                kinds.setdefault(name, set()).add(_KINDS.get(type(value), Kind.TEXT))
    found = []
    for name, seen in sorted(kinds.items()):
        kind = Kind.TEXT
        if len(seen) == 1 or seen == {Kind.INTEGER, Kind.NUMBER}:
            kind = Kind.NUMBER if Kind.NUMBER in seen else seen.pop()
        column = f"generic_{name}" if name in schema.names else name
        found.append((name, Column(name=column, title=Text(de=name, en=name), kind=kind)))
    return found


def _array(column: Column, values: list[Any]) -> "pa.Array":
    import pyarrow as pa

    if column.kind is Kind.TEXT:
        return pa.array([None if value is None else _text(value) for value in values], pa.string())
    kinds = {Kind.BOOLEAN: pa.bool_(), Kind.INTEGER: pa.int64(), Kind.NUMBER: pa.float64()}
    return pa.array(values, kinds[column.kind])


def _text(value: Any) -> str:
    """As JSON writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
