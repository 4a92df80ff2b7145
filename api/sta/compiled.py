"""A filter's tree as something that can be asked of entities."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.sta import compared, evaluate
from api.sta.condition import Condition, Test
from api.sta.functions import FUNCTIONS
from api.sta.model import KINDS, OBSERVATIONS, Kind
from api.sta.moment import Duration
from api.sta.names import several
from api.sta.observations import Observations
from api.sta.streams import Streams
from api.sta.syntax import COMPARISONS, Node
from api.sta.things import Entity
from api.sta.world import World
from twin.errors import RequestError

Bound = list[Entity | None]
"""The entity asked, and one for each link to several that the filter leads through."""
Value = Callable[[Bound], Any]

_TURNED = {"eq": "eq", "ne": "ne", "gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}


def test(world: World, kind: Kind, node: Node) -> Test:
    """Whether a filter is true of an entity: whether one choice among the several makes it true."""
    if node.kind == "or":
        tests = [test(world, kind, part) for part in node.parts]
        return lambda entity: any(one(entity) for one in tests)
    return Choice(world, kind, node).meets


def condition(world: World, node: Node | None) -> Condition:
    """A filter of Observations, taken apart."""
    found = Condition()
    kind = KINDS[OBSERVATIONS]
    parts = [] if node is None else _conjuncts(node)
    together = [part for part in parts if any(several(kind, path) for path in part.paths())]
    parts = [part for part in parts if part not in together]
    if together:  # the same choice has to make all of them true
        parts.append(Node("and", None, tuple(together)) if len(together) > 1 else together[0])
    for part in parts:
        if not _simple(world, part, found):
            heads = {path[0] for path in part.paths()}
            whole = heads <= {"Datastream", "FeatureOfInterest"}
            (found.stream if whole else found.rest).append(test(world, kind, part))
            found.weight += 0 if whole else part.size
    return found


class Choice:
    """Tries the entities to which a filter's links to several lead, one after the other."""

    def __init__(self, world: World, kind: Kind, node: Node) -> None:
        """Take a filter apart; `RequestError` if it leads to Observations on two ways."""
        self._world = world
        self._kind = kind
        beginnings = {start for path in node.paths() for start in several(kind, path)}
        self._watched = [start for start in beginnings if KINDS[self._target(start)].name == OBSERVATIONS]
        if len(self._watched) > 1:
            raise RequestError(
                "$filter leads to Observations by more than one path; lead all of it by the same one"
            )
        self._starts = [
            (),
            *sorted((s for s in beginnings if s not in self._watched), key=lambda s: (len(s), s)),
            *self._watched,
        ]
        self._tests: list[list[Value]] = [[] for _ in self._starts]
        own = []
        for part in _conjuncts(node):
            slots = {self._slot(path) for path in part.paths()} or {0}
            if self._watched and slots == {len(self._starts) - 1}:
                own.append(part.leads(len(self._watched[0])))
            else:
                self._tests[max(slots)].append(_compile(world, part, self._slot, self._starts))
        self._which: dict[Streams, NDArray[np.bool_]] | None = None
        self._own = condition(world, _all(own)) if own else Condition()

    def meets(self, entity: Entity) -> bool:
        """Whether it is true of an entity."""
        return self._from(0, [entity, *[None] * (len(self._starts) - 1)])

    def _target(self, start: tuple[str, ...]) -> str:
        kind = self._kind
        for name in start:
            kind = KINDS[kind.links[name].target]
        return kind.name

    def _slot(self, path: tuple[str, ...]) -> int:
        """The longest beginning of a path that is chosen."""
        fit = [number for number, start in enumerate(self._starts) if path[: len(start)] == start]
        return max(fit, key=lambda number: len(self._starts[number]))

    def _from(self, slot: int, bound: Bound) -> bool:
        """Whether some choice from a slot on is right, those before being made."""
        self._world.hurry()
        if not all(_true(one(bound)) for one in self._tests[slot]):
            return False
        slot += 1
        if slot == len(self._starts):
            return True
        if slot == len(self._starts) - 1 and self._watched:
            return self._observed(slot, bound)
        for one in self._lead(slot, bound):
            bound[slot] = one
            if self._from(slot, bound):
                return True
        return False

    def _lead(self, slot: int, bound: Bound) -> list[Entity]:
        """What can be chosen."""
        parent = self._slot(self._starts[slot][:-1])
        entities = [one for one in (bound[parent],) if one is not None]
        for name in self._starts[slot][len(self._starts[parent]) :]:
            entities = [each for one in entities for each in self._world.follow(one, name)]
        self._world.spend("steps", len(entities))
        return entities

    def _observed(self, slot: int, bound: Bound) -> bool:
        """Whether there is an Observation that makes the rest true."""
        parent = self._slot(self._starts[slot][:-1])
        entity = bound[parent]
        for name in self._starts[slot][len(self._starts[parent]) : -1]:
            if entity is not None:
                (entity,) = self._world.follow(entity, name)
        parts = [] if entity is None else self._world.beneath(entity)
        if not self._tests[slot]:
            if self._which is None:
                every = Observations(self._world, self._world.all_streams(), self._own)
                self._which = {some.streams: true for some, true in every.which()}
            return any(bool(self._which[some.streams][some.all_numbers()].any()) for some in parts)

        def right(reading: Entity) -> bool:
            return all(_true(one([*bound[:slot], reading])) for one in self._tests[slot])

        asked = replace(self._own, rest=[*self._own.rest, right])
        asked.weight += sum(1 for _ in self._tests[slot])
        return Observations(self._world, parts, asked).any()


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
    value = _compile(world, right)([])
    if (
        left.value == ("result",)
        and isinstance(value, int | float)
        and not isinstance(value, bool | Duration)
    ):
        found.results.append((operator, value))
        return True
    at = compared.moment(value) if left.value == ("phenomenonTime",) else None
    if at is not None and operator != "ne":
        if at.first == at.last:
            found.bound(operator, at.first)
            return True
        if operator != "eq":
            found.bound(operator, at.last if operator in ("gt", "ge") else at.first)
            return True
    return False


def _all(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Node("and", None, tuple(parts))


def _compile(
    world: World,
    node: Node,
    slot_of: Callable[[tuple[str, ...]], int] = lambda path: 0,
    starts: Sequence[tuple[str, ...]] = ((),),
) -> Value:
    if node.kind == "value":
        value = node.value
        return lambda bound: value
    if node.kind == "path":
        slot = slot_of(node.value)
        names = node.value[len(starts[slot]) :]

        def ask(bound: Bound) -> Any:
            entity = bound[slot]
            return None if entity is None else evaluate.get(world, entity, names)

        return ask
    parts = [_compile(world, part, slot_of, starts) for part in node.parts]
    if node.kind == "call":
        call = FUNCTIONS[node.value].call
        return lambda bound: call(*(part(bound) for part in parts))
    if node.kind == "not":
        return lambda bound: not _true(parts[0](bound))
    if node.kind == "and":
        return lambda bound: all(_true(part(bound)) for part in parts)
    left, right = parts
    if node.kind == "or":
        return lambda bound: _true(left(bound)) or _true(right(bound))
    name = node.kind
    act = compared.compare if name in COMPARISONS else compared.reckon
    return lambda bound: act(name, left(bound), right(bound))


def _true(value: Any) -> bool:
    return value is True
