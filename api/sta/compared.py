"""Comparing and reckoning values of ``$filter``, whatever they are."""

from collections.abc import Callable
from datetime import date, time
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from api.sta.moment import Duration, Moment
from api.sta.tokens import start_of
from catalog.partitions import micros
from twin import times
from twin.errors import RequestError

_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "eq": eq,
    "ne": ne,
    "gt": gt,
    "ge": ge,
    "lt": lt,
    "le": le,
}


def moment(value: Any) -> Moment | None:
    """A time, or a text or a day that stands for one."""
    if isinstance(value, Moment):
        return value
    if isinstance(value, str):
        at = micros(times.parse(value))
        return Moment(at, at)
    return start_of(value) if isinstance(value, date) else None


def compare(name: str, one: Any, other: Any) -> bool:
    """Whether a comparison is true; of different kinds of values only ``ne`` is."""
    if one is None or other is None:
        return name in ("eq", "ne") and (one is other) is (name == "eq")
    if isinstance(one, Moment) or isinstance(other, Moment):
        a, b = moment(one), moment(other)
        if a is None or b is None:
            return name == "ne"
        if name in ("eq", "ne"):
            return _COMPARED[name](a, b)
        return _COMPARED[name](a.first, b.last) if name in ("gt", "ge") else _COMPARED[name](a.last, b.first)
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in (one, other))
    ordered = numbers or any(isinstance(one, k) and isinstance(other, k) for k in (str, date, time))
    if not ordered and not (isinstance(one, bool) and isinstance(other, bool) and name in ("eq", "ne")):
        return name == "ne"
    return _COMPARED[name](one, other)


def among(one: Any, others: Any) -> bool:
    """Whether a value is one of those of a list; nothing is among what is no list."""
    return isinstance(others, list) and any(compare("eq", one, other) for other in others)


def reckon(name: str, one: Any, other: Any) -> Any:
    """What arithmetic gives; None of nothing, and of what has no result."""
    if one is None or other is None:
        return None
    if name in ("add", "sub") and isinstance(other, Duration):
        sign = 1 if name == "add" else -1
        if isinstance(one, Duration):
            return Duration(one + sign * other)
        at = moment(one)
        if at is not None:
            return at.later(sign * other)
    if name == "sub" and isinstance(one, Moment) and isinstance(other, Moment):
        return Duration(one.first - other.first)
    spans = isinstance(one, Duration) + isinstance(other, Duration)
    if (name == "mul" and spans == 1) or (name == "div" and spans == 1 and isinstance(one, Duration)):
        return _longer(name, one, other)
    if not all(isinstance(v, int | float) and not isinstance(v, bool | Duration) for v in (one, other)):
        raise RequestError(f"{name} in $filter takes numbers, or a time and a duration'P1D'")
    if name in ("div", "mod") and other == 0:
        return None
    a, b = float(one), float(other)
    if name == "mod":
        return a - b * int(a / b) if abs(a / b) < 2**53 else None
    return {"add": a + b, "sub": a - b, "mul": a * b}[name] if name != "div" else a / b


def _longer(name: str, one: Any, other: Any) -> Duration | None:
    """So many times a length of time, or so small a part of it."""
    numbers = [v for v in (one, other) if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(numbers) != 2:
        raise RequestError(f"{name} in $filter takes numbers, or a number and a duration'P1D'")
    if name == "div" and other == 0:
        return None
    found = float(one) * float(other) if name == "mul" else float(one) / float(other)
    return Duration(round(found)) if abs(found) < 2**62 else None
