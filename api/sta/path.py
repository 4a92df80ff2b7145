"""Resource paths (OGC 18-088, section 9.2): from the sets to entities, links, properties and values."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from api.sta.model import KINDS, OBSERVATIONS, Kind
from api.sta.streams import Some, Stream
from api.sta.things import Entity
from api.sta.world import World
from twin.errors import NotFound, RequestError

_MOST = 2000
"""Characters of a path."""
_SEGMENT = re.compile(r"/?([A-Za-z@$._0-9]+)(?:\((?:'((?:[^']|'')*)'|(-?[0-9]{1,20}))\))?")


@dataclass(slots=True)
class Target:
    """What a path leads to: a set of entities, or one of them, or something of it."""

    kind: Kind
    many: bool
    entities: Sequence[Entity] = field(default_factory=list)
    """All of the set, other than Observations; else the one."""
    streams: list[Some] = field(default_factory=list)
    """Whose Observations the set has."""
    inside: tuple[str, ...] = ()
    """Names that lead into a property of the one."""
    raw: bool = False
    """``$value``."""
    ref: bool = False
    """``$ref``."""
    counted: bool = False
    """``$count``: how many the set has, alone."""


def resolve(world: World, path: str) -> Target:
    """Follow a path.

    Args:
        world: Where it leads through.
        path: What follows the service's root, unquoted, without the first slash.

    Raises:
        NotFound: there is no such set, link, property or entity; tells the nearest name.
        RequestError: the path cannot be read.
    """
    steps = _steps(path)
    name, key = steps[0]
    if name not in KINDS:
        raise NotFound(f"there is no entity set {name[:80]!r}; {_near(name, KINDS)}")
    target = _set(world, KINDS[name])
    if key is not None:
        target = _one(world, target, key, world.one(name, key))
    for name, key in steps[1:]:
        if target.raw or target.ref or target.counted or (target.inside and key is not None):
            raise NotFound(f"nothing follows at {name[:80]!r}; see the service root for what there is")
        target = _step(world, target, name, key)
    if target.raw and not target.inside:
        raise RequestError("$value follows a property; write for example Things('…')/name/$value")
    return target


def _steps(path: str) -> list[tuple[str, str | None]]:
    if len(path) > _MOST:
        raise RequestError(f"the path is too long; {_MOST} characters are the most")
    found: list[tuple[str, str | None]] = []
    place = 0
    while place < len(path):
        match = _SEGMENT.match(path, place)
        if match is None or (found and path[place] != "/"):
            raise RequestError("the path cannot be read; write for example Things('id')/Datastreams")
        text = match[2].replace("''", "'") if match[2] is not None else match[3]
        found.append((match[1], text))
        place = match.end()
    return found


def _set(world: World, kind: Kind) -> Target:
    if kind.name == OBSERVATIONS:
        return Target(kind, True, streams=world.all_streams())
    return Target(kind, True, world.members(kind.name))


def _one(world: World, within: Target, key: str, entity: Entity | None) -> Target:
    if entity is None:
        raise NotFound(
            f"{within.kind.name} has no entity of this id at this time; ask for {within.kind.name} without it"
        )
    return Target(within.kind, False, [entity])


def _step(world: World, target: Target, name: str, key: str | None) -> Target:
    kind = target.kind
    if name == "$ref" and not target.inside:
        target.ref = True
        return target
    if name == "$count" and target.many:
        target.counted = True
        return target
    if target.many:
        raise NotFound(
            f"one entity has {name[:80]!r}, not the whole set; write {kind.name}('id')/{name[:80]}"
        )
    (entity,) = target.entities
    if name == "$value":
        target.raw = True
        return target
    if target.inside:
        target.inside = (*target.inside, name)
        return target
    link = kind.links.get(name)
    if link is None:
        if name not in kind.properties or key is not None:
            raise NotFound(
                f"{kind.name} has no {name[:80]!r}; {_near(name, [*kind.properties, *kind.links])}"
            )
        target.inside = (name,)
        return target
    to = KINDS[link.target]
    if to.name == OBSERVATIONS:
        found = Target(to, True, streams=world.beneath(entity))
        if key is None:
            return found
        one = world.one(to.name, key)
        return _one(world, found, key, one if one and _has(found.streams, one.of.stream) else None)
    found = Target(to, link.many, world.follow(entity, name))
    if key is None:
        return found
    return _one(world, found, key, next((e for e in found.entities if e.id == key), None))


def _has(parts: list[Some], stream: Stream) -> bool:
    return any(some.streams is stream.all and stream.number in some.all_numbers() for some in parts)


def _near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name[:200], list(known), 1)
    return f"did you mean {near[0]!r}?" if near else f"it has: {', '.join(known)}"
