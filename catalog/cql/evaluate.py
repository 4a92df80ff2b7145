"""A checked filter over columns: which rows it holds for. Unknown (a value is missing) is not true."""

from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog import deadline
from catalog.cql import arrays, lists, spatial, temporal
from catalog.cql.check import GEOMETRY
from catalog.cql.folds import fold
from catalog.cql.rows import Rows
from catalog.cql.tree import (
    ARITHMETIC,
    ARRAYS,
    COMPARISONS,
    FOLDS,
    SPATIAL,
    TEMPORAL,
    Array,
    Call,
    Instant,
    Literal,
    Name,
    Node,
)

_KERNELS = {
    "=": "equal",
    "<>": "not_equal",
    "<": "less",
    ">": "greater",
    "<=": "less_equal",
    ">=": "greater_equal",
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "/": "divide",
    "^": "power",
}


def holds(tree: Node, rows: Rows) -> NDArray[np.bool_]:
    """For each of the rows whether the filter holds."""
    if isinstance(tree, Call):
        if tree.op in ("and", "or"):  # unknown parts do not change where all hold, or one
            both = np.logical_and if tree.op == "and" else np.logical_or
            return reduce(both, (holds(arg, rows) for arg in tree.args))
        quick = _compared(tree, rows)
        if quick is not None:
            return quick
    found = _value(tree, rows)
    if isinstance(found, np.ndarray):
        return found
    plain = _filled(found)
    if isinstance(plain, bool):
        return np.full(len(rows), plain)
    mask: NDArray[np.bool_] = plain
    return mask


def _compared(tree: Call, rows: Rows) -> NDArray[np.bool_] | None:
    """Where a property compares so to a literal, if the rows know it at once."""
    if tree.op not in COMPARISONS:
        return None
    left, right = tree.args
    if not isinstance(left, Name) or not isinstance(right, Literal) or isinstance(right.value, bool):
        return None
    deadline.check()
    return rows.compared(tree.op, left.name, right.value)


def _filled(value: Any) -> Any:
    """A truth value or column of Arrow without unknowns."""
    import pyarrow as pa

    if isinstance(value, pa.Scalar):
        return bool(value.as_py())
    return value.fill_null(False).to_numpy(zero_copy_only=False)


def _value(node: Node, rows: Rows) -> Any:
    """An Arrow array as long as the rows, or an Arrow scalar; `TooMuch` when the time is over."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(node, Name):
        return rows.column(node.name)
    if isinstance(node, Literal):
        return pa.scalar(float(node.value) if type(node.value) is int else node.value)
    if isinstance(node, Instant):
        return pa.scalar(node.start, pa.timestamp("us", tz="UTC"))
    deadline.check()
    assert isinstance(node, Call)  # the others are operands of functions that read them themselves
    op, args = node.op, node.args
    if op in ("and", "or"):
        kernel = pc.and_kleene if op == "and" else pc.or_kleene
        found = _value(args[0], rows)
        for arg in args[1:]:
            found = kernel(found, _value(arg, rows))
        return found
    if op == "not":
        return pc.invert(_value(args[0], rows))
    if op == "isnull":
        return _missing(args[0], rows)
    if op in SPATIAL:
        return spatial.relate(op, args[0], args[1], rows)
    if op in TEMPORAL:
        return temporal.relate(op, args[0], args[1], rows)
    if op in FOLDS:
        return _folded(node, rows)
    if op in ARRAYS:
        left, right = args
        if isinstance(left, Array) and isinstance(right, Array):
            return arrays.relate(op, left, right, rows, _value)
        return lists.relate(op, left, right, rows, _value)
    values = [_value(arg, rows) for arg in args]
    if op in COMPARISONS:
        return pc.call_function(_KERNELS[op], [_ordered(value) for value in values])
    if op in ARITHMETIC:
        return _calculated(op, *values)
    if op == "between":
        return pc.and_kleene(pc.greater_equal(values[0], values[1]), pc.less_equal(values[0], values[2]))
    if op == "in":
        return _listed(values[0], values[1:])
    return pc.match_like(values[0], values[1].as_py())


def _ordered(value: Any) -> Any:
    """Truth values as numbers: false is less than true."""
    import pyarrow as pa

    return value.cast(pa.int8()) if pa.types.is_boolean(value.type) else value


def _missing(node: Node, rows: Rows) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(node, Name):
        return (
            pa.array(np.isnan(rows.bounds[:, 0]))
            if node.name == GEOMETRY
            else pc.is_null(rows.column(node.name))
        )
    if isinstance(node, Call):
        return pc.is_null(_value(node, rows))
    return pa.scalar(False)


def _listed(value: Any, choices: list[Any]) -> Any:
    """As a chain of OR: unknown where the value is."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if all(isinstance(choice, pa.Scalar) for choice in choices) and isinstance(value, pa.Array):
        among = pa.array([choice.as_py() for choice in choices], choices[0].type)
        if among.type != value.type:
            value = value.cast(among.type, safe=False)
        return pc.if_else(pc.is_valid(value), pc.is_in(value, among), pa.scalar(None, pa.bool_()))
    found = pc.equal(value, choices[0])
    for choice in choices[1:]:
        found = pc.or_kleene(found, pc.equal(value, choice))
    return found


def _calculated(op: str, left: Any, right: Any) -> Any:
    """Arithmetic in floating point; what has no result (division by nothing) is unknown."""
    import pyarrow as pa
    import pyarrow.compute as pc

    left, right = pc.cast(left, pa.float64()), pc.cast(right, pa.float64())
    if op in ("div", "%"):
        found = pc.trunc(pc.divide(left, right))
        if op == "%":
            found = pc.subtract(left, pc.multiply(found, right))
    else:
        found = pc.call_function(_KERNELS[op], [left, right])
    return pc.if_else(pc.is_finite(found), found, pa.scalar(None, pa.float64()))


def _folded(node: Call, rows: Rows) -> Any:
    import pyarrow as pa

    ways: set[str] = set()
    inner: Node = node
    while isinstance(inner, Call) and inner.op in FOLDS:
        ways.add(inner.op)
        inner = inner.args[0]
    if isinstance(inner, Literal):
        return pa.scalar(fold(str(inner.value), frozenset(ways)))
    assert isinstance(inner, Name)
    return rows.folded(inner.name, frozenset(ways))
