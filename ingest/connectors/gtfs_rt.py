"""Delays of public transport (GTFS-RT trip updates): means for each stop, never single trips or vehicles.

Source: a protobuf feed at an address, a ``.pb`` file, or a folder with one and the timetable's tables beside.

Options:
    prefix: list of beginnings of stop ids (``de:09162:``); other stops are left out, before they are parsed.
    stations: address of a timetable (GTFS) with the same stop ids: names and positions of the stations.
    box: west, south, east, north in degrees: only stations of the timetable that lie in it.
    window: minutes from the feed's time on in which departures count (default 60); those without a time do.
    least: fewer departures than this tell of single vehicles: such a stop has no values (default 3).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from ingest.connectors.options import box_of, listed, options
from ingest.connectors.wkb import point
from ingest.fetch import Fetch
from ingest.gtfs.feed import Feed
from ingest.gtfs.realtime import Message, delays
from ingest.gtfs.stations import Stations, station_of
from twin.errors import RecipeError, SourceBroken
from twin.record import Record, Shape
from twin.source import Source
from twin.times import iso

_OPTIONS = ("prefix", "stations", "box", "window", "least")
_LATE_S = 300
"""From here on people call it late: the federal statistics of punctuality, too, begin at six minutes."""
_ABSURD_S = 86_400
"""A departure a day late or early is a slip of the source."""


@dataclass(slots=True)
class _Sum:
    departures: int = 0
    seconds: int = 0
    late: int = 0


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield stations as features (where a timetable is stated), then one observation for each stop.

    Values of a station: ``station``, ``name``. Of an observation: ``station``, ``time`` (the header's, UTC),
    ``departures`` (with a forecast), ``delay`` (mean, seconds, negative for early), ``late`` (percent more
    than five minutes late).

    Raises:
        SourceBroken: no GTFS-RT, cut off, or without a time.
    """
    asked = options(source, _OPTIONS)
    marks = tuple(listed(asked.get("prefix", []), "prefix"))
    window, least = _number(asked, "window", 60), _number(asked, "least", 3)
    stations = _stations(source, fetch)
    if stations is not None:
        yield from _places(stations, marks)
    elif not marks:
        raise RecipeError("options.prefix or options.stations says which stops are wanted; it is missing")
    known = None if stations is None else _known(stations, marks)
    for file in fetch.files(source.url, (".pb",)):
        message = Message(file, marks)
        found = (each for trip in message.trips() for each in _wanted(trip, marks, known))
        sums, at = _summed(message, found, window * 60)
        for station in sorted(sums):
            one = sums[station]
            if one.departures >= least:
                yield Record(
                    f"{file.name}, a stop",
                    {
                        "station": station,
                        "time": iso(at),
                        "departures": one.departures,
                        "delay": round(one.seconds / one.departures, 1),
                        "late": round(100 * one.late / one.departures, 1),
                    },
                    shape=Shape.OBSERVATION,
                )


def _summed(
    message: Message, found: Iterable[tuple[str, int, int | None]], window_s: int
) -> tuple[dict[str, _Sum], datetime]:
    """What the departures of the next `window_s` seconds come to, by station; and when the feed was made."""
    sums: dict[str, _Sum] = {}
    early: list[tuple[str, int, int | None]] = []
    for each in found:
        if message.at is None:  # a header that comes after the trips: the format allows it
            early.append(each)
        else:
            _add(sums, each, int(message.at.timestamp()), window_s)
    assert message.at is not None  # else the message was broken
    for each in early:
        _add(sums, each, int(message.at.timestamp()), window_s)
    return sums, message.at


def _add(sums: dict[str, _Sum], each: tuple[str, int, int | None], now: int, window_s: int) -> None:
    station, late, when = each
    if when is None or now <= when <= now + window_s:
        one = sums.setdefault(station, _Sum())
        one.departures += 1
        one.seconds += late
        one.late += late > _LATE_S


def _number(asked: dict[str, Any], name: str, default: int) -> int:
    value = asked.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise RecipeError(f"options.{name} is a whole number, at least 1")
    return value


def _wanted(
    trip: Any, marks: tuple[str, ...], known: dict[str, str] | None
) -> Iterator[tuple[str, int, int | None]]:
    for stop, late, when in delays(trip):
        if abs(late) > _ABSURD_S or (marks and not stop.startswith(marks)):
            continue
        station = station_of(stop) if known is None else known.get(stop) or known.get(station_of(stop))
        if station is not None:
            yield station, late, when


def _stations(source: Source, fetch: Fetch) -> Stations | None:
    """The timetable's stations; from the tables beside the file where the source lies here."""
    url = source.options.get("stations")
    if fetch.is_local(source.url):
        try:
            feed = Feed(fetch.files(source.url, (".txt", ".zip")), "the timetable")
        except SourceBroken:
            return None  # no tables beside it
        return Stations(feed, box_of(source)) if "stops" in feed else None
    return (
        None
        if url is None
        else Stations(Feed(fetch.files(str(url), (".txt", ".zip")), str(url)), box_of(source))
    )


def _known(stations: Stations, marks: tuple[str, ...]) -> dict[str, str]:
    """Stop point, and station → station, of those that are wanted."""
    keys = {key: key for number, key in enumerate(stations.keys) if stations.inside[number]}
    own = ((stop, stations.keys[stations.of[number]]) for stop, number in stations.stops.items())
    known = keys | {stop: key for stop, key in own if key in keys}
    return {stop: key for stop, key in known.items() if not marks or key.startswith(marks)}


def _places(stations: Stations, marks: tuple[str, ...]) -> Iterator[Record]:
    for number in np.flatnonzero(stations.inside).tolist():
        key = stations.keys[number]
        if marks and not key.startswith(marks):
            continue
        lon, lat = stations.places[number].tolist()
        geometry = None if np.isnan(lon) or np.isnan(lat) else point(lon, lat)
        values = {"station": key, "name": stations.names[number]}
        yield Record(f"stops.txt, station {number + 1}", values, geometry, "EPSG:4326")
