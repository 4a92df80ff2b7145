"""Functions of ``$filter`` (OGC 18-088, table 23; OData 4.0, section 5.1.1.4): a closed table."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from api.sta import geo, spans
from api.sta.moment import Moment
from catalog.partitions import instant, micros
from twin import times
from twin.errors import RequestError


@dataclass(frozen=True, slots=True)
class Function:
    """What is called, and with how many values."""

    call: Callable[..., Any]
    least: int
    most: int
    true_or_false: bool = False
    plain: Callable[..., Any] | None = None
    """The same for texts that are known to be texts."""


def _of(kind: Any, words: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """The same for checked values: nothing gives nothing, the wrong kind is refused."""

    def checked(*values: Any) -> Any:
        if any(value is None for value in values):
            return None
        for value in values:
            if not isinstance(value, kind) or isinstance(value, bool):
                raise RequestError(f"a function in $filter has something else than {words}")
        return call(*values)

    return checked


def _texts(call: Callable[..., Any], number: int, true_or_false: bool = False) -> Function:
    return Function(_of(str, "a text", call), number, number, true_or_false, call)


def _number(call: Callable[..., Any]) -> Callable[..., Any]:
    def finite(value: float) -> Any:
        return call(value) if math.isfinite(value) else None

    return _of(int | float, "a number", finite)


def _time(call: Callable[[datetime], Any]) -> Callable[..., Any]:
    return _of(Moment, "a time", lambda moment: call(instant(moment.first)))


def _substring(text: Any, start: Any, length: Any = 4096) -> Any:
    if text is None or start is None or length is None:
        return None
    if not isinstance(text, str) or not all(isinstance(n, int) and 0 <= n <= 4096 for n in (start, length)):
        raise RequestError("substring takes a text and whole numbers from 0 on")
    return text[start : start + length]


def _at(value: datetime) -> Moment:
    found = micros(value)
    return Moment(found, found)


def _round(value: float) -> float:
    return math.copysign(math.floor(abs(value) + 0.5), value)


_SPANS = {name: Function(spans.relation(name), 2, 2, True) for name in spans.RELATIONS}
_SHAPES = {name: Function(geo.relation(shape), 2, 2, True) for name, shape in geo.RELATIONS.items()}
FUNCTIONS = MappingProxyType(
    {
        "substringof": _texts(lambda part, text: part in text, 2, True),
        "contains": _texts(lambda text, part: part in text, 2, True),
        "startswith": _texts(str.startswith, 2, True),
        "endswith": _texts(str.endswith, 2, True),
        "length": _texts(len, 1),
        "indexof": _texts(str.find, 2),
        "substring": Function(_substring, 2, 3),
        "tolower": _texts(str.lower, 1),
        "toupper": _texts(str.upper, 1),
        "trim": _texts(str.strip, 1),
        "concat": _texts(lambda one, other: one + other, 2),
        "year": Function(_time(lambda t: t.year), 1, 1),
        "month": Function(_time(lambda t: t.month), 1, 1),
        "day": Function(_time(lambda t: t.day), 1, 1),
        "hour": Function(_time(lambda t: t.hour), 1, 1),
        "minute": Function(_time(lambda t: t.minute), 1, 1),
        "second": Function(_time(lambda t: t.second), 1, 1),
        "fractionalseconds": Function(_time(lambda t: t.microsecond / 1e6), 1, 1),
        "date": Function(_time(lambda t: t.date()), 1, 1),
        "time": Function(_time(lambda t: t.time()), 1, 1),
        "totaloffsetminutes": Function(_time(lambda t: 0), 1, 1),
        "now": Function(lambda: _at(times.now()), 0, 0),
        "mindatetime": Function(lambda: _at(datetime.min.replace(tzinfo=UTC)), 0, 0),
        "maxdatetime": Function(lambda: _at(datetime.max.replace(tzinfo=UTC)), 0, 0),
        **_SPANS,
        "round": Function(_number(_round), 1, 1),
        "floor": Function(_number(math.floor), 1, 1),
        "ceiling": Function(_number(math.ceil), 1, 1),
        "geo.distance": Function(geo.distance, 2, 2),
        "geo.length": Function(geo.length, 1, 1),
        **_SHAPES,
        "st_relate": Function(geo.relate, 3, 3, True),
    }
)
"""Name → function. Times are told in UTC."""
