"""SensorThings 1.1: things as stations, their observations as values; a server, or files in its dialect.

Options:
    filter: ``$filter`` on datastreams.
    observations: how many of the newest observations of each datastream are asked for (default 96).
    page: datastreams asked for at a time (default 50).
    hosts: further hosts that next-links may lead to.
"""

from collections.abc import Iterator
from typing import Any

from ingest.bodies import json_of, parse_json, refuse_markup
from ingest.connectors.features import UNREADABLE
from ingest.connectors.options import listed, options
from ingest.connectors.seen import Seen
from ingest.connectors.wkb import NoGeometry, wkb_of
from ingest.fetch import Fetch
from ingest.paging import by_links
from twin.errors import RecipeError, SourceBroken
from twin.record import Record, Shape
from twin.source import Source

_OPTIONS = ("filter", "observations", "page", "hosts")
_NEXT, _ID = "@iot.nextLink", "@iot.id"
_KNOWN = ("Things", "Locations", "Datastreams", "Observations")


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield a feature for each thing, and an observation for each observation.

    Thing values: ``thing`` (its id), ``name``, ``description``, ``properties.…``; its last location.
    Observation values: ``thing``, ``datastream`` (id), ``name`` and ``properties.…`` of the datastream,
    ``observed_property`` (name), ``definition``, ``unit`` (symbol), ``start`` and ``end`` (of the interval
    that `phenomenonTime` is; equal for an instant), ``result``.

    Raises:
        SourceBroken: another document, an error in its place, or pages without end.
    """
    asked = options(source, _OPTIONS)
    known = Seen()
    for document, place in _documents(source, fetch, asked):
        for number, (thing, stream) in enumerate(_pairs(document, place), 1):
            key = str(thing.get(_ID))
            if known.add(key) is None:
                yield _feature(thing, key, f"{place}, thing {key}")
            if stream is not None:
                yield from _observations(stream, key, f"{place}, datastream {number}")


def _documents(source: Source, fetch: Fetch, asked: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    if fetch.is_local(source.url):
        for file in fetch.files(source.url, (".json",)):
            data = file.read()
            refuse_markup(data, file.name)
            yield parse_json(data, file.name), file.name
        return
    numbers = {name: asked.get(name, usual) for name, usual in (("observations", 96), ("page", 50))}
    for name, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= 10_000:
            raise RecipeError(f"options.{name} is a number from 1 to 10,000")
    newest = f"Observations($top={numbers['observations']};$orderby=phenomenonTime desc)"
    params = {
        "$expand": f"Thing($expand=Locations),ObservedProperty,{newest}",
        "$top": str(numbers["page"]),
        "$orderby": "id",  # else pages of a changing list overlap
    }
    if "filter" in asked:
        params["$filter"] = str(asked["filter"])
    hosts = listed(asked.get("hosts", []), "hosts")
    url = f"{source.url.rstrip('/')}/Datastreams"
    pages = by_links(fetch, url, json_of, _next, params=params, accept=("application/json",), hosts=hosts)
    for number, document in enumerate(pages, 1):
        yield document, f"page {number}"


def _next(document: Any) -> str | None:
    link = document.get(_NEXT) if isinstance(document, dict) else None
    return link if isinstance(link, str) and link else None


def _pairs(document: Any, place: str) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    """(thing, one of its datastreams) of whatever entities a document holds."""
    if isinstance(document, dict) and {"Things", "Datastreams"} <= document.keys():
        document = _joined(document)
    items = document.get("value", [document]) if isinstance(document, dict) else document
    if not isinstance(items, list) or (items and not all(isinstance(i, dict) and _ID in i for i in items)):
        raise SourceBroken(f"{place} is no answer of a SensorThings server; check the address")
    for item in items:
        if "Thing" in item or "Observations" in item or "unitOfMeasurement" in item:
            thing = item.get("Thing")
            yield (thing if isinstance(thing, dict) else {_ID: None}), item
        else:
            streams = [each for each in item.get("Datastreams") or [] if isinstance(each, dict)]
            yield from ((item, stream) for stream in streams)
            if not streams:
                yield item, None


def _joined(document: dict[str, Any]) -> list[dict[str, Any]]:
    """A document with a list for each kind of entity, put together as a server would expand it."""
    entities = {name: [e for e in document.get(name) or [] if isinstance(e, dict)] for name in _KNOWN}
    locations = {each.get(_ID): each for each in entities["Locations"]}
    things = {
        each.get(_ID): each | {"Locations": [locations[each.get(_ID)]] if each.get(_ID) in locations else []}
        for each in entities["Things"]
    }
    told: dict[Any, list[Any]] = {}
    for each in entities["Observations"]:
        told.setdefault((each.get("Datastream") or {}).get(_ID), []).append(each)
    streams = [
        each
        | {
            "Thing": things.get((each.get("Thing") or {}).get(_ID), each.get("Thing")),
            "Observations": told.get(each.get(_ID), []),
        }
        for each in entities["Datastreams"]
    ]
    with_streams = {(each["Thing"] or {}).get(_ID) for each in streams}
    return streams + [thing for key, thing in things.items() if key not in with_streams]


def _feature(thing: dict[str, Any], key: str, place: str) -> Record:
    values = {"thing": key, "name": thing.get("name"), "description": thing.get("description")}
    values |= _properties(thing)
    if thing.get(_ID) is None:
        return Record(place, {}, notes=("a datastream that names no thing",))
    locations = [each for each in thing.get("Locations") or [] if isinstance(each, dict)]
    shape = locations[-1].get("location") if locations else None
    if isinstance(shape, dict) and shape.get("type") == "Feature":
        shape = shape.get("geometry")
    try:
        geometry, notes = wkb_of(shape)
    except NoGeometry as error:
        return Record(place, values, notes=(f"{UNREADABLE}: {error}",))
    return Record(place, values, geometry, "EPSG:4326" if geometry else None, notes=notes)


def _properties(entity: dict[str, Any]) -> dict[str, Any]:
    found = entity.get("properties")
    plain = found.items() if isinstance(found, dict) else ()
    return {f"properties.{name}": value for name, value in plain if not isinstance(value, dict | list)}


def _observations(stream: dict[str, Any], thing: str, place: str) -> Iterator[Record]:
    measured = stream.get("ObservedProperty") or {}
    unit = stream.get("unitOfMeasurement") or {}
    base = {
        "thing": thing,
        "datastream": str(stream.get(_ID)),
        "name": stream.get("name"),
        "observed_property": measured.get("name") if isinstance(measured, dict) else None,
        "definition": measured.get("definition") if isinstance(measured, dict) else None,
        "unit": unit.get("symbol") if isinstance(unit, dict) else None,
    } | _properties(stream)
    for each in stream.get("Observations") or []:
        time = each.get("phenomenonTime") if isinstance(each, dict) else None
        if not isinstance(time, str):
            yield Record(place, {}, shape=Shape.OBSERVATION)
            continue
        start, _, end = time.partition("/")
        values = base | {"start": start, "end": end or start, "result": each.get("result")}
        yield Record(place, values, shape=Shape.OBSERVATION)
