"""Comparing, reckoning and calling with columns: what `compared` and `functions` do, for many at once."""

import operator
from collections.abc import Callable
from datetime import date
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.sta import compared, geo, spans
from api.sta.columns import Column, Constant, Values, kind_of, of
from api.sta.functions import FUNCTIONS
from api.sta.moment import EVER, Duration, Moment
from catalog.partitions import DAY_US

_COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    name: getattr(operator, name) for name in ("eq", "ne", "gt", "ge", "lt", "le")
}
_FIRST, _LAST = 0, 1
_EXACT = 2.0**53
_UNITS = {"year": "Y", "month": "M", "day": "D", "hour": "h", "minute": "m", "second": "s"}
_WHOLE = {"floor": np.floor, "ceiling": np.ceil}


def compare(name: str, one: Values, other: Values) -> Values:
    """Whether a comparison is true of each."""
    if isinstance(one, Constant) and isinstance(other, Constant):
        return Constant(compared.compare(name, one.value, other.value))
    number = _number(one, other)
    one, other = _timely(one, other), _timely(other, one)
    first, second = _there(one, number), _there(other, number)
    both = first & second
    found = np.zeros(number, dtype=bool)
    if name in ("eq", "ne"):
        found[:] = (~first & ~second) if name == "eq" else (first != second)
    a, b = _some(one, both), _some(other, both)
    kinds = _kind(a), _kind(b)
    if "any" in kinds or "shape" in kinds or set(kinds) == {"moment", "text"}:
        found[both] = _one_by_one(name, a, b)
    elif kinds[0] != kinds[1] or (kinds[0] == "true" and name not in ("eq", "ne")):
        found[both] = name == "ne"
    elif kinds[0] == "moment":
        found[both] = _moments(name, _raw(a), _raw(b))
    else:
        found[both] = _COMPARED[name](_raw(a), _raw(b))
    return Column("true", found)


def reckon(name: str, one: Values, other: Values) -> Values:
    """What arithmetic gives for each."""
    if isinstance(one, Constant) and isinstance(other, Constant):
        return Constant(compared.reckon(name, one.value, other.value))
    number = _number(one, other)
    if isinstance(one, Column) and one.kind == "moment" and name in ("add", "sub"):
        by = other.value if isinstance(other, Constant) else None
        if isinstance(by, Duration):
            moved = one.values + (by if name == "add" else -by)
            return Column("moment", np.clip(moved, *EVER), one.there)
    if _kind(one) != "number" or _kind(other) != "number":
        return _each(lambda a, b: compared.reckon(name, a, b), one, other)
    there = _there(one, number) & _there(other, number)
    a, b = (np.asarray(_raw(value), np.float64) for value in (one, other))
    with np.errstate(all="ignore"):
        if name in ("div", "mod"):
            there = there & (b != 0)
            found = a / b
            if name == "mod":
                there = there & (np.abs(found) < _EXACT)
                found = a - b * np.trunc(found)
        else:
            found = {"add": np.add, "sub": np.subtract, "mul": np.multiply}[name](a, b)
    return Column("number", np.broadcast_to(found, number), there)


def among(one: Values, others: list[Values], number: int) -> Values:
    """Whether each is equal to one of several."""
    told = [other.value for other in others if isinstance(other, Constant)]
    rest = [other for other in others if isinstance(other, Column)]
    kinds = set(map(kind_of, told))
    if isinstance(one, Column) and not rest and kinds == {one.kind} and one.kind in ("number", "text"):
        if one.kind == "number":
            found = np.isin(one.values, told)
        else:
            found = np.fromiter(map(set(told).__contains__, one.values), bool, number)
        return Column("true", found & _there(one, number))
    found = np.zeros(number, dtype=bool)
    for other in others:
        found |= true(compare("eq", one, other), number)
    return Column("true", found)


def within(one: Values, lists: Values) -> Values:
    """Whether each is among those of its list."""
    if isinstance(one, Constant) and isinstance(lists, Constant):
        return Constant(compared.among(one.value, lists.value))
    return _each(compared.among, one, lists)


def call(name: str, parts: list[Values], number: int) -> Values:
    """What a function gives for each of `number`."""
    function = FUNCTIONS[name]
    constants = [part.value for part in parts if isinstance(part, Constant)]
    if len(constants) == len(parts):
        return Constant(function.call(*constants))
    if any(value is None for value in constants):
        return Constant(None) if name != "st_relate" else _each(function.call, *parts)
    kinds = [_kind(part) for part in parts]
    there = np.logical_and.reduce([_there(part, number) for part in parts])
    found: Any
    if function.plain is not None and set(kinds) == {"text"}:
        found = of(map(function.plain, *(_objects(_some(part, there)) for part in parts)))
    elif name in _UNITS and kinds == ["moment"]:
        found = Column("number", _unit(name, _raw(parts[0])[there, _FIRST]))
    elif name == "fractionalseconds" and kinds == ["moment"]:
        found = Column("number", _raw(parts[0])[there, _FIRST] % 1_000_000 / 1e6)
    elif name in _WHOLE and kinds == ["number"]:
        found = _whole(name, np.asarray(_raw(_some(parts[0], there)), np.float64))
    elif name in ("date", "time") and kinds == ["moment"]:
        found = _calendar(name, _raw(parts[0])[there, _FIRST])
    elif name in spans.RELATIONS and set(kinds) == {"moment"}:
        found = Column("true", spans.related(name, *(_raw(_some(part, there)) for part in parts)))
    elif name in geo.RELATIONS and _shapes(parts, kinds):
        shapes = (_raw(_some(part, there)) for part in parts)
        found = Column("true", geo.related(geo.RELATIONS[name], *shapes))
    elif name == "geo.distance" and _shapes(parts, kinds):
        found = Column("number", geo.distances(*(_raw(_some(part, there)) for part in parts)))
    else:
        return _each(function.call, *parts)
    return _spread(found, there)


