"""CSV files that a CKAN portal lists, or files in the same dialects.

Source: ``…/api/3/action/package_show?id=…`` (``{year}`` in it is the running year), the address of one
CSV, a file, or a folder of ``.csv`` and ``.csv.gz``; other files in the folder are left alone.

Options:
    resources: list of regular expressions (RE2) on the resources' names; by default all CSV files.
    dialects: list of ``{required = […], optional = […]}``: the headers known.
    stations_wfs: ``{url, type}`` of a WFS with the stations; asked only if the source is an address.
    encoding: of the CSV files (default ``utf-8``).
    hosts: further hosts that the portal may link to.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from ingest.bodies import json_of
from ingest.connectors import wfs
from ingest.connectors.features import printable
from ingest.connectors.options import listed, options
from ingest.connectors.rows import Table, check_columns, is_stations, stations
from ingest.fetch import Fetch
from ingest.files import File
from twin.errors import RecipeError, SourceBroken, SourceChanged, SourceDown
from twin.record import Record, Shape
from twin.source import Columns, Source
from twin.times import now

_OPTIONS = ("resources", "dialects", "stations_wfs", "encoding", "hosts")
_LONGEST_NAME = 500


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield features for stations, and one observation record per row: header → text without blanks.

    A table with ``latitude`` and ``longitude`` describes stations, every other one measurements.

    Raises:
        SourceChanged: a header that fits no dialect, or no resource with such a name.
        SourceBroken: no package, no CSV, or one cut off.
    """
    asked = options(source, _OPTIONS)
    dialects = _dialects(source)
    remarks: tuple[str, ...] = ()
    if not fetch.is_local(source.url):
        files = _resources(source, fetch)
        if "stations_wfs" in asked:
            try:
                yield from _stations(source, fetch)
            except (SourceDown, SourceBroken):
                remarks = ("the stations' WFS did not answer; stated positions were taken",)
    else:
        files = fetch.files(source.url, (".csv",))
    for file in files:
        records = _records(file, dialects, str(asked.get("encoding", "utf-8")))
        if remarks and (first := next(records, None)) is not None:
            yield replace(first, notes=(*first.notes, *remarks))
            remarks = ()
        yield from records


def _records(file: File, dialects: list[Columns], encoding: str) -> Iterator[Record]:
    with Table(file, encoding) as table:
        if is_stations(table):
            yield from stations(table)
        else:
            check_columns(table, dialects)
            yield from table.records(Shape.OBSERVATION)


def _dialects(source: Source) -> list[Columns]:
    known = [source.columns] if source.columns is not None else []
    try:
        return known + [Columns.model_validate(d) for d in source.options.get("dialects", ())]
    except (TypeError, ValueError):
        raise RecipeError("options.dialects is a list of {required = […], optional = […]}") from None


def _resources(source: Source, fetch: Fetch) -> Iterator[File]:
    """The chosen files; the package is asked at once, each file when it is its turn."""
    year = now().astimezone(ZoneInfo(source.timezone)).year
    url = source.url.replace("{year}", str(year))
    if "/api/3/action/" not in url:
        return fetch.files(url, (".csv",))
    body = fetch.get(url, accept=("application/json",))
    chosen = _chosen(_package(json_of(body), body.place), source, body.place)
    hosts = tuple(listed(source.options.get("hosts", []), "hosts"))
    links = [fetch.follow(url, link, hosts) for link in chosen]
    return map(fetch.download, links)


def _package(answer: Any, place: str) -> list[dict[str, Any]]:
    result = answer.get("result") if isinstance(answer, dict) and answer.get("success", True) else None
    if isinstance(result, list):  # some installations wrap it
        result = next((item for item in result if isinstance(item, dict) and "resources" in item), None)
    resources = result.get("resources") if isinstance(result, dict) else None
    if not isinstance(resources, list):
        raise SourceBroken(f"{place} answered without a package; check its id")
    return [item for item in resources if isinstance(item, dict)]


def _chosen(resources: list[dict[str, Any]], source: Source, place: str) -> list[str]:
    """Addresses of the CSV resources whose names match, in the portal's order."""
    tables = [
        (str(item.get("name") or "")[:_LONGEST_NAME], item["url"])
        for item in resources
        if isinstance(item.get("url"), str)
        and (item["url"].lower().endswith((".csv", ".csv.gz")) or str(item.get("format")).upper() == "CSV")
    ]
    patterns = listed(source.options.get("resources", [""]), "resources")
    wanted = _matches([name for name, _ in tables], patterns)
    links = list(dict.fromkeys(url for (_, url), match in zip(tables, wanted, strict=True) if match))
    if not links:
        there = ", ".join(printable(name) for name, _ in tables[:10]) or "none"
        raise SourceChanged(f"{place}: no CSV resource fits options.resources; there are: {there}")
    return links


def _matches(names: list[str], patterns: list[str]) -> list[bool]:
    """Which names match one of the patterns: RE2, because a recipe may be a stranger's."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = [False] * len(names)
    for pattern in patterns:
        try:
            hits = pc.match_substring_regex(pa.array(names, pa.string()), pattern).to_pylist()
        except pa.ArrowInvalid:
            raise RecipeError(f"options.resources: {pattern[:60]!r} is no regular expression (RE2)") from None
        found = [a or b for a, b in zip(found, hits, strict=True)]
    return found


def _stations(source: Source, fetch: Fetch) -> Iterator[Record]:
    stated = source.options["stations_wfs"]
    if not isinstance(stated, dict) or not {"url", "type"} <= stated.keys():
        raise RecipeError("options.stations_wfs is {url = …, type = …}")
    rest = {key: value for key, value in stated.items() if key != "url"}
    return wfs.read(
        source.model_copy(
            update={"connector": "wfs", "url": stated["url"], "options": rest, "columns": None}
        ),
        fetch,
    )
