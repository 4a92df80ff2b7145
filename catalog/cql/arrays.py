"""A_CONTAINS and its siblings over arrays, which are sets: no order, nothing twice."""

from collections.abc import Callable
from functools import reduce
from typing import Any

from catalog import deadline
from catalog.cql import spatial, temporal
from catalog.cql.check import GEOMETRY
from catalog.cql.rows import Rows
from catalog.cql.tree import Array, Instant, Interval, Name, Node, Shape

Value = Callable[[Node, Rows], Any]
"""Gives what an element that is a scalar stands for, as Arrow array or scalar."""


def relate(op: str, left: Array, right: Array, rows: Rows, value: Value) -> Any:
    """An Arrow array of truth values, or a scalar; unknown where an element without a value decides."""
    known: dict[int, Any] = {}

    def once(node: Node, rows: Rows) -> Any:
        if id(node) not in known:
            known[id(node)] = value(node, rows)
        return known[id(node)]

    same = [[_same(one, other, rows, once) for other in right.items] for one in left.items]
    turned = [[line[place] for line in same] for place in range(len(right.items))]
    match op:
        case "a_contains":
            return _all([_any(line) for line in turned])
        case "a_containedby":
            return _all([_any(line) for line in same])
        case "a_equals":
            return _all([_any(line) for line in (*same, *turned)])
    return _any([_any(line) for line in same])


def _same(one: Node, other: Node, rows: Rows, value: Value) -> Any:
    """Whether two elements are the same; things of different kinds never are."""
    import pyarrow as pa
    import pyarrow.compute as pc

    deadline.check()
    kinds = _kind(one), _kind(other)
    if Array in kinds or Shape in kinds or Interval in kinds:
        if kinds[0] is not kinds[1]:
            return pa.scalar(False)
        if isinstance(one, Array) and isinstance(other, Array):
            return relate("a_equals", one, other, rows, value)
        about = spatial.relate if kinds[0] is Shape else temporal.relate
        return about("s_equals" if kinds[0] is Shape else "t_equals", one, other, rows)
    values = value(one, rows), value(other, rows)
    sorts = {_sort(found.type) for found in values} - {""}
    return pc.equal(*values) if len(sorts) < 2 else pa.scalar(False)


def _kind(node: Node) -> type:
    if isinstance(node, Name) and node.name == GEOMETRY:
        return Shape
    return Instant if isinstance(node, Name) else type(node)


def _sort(kind: Any) -> str:
    """What an Arrow type is to a filter; nothing for a column that is not there."""
    import pyarrow as pa

    if pa.types.is_null(kind):
        return ""
    if pa.types.is_boolean(kind):
        return "truth"
    if pa.types.is_timestamp(kind):
        return "time"
    return "number" if pa.types.is_integer(kind) or pa.types.is_floating(kind) else "text"


def _all(found: list[Any]) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    return reduce(pc.and_kleene, found, pa.scalar(True))


def _any(found: list[Any]) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    return reduce(pc.or_kleene, found, pa.scalar(False))