def true(values: Values, number: int) -> NDArray[np.bool_]:
    """(n,) where something is true, and not only not false."""
    if isinstance(values, Constant):
        return np.full(number, values.value is True)
    if values.kind == "true":
        return values.values if values.there is None else values.values & values.there
    if values.kind == "any":
        return np.array([value is True for value in values.objects()], dtype=bool)
    return np.zeros(number, dtype=bool)


def _one_by_one(name: str, one: Values, other: Values) -> list[bool]:
    """A comparison of whatever they are; a value that stands there often (a day, a time of day) is compared
    with a constant once."""
    if isinstance(one, Column) and isinstance(other, Column):
        return list(map(compared.compare, repeat(name), _objects(one), _objects(other)))
    told = list(_objects(one if isinstance(one, Column) else other))
    once = {id(value): value for value in told}
    first, second = (
        once.values() if isinstance(part, Column) else repeat(part.value) for part in (one, other)
    )
    known = dict(zip(once, map(compared.compare, repeat(name), first, second), strict=True))
    return [known[id(value)] for value in told]


def _each(act: Callable[..., Any], *parts: Values) -> Column:
    """One by one, whatever the values are; one of `parts` at least is a column."""
    return of(map(act, *map(_objects, parts)))


def _spread(found: Column, there: NDArray[np.bool_]) -> Column:
    """Values for those that are there, as a column of all."""
    if there.all():
        return found
    values = np.zeros(len(there), found.values.dtype)
    values[there] = found.values
    if found.there is not None:
        there = there.copy()
        there[there] = found.there
    return Column(found.kind, values, there)


def _moments(name: str, one: Any, other: Any) -> NDArray[np.bool_]:
    one, other = (np.asarray(value, np.int64).reshape(-1, 2) for value in (one, other))
    found: NDArray[np.bool_]
    if name in ("eq", "ne"):
        same = (one[:, _FIRST] == other[:, _FIRST]) & (one[:, _LAST] == other[:, _LAST])
        found = same if name == "eq" else ~same
        return found
    ends = (_FIRST, _LAST) if name in ("gt", "ge") else (_LAST, _FIRST)
    found = _COMPARED[name](one[:, ends[0]], other[:, ends[1]])
    return found


def _unit(name: str, at: NDArray[np.int64]) -> NDArray[np.int64]:
    moments = at.view("datetime64[us]")
    if name == "year":
        return moments.astype("datetime64[Y]").astype(np.int64) + 1970
    upper = {"month": "Y", "day": "M", "hour": "D", "minute": "h", "second": "m"}[name]
    unit, start = _UNITS[name], name in ("month", "day")
    fine = moments.astype(f"datetime64[{unit}]")
    since = fine - fine.astype(f"datetime64[{upper}]").astype(f"datetime64[{unit}]")
    found: NDArray[np.int64] = since.astype(np.int64) + start
    return found


def _timely(values: Values, other: Values) -> Values:
    """What is compared with times, read once if it is the same for all."""
    if isinstance(values, Constant) and _kind(other) == "moment" and isinstance(values.value, str | date):
        return Constant(compared.moment(values.value))
    return values


def _whole(name: str, values: NDArray[np.float64]) -> Column:
    """Whole numbers; nothing of what is not finite."""
    there = np.isfinite(values)
    found = _WHOLE[name](np.where(there, values, 0))
    if (np.abs(found) < _EXACT).all():
        found = found.astype(np.int64)
    return Column("number", found, None if there.all() else there)


def _calendar(name: str, at: NDArray[np.int64]) -> Column:
    """Days or times of day, each made once."""
    once, which = np.unique(at // DAY_US * DAY_US if name == "date" else at % DAY_US, return_inverse=True)
    told = np.empty(len(once), object)
    told[:] = [FUNCTIONS[name].call(Moment(one, one)) for one in once.tolist()]
    return Column("any", told[which])


def _shapes(parts: list[Values], kinds: list[str]) -> bool:
    import shapely

    return all(
        kind == "shape" or (isinstance(part, Constant) and isinstance(part.value, shapely.Geometry))
        for part, kind in zip(parts, kinds, strict=True)
    )


def _kind(values: Values) -> str:
    return kind_of(values.value) if isinstance(values, Constant) else values.kind


def _number(one: Values, other: Values) -> int:
    return len(one) if isinstance(one, Column) else len(other) if isinstance(other, Column) else 0


def _there(values: Values, number: int) -> NDArray[np.bool_]:
    if isinstance(values, Constant):
        return np.full(number, values.value is not None)
    return np.ones(number, dtype=bool) if values.there is None else values.there


def _some(values: Values, there: NDArray[np.bool_]) -> Values:
    if isinstance(values, Constant) or there.all():
        return values
    return values.take(there)


def _raw(values: Values) -> Any:
    return values.value if isinstance(values, Constant) else values.values


def _objects(values: Values) -> Any:
    return repeat(values.value) if isinstance(values, Constant) else values.objects()
