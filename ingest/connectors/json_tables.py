"""JSON documents: lists of things or of measurements, wherever they lie in them; files or addresses.

Options:
    tables: list of ``{items, each, shape, lon, lat, where}``; by default features, the document itself.
        items: path of the list (``result.lots``; ``*`` for all values of an object).
        each: path of a list inside an item, of whose elements each is a record of its own.
        shape: ``feature`` (default) or ``observation``.
        lon, lat: fields with the position in degrees (``coordinates.0`` counts into a list).
        where: field → list of the values wanted; what has others is not read.
        pivot, name, value: path of a list of pairs inside an item, and the fields of a pair's name and value;
            each pair becomes a field of the item (``values.P1``).
    ids: list of texts; the address is asked once for each, in place of ``{id}`` (field ``@asked``).
    next: path of the next page's address in the document.
    hosts: further hosts that pages may lie on.

An address may hold ``{year}``, ``{date}``, ``{date-3}`` and ``{date+10}``
(days from today, in the source's zone).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from ingest.bodies import json_of, parse_json, refuse_markup
from ingest.connectors.features import refuse_columns
from ingest.connectors.options import listed, options
from ingest.connectors.rows import position
from ingest.fetch import Fetch
from ingest.paging import by_links
from twin.errors import RecipeError, SourceChanged
from twin.record import Record, Shape
from twin.source import Source
from twin.times import now

_OPTIONS = ("tables", "ids", "next", "hosts")
_TABLE = ("items", "each", "shape", "lon", "lat", "where", "pivot", "name", "value")
_DEPTH = 8
"""Objects in objects; deeper fields are not read."""
_FIELDS = 500
"""Most fields of one record."""
_PAGES = 1_000
_DATE = re.compile(r"\{date(?:([+-])(\d{1,3}))?\}")


@dataclass(frozen=True, slots=True)
class _Table:
    items: tuple[str, ...]
    each: tuple[str, ...]
    shape: Shape
    lon: str | None
    lat: str | None
    where: dict[str, frozenset[str]]
    pivot: tuple[tuple[str, ...], str, str] | None

    def wants(self, values: dict[str, Any]) -> bool:
        return all(str(values.get(name)) in allowed for name, allowed in self.where.items())


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield one record per item: its fields, those of inner objects under dotted names (``water.shortname``).

    A record of an inner list (``each``) has the item's fields, and its own under the list's name
    (``timeseries.unit``). Positions are EPSG:4326 unless the recipe says otherwise.

    Raises:
        SourceBroken: no JSON, or an error in its place.
        SourceChanged: a list is not where the recipe says, or other fields than its columns.
    """
    asked = options(source, _OPTIONS)
    tables = _tables(asked.get("tables", [{}]))
    for document, place, own in _documents(source, fetch):
        for table in tables:
            yield from _records(document, table, place, own, source)


def filled(url: str, zone: str, at: date | None = None) -> str:
    """The address with today's date, or one so many days from it, in place of ``{date}`` and ``{year}``."""
    today = at or now().astimezone(ZoneInfo(zone)).date()

    def day(match: re.Match[str]) -> str:
        days = int(match[2] or 0) * (-1 if match[1] == "-" else 1)
        return (today + timedelta(days=days)).isoformat()

    return _DATE.sub(day, url).replace("{year}", str(today.year))


def _tables(stated: Any) -> list[_Table]:
    if not isinstance(stated, list) or not stated:
        raise RecipeError("options.tables is a list of tables; see docs/connectors.md")
    found = []
    for table in stated:
        if not isinstance(table, dict) or not table.keys() <= set(_TABLE):
            raise RecipeError(f"options.tables: a table has the keys {', '.join(_TABLE)}, and no others")
        where = table.get("where", {})
        if not isinstance(where, dict):
            raise RecipeError("options.tables: where is {field = [values]}")
        if not all(isinstance(value, str) for name, value in table.items() if name != "where"):
            raise RecipeError("options.tables: all values but where are texts")
        if table.get("shape", "feature") not in ("feature", "observation"):
            raise RecipeError("options.tables: shape is feature or observation")
        if ("lon" in table) != ("lat" in table):
            raise RecipeError("options.tables: a position needs both lon and lat")
        pivot = {"pivot", "name", "value"} & table.keys()
        if len(pivot) not in (0, 3):
            raise RecipeError("options.tables: pivot, name and value belong together")
        shape = Shape.OBSERVATION if table.get("shape") == "observation" else Shape.FEATURE
        found.append(
            _Table(
                tuple(filter(None, table.get("items", "").split("."))),
                tuple(filter(None, table.get("each", "").split("."))),
                shape,
                table.get("lon"),
                table.get("lat"),
                {name: frozenset(listed(values, "tables.where")) for name, values in where.items()},
                (tuple(table["pivot"].split(".")), table["name"], table["value"]) if pivot else None,
            )
        )
    return found


