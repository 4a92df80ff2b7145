"""Offered: an answer that lists what a service has, and the address at which one of the things is to be had.

People copy the address of a service, not of its data: a list of what is there comes in place of data.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

from ingest.connectors.features import printable
from ingest.connectors.xml_stream import stream_of, words
from twin.errors import SourceBroken

_NAMED = 10
"""Things that are named; there may be hundreds."""
_PICTURES = ("WMS_Capabilities", "WMT_MS_Capabilities")
_OF_LISTS = ("service", "version", "request", "acceptversions", "sections", "outputformat")
"""Parameters with which a WFS was asked for its list."""
_ARCGIS = ("/featureserver", "/mapserver")
_QUERY = "query?where=1%3D1&outFields=*&f=geojson"
"""All of a layer of an ArcGIS server, as GeoJSON."""
Named = list[tuple[str, str]]
"""Name and title of each thing."""


class Listed(SourceBroken):
    """No data, but a way on to them, which is named."""


def listed_in_markup(path: Path, root: str, address: str) -> None:
    """`Listed` with the way on if an XML document lists what a map service has.

    Args:
        path: the document.
        root: its outermost element, without a prefix.
        address: where it comes from.
    """
    if root in _PICTURES or (root == "Capabilities" and "wmts" in address.lower()):
        raise Listed(
            f"{path.name} is what a map service (WMS, WMTS) has: pictures, no data; "
            "ask its publisher for a WFS or a file of the same things"
        )
    if root != "WFS_Capabilities":
        return
    about: dict[str, str] = {}
    with path.open("rb") as stream:
        found = [
            (name, words(element, "Title") or "")
            for _, element in stream_of(stream, path.name, frozenset({"FeatureType"}), root=about)
            if (name := words(element, "Name"))
        ]
    old = about.get("version", "2").startswith("1")
    asked = {"service": "WFS", "version": "1.1.0" if old else "2.0.0", "request": "GetFeature"}
    parts = urlsplit(address)
    kept = [pair for pair in parse_qsl(parts.query) if pair[0].lower() not in _OF_LISTS]

    def data(name: str) -> str:
        query = urlencode([*kept, *asked.items(), ("typeName" if old else "typeNames", name)], safe=":/")
        return urlunsplit(parts._replace(query=query, fragment=""))

    _refuse(f"{path.name} lists what a WFS has", found, data)


def listed_in_document(document: dict[str, Any], name: str, address: str) -> None:
    """`Listed` with the way on if a JSON document lists what an OGC API or an ArcGIS server has.

    Args:
        document: as parsed.
        name: of the document, for messages.
        address: where it comes from.
    """
    plain = address.partition("?")[0].rstrip("/")
    if "currentVersion" in document and isinstance(document.get("layers"), list):
        layers = _named(document["layers"], "name")
        _refuse(f"{name} lists what an ArcGIS server has", layers, lambda each: f"{plain}/{each}/{_QUERY}")
    if "currentVersion" in document and isinstance(document.get("fields"), list):
        raise Listed(f"{name} describes a layer of an ArcGIS server; its data are at {plain}/{_QUERY}")
    linked = {
        str(link["rel"]): str(link["href"])
        for link in reversed(_dicts(document.get("links")))
        if {"rel", "href"} <= link.keys()
    }
    if linked and isinstance(document.get("collections"), list):
        base = plain.removesuffix("/collections")
        found = _named(document["collections"], "title")
        _refuse(
            f"{name} lists what an OGC API has",
            found,
            lambda each: f"{base}/collections/{quote(each, safe=':')}/items",
        )
    if "items" in linked and "id" in document:
        data = urljoin(address, linked["items"])
        raise Listed(f"{name} describes a collection of an OGC API; its data are at {data}")
    if "data" in linked:
        data = urljoin(address, linked["data"])
        raise Listed(f"{name} is the front page of an OGC API; the list of what it has is at {data}")


def of_page(name: str, address: str) -> None:
    """`Listed` with the way on if a web page came from an address that has data for programs, too."""
    plain = address.partition("?")[0].rstrip("/")
    service, _, layer = plain.rpartition("/")
    if plain.lower().endswith(_ARCGIS):
        raise Listed(f"{name} is a web page about an ArcGIS server; what it has is at {plain}?f=json")
    if service.lower().endswith(_ARCGIS) and layer.isdecimal():
        raise Listed(
            f"{name} is a web page about a layer of an ArcGIS server; its data are at {plain}/{_QUERY}"
        )


def list_of(address: str) -> str:
    """Where a WFS that was asked for nothing lists what it has, as the end of a sentence; or nothing."""
    parts = urlsplit(address)
    kept = parse_qsl(parts.query)
    if not {"wfs", "ows"} & set(parts.path.lower().split("/")) or any(
        k.lower() == "request" for k, _ in kept
    ):
        return ""
    kept = [pair for pair in kept if pair[0].lower() not in _OF_LISTS]
    query = urlencode([*kept, ("service", "WFS"), ("request", "GetCapabilities")], safe=":/")
    return f"; what a WFS has is listed at {urlunsplit(parts._replace(query=query, fragment=''))}"


def _refuse(what: str, found: Named, data: Callable[[str], str]) -> NoReturn:
    """Name the things, and the address of the first, in which the others' names can be put."""
    if not found:
        raise Listed(f"{what}, which is nothing; ask its publisher")
    named = ", ".join(
        f"{printable(n)} ({printable(title)})" if title else printable(n) for n, title in found[:_NAMED]
    )
    more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
    raise Listed(f"{what}: {named}{more}; its data are at addresses such as {data(found[0][0])}")


def _named(things: Any, title: str) -> Named:
    return [(str(each["id"]), str(each.get(title) or "")) for each in _dicts(things) if "id" in each]


def _dicts(things: Any) -> list[dict[str, Any]]:
    return [each for each in things if isinstance(each, dict)] if isinstance(things, list) else []
