"""Links of the OGC API."""

from collections.abc import Mapping
from urllib.parse import urlencode

from api.service import Service
from twin.layer import Layer
from twin.licence import licence

QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
"""From features to what a filter may ask for; in the header, too (OGC 19-079r2, Queryables)."""


def licence_link(service: Service, layer: Layer) -> dict[str, str]:
    """The licence of a layer's data."""
    known = licence(layer.source.licence)
    return link(service, "license", known.url, "text/html", known.title)


def path_of(path: str, query: Mapping[str, str | None]) -> str:
    """A path with those parameters that are there."""
    given = {name: value for name, value in query.items() if value is not None}
    return f"{path}?{urlencode(given)}" if given else path


def link(service: Service, rel: str, path: str, media: str, title: str | None = None) -> dict[str, str]:
    """A link; a path of ours gets the address that visitors see."""
    href = service.url(path) if path.startswith("/") else path
    made = {"rel": rel, "href": href, "type": media}
    return made if title is None else {**made, "title": title}
