"""Links of the OGC API."""

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote_plus

from api.service import Service
from twin.layer import Layer
from twin.licence import licence
from twin.provenance import Provenance

_SHORT = 200
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
"""From features to what a filter may ask for; in the header, too (OGC 19-079r2, Queryables)."""


def licence_link(service: Service, layer: Layer, story: Provenance | None = None) -> dict[str, str]:
    """The licence of a layer's data; of a revision that held before, that of its provenance (`story`)."""
    known = licence(layer.source.licence if story is None else story.licence)
    return link(service, "license", known.url, "text/html", known.title)


def path_of(path: str, query: Mapping[str, str | None]) -> str:
    """A path with those parameters that are there."""
    given = [f"{_quoted(name)}={_quoted(value)}" for name, value in query.items() if value is not None]
    return f"{path}?{'&'.join(given)}" if given else path


def _quoted(text: str) -> str:
    """As in a query; the same stands in several links of an answer."""
    return _quoted_lately(text) if len(text) <= _SHORT else quote_plus(text)


_quoted_lately = lru_cache(maxsize=2048)(quote_plus)


def link(service: Service, rel: str, path: str, media: str, title: str | None = None) -> dict[str, str]:
    """A link; a path of ours gets the address that visitors see."""
    href = service.url(path) if path.startswith("/") else path
    made = {"rel": rel, "href": href, "type": media}
    return made if title is None else {**made, "title": title}
