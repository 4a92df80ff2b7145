"""The tree of a filter: what both encodings of CQL2 become."""

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


Node = Name | Literal | Instant | Interval | Shape | Array | Call
