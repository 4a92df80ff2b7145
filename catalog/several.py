"""Columns of several texts, and the same written as one: what a schema made a list of was a text before.

Recipes wrote such texts with a comma and a blank between (``16, 17, N19``). A snapshot never changes, so its
columns are read as the schema has them now: a text is cut there, a list joined so.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

BETWEEN = ", "


def as_text(column: Any) -> Any:
    """A list column (an Arrow array, chunked or not) as people read it; any other as it is."""
    if not _is_list(column):
        return column
    import pyarrow.compute as pc

    return pc.binary_join(column, BETWEEN)


def as_list(column: Any) -> Any:
    """A column of text as lists, none where it says nothing; any other as it is."""
    import pyarrow as pa

    if not pa.types.is_string(column.type):
        return column
    import pyarrow.compute as pc

    told = pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)
    return pc.split_pattern(told, BETWEEN).cast(pa.list_(pa.string()))


def gained(before: Any, after: Any) -> tuple[list[str], list[str]] | None:
    """What came to a list and what went from it, in its order; None where neither side is a list."""
    if not isinstance(before, list) and not isinstance(after, list):
        return None
    was, now = (_told(side) for side in (before, after))
    return [text for text in now if text not in was], [text for text in was if text not in now]


def fitted(table: "pa.Table", lists: Collection[str]) -> "pa.Table":
    """A table whose columns called `lists` are lists, and no other is."""
    for place, name in enumerate(table.column_names):
        column = table[name]
        found = as_list(column) if name in lists else as_text(column)
        if found is not column:
            table = table.set_column(place, name, found)
    return table


def _told(side: Any) -> list[str]:
    return side if isinstance(side, list) else side.split(BETWEEN) if isinstance(side, str) else []


def _is_list(column: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_list(column.type) and pa.types.is_string(column.type.value_type))
