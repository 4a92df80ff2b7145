"""Values of entities as filters and orders see them: times as instants, paths through links followed."""

from typing import Any

from api.sta import documents
from api.sta.model import KINDS
from api.sta.moment import Moment
from api.sta.things import Entity, Reading, Station, Stream
from api.sta.world import World
from catalog.partitions import micros
from twin.errors import RequestError


class Many(tuple[Any, ...]):
    """Values of several entities: something is true of them if it is true of one."""


def get(world: World, entity: Entity, names: tuple[str, ...]) -> Any:
    """The value at the end of a path that the model has (see `query.check`); None if there is none."""
    name, *rest = names
    link = KINDS[entity.kind].links.get(name)
    if link is not None:
        entities = world.follow(entity, name)
        world.spend("steps", len(entities))
        found = [get(world, each, tuple(rest)) for each in entities]
        if not link.many:
            return found[0] if found else None
        return Many(v for value in found for v in (value if isinstance(value, Many) else (value,)))
    of = entity.of
    if name in ("id", "@iot.id"):
        return entity.id
    if name in ("selfLink", "@iot.selfLink"):
        return world.service.url(documents.path(entity))
    if name == "phenomenonTime":
        return Moment(of.at, of.at) if isinstance(of, Reading) else Moment(of.span.first, of.span.last)
    if name == "result" and isinstance(of, Reading):
        return of.value
    if name == "time":
        at = micros(of.since)
        return Moment(at, at)
    if name == "name" and isinstance(of, Station):
        return of.name
    if name in ("location", "feature", "observedArea") and not rest:
        return (of.station if isinstance(of, Stream) else of).geometry
    value = documents.properties(world, entity)[name]
    for inner in rest:
        value = value.get(inner) if isinstance(value, dict) else None
    return value


def sortable(value: Any) -> tuple[int, Any]:
    """A key that orders whatever a property may be; nothing comes first."""
    if value is None:
        return 0, 0
    if isinstance(value, bool | int | float):
        return 1, value
    if isinstance(value, str):
        return 2, value
    if isinstance(value, Moment):
        return 3, tuple(value)
    raise RequestError("something in $orderby is not a number, a text or a time; order by a part of it")
