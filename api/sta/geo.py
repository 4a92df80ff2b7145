"""Functions of places, in OGC:CRS84; lengths and distances are degrees in the plane, as with FROST."""

import re
from collections.abc import Callable
from typing import Any

from twin.errors import RequestError

_PATTERN = re.compile(r"[TF*012]{9}")


def relation(name: str) -> Callable[[Any, Any], Any]:
    """A function that tells whether two geometries are so, by the name of the relation in Simple Features."""

    def related(one: Any, other: Any) -> Any:
        return _ask(lambda a, b: getattr(a, name)(b), one, other)

    return related


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
    from shapely.errors import GEOSException

    shapes = _shape(one), _shape(other)
    if None in shapes:
        return None
    try:
        return question(*shapes)
    except GEOSException:
        raise RequestError("a geometry in $filter crosses itself; draw it without crossings") from None


def _shape(value: Any) -> Any:
    import shapely

    if isinstance(value, dict) and "coordinates" in value:
        return shapely.geometry.shape(value)
    if value is not None and not isinstance(value, shapely.Geometry):
        raise RequestError("a geo function in $filter takes locations, features and geography'POINT(…)'")
    return value
