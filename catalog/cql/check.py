"""A filter against a schema: every property is known, every operand of the type its operator takes."""

import difflib
from collections.abc import Mapping
from enum import StrEnum
from math import prod

from catalog.cql import references
from catalog.cql.tree import (
    ARITHMETIC,
    ARRAYS,
    COMPARISONS,
    FOLDS,
    LOGIC,
    SPATIAL,
    Array,
    Call,
    Instant,
    Interval,
    Literal,
    Name,
    Node,
    Reference,
    Shape,
    names,
)
from twin.errors import RequestError
from twin.schema import Kind, Schema

GEOMETRY = "geometry"


class Type(StrEnum):
    """What an expression gives, in the words of messages."""

    TRUTH = "a condition"
    TEXT = "a text"
    NUMBER = "a number"
    TIME = "a time"
    SPAN = "an interval"
    SHAPE = "a geometry"
    LIST = "an array"


TYPES = {
    Kind.TEXT: Type.TEXT,
    Kind.ENUM: Type.TEXT,
    Kind.INTEGER: Type.NUMBER,
    Kind.NUMBER: Type.NUMBER,
    Kind.BOOLEAN: Type.TRUTH,
    Kind.TIME: Type.TIME,
    Kind.TEXTS: Type.LIST,
}
_PAIRS = 1000
"""Most pairs of elements that two arrays may have."""
_COUNTS = {
    "and": (1, 200),
    "or": (1, 200),
    "not": (1, 1),
    "between": (3, 3),
    "in": (2, 1000),
    "isnull": (1, 1),
}


def check(tree: Node, schema: Schema, otherwise: Mapping[str, str] | None = None) -> None:
    """`RequestError` unless the tree is a condition on features of this schema.

    Args:
        tree: A filter.
        schema: What it may ask for.
        otherwise: What features tell that is no queryable → how it is asked for.
    """
    for name in sorted(names(tree) & (otherwise or {}).keys() - set(schema.names)):
        raise RequestError(
            f"filter names {name!r}, which is worked out for the time asked for and is no queryable; "
            + (otherwise or {})[name]
        )
    if len(references.references(tree)) > references.MOST:
        raise RequestError(
            f"filter names more than {references.MOST} features in FEATURE; ask for them apart"
        )
    _want(tree, schema, "the filter as a whole", Type.TRUTH)


def known(name: str, names: tuple[str, ...], what: str) -> str:
    """A name that is one of `names`; `RequestError` names the nearest one, else all."""
    if name not in names:
        near = difflib.get_close_matches(name.lower()[:200], names, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names)}"
        raise RequestError(f"{what} names a property {name[:80]!r} that this layer does not have; {hint}")
    return name


def _type(node: Node, schema: Schema) -> Type:
    if isinstance(node, Name):
        if node.name == GEOMETRY:
            return Type.SHAPE
        if node.name not in schema.names:
            known(node.name, (*schema.names, GEOMETRY), "filter")
        return TYPES[schema.column(node.name).kind]
    if isinstance(node, Literal):
        if isinstance(node.value, bool):
            return Type.TRUTH
        return Type.TEXT if isinstance(node.value, str) else Type.NUMBER
    if isinstance(node, Interval):
        _interval(node, schema)
        return Type.SPAN
    if isinstance(node, Instant):
        return Type.TIME
    if isinstance(node, Array):
        for item in node.items:
            if _type(item, schema) is Type.LIST and isinstance(item, Name):
                raise RequestError(
                    f"filter has {item.name} within an array, and it is one itself; leave the brackets out"
                )
        return Type.LIST
    return Type.SHAPE if isinstance(node, Shape | Reference) else _call(node, schema)


def _call(node: Call, schema: Schema) -> Type:
    op, args = node.op, node.args
    low, high = _COUNTS.get(op, (1, 1) if op in FOLDS else (2, 2))
    if not low <= len(args) <= high:
        raise RequestError(f"filter gives {op.upper()} {len(args)} operands; it takes {low}")
    if op == "isnull":
        _type(args[0], schema)
        return Type.TRUTH
    if op in ARRAYS:
        for arg in args:
            _want(arg, schema, op, Type.LIST)
        sizes = [arg.size for arg in args if isinstance(arg, Array)]
        if prod(sizes) > _PAIRS:
            raise RequestError(
                f"filter compares more than {_PAIRS} pairs in {op.upper()}; write less or use IN"
            )
        return Type.TRUTH
    if op in FOLDS:
        _want(args[0], schema, op, Type.TEXT)
        return Type.TEXT
    if op in ARITHMETIC:
        for arg in args:
            _want(arg, schema, op, Type.NUMBER)
        return Type.NUMBER
    if op in LOGIC:
        wanted: tuple[Type, ...] = (Type.TRUTH,)
    elif op == "like":
        wanted = (Type.TEXT,)
        if not _is_constant(args[1]):
            raise RequestError("filter has a LIKE whose pattern is no text in quotes")
    elif op == "between":
        wanted = (Type.NUMBER, Type.TIME)
    elif op in COMPARISONS or op == "in":
        wanted = (Type.TEXT, Type.NUMBER, Type.TIME, Type.TRUTH)
    elif op in SPATIAL:
        wanted = (Type.SHAPE,)
    else:
        wanted = (Type.TIME, Type.SPAN)
    first = _want(args[0], schema, op, *wanted)
    mixed = op not in COMPARISONS and op not in ("in", "between")
    for arg in args[1:]:
        _want(arg, schema, op, *(wanted if mixed else (first,)))
    return Type.TRUTH


def _want(node: Node, schema: Schema, where: str, *wanted: Type) -> Type:
    found = _type(node, schema)
    if found not in wanted:
        hint = ""
        if Type.TIME in wanted and found is Type.TEXT:
            hint = "; write times as TIMESTAMP('2026-03-01T12:00:00Z') or DATE('2026-03-01')"
        elif found is Type.LIST and isinstance(node, Name):
            hint = f"; write for example A_CONTAINS({node.name}, ('…'))"
        raise RequestError(f"filter gives {found.value} where {where} takes {' or '.join(wanted)}{hint}")
    return found


def _interval(node: Interval, schema: Schema) -> None:
    for end in (node.start, node.end):
        if isinstance(end, Name):
            _want(end, schema, "INTERVAL", Type.TIME)
    if isinstance(node.start, Instant) and isinstance(node.end, Instant) and node.start.start > node.end.end:
        raise RequestError("filter has an INTERVAL that ends before it begins; swap the two")


def _is_constant(node: Node) -> bool:
    while isinstance(node, Call) and node.op in FOLDS:
        node = node.args[0]
    return isinstance(node, Literal)
