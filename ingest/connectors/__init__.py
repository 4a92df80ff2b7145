"""Connectors: one file per protocol, never per city. They yield `Record`s under the source's own names."""

from collections.abc import Callable, Iterator
from importlib import import_module
from types import MappingProxyType
from typing import cast

from ingest.fetch import Fetch
from twin.errors import RecipeError
from twin.record import Record
from twin.source import Source

Connector = Callable[[Source, Fetch], Iterator[Record]]

CONNECTORS = MappingProxyType(
    {
        "ckan_csv": "ingest.connectors.ckan_csv:read",
        "citygml": "ingest.connectors.citygml:read",
        "geojson": "ingest.connectors.geojson:read",
        "geotiff": "ingest.connectors.geotiff:read",
        "rest_json": "ingest.connectors.rest_json:read",
        "wfs": "ingest.connectors.wfs:read",
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
