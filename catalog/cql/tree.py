"""The tree of a filter: what both encodings of CQL2 become."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LOGIC = frozenset({"and", "or", "not"})
COMPARISONS = frozenset({"=", "<>", "<", ">", "<=", ">="})
ARITHMETIC = frozenset({"+", "-", "*", "/", "%", "div", "^"})
FOLDS = frozenset({"casei", "accenti"})
SPATIAL = frozenset(
    f"s_{name}"
    for name in ("intersects", "disjoint", "equals", "touches", "crosses", "within", "contains", "overlaps")
)
TEMPORAL = frozenset(
    f"t_{name}"
    for name in (
        *("after", "before", "contains", "disjoint", "during", "equals", "finishedby", "finishes"),
        *("intersects", "meets", "metby", "overlappedby", "overlaps", "startedby", "starts"),
    )
)

ARRAYS = frozenset({"a_equals", "a_contains", "a_containedby", "a_overlaps"})


@dataclass(frozen=True, slots=True)
class Name:
    """A property of a feature, or its ``geometry``."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number or truth value."""

    value: str | int | float | bool


@dataclass(frozen=True, slots=True)
class Instant:
    """A time literal, microseconds since 1970. A date is its whole day, UTC; a timestamp has no length."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Interval:
    """A span of time; an end that is None is open, as is a property without a value."""

    start: "Instant | Name | None"
    end: "Instant | Name | None"


@dataclass(frozen=True, slots=True)
class Shape:
    """A geometry literal (shapely, 2D, OGC:CRS84)."""

    geometry: Any


@dataclass(frozen=True, slots=True)
class Reference:
    """The geometry of a feature that is named: ``FEATURE('districts', '05')``. Before a filter is evaluated a
    `Shape` takes its place (`catalog.cql.references`)."""

    layer: str
    """A layer's id, or its short name."""
    name: str
    """The feature's id, or its publisher's, which all pieces of one thing share."""


@dataclass(frozen=True, slots=True)
class Array:
    """Several elements, of whatever kinds."""

    items: "tuple[Node, ...]"

    @property
    def size(self) -> int:
        """Elements in it and in the arrays among them."""
        return sum(item.size if isinstance(item, Array) else 1 for item in self.items)


@dataclass(frozen=True, slots=True)
class Call:
    """An operator or function, by its name in the JSON encoding in lower case, and its operands."""

    op: str
    args: "tuple[Node, ...]"


Node = Name | Literal | Instant | Interval | Shape | Reference | Array | Call


def parts(node: Node) -> tuple[Node, ...]:
    """What a node is made of."""
    if isinstance(node, Call):
        return node.args
    if isinstance(node, Array):
        return node.items
    if isinstance(node, Interval):
        return tuple(end for end in (node.start, node.end) if end is not None)
    return ()


def mapped(node: Any, change: Callable[[Node], Node]) -> Any:
    """A tree in which `change` has been asked what stands in the place of each of its leaves."""
    if isinstance(node, Call):
        return Call(node.op, tuple(mapped(arg, change) for arg in node.args))
    if isinstance(node, Array):
        return Array(tuple(mapped(item, change) for item in node.items))
    if isinstance(node, Interval):
        return Interval(mapped(node.start, change), mapped(node.end, change))
    return node if node is None else change(node)


def names(node: Node) -> set[str]:
    """The properties that a tree reads."""
    own = {node.name} if isinstance(node, Name) else set()
    return own.union(*map(names, parts(node)))
