"""The air API of the German environment agency (v3 and v4), or files in its dialects.

Source: ``…/api/air-data/v3`` (stations and values are asked below it), a file, or a folder of ``.json``
documents (recognised by their shape) and ``.csv`` exports (long by station and hour).

Options:
    stations: list of station ids; needed for an address, for files the others are left out.
    days: how many days back, today included (default 7: values are revised for a week).
    document: ``airquality`` (default) or ``measures``.
    components, scope: for ``measures``: list of component ids, and one scope id (default 2, hourly means).
"""

from collections.abc import Iterator
from datetime import timedelta, timezone
from typing import Any

from ingest.bodies import json_of, parse_json, refuse_markup
from ingest.connectors.arrays import records_of, records_of_export
from ingest.connectors.options import listed, options
from ingest.fetch import Fetch
from twin.errors import RecipeError
from twin.record import Record
from twin.source import Source
from twin.times import now

_OPTIONS = ("stations", "days", "document", "components", "scope")
_CET = timezone(timedelta(hours=1))
"""The API writes Central European Time all year, without summer time."""


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield stations as features and values as observations, one per station, start and component.

    Station values: the document's column names with ``_`` for blanks (``station_id``, ``station_name`` …).
    Observation values: ``station``, ``start``, ``end`` (where stated), ``component`` (the API's id, the
    export's column, or ``index`` for the air quality index), ``value`` (None where missing), ``scope``
    (``measures`` only). Times stay text, with hour 24.

    Raises:
        SourceBroken: another document, or an error in its place.
        SourceChanged: other columns.
    """
    asked = options(source, _OPTIONS)
    wanted = frozenset(listed(asked.get("stations", []), "stations"))
    if not fetch.is_local(source.url):
        yield from _ask(source, fetch, wanted)
        return
    for file in fetch.files(source.url, (".json", ".csv")):
        if file.has_suffix((".csv",)):
            yield from records_of_export(file, wanted)
        else:
            data = file.read()
            refuse_markup(data, file.name)
            yield from records_of(parse_json(data, file.name), file.name, wanted)


def _ask(source: Source, fetch: Fetch, wanted: frozenset[str]) -> Iterator[Record]:
    asked = source.options
    document = asked.get("document", "airquality")
    days = asked.get("days", 7)
    if not wanted:
        raise RecipeError("options.stations lists the ids of the stations wanted; it is missing")
    if document not in ("airquality", "measures"):
        raise RecipeError("options.document is airquality or measures")
    if not isinstance(days, int) or not 1 <= days <= 366:
        raise RecipeError("options.days is a number of days from 1 to 366")
    today = now().astimezone(_CET).date()
    span = {
        "date_from": (today - timedelta(days=days - 1)).isoformat(),
        "date_to": today.isoformat(),
        "time_from": "1",
        "time_to": "24",
        "lang": "de",
    }
    use = "airquality" if document == "airquality" else "measure"
    yield from _answer(source, fetch, "stations", span | {"use": use, "index": "id"}, wanted)
    for station in sorted(wanted):
        for kind in _kinds(source, document):
            yield from _answer(source, fetch, document, span | {"station": station} | kind, wanted)


def _kinds(source: Source, document: str) -> list[dict[str, str]]:
    if document == "airquality":
        return [{}]
    components = listed(source.options.get("components", []), "components")
    if not components:
        raise RecipeError("options.components lists the component ids wanted; measures needs it")
    scope = str(source.options.get("scope", 2))
    return [{"component": component, "scope": scope} for component in components]


def _answer(
    source: Source, fetch: Fetch, name: str, params: dict[str, str], wanted: frozenset[str]
) -> Iterator[Record]:
    body = fetch.get(f"{source.url.rstrip('/')}/{name}/json", params, accept=("application/json",))
    document: Any = json_of(body)
    yield from records_of(document, name, wanted)
