"""Filters asked of many entities at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.sta import compared, cost, spans, vectors
from api.sta.columns import Column, Constant, Values, column
from api.sta.condition import Condition
from api.sta.functions import FUNCTIONS
from api.sta.groups import Group, Numbers, of_readings, one, ranges, several
from api.sta.model import KINDS, OBSERVATIONS
from api.sta.moment import Duration, Moment
from api.sta.names import several as leads_to_several
from api.sta.observations import Observations
from api.sta.plans import Start, conjuncts, plan, together
from api.sta.streams import Some, Streams
from api.sta.syntax import COMPARISONS, Node
from api.sta.world import World

Mask = NDArray[np.bool_]
_AT_ONCE = 8192
"""Entities that are looked at between two looks at the clock."""
_TURNED = {"eq": "eq", "ne": "ne", "gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}


class Filter:
    """A filter of entities of a kind, prepared."""

    def __init__(self, world: World, kind: str, node: Node) -> None:
        """`RequestError` if it leads to Observations on two ways."""
        self._world = world
        parts = node.parts if node.kind == "or" else ()
        self._either = [Filter(world, kind, part) for part in parts]
        self._choice = None if parts else _Choice(world, kind, node)

    def __call__(self, group: Group) -> Mask:
        """(n,) of which entities it is true: of which one choice among the several makes it true."""
        found = np.zeros(len(group), dtype=bool)
        for start in range(0, len(group), _AT_ONCE):
            self._world.hurry()
            found[start : start + _AT_ONCE] = self._some(group.take(slice(start, start + _AT_ONCE)))
        return found

    def _some(self, group: Group) -> Mask:
        if self._choice is not None:
            return self._choice.meeting(group)
        found = np.zeros(len(group), dtype=bool)
        for test in self._either:
            rest = np.flatnonzero(~found)
            found[rest] = test(group.take(rest))
        return found


def condition(world: World, node: Node | None) -> Condition:
    """A filter of Observations, taken apart."""
    found = Condition()
    kind = KINDS[OBSERVATIONS]
    parts = [] if node is None else conjuncts(node)
    same = [part for part in parts if any(leads_to_several(kind, path) for path in part.paths())]
    parts = [part for part in parts if part not in same]
    one_choice = together(same)  # the same choice has to make all of them true
    for part in parts if one_choice is None else [*parts, one_choice]:
        if not _simple(part, found):
            whole = {path[0] for path in part.paths() if path} <= {"Datastream", "FeatureOfInterest"}
            (found.stream if whole else found.rest).append(Filter(world, OBSERVATIONS, part))
    return found


def _simple(node: Node, found: Condition) -> bool:
    """Take a comparison of result or phenomenonTime with a constant; False if it is none."""
    if node.kind == "call" and node.value in spans.RELATIONS:
        return _lies(node, found)
    if node.kind not in COMPARISONS:
        return False
    left, right = node.parts
    operator = node.kind
    if right.kind == "path":
        left, right, operator = right, left, _TURNED[operator]
    if left.kind != "path" or right.paths() or not right.reckoned:
        return False
    value = _reckoned(right)
    number = isinstance(value, int | float) and not isinstance(value, bool | Duration)
    if left.value == ("result",) and number:
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


def _lies(node: Node, found: Condition) -> bool:
    """Take a relation of phenomenonTime to a constant, likewise."""
    own, other = node.parts
    if own.kind != "path" or own.value != ("phenomenonTime",) or other.paths() or not other.reckoned:
        return False
    value = _reckoned(other)
    bounds = spans.bounds(node.value, value) if isinstance(value, Moment) else None
    for operator, at in bounds or ():
        found.bound(operator, at)
    return bounds is not None


def _reckoned(node: Node) -> Any:
    """What comes of constants."""
    if node.kind == "value":
        return node.value
    parts = [_reckoned(part) for part in node.parts]
    return FUNCTIONS[node.value].call(*parts) if node.kind == "call" else compared.reckon(node.kind, *parts)


@dataclass(slots=True)
class _Bound:
    """Choices, (m,): for each what was asked, and what was chosen for each link to several."""

    asked: Numbers
    """(m,) place of the entity asked."""
    groups: dict[Start, Group]
    """(m,) each."""

    def take(self, which: Mask | Numbers) -> "_Bound":
        return _Bound(self.asked[which], {start: group.take(which) for start, group in self.groups.items()})

    def and_(self, start: Start, group: Group) -> "_Bound":
        return _Bound(self.asked, {**self.groups, start: group})


class _Choice:
    """Tries all choices among the entities to which a filter's links to several lead."""

    def __init__(self, world: World, kind: str, node: Node) -> None:
        self._world = world
        self._plan = plan(KINDS[kind], node)
        self._own = condition(world, together(self._plan.own))
        self._which: dict[Streams, Mask] | None = None
        self._kind = kind
        self._any: dict[int, Filter] = {}

    def meeting(self, group: Group) -> Mask:
        found = np.zeros(len(group), dtype=bool)
        found[self._from(0, _Bound(np.arange(len(group)), {(): group}))] = True
        return found

    def _from(self, slot: int, bound: _Bound) -> Numbers:
        """Places of those entities for which some choice from a slot on is right."""
        self._world.hurry()
        bound = self._right(slot, bound)
        slot += 1
        if slot == len(self._plan.starts) or not len(bound.asked):
            return bound.asked
        start = self._plan.starts[slot]
        parent = self._plan.start_of(start[:-1])
        group = bound.groups[parent]
        for name in start[len(parent) : -1]:
            group = one(self._world, group, name)
        if slot == len(self._plan.starts) - 1 and self._plan.watched:
            return bound.asked[self._observed(bound, group)]
        if start[-1] != "Datastreams":
            return self._from(slot, bound.and_(start, one(self._world, group, start[-1])))
        found = [np.empty(0, np.int64)]
        for chosen, of in several(self._world, group):
            self._world.spend("values", len(chosen))
            for first in range(0, len(chosen), _AT_ONCE):
                some = slice(first, first + _AT_ONCE)
                found.append(self._from(slot, bound.take(of[some]).and_(start, chosen.take(some))))
        return np.concatenate(found)

    def _right(self, slot: int, bound: _Bound) -> _Bound:
        for node in self._plan.tests[slot]:
            if len(bound.asked):
                bound = bound.take(self._true(bound, node))
        return bound

    def _observed(self, bound: _Bound, group: Group) -> Mask:
        """(m,) whether there is an Observation of each that makes the rest true."""
        found = np.zeros(len(group), dtype=bool)
        beneath = [(group, np.arange(len(group)))]
        if not isinstance(group.part, Streams):
            beneath = several(self._world, group)
        for streams, of in beneath:
            if self._plan.tests[-1]:
                for numbers, readings in self._readings(streams):
                    asked = bound.take(of[numbers]).and_(self._plan.starts[-1], readings)
                    asked.asked = of[numbers]
                    found[self._right(-1, asked).asked] = True
                continue
            if self._which is None:
                every = Observations(self._world, self._world.all_streams(), self._own)
                self._which = {some.streams: true for some, true in every.which()}
            found[of[self._which[streams.part][streams.rows]]] = True
        return found

    def _readings(self, streams: Group) -> Iterator[tuple[Numbers, Group]]:
        """Observations of streams, some at once, each with the place of its stream: of all places it has."""
        order = np.argsort(streams.rows, kind="stable")
        numbers = streams.rows[order]
        some = Some(streams.part, np.unique(numbers))
        for day in Observations(self._world, [some], self._own).days():
            for first in range(0, len(day), _AT_ONCE):
                self._world.hurry()
                for readings, _ in of_readings([some], day.take(slice(first, first + _AT_ONCE))):
                    starts = np.searchsorted(numbers, readings.part.values.number)
                    counts = np.searchsorted(numbers, readings.part.values.number, side="right") - starts
                    which = np.repeat(np.arange(len(readings)), counts)
                    yield order[ranges(starts, counts)], readings.take(which)

    def _true(self, bound: _Bound, node: Node) -> Mask:
        if node.kind == "any":  # it chooses for itself, from the entity asked
            if id(node) not in self._any:
                self._any[id(node)] = Filter(self._world, self._kind, node.parts[0])
            return self._any[id(node)](bound.groups[()])
        if node.kind == "not":
            return ~self._true(bound, node.parts[0])
        if node.kind in ("and", "or"):
            found = self._true(bound, node.parts[0])
            for part in node.parts[1:]:
                rest = np.flatnonzero(found if node.kind == "and" else ~found)
                found[rest] = self._true(bound.take(rest), part)
            return found
        return vectors.true(self._value(bound, node), len(bound.asked))

    def _value(self, bound: _Bound, node: Node) -> Values:
        if node.kind == "value":
            return Constant(node.value)
        if node.kind == "path":
            start = self._plan.start_of(node.value)
            self._world.reckon(cost.of_path(self._kind, node.value, len(bound.asked)))
            return column(self._world, bound.groups[start], node.value[len(start) :])
        if node.kind in ("and", "or", "not", "any"):
            return Column("true", self._true(bound, node))
        parts = [self._value(bound, part) for part in node.parts]
        number = len(bound.asked)
        self._world.reckon(cost.of_values(node.value if node.kind == "call" else node.kind, parts, number))
        if node.kind == "in":
            if node.value:
                return vectors.within(parts[0], parts[1])
            return vectors.among(parts[0], parts[1:], number)
        if node.kind == "call":
            return vectors.call(node.value, parts, number)
        return (vectors.compare if node.kind in COMPARISONS else vectors.reckon)(node.kind, *parts)