def _documents(source: Source, fetch: Fetch) -> Iterator[tuple[Any, str, str | None]]:
    """Yield (document, place, id asked for)."""
    if fetch.is_local(source.url):
        for file in fetch.files(source.url, (".json",)):
            data = file.read()
            refuse_markup(data, file.name)
            yield parse_json(data, file.name), file.name, None
        return
    ids = listed(source.options.get("ids", []), "ids")
    url = filled(source.url, source.timezone)
    if ("{id}" in url) != bool(ids):
        raise RecipeError("options.ids lists what stands in place of {id} in the address; both or none")
    if not ids:
        yield from _pages(url, None, source, fetch)
    for own in ids:
        yield from _pages(url.replace("{id}", quote(own, safe="")), own, source, fetch)


def _pages(
    first: str, own: str | None, source: Source, fetch: Fetch
) -> Iterator[tuple[Any, str, str | None]]:
    pages = by_links(
        fetch,
        first,
        lambda body: (json_of(body), body.place),
        lambda page: _next(page[0], source),
        accept=("application/json",),
        hosts=listed(source.options.get("hosts", []), "hosts"),
        most=_PAGES,
    )
    for document, place in pages:
        yield document, place, own


def _next(document: Any, source: Source) -> str | None:
    path = source.options.get("next")
    if path is None:
        return None
    if not isinstance(path, str):
        raise RecipeError("options.next is the path of a field")
    link = _at(document, tuple(path.split(".")))
    return link if isinstance(link, str) and link else None


def _at(document: Any, path: tuple[str, ...]) -> Any:
    """What lies at a path; None if nothing does."""
    for name in path:
        if isinstance(document, list) and name.isdecimal() and int(name) < len(document):
            document = document[int(name)]
        else:
            document = document.get(name) if isinstance(document, dict) else None
    return document


def _items(document: Any, path: tuple[str, ...], place: str) -> list[Any]:
    *way, last = path or ("",)
    found = _at(document, tuple(way))
    if last == "*":
        found = list(found.values()) if isinstance(found, dict) else found
    elif last:
        found = _at(found, (last,))
    if not isinstance(found, list):
        where = ".".join(path) or "the document itself"
        raise SourceChanged(
            f"{place}: there is no list at {where}; look at the answer, then at options.tables"
        )
    return found


def _records(document: Any, table: _Table, place: str, own: str | None, source: Source) -> Iterator[Record]:
    known: set[str] = set()
    for number, item in enumerate(_items(document, table.items, place), 1):
        where = f"{place}, {'.'.join(table.items) or 'item'} {number}"
        if not isinstance(item, dict):
            yield Record(where, {}, shape=table.shape)
            continue
        values = _flat(item)
        if table.pivot is not None:
            values |= _pairs(item, *table.pivot)
        if own is not None:
            values["@asked"] = own
        inner = [{}] if not table.each else _at(item, table.each)
        for one in inner if isinstance(inner, list) else []:
            under = ".".join(table.each)
            all_values = values | {f"{under}.{name}": value for name, value in _flat(one).items()}
            known.update(all_values)
            if not table.wants(all_values):
                continue
            geometry, notes = _position(item, table)
            crs = (source.crs or "EPSG:4326") if geometry else None
            yield Record(where, all_values, geometry, crs, table.shape, notes)
    if source.columns is not None and known:
        missing, unknown = source.columns.difference(known - {"@asked"})
        if missing or unknown:
            refuse_columns(place, missing, unknown)


def _pairs(item: dict[str, Any], path: tuple[str, ...], name: str, value: str) -> dict[str, Any]:
    """The pairs of an inner list as fields; of several with one name the last."""
    found = _at(item, path)
    pairs = [pair for pair in found if isinstance(pair, dict)] if isinstance(found, list) else []
    under = ".".join(path)
    return {f"{under}.{pair.get(name)}": pair.get(value) for pair in pairs[:_FIELDS]}


def _position(item: dict[str, Any], table: _Table) -> tuple[bytes | None, tuple[str, ...]]:
    if table.lon is None or table.lat is None:
        return None, ()
    lon, lat = (_at(item, tuple(path.split("."))) for path in (table.lon, table.lat))
    return (None, ()) if lon in (None, "") or lat in (None, "") else position(lon, lat)


def _flat(item: Any, under: str = "", depth: int = 0) -> dict[str, Any]:
    """The fields of an object, those of inner objects under dotted names; without inner lists of objects."""
    values: dict[str, Any] = {}
    if not isinstance(item, dict) or depth > _DEPTH:
        return values
    for name, value in item.items():
        key = f"{under}{name}"
        if isinstance(value, dict):
            values |= _flat(value, f"{key}.", depth + 1)
        elif not isinstance(value, list) or not any(isinstance(each, dict | list) for each in value):
            values[key] = value
        if len(values) > _FIELDS:
            break
    return values
