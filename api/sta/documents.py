"""Entities as JSON documents: properties in SensorThings' words."""

import re
from typing import Any
from urllib.parse import quote

from api import stale
from api.sta.stations import Station
from api.sta.streams import Stream
from api.sta.things import Entity, Observed, Procedure, Reading
from api.sta.world import World
from catalog.partitions import instant
from catalog.stac_documents import both
from twin import times
from twin.licence import licence

ROOT = "/sta/v1.1"
_GEOJSON = "application/geo+json"
_MEASURED = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"


_PLAIN = re.compile(r"[A-Za-z0-9:._-]*")
"""Ids as nearly all are, which need no quoting."""


def path(entity: Entity) -> str:
    """Address of an entity within the service, without its query."""
    name = entity.id
    if not _PLAIN.fullmatch(name):
        name = quote(name.replace("'", "''"), safe="':@!$*(),;=~.-_")
    return f"{ROOT}/{entity.kind}('{name}')"


def properties(world: World, entity: Entity) -> dict[str, Any]:
    """All properties of an entity, in the model's order."""
    of = entity.of
    if isinstance(of, Reading):
        return {
            "phenomenonTime": times.iso(instant(of.at)),
            "resultTime": None,
            "result": of.value,
            "parameters": {"quality": of.quality} if of.quality else {},
        }
    if isinstance(of, Stream):
        return _stream(world, of)
    if isinstance(of, Procedure):
        return {
            "name": f"{of.city.title.en}: {of.layer.title.en}",
            "description": both(of.layer.summary),
            "encodingType": "application/json",
            "metadata": world.service.url(f"/ogc/collections/{of.layer.id}{world.kept}"),
            "properties": _source(world, of),
        }
    if isinstance(of, Observed):
        return {
            "name": of.observed.title.en,
            "definition": world.service.url(f"{ROOT}/ObservedProperties('{of.id}'){world.kept}"),
            "description": both(of.observed.title),
            "properties": {"title_de": of.observed.title.de},
        }
    return _station(world, entity.kind, of)


def _station(world: World, kind: str, of: Station) -> dict[str, Any]:
    if kind == "HistoricalLocations":
        return {"time": times.iso(of.all.since)}
    told = {"name": of.name, "description": f"{of.layer.title.en}. {both(of.layer.summary)}"}
    if kind == "Things":
        own = {name: value for name, value in of.told["properties"].items() if value is not None}
        return {**told, "properties": {**own, "provenance": _chain(world, of), **_source(world, of)}}
    shape = "location" if kind == "Locations" else "feature"
    return {
        **told,
        "encodingType": _GEOJSON,
        shape: of.told["geometry"],
        "properties": {"layer": of.layer.id},
    }


def _stream(world: World, of: Stream) -> dict[str, Any]:
    title = of.observed.title
    first, last = (times.iso(instant(at)) for at in (of.span.first, of.span.last))
    return {
        "name": f"{of.station.name}: {title.en}",
        "description": both(title),
        "observationType": _MEASURED,
        "unitOfMeasurement": {
            "name": of.observed.unit,
            "symbol": of.observed.unit,
            "definition": "http://unitsofmeasure.org/ucum.html",
        },
        "observedArea": of.station.told["geometry"],
        "phenomenonTime": f"{first}/{last}",
        "properties": {
            "every": of.observed.every,
            "provenance": _chain(world, of.station),
            **_source(world, of.station),
        },
    }


def _chain(world: World, of: Station) -> str:
    """Address of what the station comes from; with ``property`` and ``observed_at`` that of one value."""
    path = f"/ogc/collections/{of.layer.id}/items/{quote(of.feature, safe='')}/provenance"
    return world.service.url(f"{path}{world.kept}")


def _source(world: World, of: Station | Procedure) -> dict[str, Any]:
    """Where the values come from, under which licence, and whether the source still answers."""
    city, layer = of.city, of.layer
    if layer.id not in world.sources:
        known = licence(layer.source.licence)
        status = world.service.status(layer.id)
        success = None if status is None else status.last_success
        told: dict[str, object] = {
            "layer": layer.id,
            "city": city.id,
            "publisher": layer.source.publisher,
            "attribution": layer.source.attribution,
            "licence": known.id,
            "licence_url": known.url,
            "state": "silent" if status is None else status.state(world.service.now()).value,
            "last_success": None if success is None else times.iso(success),
            **stale.of(world.service, layer, world.at).fields(),
        }
        world.sources[layer.id] = told if city.notice is None else {**told, "notice": both(city.notice)}
    return world.sources[layer.id]
