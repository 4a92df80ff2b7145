"""A filter's tree as something that can be asked of entities."""

from collections.abc import Callable
from datetime import date, time
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from api.sta import evaluate
from api.sta.condition import Condition, Test
from api.sta.evaluate import Many
from api.sta.functions import FUNCTIONS
from api.sta.moment import Duration, Moment
from api.sta.syntax import COMPARISONS, Node
from api.sta.things import Entity
from api.sta.tokens import start_of
from api.sta.world import World
from catalog.partitions import micros
from twin import times
from twin.errors import RequestError

Value = Callable[[Entity], Any]

_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "eq": eq,
    "ne": ne,
    "gt": gt,
    "ge": ge,
    "lt": lt,
    "le": le,
}
_TURNED = {"eq": "eq", "ne": "ne", "gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}


def test(world: World, node: Node) -> Test:
    """Whether a filter is true of an entity."""
    value = _compile(world, node)
    return lambda entity: _true(value(entity))


def condition(world: World, node: Node | None) -> Condition:
    """A filter of Observations, taken apart."""
    found = Condition()
    for part in [] if node is None else _conjuncts(node):
        if not _simple(world, part, found):
            heads = {path[0] for path in part.paths()}
            whole = heads <= {"Datastream", "FeatureOfInterest"}
            (found.stream if whole else found.rest).append(test(world, part))
            found.weight += 0 if whole else part.size
    return found


def _conjuncts(node: Node) -> list[Node]:
    if node.kind != "and":
        return [node]
    return [inner for part in node.parts for inner in _conjuncts(part)]


def _simple(world: World, node: Node, found: Condition) -> bool:
    """Take a comparison of result or phenomenonTime with a constant; False if it is none."""
    if node.kind not in COMPARISONS:
        return False
    left, right = node.parts
    operator = node.kind
    if right.kind == "path":
        left, right, operator = right, left, _TURNED[operator]
    if left.kind != "path" or right.paths():
        return False
    value = _compile(world, right)(Entity("", None))
    if (
        left.value == ("result",)
        and isinstance(value, int | float)
        and not isinstance(value, bool | Duration)
    ):
        found.results.append((operator, value))
        return True
    moment = _moment(value) if left.value == ("phenomenonTime",) else None
    if moment is not None and operator != "ne":
        if moment.first == moment.last:
            found.bound(operator, moment.first)
            return True
        if operator != "eq":
            found.bound(operator, moment.last if operator in ("gt", "ge") else moment.first)
            return True
    return False


def _compile(world: World, node: Node) -> Value:
    if node.kind == "value":
        value = node.value
        return lambda entity: value
    if node.kind == "path":
        names = node.value
        return lambda entity: evaluate.get(world, entity, names)
    parts = [_compile(world, part) for part in node.parts]
    if node.kind == "call":
        call = FUNCTIONS[node.value].call
        return lambda entity: _spread(world, call, [part(entity) for part in parts])
    if node.kind == "not":
        return lambda entity: not _true(parts[0](entity))
    left, right = parts
    if node.kind == "and":
        return lambda entity: _true(left(entity)) and _true(right(entity))
    if node.kind == "or":
        return lambda entity: _true(left(entity)) or _true(right(entity))
    name = node.kind
    act = _compare if name in COMPARISONS else _reckon
    return lambda entity: _spread(world, lambda a, b: act(name, a, b), [left(entity), right(entity)])


def _spread(world: World, call: Callable[..., Any], values: list[Any]) -> Any:
    """Call; with each of several values where one of them stands for many."""
    for place, value in enumerate(values):
        if isinstance(value, Many):
            world.spend("steps", len(value))
            rest = values[place + 1 :]
            return Many(_spread(world, call, [*values[:place], each, *rest]) for each in value)
    return call(*values)


def _true(value: Any) -> bool:
    if isinstance(value, Many):
        return any(_true(each) for each in value)
    return value is True


def _moment(value: Any) -> Moment | None:
    """A time, or a text or a day that stands for one."""
    if isinstance(value, Moment):
        return value
    if isinstance(value, str):
        at = micros(times.parse(value))
        return Moment(at, at)
    return start_of(value) if isinstance(value, date) else None


def _compare(name: str, one: Any, other: Any) -> bool:
    if one is None or other is None:
        return name in ("eq", "ne") and (one is other) is (name == "eq")
    if isinstance(one, Moment) or isinstance(other, Moment):
        a, b = _moment(one), _moment(other)
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


def _reckon(name: str, one: Any, other: Any) -> Any:
    if one is None or other is None:
        return None
    if name in ("add", "sub") and isinstance(other, Duration):
        sign = 1 if name == "add" else -1
        if isinstance(one, Duration):
            return Duration(one + sign * other)
        moment = _moment(one)
        if moment is not None:
            return moment.later(sign * other)
    if not all(isinstance(v, int | float) and not isinstance(v, bool | Duration) for v in (one, other)):
        raise RequestError(f"{name} in $filter takes numbers, or a time and a duration'P1D'")
    if name in ("div", "mod") and other == 0:
        return None
    a, b = float(one), float(other)
    if name == "mod":
        return a - b * int(a / b) if abs(a / b) < 2**53 else None
    return {"add": a + b, "sub": a - b, "mul": a * b}[name] if name != "div" else a / b
