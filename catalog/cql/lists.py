"""A_CONTAINS and its siblings where a column of lists of texts is one of the arrays, or both."""

from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog import deadline
from catalog.cql.rows import Rows
from catalog.cql.tree import Array, Call, Literal, Name, Node

Value = Callable[[Node, Rows], Any]
_TURNED = {"a_contains": "a_containedby", "a_containedby": "a_contains"}


class _Lists:
    """A column of lists, taken apart: all its texts, and the row of each."""

    def __init__(self, column: Any) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        if pa.types.is_null(column.type):  # the snapshot is older than the column
            column = column.cast(pa.list_(pa.string()))
        self.missing = column.is_null()
        self.texts = column.flatten()
        self.rows: NDArray[np.int64] = pc.list_parent_indices(column).to_numpy().astype(np.int64)
        self.count = len(column)

    def any(self, same: Any) -> Any:
        """Truth of each text → whether it is true of one in each row; unknown by Kleene's logic."""
        import pyarrow as pa

        true = self._with(same.fill_null(False))
        return pa.array(true, mask=self._with(same.is_null()) & ~true)

    def all(self, same: Any) -> Any:
        """Truth of each text → whether it is true of all in each row; of none it is."""
        import pyarrow.compute as pc

        return pc.invert(self.any(pc.invert(same)))

    def _with(self, which: Any) -> NDArray[np.bool_]:
        found = np.zeros(self.count, bool)
        found[self.rows[which.to_numpy(zero_copy_only=False)]] = True
        return found


def relate(op: str, left: Node, right: Node, rows: Rows, value: Value) -> Any:
    """An Arrow array of truth values; unknown where a list is missing, or an element that decides.

    Args:
        op: ``a_contains`` and so on.
        left: An array, or the name of a column of lists; one of the two is a name.
        right: The same.
        rows: What is looked at.
        value: Gives what an element stands for.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(left, Array):
        return relate(_TURNED.get(op, op), right, left, rows, value)
    assert isinstance(left, Name)
    lists = _Lists(rows.column(left.name))
    missing = lists.missing
    if isinstance(right, Name):
        others = _Lists(rows.column(right.name))
        missing = pc.or_(missing, others.missing)
        here, there = _both(lists, others)
        has, inside, meets = others.all(there), lists.all(here), lists.any(here)
    else:
        assert isinstance(right, Array)
        same = [_same(lists, item, rows, value) for item in right.items]
        each = [lists.any(one) for one in same]
        has = reduce(pc.and_kleene, each, pa.array(np.ones(lists.count, bool)))
        inside = lists.all(reduce(pc.or_kleene, same, pa.array(np.zeros(len(lists.texts), bool))))
        meets = reduce(pc.or_kleene, each, pa.array(np.zeros(lists.count, bool)))
    found = {
        "a_contains": has,
        "a_containedby": inside,
        "a_equals": pc.and_kleene(has, inside),
        "a_overlaps": meets,
    }[op]
    return pc.if_else(missing, pa.scalar(None, pa.bool_()), found)


def _same(lists: _Lists, item: Node, rows: Rows, value: Value) -> Any:
    """Of each text whether it is the element; what is no text is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    deadline.check()
    never = pa.array(np.zeros(len(lists.texts), bool))
    if not isinstance(item, Name | Literal | Call):
        return never
    found = value(item, rows)
    if not (pa.types.is_string(found.type) or pa.types.is_null(found.type)):
        return never
    if isinstance(found, pa.Array):
        found = found.cast(pa.string()).take(pa.array(lists.rows))
    return pc.equal(lists.texts, found)


def _both(lists: _Lists, others: _Lists) -> tuple[Any, Any]:
    """Of each text of one column whether the list of the other in its row has it, and the other way."""
    import pyarrow as pa

    coded = pa.chunked_array([lists.texts, others.texts]).combine_chunks().dictionary_encode()
    codes = coded.indices.to_numpy().astype(np.int64)
    keys = np.concatenate((lists.rows, others.rows)) * len(coded.dictionary) + codes
    own, other = np.split(keys, [len(lists.texts)])
    return pa.array(np.isin(own, other)), pa.array(np.isin(other, own))
