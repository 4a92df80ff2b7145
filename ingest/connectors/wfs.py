"""WFS 2.0 that answers in GeoJSON, page by page; or files in the same dialect.

Options:
    type: name of the feature type (``typeNames``); needed for an address.
    filter: condition in CQL (``CQL_FILTER``).
    sort: property to sort by (``sortBy``), for servers whose pages overlap without.
    count: features a page (default 1000).
    srsName: CRS asked for (default ``EPSG:4326``).
    format: ``outputFormat`` (default ``application/json``).
    axes: ``yx`` for servers that answer latitude, longitude.
"""

from collections.abc import Iterator

from ingest.bodies import json_of
from ingest.connectors.features import Collection, ColumnCheck, collection_of, records_of
from ingest.connectors.geojson import from_files, swapped
from ingest.connectors.options import options
from ingest.fetch import Body, Fetch
from ingest.paging import by_count
from twin.errors import RecipeError, SourceBroken
from twin.record import Record
from twin.source import Source

_OPTIONS = ("type", "filter", "sort", "count", "srsName", "format", "axes")
_MOST_PAGES = 100_000


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
        yield from from_files(source, fetch, crs)
        return
    columns = ColumnCheck(source.columns, str(asked.get("type", "the source")))
    swap = swapped(source)
    for number, page in enumerate(_pages(source, fetch), 1):
        columns.look_at(page.features)
        yield from records_of(page, f"page {number}", crs, swap=swap)
    columns.close()


def _pages(source: Source, fetch: Fetch) -> Iterator[Collection]:
    params = _params(source)
    count = int(params["count"])
    came, total, seen, last = 0, None, set[object](), list[object]()
    pages = by_count(
        fetch,
        source.url,
        lambda start: params | {"startIndex": str(start)},
        _page,
        accept=("application/json", "application/geo+json"),
        most=_MOST_PAGES,
    )
    for page, place in pages:
        total, ids = page.total, page.ids
        if page.features == last or (ids and ids <= seen):
            raise SourceBroken(
                f"{place} repeats the page before (startIndex is ignored); raise options.count"
            )
        if ids & seen:
            raise SourceBroken(
                f"{place} overlaps an earlier page; name a property to sort by in options.sort"
            )
        yield page
        came += len(page.features)
        seen |= ids
        last = page.features
        if came >= total if total is not None else len(last) != count:
            break
    if total is not None and came != total:
        raise SourceBroken(
            f"{source.options['type']}: the answer was cut: {came} of {total} features came; ask again"
        )


def _page(body: Body, number: int) -> tuple[tuple[Collection, str], int]:
    place = f"{body.place}, page {number}"
    page = collection_of(json_of(body, place), place)
    if page.returned not in (None, len(page.features)):
        raise SourceBroken(f"{place}: the answer was cut: fewer features than it says; asked again next time")
    return (page, place), len(page.features)


def _params(source: Source) -> dict[str, str]:
    asked = source.options
    if not asked.get("type"):
        raise RecipeError("options.type names the feature type; it is missing")
    count = asked.get("count", 1000)
    if not isinstance(count, int) or count < 1:
        raise RecipeError("options.count is the number of features a page, at least 1")
    params = {
        "service": "WFS",
        "version": "2.0.0",
        "request": "GetFeature",
        "typeNames": str(asked["type"]),
        "outputFormat": str(asked.get("format", "application/json")),
        "srsName": str(asked.get("srsName", "EPSG:4326")),
        "count": str(count),
    }
    if "filter" in asked:
        params["CQL_FILTER"] = str(asked["filter"])
    if "sort" in asked:
        params["sortBy"] = str(asked["sort"])
    return params
