"""Functions of places, in OGC:CRS84; lengths and distances are degrees in the plane, as with FROST."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import RequestError

RELATIONS = {
    **{
        f"st_{name}": name
        for name in (
            "equals",
            "disjoint",
            "touches",
            "within",
            "overlaps",
            "crosses",
            "intersects",
            "contains",
        )
    },
    "geo.intersects": "intersects",
}
"""Function → the name of the relation in Simple Features."""
_TURNED = {"within": "contains", "contains": "within"}
_PATTERN = re.compile(r"[TF*012]{9}")


def relation(name: str) -> Callable[[Any, Any], Any]:
    """A function that tells whether two geometries are so, by the name of the relation in Simple Features."""

    def asked(one: Any, other: Any) -> Any:
        return _ask(lambda a, b: getattr(a, name)(b), one, other)

    return asked


def related(name: str, one: Any, other: Any) -> NDArray[np.bool_]:
    """Whether geometries are so: (n,) of them, or one for all, on each side."""
    import shapely

    if isinstance(other, shapely.Geometry):  # what is prepared stands first
        name, one, other = _TURNED.get(name, name), other, one
    if isinstance(one, shapely.Geometry) and shapely.is_valid(one):
        shapely.prepare(one)
    found: NDArray[np.bool_] = _many(lambda: getattr(shapely, name)(one, other))
    return found


def distances(one: Any, other: Any) -> NDArray[np.float64]:
    """Between the nearest points, likewise."""
    import shapely

    found: NDArray[np.float64] = _many(lambda: shapely.distance(one, other))
    return found


def distance(one: Any, other: Any) -> Any:
    """Between the nearest points."""
    return _ask(lambda a, b: a.distance(b), one, other)


def length(one: Any) -> Any:
    """Of a line, or around an area."""
    return _ask(lambda a, _: a.length, one, one)


def relate(one: Any, other: Any, pattern: Any) -> Any:
    """Whether two geometries are as a DE-9IM pattern says."""
    if not isinstance(pattern, str) or not _PATTERN.fullmatch(pattern):
        raise RequestError("st_relate takes a pattern of nine of T, F, *, 0, 1 and 2")
    return _ask(lambda a, b: a.relate_pattern(b, pattern), one, other)


def _ask(question: Callable[[Any, Any], Any], one: Any, other: Any) -> Any:
    shapes = _shape(one), _shape(other)
    return None if None in shapes else _many(lambda: question(*shapes))


def _many(question: Callable[[], Any]) -> Any:
    from shapely.errors import GEOSException

    try:
        with np.errstate(all="ignore"):  # what lies too far away to be reckoned with
            return question()
    except GEOSException:
        raise RequestError("a geometry in $filter crosses itself; draw it without crossings") from None


def _shape(value: Any) -> Any:
    import shapely

    if isinstance(value, dict) and "coordinates" in value:
        return shapely.geometry.shape(value)
    if value is not None and not isinstance(value, shapely.Geometry):
        raise RequestError("a geo function in $filter takes locations, features and geography'POINT(…)'")
    return value
