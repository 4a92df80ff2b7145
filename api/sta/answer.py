"""Answers as documents: entities with their links, sets with count and next page, expanded as asked."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

from api.sta import compiled, data_array, documents, ordering
from api.sta.model import KINDS, OBSERVATIONS, Kind
from api.sta.observations import Observations
from api.sta.query import BY_TIME, Options
from api.sta.streams import Some
from api.sta.things import Entity
from api.sta.world import World
from twin import times


class Answer:
    """Writes documents for one request."""

    def __init__(self, world: World) -> None:
        """Every link keeps the world's instant."""
        self._world = world
        self._kept = "" if world.at is None else f"?datetime={quote(times.iso(world.at), safe=':')}"

    def entity(self, entity: Entity, options: Options) -> dict[str, Any]:
        """One entity."""
        self._world.spend("entities", 1)
        kind, asked = KINDS[entity.kind], options.select
        own = documents.path(entity)
        address = self._world.service.url(own)
        found: dict[str, Any] = {}
        if asked is None or asked & {"id", "@iot.id"}:
            found["@iot.id"] = entity.id
        if asked is None or asked & {"selfLink", "@iot.selfLink"}:
            found["@iot.selfLink"] = f"{address}{self._kept}"
        for name, value in documents.properties(self._world, entity).items():
            if asked is None or name in asked:
                found[name] = value
        for name, link in kind.links.items():
            nested = options.expand.get(name)
            if nested is None:
                if asked is None or name in asked:
                    found[f"{name}@iot.navigationLink"] = f"{address}/{name}{self._kept}"
                continue
            target = KINDS[link.target]
            path = f"{own}/{name}"
            if link.many and target.name == OBSERVATIONS:
                told = self.observations(self._world.beneath(entity), nested, path)
            elif link.many:
                told = self.set(target, self._world.follow(entity, name), nested, path)
            else:
                (one,) = self._world.follow(entity, name)
                found[name] = self.entity(one, nested)
                continue
            found.update({f"{name}{key}" if key != "value" else name: part for key, part in told.items()})
        return found

    def set(self, kind: Kind, entities: Sequence[Entity], options: Options, path: str) -> dict[str, Any]:
        """A set other than of Observations; `path` is its address within the service."""
        if options.filter is not None:
            self._world.spend("steps", len(entities) * options.filter.size)
            test = compiled.test(self._world, kind, options.filter)
            entities = [entity for entity in entities if test(entity)]
        total = len(entities)
        for names, largest_first in reversed(options.orderby):
            self._world.spend("steps", total)
            key = ordering.key(self._world, kind, names, largest_first)
            keys = [key(entity) for entity in entities]
            places = sorted(range(total), key=keys.__getitem__, reverse=largest_first)
            entities = [entities[place] for place in places]
        page = entities[options.skip : options.skip + options.top]
        more = options.top > 0 and options.skip + len(page) < total
        values = kind.name == "Datastreams" or bool(options.expand)
        following = {"$skip": str(options.skip + options.top)} if more else None
        return self._framed([self.entity(e, options) for e in page], total, following, options, path, values)

    def observations(self, parts: list[Some], options: Options, path: str) -> dict[str, Any]:
        """Observations of some streams."""
        condition = compiled.condition(self._world, options.filter)
        found = Observations(self._world, parts, condition)
        readings, more = found.page(options)
        total = found.count() if options.count else 0
        page = (
            data_array.tables(self._world, readings, options, self._kept)
            if options.array
            else [self.entity(Entity(OBSERVATIONS, reading), options) for reading in readings]
        )
        following = None
        if more:
            by_time = len(options.orderby) <= 1 and (options.orderby or BY_TIME)[0][0] == ("phenomenonTime",)
            skip = str(options.skip + options.top)
            following = {"$skiptoken": readings[-1].id} if by_time else {"$skip": skip}
        return self._framed(page, total, following, options, path, True)

    def _framed(
        self,
        page: list[Any],
        total: int,
        following: dict[str, str] | None,
        options: Options,
        path: str,
        values: bool,
    ) -> dict[str, Any]:
        """A page with its count and the link to the next one, which `following` tells apart from this."""
        found: dict[str, Any] = {"@iot.count": total} if options.count else {}
        if following is not None:
            # the instant stays the same from page to page, whatever is published meanwhile
            kept = {name: text for name, text in options.given.items() if name not in ("$skip", "$skiptoken")}
            query = {**kept, **following, "datetime": times.iso(self._world.pin(values))}
            text = urlencode(query, quote_via=quote, safe="$'(),;:/=")
            found["@iot.nextLink"] = self._world.service.url(f"{path}?{text}")
        return {**found, "value": page}
