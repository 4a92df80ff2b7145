"""CQL2 JSON to a tree."""

from typing import Any

import orjson

from catalog.cql import literals, once, references
from catalog.cql.literals import Project
from catalog.cql.tokens import DEPTH, limit, size
from catalog.cql.tree import (
    ARITHMETIC,
    ARRAYS,
    COMPARISONS,
    FOLDS,
    LOGIC,
    SPATIAL,
    TEMPORAL,
    Array,
    Call,
    Instant,
    Interval,
    Literal,
    Name,
    Node,
    Reference,
)
from twin.errors import RequestError

_OPS = (
    LOGIC
    | COMPARISONS
    | ARITHMETIC
    | ARRAYS
    | FOLDS
    | SPATIAL
    | TEMPORAL
    | {"like", "between", "in", "isnull", references.FUNCTION}
)
_BRACKETS = 2 * DEPTH + 6
"""An operator takes two, a geometry some more."""


def read(text: str, project: Project) -> Node:
    """The tree of a filter; `RequestError` says what of it cannot be read."""
    size(text)
    if _depth(text) > _BRACKETS:
        limit(DEPTH + 1, 0)
    limit(0, text.count('"op"'))
    try:
        value = once.read("filter", text)
    except orjson.JSONDecodeError as error:
        where = f"from character {error.pos + 1} on"
        raise RequestError(f"filter is no JSON {where}; for CQL2 Text write filter-lang=cql2-text") from None
    return _node(value, project, 0)


def _depth(text: str) -> int:
    """Brackets within brackets, those in strings not counted."""
    deep = most = 0
    inside = escaped = False
    for letter in text:
        if inside:
            inside, escaped = letter != '"' or escaped, letter == "\\" and not escaped
        elif letter == '"':
            inside = True
        elif letter in "[{":
            deep += 1
            most = max(most, deep)
        elif letter in "]}":
            deep -= 1
    return most


def _node(value: Any, project: Project, depth: int) -> Node:
    limit(depth, 0)
    if isinstance(value, bool | str):
        return Literal(value)
    if isinstance(value, int | float):
        return literals.number(value)
    if not isinstance(value, dict):
        raise RequestError("filter has a list or null where a value is expected; see /docs for CQL2")
    if "op" in value:
        return _call(value, project, depth)
    if "type" in value:
        return literals.geojson(value, project)
    if len(value) == 1:
        ((key, inner),) = value.items()
        if key == "property" and isinstance(inner, str):
            return Name(inner)
        if key == "date":
            return literals.date(inner)
        if key == "timestamp":
            return literals.timestamp(inner)
        if key == "interval" and isinstance(inner, list) and len(inner) == 2:
            return Interval(*(_bound(end, project, depth) for end in inner))
        if key == "bbox" and isinstance(inner, list) and all(map(_is_number, inner)):
            return literals.box([float(each) for each in inner], project)
    raise RequestError(
        "filter has an object that is none of CQL2's: op, property, date, timestamp, interval, bbox, geometry"
    )


def _call(value: dict[str, Any], project: Project, depth: int) -> Call | Reference:
    name, args = value["op"], value.get("args")
    if not isinstance(name, str) or name.lower() not in _OPS:
        raise RequestError(f"filter has an op {str(name)[:40]!r} that is not known; see /docs for CQL2")
    if not isinstance(args, list) or not args:
        raise RequestError(f"filter has an op {name!r} without args; give it a list")
    op = name.lower()
    if op == "in":
        if len(args) != 2 or not isinstance(args[1], list):
            raise RequestError("filter has an op 'in' without a value and a list")
        args = [args[0], *args[1]]
    read = _element if op in ARRAYS else _node
    found = tuple(read(arg, project, depth + 1) for arg in args)
    return references.reference(found) if op == references.FUNCTION else Call(op, found)


def _element(value: Any, project: Project, depth: int) -> Node:
    """An array, or what may stand in one."""
    if not isinstance(value, list):
        return _node(value, project, depth)
    limit(depth, 0)
    return Array(tuple(_element(item, project, depth + 1) for item in value))


def _bound(value: Any, project: Project, depth: int) -> Instant | Name | None:
    if isinstance(value, dict):
        found = _node(value, project, depth)
        if isinstance(found, Name | Instant):
            return found
    return literals.bound(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
