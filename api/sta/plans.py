"""A filter taken apart: which entities have to be chosen for it, and what is asked of which choice."""

from dataclasses import dataclass

from api.sta.model import KINDS, OBSERVATIONS, Kind
from api.sta.names import several
from api.sta.syntax import Node
from twin.errors import RequestError

Start = tuple[str, ...]
"""The beginning of a path, as far as a link to several."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a filter asks, choice by choice."""

    starts: list[Start]
    """Of what has to be chosen, each after what it begins with; the first is the entity asked."""
    tests: list[list[Node]]
    """For each of `starts`: what can be asked as soon as it is chosen."""
    watched: bool
    """Whether the last of them leads to Observations."""
    own: list[Node]
    """What is asked of these Observations alone; their paths begin there."""

    def start_of(self, path: Start) -> Start:
        """The longest beginning of a path that is chosen."""
        return max((start for start in self.starts if path[: len(start)] == start), key=len)


def plan(kind: Kind, node: Node) -> Plan:
    """Take a filter apart; `RequestError` if it leads to Observations on two ways."""
    beginnings = {start for path in node.paths() for start in several(kind, path)}
    watched = [start for start in beginnings if _target(kind, start) == OBSERVATIONS]
    if len(watched) > 1:
        raise RequestError(
            "$filter leads to Observations by more than one path; lead all of it by the same one"
        )
    others = sorted((start for start in beginnings if start not in watched), key=lambda s: (len(s), s))
    found = Plan([(), *others, *watched], [[] for _ in range(1 + len(beginnings))], bool(watched), [])
    for part in conjuncts(node):
        places = {found.starts.index(found.start_of(path)) for path in part.paths()} or {0}
        if watched and places == {len(found.starts) - 1}:
            found.own.append(part.leads(len(watched[0])))
        else:
            found.tests[max(places)].append(part)
    return found


def conjuncts(node: Node) -> list[Node]:
    """What has to be true all together."""
    if node.kind != "and":
        return [node]
    return [inner for part in node.parts for inner in conjuncts(part)]


def together(parts: list[Node]) -> Node | None:
    """One filter of several; None if there are none."""
    if len(parts) < 2:
        return parts[0] if parts else None
    return Node("and", None, tuple(parts))


def _target(kind: Kind, start: Start) -> str:
    for name in start:
        kind = KINDS[kind.links[name].target]
    return kind.name
