"""WFS 1.1 and 2.0 that answer in GeoJSON or GML, page by page; or files in the same dialects.

Options:
    type: name of the feature type (``typeNames``); needed for an address.
    version: ``2.0.0`` (default) or ``1.1.0``, for servers that know no other.
    filter: condition in CQL (``CQL_FILTER``); not together with ``bbox``.
    bbox: four numbers and the name of their CRS, in the order and form that the server wants.
    sort: property to sort by (``sortBy``), for servers whose pages overlap without.
    count: features a page (default 1000).
    srsName: CRS asked for (default ``EPSG:4326``).
    format: ``outputFormat`` (default ``application/json``); empty for the server's own, which is GML.
    axes: ``yx`` for servers that answer latitude, longitude. For GML it follows from how the CRS is written;
        ``xy`` or ``yx`` overrule that.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from ingest.addresses import local_path
from ingest.bodies import json_of
from ingest.connectors.features import Collection, ColumnCheck, collection_of, records_of
from ingest.connectors.geojson import from_files, swapped
from ingest.connectors.gml import HEAD, collection_of_gml, gml_batches, is_markup
from ingest.connectors.options import options
from ingest.connectors.seen import Seen
from ingest.fetch import Body, Fetch
from ingest.paging import by_count
from twin.errors import RecipeError, SourceBroken
from twin.record import Record
from twin.source import Source

_OPTIONS = ("type", "version", "filter", "bbox", "sort", "count", "srsName", "format", "axes")
_MOST_PAGES = 100_000
_VERSIONS = {"2.0.0": ("typeNames", "count"), "1.1.0": ("typeName", "maxFeatures")}
"""How each version calls the type, and the features a page."""
_GML = (".gml", ".xml")
_ACCEPT = ("application/json", "application/geo+json", "application/gml+xml", "text/xml")


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield one record per feature: its properties, its id as ``@id``, its geometry as 2D WKB.

    The CRS is that of the answer's ``crs`` member, else the recipe's, else the one asked for.

    Raises:
        SourceBroken: a service exception, a page that repeats, or fewer features than the server counts.
        SourceChanged: other properties than the recipe's columns.
    """
    asked = options(source, _OPTIONS)
    crs = source.crs or str(asked.get("srsName", "EPSG:4326"))
    if fetch.is_local(source.url):
        yield from _files(source, fetch, crs)
        return
    columns = ColumnCheck(source.columns, str(asked.get("type", "the source")))
    swap = swapped(source)
    for number, (page, in_order) in enumerate(_pages(source, fetch), 1):
        columns.look_at(page.features)
        yield from records_of(page, f"page {number}", crs, swap=swap and not in_order)
    columns.close()


def _files(source: Source, fetch: Fetch, crs: str) -> Iterator[Record]:
    """Files in GML, else in GeoJSON; a folder holds files of one kind."""
    path = Path(local_path(source.url))
    names = [path.name, *(entry.name for entry in path.iterdir())] if path.is_dir() else [path.name]
    if not any(name.lower().removesuffix(".gz").endswith(_GML) for name in names):
        yield from from_files(source, fetch, crs)
        return
    for file in fetch.files(source.url, _GML):
        columns, before = ColumnCheck(source.columns, file.name), 0
        with file.open() as stream:
            head = stream.read(HEAD)
        with file.open() as stream:
            for batch in gml_batches(stream, file.name, head, source.options.get("axes")):
                columns.look_at(batch.features)
                yield from records_of(batch, file.name, crs, before=before)
                before += len(batch.features)
        columns.close()


def _pages(source: Source, fetch: Fetch) -> Iterator[tuple[Collection, bool]]:
    params = _params(source)
    count = int(params.get("count") or params["maxFeatures"])
    came, total, seen, last = 0, None, Seen(), list[object]()
    pages = by_count(
        fetch,
        source.url,
        lambda start: params | {"startIndex": str(start)},
        partial(_page, axes=source.options.get("axes")),
        accept=_ACCEPT,
        most=_MOST_PAGES,
    )
    for page, place, gml in pages:
        total, ids = page.total, page.ids
        known = sum(seen.add(name) is not None for name in ids)
        if page.features == last or (ids and known == len(ids)):
            raise SourceBroken(
                f"{place} repeats the page before (startIndex is ignored); raise options.count"
            )
        if known:
            raise SourceBroken(
                f"{place} overlaps an earlier page; name a property to sort by in options.sort"
            )
        yield page, gml
        came += len(page.features)
        last = page.features
        if came >= total if total is not None else len(last) != count:
            break
    if total is not None and came != total:
        raise SourceBroken(
            f"{source.options['type']}: the answer was cut: {came} of {total} features came; ask again"
        )


def _page(body: Body, number: int, axes: str | None) -> tuple[tuple[Collection, str, bool], int]:
    """A page, its place for messages, and whether its axes are in order already."""
    place = f"{body.place}, page {number}"
    gml = is_markup(body.data)
    page = collection_of_gml(body.data, place, axes) if gml else collection_of(json_of(body, place), place)
    if page.returned not in (None, len(page.features)):
        raise SourceBroken(f"{place}: the answer was cut: fewer features than it says; asked again next time")
    return (page, place, gml), len(page.features)


def _params(source: Source) -> dict[str, str]:
    asked = source.options
    if not asked.get("type"):
        raise RecipeError("options.type names the feature type; it is missing")
    count = asked.get("count", 1000)
    if not isinstance(count, int) or count < 1:
        raise RecipeError("options.count is the number of features a page, at least 1")
    version = str(asked.get("version", "2.0.0"))
    if version not in _VERSIONS:
        raise RecipeError(f"options.version is {' or '.join(_VERSIONS)}")
    if "filter" in asked and "bbox" in asked:
        raise RecipeError("options.filter and options.bbox exclude each other; write BBOX(…) into the filter")
    types, most = _VERSIONS[version]
    params = {
        "service": "WFS",
        "version": version,
        "request": "GetFeature",
        types: str(asked["type"]),
        "outputFormat": str(asked.get("format", "application/json")),
        "srsName": str(asked.get("srsName", "EPSG:4326")),
        most: str(count),
        "CQL_FILTER": str(asked.get("filter", "")),
        "bbox": str(asked.get("bbox", "")),
        "sortBy": str(asked.get("sort", "")),
    }
    return {name: value for name, value in params.items() if value}
