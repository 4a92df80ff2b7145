"""Answers as documents: entities with their links, sets with count and next page, expanded as asked."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

from api import params
from api.sta import compiled, data_array, documents, ordering
from api.sta.condition import Condition
from api.sta.model import KINDS, OBSERVATIONS, Kind
from api.sta.observations import Observations
from api.sta.query import BY_TIME, Options
from api.sta.streams import Some
from api.sta.things import Entity
from api.sta.world import World


class Answer:
    """Writes documents for one request."""

    def __init__(self, world: World) -> None:
        """Every link keeps the world's instant."""
        self._world = world
        self._kept = world.kept

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
        if asked is None:
            found |= documents.properties(self._world, entity)
        elif not asked.isdisjoint(kind.properties):
            told = documents.properties(self._world, entity)
            found |= {name: value for name, value in told.items() if name in asked}
        for name, link in kind.links.items():
            nested = options.expand.get(name)
            if nested is None:
                if asked is None or name in asked:
                    found[f"{name}@iot.navigationLink"] = f"{address}/{name}{self._kept}"
                continue
            target = KINDS[link.target]
            path = f"{own}/{name}"
            inner: dict[str, Any]
            if link.many and target.name == OBSERVATIONS:
                inner = self.observations(self._world.beneath(entity), nested, path)
            elif link.many:
                inner = self.set(target, self._world.follow(entity, name), nested, path)
            else:
                (one,) = self._world.follow(entity, name)
                found[name] = self.entity(one, nested)
                continue
            found.update({f"{name}{key}" if key != "value" else name: part for key, part in inner.items()})
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
        following = f"$skip={options.skip + options.top}" if more else None
        return self._framed([self.entity(e, options) for e in page], total, following, options, path, values)

    def observations(self, parts: list[Some], options: Options, path: str) -> dict[str, Any]:
        """Observations of some streams."""
        condition = Condition() if options.filter is None else compiled.condition(self._world, options.filter)
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
            skip = f"$skip={options.skip + options.top}"
            following = _query({"$skiptoken": readings[-1].id}) if by_time else skip
        return self._framed(page, total, following, options, path, True)

    def _framed(
        self,
        page: list[Any],
        total: int,
        following: str | None,
        options: Options,
        path: str,
        values: bool,
    ) -> dict[str, Any]:
        """A page with its count and the link to the next one, which `following` tells apart from this."""
        found: dict[str, Any] = {"@iot.count": total} if options.count else {}
        if following is not None:
            # the instant stays the same from page to page, whatever is published meanwhile
            if options.following is None:
                kept = {n: text for n, text in options.given.items() if n not in ("$skip", "$skiptoken")}
                when = {"datetime": params.pinned(self._world.asked, self._world.pin(values))}
                options.following = (_query(kept) + "&" if kept else "", _query(when))
            before, after = options.following
            address = self._world.service.url(path)
            found["@iot.nextLink"] = f"{address}?{before}{following}&{after}"
        return {**found, "value": page}


def _query(given: dict[str, str]) -> str:
    return urlencode(given, quote_via=quote, safe="$'(),;:/=")
