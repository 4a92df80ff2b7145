"""Layers of an ArcGIS server (Feature Service, Map Service) in GeoJSON, some ids at a time; or files of it.

Source: the layer, ``…/FeatureServer/0`` (``…/query`` with parameters as copied from a browser will do). A
server sends a thousand or two at most and says so in passing: so it is asked for all ids first, which no
server cuts off, and then for their features. This needs no paging, which older servers do not have.

Options:
    where: condition in the server's SQL (default ``1=1``: all).
    count: features a request (default 1000); halved where the server sends fewer.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ingest.bodies import json_of
from ingest.connectors.features import ColumnCheck, collection_of, is_cut, printable, records_of
from ingest.connectors.geojson import from_files
from ingest.connectors.options import options
from ingest.fetch import Fetch
from twin.errors import RecipeError, SourceBroken
from twin.record import Record
from twin.source import Source

_OPTIONS = ("where", "count")
_CRS84 = "OGC:CRS84"
_KINDS = ("featureserver", "mapserver")
ALL = "1=1"
"""The condition that holds for everything."""
_OURS = {"where", "outfields", "outsr", "f", "returngeometry", "returnidsonly", "resultoffset"}
_OURS |= {"resultrecordcount", "orderbyfields", "objectids"}
"""Parameters of a copied address that are ours to set; what else it has (a token) is sent as it is."""
_ACCEPT = ("application/geo+json", "application/json")


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield one record per feature: its properties, its id as ``@id``, its geometry as 2D WKB.

    Raises:
        RecipeError: the address is no layer.
        SourceBroken: an error in place of features, other features than those asked for, or a single one
            that the server cuts off.
        SourceChanged: other properties than the recipe's columns.
    """
    asked = options(source, _OPTIONS)
    if fetch.is_local(source.url):
        yield from from_files(source, fetch, source.crs or _CRS84)
        return
    count = asked.get("count", 1000)
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise RecipeError("options.count is the number of features a request, at least 1")
    url, where = layer_of(source.url)
    where = str(asked.get("where", where))
    name, ids = _ids(fetch, f"{url[0]}/query{url[1]}", where)
    columns = ColumnCheck(source.columns, "the layer")
    for number, features in enumerate(_pages(fetch, f"{url[0]}/query{url[1]}", where, name, ids, count), 1):
        page = collection_of({"features": features}, f"page {number}")
        columns.look_at(features)
        yield from records_of(page, f"page {number}", _CRS84)
    columns.close()


def layer_of(address: str) -> tuple[tuple[str, str], str]:
    """A layer's own address and what else it has to be sent, as ``?…`` or nothing; and the condition in it.

    Raises:
        RecipeError: it is no address of a layer.
    """
    parts = urlsplit(address)
    path = parts.path.rstrip("/")
    path = path[: -len("/query")] if path.lower().endswith("/query") else path
    service, _, number = path.rpartition("/")
    if not service.lower().endswith(_KINDS) or not number.isdecimal():
        raise RecipeError(
            "the address of an ArcGIS layer ends with FeatureServer or MapServer and its number, such as "
            "…/FeatureServer/0"
        )
    given = parse_qsl(parts.query)
    where = next((value for name, value in given if name.lower() == "where"), ALL)
    more = urlencode([pair for pair in given if pair[0].lower() not in _OURS])
    plain = urlunsplit(parts._replace(path=path, query="", fragment=""))
    return (plain, f"?{more}" if more else ""), where


def is_layer(address: str) -> bool:
    """Whether an address is that of a layer."""
    try:
        layer_of(address)
    except RecipeError:
        return False
    return address.startswith(("http://", "https://"))


def _ids(fetch: Fetch, url: str, where: str) -> tuple[str, list[int]]:
    """The name of the column with the ids, and all of them, ascending."""
    told = _asked(fetch, url, {"where": where, "returnIdsOnly": "true", "f": "json"})
    name, ids = told.get("objectIdFieldName"), told.get("objectIds", ())
    if ids is None:  # older servers say so of nothing
        return "", []
    if not isinstance(name, str) or not isinstance(ids, list) or not all(type(one) is int for one in ids):
        raise SourceBroken("the layer names no ids of its features; check that the address is a layer's")
    return name, sorted(set(ids))


def _pages(
    fetch: Fetch, url: str, where: str, name: str, ids: list[int], count: int
) -> Iterator[list[dict[str, Any]]]:
    """Features of all ids, in their order."""
    runs = deque(ids[start : start + count] for start in range(0, len(ids), count))
    while runs:
        wanted = runs.popleft()
        if len(wanted) > count:
            runs.extendleft(_halves(wanted))
            continue
        span = f"{name} >= {wanted[0]} AND {name} <= {wanted[-1]}"
        params = {"where": span if where == ALL else f"({where}) AND {span}"}
        params |= {"outFields": "*", "outSR": "4326", "returnGeometry": "true", "f": "geojson"}
        told = _asked(fetch, url, params)
        features = told.get("features")
        if not isinstance(features, list):
            raise SourceBroken("the layer answered without features; it may be older than GeoJSON (10.4)")
        is_less = is_cut(told)
        if is_less:
            count = max(len(wanted) // 2, 1)
        if is_less or _came(features, name, wanted) < len(wanted):  # some servers cut and say nothing
            if len(wanted) > 1:
                runs.extendleft(_halves(wanted))
                continue
            if is_less:
                raise SourceBroken(f"the layer cuts off a single feature ({wanted[0]}); ask its publisher")
        yield features  # of one id nothing, if that thing is gone since the ids were told


def _halves(ids: list[int]) -> tuple[list[int], list[int]]:
    """The second half and the first, in the order in which they are put before others."""
    half = len(ids) // 2
    return ids[half:], ids[:half]


def _came(features: list[Any], name: str, wanted: list[int]) -> int:
    """How many of the features wanted came. A thing that is new since may have any id between.

    Raises:
        SourceBroken: what was not asked for, or twice: it would be published as it is.
    """
    found = [_id(feature, name) for feature in features]
    if None in found:
        raise SourceBroken(
            f"the layer sent features without their ids ({printable(name)}); ask its publisher"
        )
    news = set(found)
    if len(news) < len(found) or any(one is not None and not wanted[0] <= one <= wanted[-1] for one in found):
        raise SourceBroken("the layer sent other features than those asked for; ask its publisher")
    return len(news.intersection(wanted))


def _id(feature: Any, name: str) -> int | None:
    if not isinstance(feature, dict):
        return None
    properties = feature.get("properties")
    own = properties.get(name) if isinstance(properties, dict) else None
    own = feature.get("id") if own is None else own
    return own if type(own) is int else None


def _asked(fetch: Fetch, url: str, params: dict[str, str]) -> dict[str, Any]:
    """A document that is no error; servers say ``200 OK`` to both."""
    body = fetch.get(url, params, accept=_ACCEPT)
    document = json_of(body)
    if not isinstance(document, dict):
        raise SourceBroken(f"{body.place} answered with something else than a layer's document")
    error = document.get("error")
    if error is not None:
        code = error.get("code") if isinstance(error, dict) else None
        named = f" ({code})" if type(code) is int else ""
        raise SourceBroken(
            f"{body.place} answered with an error{named}; check where, and that the layer is open to all and "
            "speaks GeoJSON"
        )
    return document
