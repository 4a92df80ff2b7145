"""OGC API Features: the items of a collection, page by page along their links; or files of GeoJSON.

Options:
    collection: its id; needed unless the address already ends with ``/items``.
    limit: features a page (default 1000).
    bbox: ``[west, south, east, north]`` in degrees.
    datetime: an instant or interval, such as ``2026-01-01T00:00:00Z/..``.
    filter: condition in CQL2 text, for servers with part 3.
    crs: CRS asked for, ``EPSG:25832`` or a URI such as ``http://www.opengis.net/def/crs/EPSG/0/25832``
        (default longitude and latitude in degrees). What comes is read in the CRS that the answer names.
    axes: ``xy`` or ``yx`` where the order is not the one that the CRS defines.
    hosts: further hosts that pages may lie on.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from ingest.bodies import json_of
from ingest.connectors.axes import northing_first
from ingest.connectors.box import box_of
from ingest.connectors.features import Collection, ColumnCheck, collection_of, printable, records_of
from ingest.connectors.geojson import from_files
from ingest.connectors.options import listed, options
from ingest.connectors.seen import Seen
from ingest.fetch import Body, Fetch
from ingest.paging import by_links
from twin.errors import RecipeError, SourceBroken, UnknownCRS
from twin.record import Record
from twin.source import Source

_OPTIONS = ("collection", "limit", "bbox", "datetime", "filter", "crs", "axes", "hosts")
_CRS84 = "OGC:CRS84"
Page = tuple[Collection, str | None, str]
"""Features, the link to the next ones, and the CRS that the header names (empty if none)."""
_SHORT = re.compile(r"EPSG:(\d{4,6})", re.IGNORECASE)
_URI = "http://www.opengis.net/def/crs/"
_ACCEPT = ("application/geo+json", "application/json")


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield one record per feature: its properties, its id as ``@id``, its geometry as 2D WKB.

    The CRS of a page is the one that its header ``Content-Crs`` names (part 2 of the standard), whatever was
    asked for; without that header its ``crs`` member, else the one asked for. The order of axes is the one
    that the CRS in the header, else the one asked for, defines.

    Raises:
        SourceBroken: an error in place of items, pages that repeat, fewer features than the server counts,
            or a CRS that nobody knows.
        SourceChanged: other properties than the recipe's columns.
        SourceRefused: a link to another host.
    """
    asked = options(source, _OPTIONS)
    crs = _uri(str(asked.get("crs", _CRS84)))
    if fetch.is_local(source.url):
        yield from from_files(source, fetch, source.crs or _CRS84)
        return
    swap = {"xy": False, "yx": True}.get(str(asked.get("axes", "")))
    if swap is None and "axes" in asked:
        raise RecipeError("options.axes is xy (longitude first) or yx (latitude first)")
    columns = ColumnCheck(source.columns, str(asked.get("collection", "the source")))
    came, total, seen = 0, None, Seen()
    for number, (page, _, stated) in enumerate(_pages(source, fetch), 1):
        news = [seen.add(name) is None for name in page.ids]
        if news and not any(news):
            raise SourceBroken(f"page {number} repeats features of earlier ones; ask the source's publisher")
        columns.look_at(page.features)
        turn = _northing_first(stated or crs, f"page {number}") if swap is None else swap
        yield from records_of(page, f"page {number}", crs, swap=turn)
        came, total = came + len(page.features), page.total
    columns.close()
    if total is not None and came < total:
        raise SourceBroken(f"the answer was cut: {came} of {total} features came; asked again next time")


def _pages(source: Source, fetch: Fetch) -> Iterator[Page]:
    yield from by_links(
        fetch,
        _address(source),
        _page,
        lambda page: page[1],
        params=_params(source),
        accept=_ACCEPT,
        hosts=listed(source.options.get("hosts", []), "hosts"),
    )


def _address(source: Source) -> str:
    url = source.url.partition("?")[0].rstrip("/")
    if url.endswith("/items"):
        return source.url
    name = source.options.get("collection")
    if not isinstance(name, str) or not name:
        raise RecipeError("options.collection names the collection, as the address does not end with /items")
    return f"{url}/collections/{quote(name, safe='')}/items"


def _params(source: Source) -> dict[str, str]:
    asked = source.options
    limit = asked.get("limit", 1000)
    if not isinstance(limit, int) or limit < 1:
        raise RecipeError("options.limit is the number of features a page, at least 1")
    params = {"f": "json", "limit": str(limit)}
    if (box := box_of(asked, "bbox")) is not None:
        params["bbox"] = ",".join(f"{number}" for number in box)
    if "filter" in asked:
        params |= {"filter": str(asked["filter"]), "filter-lang": "cql2-text"}
    if "crs" in asked:
        params["crs"] = _uri(str(asked["crs"]))
    return params | {name: str(asked[name]) for name in ("datetime",) if name in asked}


def _uri(crs: str) -> str:
    """A CRS as the standard names it in requests."""
    match = _SHORT.fullmatch(crs.strip())
    return f"{_URI}EPSG/0/{match[1]}" if match else crs


def _northing_first(crs: str, place: str) -> bool:
    try:
        return northing_first(crs)
    except UnknownCRS:
        raise SourceBroken(
            f"{place} is in a CRS that nobody knows ({printable(crs)}); name one in options.crs that the "
            f"collection offers"
        ) from None


def _page(body: Body) -> Page:
    document = json_of(body)
    page = collection_of(document, body.place)
    if page.returned not in (None, len(page.features)):
        raise SourceBroken(
            f"{body.place}: the answer was cut: fewer features than it says; asked again next time"
        )
    if body.crs:
        page = replace(page, crs=body.crs)
    return page, _next(document.get("links")), body.crs


def _next(links: Any) -> str | None:
    """The link to the next page; that in GeoJSON if there are several."""
    found = [
        link
        for link in (links if isinstance(links, list) else [])
        if isinstance(link, dict) and link.get("rel") == "next" and isinstance(link.get("href"), str)
    ]
    found.sort(key=lambda link: "json" not in str(link.get("type", "json")))
    return found[0]["href"] if found else None
