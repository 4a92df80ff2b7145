"""Departure boards as JSON, as Nuremberg's VAG has them: how many departures, how late; no single trip.

Source: an address with ``{stop}`` in it, a file, or a folder of answers.

Options:
    stops: list of the stops' numbers; needed for an address, for files the others are left out.
    places: address of the list of all stops, with their names and positions.
    least: delays of fewer departures than this tell of single vehicles: then there is none (default 3).
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ingest.bodies import json_of, parse_json, refuse_markup
from ingest.connectors.options import listed, options
from ingest.connectors.rows import position
from ingest.fetch import Fetch
from twin.errors import RecipeError, SourceBroken
from twin.record import Record, Shape
from twin.source import Source
from twin.times import iso

_OPTIONS = ("stops", "places", "least")
_AHEAD = timedelta(hours=1)
_LATE_S = 300
_UNREADABLE = "departures whose times cannot be read were left out"


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield stations as features, and one observation for each answer about a stop.

    Values of a station: ``station``, ``name``. Of an observation: ``station``, ``time`` (the answer's),
    ``departures`` (within an hour), ``delay`` (mean, seconds) and ``late`` (percent more than five minutes
    late) of those with a forecast; None where too few have one. Nothing else of a departure is read: its
    number, direction and vehicle stay where they are.

    Raises:
        SourceBroken: an answer of another kind. One stop without an answer is a broken record.
    """
    asked = options(source, _OPTIONS)
    wanted = listed(asked.get("stops", []), "stops")
    least = asked.get("least", 3)
    if not isinstance(least, int) or least < 1:
        raise RecipeError("options.least is a number of departures, at least 1")
    zone = ZoneInfo(source.timezone)
    if fetch.is_local(source.url):
        for file in fetch.files(source.url, (".json",)):
            data = file.read()
            refuse_markup(data, file.name)
            yield from _records(parse_json(data, file.name), file.name, wanted, least, zone)
        return
    if not wanted or "{stop}" not in source.url:
        raise RecipeError("options.stops lists the stops' numbers, and the url has {stop} in their place")
    if "places" in asked:
        body = fetch.get(str(asked["places"]), accept=("application/json",))
        yield from _records(json_of(body), body.place, wanted, least, zone)
    for stop in wanted:
        if not stop.isalnum():
            raise RecipeError("options.stops are numbers, or names without blanks and signs")
        try:
            body = fetch.get(source.url.replace("{stop}", stop), accept=("application/json",))
            yield from _records(json_of(body), body.place, wanted, least, zone)
        except SourceBroken as error:
            yield Record(f"stop {stop}", {}, shape=Shape.OBSERVATION, notes=(str(error),))


def _records(document: Any, place: str, wanted: list[str], least: int, zone: ZoneInfo) -> Iterator[Record]:
    stops = document.get("Haltestellen") if isinstance(document, dict) else None
    if isinstance(stops, list):
        for number, stop in enumerate(stops, 1):
            if isinstance(stop, dict) and (not wanted or str(stop.get("VGNKennung")) in wanted):
                yield _station(stop, f"{place}, stop {number}")
        return
    board = document.get("Abfahrten") if isinstance(document, dict) else None
    if not isinstance(board, list):
        raise SourceBroken(f"{place} is no departure board and no list of stops; look at it in a browser")
    station = str(document.get("VGNKennung"))
    if not wanted or station in wanted:
        yield _board(document, board, station, place, least, zone)


def _station(stop: dict[str, Any], place: str) -> Record:
    geometry, notes = position(stop.get("Longitude"), stop.get("Latitude"))
    values = {"station": str(stop.get("VGNKennung")), "name": stop.get("Haltestellenname")}
    return Record(place, values, geometry, "EPSG:4326", notes=notes)


def _board(
    document: dict[str, Any], board: list[Any], station: str, place: str, least: int, zone: ZoneInfo
) -> Record:
    about = document.get("Metadata")
    at = _instant(about.get("Timestamp") if isinstance(about, dict) else None, zone)
    if at is None:
        raise SourceBroken(f"{place}: the answer says no time; ask its publisher")
    count, unreadable = 0, 0
    late: list[float] = []
    for departure in board:
        told = departure if isinstance(departure, dict) else {}
        planned = _instant(told.get("AbfahrtszeitSoll"), zone)
        real = _instant(told.get("AbfahrtszeitIst"), zone) or planned
        if planned is None or real is None:
            unreadable += 1
        elif at <= real < at + _AHEAD:
            count += 1
            if told.get("Prognose", True) is True:
                late.append((real - planned).total_seconds())
    enough = len(late) >= least
    values = {
        "station": station,
        "time": iso(at),
        "departures": count,
        "delay": round(sum(late) / len(late), 1) if enough else None,
        "late": round(100 * sum(s > _LATE_S for s in late) / len(late), 1) if enough else None,
    }
    notes = (f"{unreadable} {_UNREADABLE}",) if unreadable else ()
    return Record(place, values, shape=Shape.OBSERVATION, notes=notes)


def _instant(written: Any, zone: ZoneInfo) -> datetime | None:
    try:
        found = datetime.fromisoformat(written) if isinstance(written, str) else None
        if found is None:
            return None
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
