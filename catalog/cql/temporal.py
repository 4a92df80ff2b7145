"""T_AFTER and its siblings (Allen's relations) over instants and intervals, in microseconds."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog.cql.rows import NO_TIME, Rows
from catalog.cql.tree import Instant, Interval, Name, Node

_BEGIN, _END = -(2**62), 2**62
"""Open ends."""
_FLIPPED = {
    "t_before": "t_after",
    "t_during": "t_contains",
    "t_finishes": "t_finishedby",
    "t_meets": "t_metby",
    "t_overlaps": "t_overlappedby",
    "t_starts": "t_startedby",
}
"""Relations that are another one with its operands swapped."""


def relate(op: str, left: Node, right: Node, rows: Rows) -> Any:
    """An Arrow array of truth values; null where a property that is an instant has no value."""
    import pyarrow as pa

    (s1, e1), (s2, e2) = _span(left, rows), _span(right, rows)
    unknown = np.zeros(len(rows), bool)
    for side in (left, right):
        if isinstance(side, Name):
            unknown |= rows.times(side.name) == NO_TIME
    if op in _FLIPPED:
        op, s1, e1, s2, e2 = _FLIPPED[op], s2, e2, s1, e1
    found = np.broadcast_to(_related(op, s1, e1, s2, e2), len(rows))
    return pa.array(found, mask=unknown)


def _related(op: str, s1: Any, e1: Any, s2: Any, e2: Any) -> Any:
    match op:
        case "t_after":
            return s1 > e2
        case "t_contains":
            return (s1 < s2) & (e1 > e2)
        case "t_disjoint":
            return (e1 < s2) | (s1 > e2)
        case "t_equals":
            return (s1 == s2) & (e1 == e2)
        case "t_finishedby":
            return (s1 < s2) & (e1 == e2)
        case "t_intersects":
            return (s1 <= e2) & (e1 >= s2)
        case "t_metby":
            return s1 == e2
        case "t_overlappedby":
            return (s1 > s2) & (s1 < e2) & (e1 > e2)
    return (s1 == s2) & (e1 > e2)  # started by


def _span(node: Node, rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Begin and end: of each row, or one for all."""
    if isinstance(node, Name):
        found = rows.times(node.name)
        return found, found
    if isinstance(node, Instant):
        return np.array([node.start]), np.array([node.end])
    assert isinstance(node, Interval)
    return _end(node.start, rows, _BEGIN, False), _end(node.end, rows, _END, True)


def _end(node: Instant | Name | None, rows: Rows, without: int, last: bool) -> NDArray[np.int64]:
    if node is None:
        return np.array([without])
    if isinstance(node, Instant):
        return np.array([node.end if last else node.start])
    found = rows.times(node.name)
    return np.where(found == NO_TIME, without, found)
