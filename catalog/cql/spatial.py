"""S_INTERSECTS and its siblings (OGC Simple Features), first over bounds, then over geometries."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog import deadline
from catalog.cql.rows import Rows
from catalog.cql.tree import SPATIAL, Call, Name, Node, Shape

_FIRST_WITHIN = {"s_within": "contains", "s_contains": "within"}
"""The same question with its operands swapped."""
Box = tuple[float, float, float, float]


def relate(op: str, left: Node, right: Node, rows: Rows) -> Any:
    """An Arrow array of truth values, or a scalar for two literals; null where there is no geometry."""
    import pyarrow as pa

    if isinstance(left, Shape) and isinstance(right, Shape):
        return pa.scalar(bool(_asked(op, np.array([left.geometry]), right.geometry)[0]))
    nowhere = np.isnan(rows.bounds[:, 0])
    if isinstance(left, Name) and isinstance(right, Name):
        return pa.array(_same(op, rows, ~nowhere), mask=nowhere)
    if isinstance(right, Shape):
        found = _against(op, _own(right.geometry), rows)
    else:
        assert isinstance(left, Shape)
        found = _against(op, _own(left.geometry), rows, swapped=True)
    return pa.array(found, mask=nowhere)


def reach(tree: Node) -> Box | None:
    """A box that everything the filter holds for meets; None if it may be anywhere."""
    if not isinstance(tree, Call):
        return None
    if tree.op == "and":
        boxes = [box for box in map(reach, tree.args) if box is not None]
        if not boxes:
            return None
        wests, souths, easts, norths = zip(*boxes, strict=True)
        return max(wests), max(souths), min(easts), min(norths)
    if tree.op in SPATIAL and tree.op != "s_disjoint" and isinstance(tree.args[0], Name | Shape):
        for one, other in (tree.args, tree.args[::-1]):
            if isinstance(one, Name) and isinstance(other, Shape):
                west, south, east, north = other.geometry.bounds
                return west, south, east, north
    return None


def _own(geometry: Any) -> Any:
    """A copy that is prepared. Trees and outlines are kept and shared by threads, and GEOS finishes what is
    prepared when it is first asked: two threads at once end the process."""
    import shapely

    found = shapely.from_wkb(shapely.to_wkb(geometry))
    shapely.prepare(found)
    return found


def _against(op: str, literal: Any, rows: Rows, swapped: bool = False) -> NDArray[np.bool_]:
    import shapely

    west, south, east, north = literal.bounds
    bounds = rows.bounds
    with np.errstate(invalid="ignore"):
        near = (
            (bounds[:, 0] <= east)
            & (bounds[:, 2] >= west)
            & (bounds[:, 1] <= north)
            & (bounds[:, 3] >= south)
        )
    if op == "s_disjoint":
        return ~_against("s_intersects", literal, rows)
    found: NDArray[np.bool_] = near.copy()
    if op == "s_intersects" and shapely.equals(literal, shapely.envelope(literal)):
        near &= ~(
            (bounds[:, 0] >= west)
            & (bounds[:, 2] <= east)
            & (bounds[:, 1] >= south)
            & (bounds[:, 3] <= north)
        )
    for places in _some(near):
        found[places] = _asked(op, rows.shapes(places), literal, swapped)
    return found


def _some(wanted: NDArray[np.bool_]) -> Iterator[NDArray[np.int64]]:
    """The places that are wanted, some at a time; `TooMuch` between them when the time is over."""
    places = np.flatnonzero(wanted)
    for start in range(0, len(places), deadline.AT_ONCE):
        deadline.check()
        yield places[start : start + deadline.AT_ONCE]


def _asked(op: str, shapes: NDArray[np.object_], literal: Any, swapped: bool = False) -> NDArray[np.bool_]:
    """Of geometries against a literal, which is prepared and therefore goes first."""
    name = op.removeprefix("s_")
    return _safely(name if swapped else _FIRST_WITHIN.get(op, name), literal, shapes)


def _same(op: str, rows: Rows, there: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Each geometry against itself."""
    found = np.zeros(len(rows), bool)
    for places in _some(there):
        shapes = rows.shapes(places)
        found[places] = _safely(op.removeprefix("s_"), shapes, shapes)
    return found


def _safely(name: str, left: Any, right: Any) -> NDArray[np.bool_]:
    """A predicate; where GEOS gives up because a source's outline crosses itself, of repaired ones."""
    import shapely

    try:
        return np.asarray(getattr(shapely, name)(left, right))
    except shapely.errors.GEOSException:
        return np.asarray(getattr(shapely, name)(shapely.make_valid(left), shapely.make_valid(right)))
