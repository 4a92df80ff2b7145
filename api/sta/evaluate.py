"""Values of entities as filters and orders see them: times as instants, paths through links followed."""

from typing import Any

from api.sta import documents
from api.sta.model import KINDS
from api.sta.moment import Moment
from api.sta.stations import Station
from api.sta.streams import Stream
from api.sta.things import Entity, Reading
from api.sta.world import World
from catalog.partitions import micros
from twin.errors import RequestError


def get(world: World, entity: Entity, names: tuple[str, ...]) -> Any:
    """The value at the end of a path that the model has (see `names.check`); None if there is none.

    The path leads through links to one entity only.
    """
    name, *rest = names
    if name in KINDS[entity.kind].links:
        (one,) = world.follow(entity, name)
        return get(world, one, tuple(rest))
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
        at = micros(of.all.since)
        return Moment(at, at)
    if name == "name" and isinstance(of, Station):
        return of.name
    if name in ("location", "feature", "observedArea") and not rest:
        return (of.station if isinstance(of, Stream) else of).told["geometry"]
    value: Any = documents.properties(world, entity)[name]
    for inner in rest:
        value = value.get(inner) if isinstance(value, dict) else None
    return value


def ends(world: World, entity: Entity, names: tuple[str, ...]) -> list[Any]:
    """The values at the ends of a path that may lead to several entities, other than Observations."""
    entities = [entity]
    while entities and names[0] in KINDS[entities[0].kind].links:
        entities = [each for one in entities for each in world.follow(one, names[0])]
        world.spend("steps", len(entities))
        names = names[1:]
    return [get(world, each, names) for each in entities]


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
