"""Connectors: one file per protocol, never per city. They yield `Record`s under the source's own names.

A connector whose sources can be read piece by piece has two functions more: ``parts(source, fetch)`` yields
small descriptions of the pieces, and ``read_part(part)`` reads one of them, in whatever process.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from itertools import groupby, islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from twin.errors import RecipeError
from twin.record import Record
from twin.source import Source

if TYPE_CHECKING:
    from ingest.fetch import Fetch  # who reads parts never asks, and needs no settings

Connector = Callable[[Source, "Fetch"], Iterator[Record]]

CONNECTORS = MappingProxyType(
    {
        "arcgis": "ingest.connectors.arcgis:read",
        "autobahn": "ingest.connectors.autobahn:read",
        "cap": "ingest.connectors.cap:read",
        "ckan_csv": "ingest.connectors.ckan_csv:read",
        "csv": "ingest.connectors.csv_table:read",
        "citygml": "ingest.connectors.citygml:read",
        "cityjson": "ingest.connectors.cityjson:read",
        "datex2": "ingest.connectors.datex2:read",
        "departures": "ingest.connectors.departures:read",
        "dwd": "ingest.connectors.dwd:read",
        "footprints": "ingest.connectors.footprints:read",
        "gbfs": "ingest.connectors.gbfs:read",
        "geojson": "ingest.connectors.geojson:read",
        "geotiff": "ingest.connectors.geotiff:read",
        "gtfs": "ingest.connectors.gtfs:read",
        "gtfs_rt": "ingest.connectors.gtfs_rt:read",
        "hgt": "ingest.connectors.hgt:read",
        "json": "ingest.connectors.json_tables:read",
        "las": "ingest.connectors.las:read",
        "ogc_features": "ingest.connectors.ogc_features:read",
        "osm": "ingest.connectors.osm:read",
        "parkapi": "ingest.connectors.parkapi:read",
        "rest_json": "ingest.connectors.rest_json:read",
        "sensorthings": "ingest.connectors.sensorthings:read",
        "vector": "ingest.connectors.vector:read",
        "wfs": "ingest.connectors.wfs:read",
        "wzdx": "ingest.connectors.wzdx:read",
        "xyz": "ingest.connectors.xyz:read",
    }
)
"""Name in a recipe's ``connector`` → function, imported on use."""


def connector(name: str) -> Connector:
    """Return the connector called `name`; `RecipeError` if there is none."""
    try:
        module, _, function = CONNECTORS[name].partition(":")
    except KeyError:
        known = ", ".join(CONNECTORS)
        raise RecipeError(f"connector {name!r} is not one we know; write one of: {known}") from None
    return cast(Connector, getattr(import_module(module), function))


_TOGETHER = 1024
"""Records that make a part where the connector cuts none."""


def parts(source: Source, fetch: "Fetch") -> Iterator[Any]:
    """Yield the pieces of a source that `read_part` reads: its connector's own, else tuples of records."""
    read = connector(source.connector)
    own = getattr(import_module(read.__module__), "parts", None)
    if own is not None:
        yield from own(source, fetch)
        return
    bodies = fetch.bodies
    for _, records in groupby(bodies.follow(read(source, fetch)), lambda record: bodies.of(record.place)):
        while some := tuple(islice(records, _TOGETHER)):
            yield some


def read_part(name: str, part: Any) -> Iterator[Record]:
    """Yield the records of a part that `parts` gave, with the connector called `name`."""
    if isinstance(part, tuple):
        return iter(part)
    return cast(Iterator[Record], _module(name).read_part(part))


def place_of(name: str, part: Any) -> str | None:
    """What tells a part from any other one without reading it; None if the connector cannot say."""
    own = getattr(_module(name), "place", None)
    return None if own is None or isinstance(part, tuple) else own(part)


def checksum_of(name: str, part: Any) -> str:
    """What tells a part, for which `place_of` says something, from any other one by its content."""
    return str(_module(name).checksum(part))


@lru_cache(maxsize=len(CONNECTORS))
def _module(name: str) -> Any:
    """Where a connector stands: asked for every part of a city, and told by Python only after a search."""
    return import_module(connector(name).__module__)
