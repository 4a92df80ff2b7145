"""Timetables (GTFS): the stops or the lines of a feed, with how often they are served on a weekday.

Source: a zip archive at an address or here, or a folder with the tables. Tables are streamed; of agencies
only the name is read.

Options:
    things: ``stops`` (default) or ``routes``.
    box: west, south, east, north in degrees: only stations in it, and lines that depart there.
    day: a service day (``2026-09-16``); by default the busiest Tuesday, Wednesday or Thursday of the feed.
    modes: beginning of a line's name → means, such as ``{ S = "rail" }``, where types are unsteady.
    lines_wfs: list of ``{url, type, name}``: layers of a WFS with the lines' courses, and the property with
        the line's name; for feeds without shapes. Files ``*.geojson`` beside the tables stand for them.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.connectors import wfs
from ingest.connectors.options import box_of, options
from ingest.connectors.wkb import point
from ingest.fetch import Fetch
from ingest.files import File
from ingest.gtfs.courses import MAPPED, STRAIGHT, folded, line_wkb, mapped, shapes_of
from ingest.gtfs.feed import Feed
from ingest.gtfs.lines import Lines
from ingest.gtfs.modes import RANK
from ingest.gtfs.service import Service, service_of
from ingest.gtfs.stations import Stations
from ingest.gtfs.trips import Trips, trips_of
from twin.errors import RecipeError, SourceBroken
from twin.record import Record
from twin.source import Source

_OPTIONS = ("things", "box", "day", "modes", "lines_wfs")
_CRS = "EPSG:4326"
_TABLES = (".txt", ".zip")
Courses = dict[str, tuple[Any, str | None]]


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield one record per station, or per line.

    Values of a station: ``station``, ``name``, ``mode`` (the first of its means by `RANK`), ``line_names``
    (a list; ``lines`` is the same as one text, with a comma and a blank between), ``departures``, ``peak``
    and ``hours`` (departures a day, in the busiest hour, in each hour from midnight on), ``day``. Of a line:
    ``line`` (means, name, operator), ``name``, ``long_name``, ``mode``, ``operator``, ``trips``, ``peak``,
    ``hours``, ``day``.

    Raises:
        SourceBroken: a table is missing or damaged, or no trip runs on any day.
        SourceChanged: a column is missing.
    """
    asked = options(source, _OPTIONS)
    things = asked.get("things", "stops")
    if things not in ("stops", "routes"):
        raise RecipeError("options.things is stops or routes")
    feed = feed_of(source, fetch)
    stations, lines = Stations(feed, box_of(source)), Lines(feed, _named(asked))
    trips = trips_of(feed, stations, lines, _day(asked))
    service = service_of(trips, stations, lines)
    if things == "stops":
        records = _stops(stations, lines, trips, service)
    else:
        records = _routes(feed, stations, lines, trips, service, _mapped(source, fetch))
    first = next(records, None)
    if first is not None:
        remarks = _remarks(feed, trips)
        yield Record(first.place, first.values, first.geometry, first.crs, notes=(*first.notes, *remarks))
        yield from records


def feed_of(source: Source, fetch: Fetch) -> Feed:
    """The feed at the source's address."""
    files = fetch.files(source.url, _TABLES)
    return Feed(files, source.url.rstrip("/").rpartition("/")[2] or "the feed")


def _named(asked: dict[str, Any]) -> dict[str, str]:
    named = asked.get("modes", {})
    if not isinstance(named, dict) or not set(named.values()) <= set(RANK):
        raise RecipeError(f'options.modes is {{ S = "rail" }}; means are {", ".join(RANK)}')
    return {str(start): str(means) for start, means in named.items()}


def _day(asked: dict[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(asked["day"])) if "day" in asked else None
    except ValueError:
        raise RecipeError("options.day is a day such as 2026-09-16") from None


def _remarks(feed: Feed, trips: Trips) -> Iterator[str]:
    yield f"departures are those of {trips.day.isoformat()}, taken as a typical weekday"
    if trips.twice:
        yield f"{trips.twice} trips that the feed tells twice were counted once"
    if trips.timeless:
        yield f"{trips.timeless} stop times without a time were not counted"
    if feed.ragged:
        yield f"{feed.ragged} rows that have not as many fields as their header were left out"
    if (often := int((trips.frequency >= 0).sum())) > 0:
        yield f"{often} trips by headway (frequencies.txt) were counted as often as they set out"
    if trips.frequencies.unreadable:
        yield f"{trips.frequencies.unreadable} periods of frequencies.txt that cannot be read were left out"


def _stops(stations: Stations, lines: Lines, trips: Trips, service: Service) -> Iterator[Record]:
    of: dict[int, list[int]] = {}
    for station, line in service.pairs.tolist():
        of.setdefault(station, []).append(line)
    day = trips.day.isoformat()
    for number in np.flatnonzero(stations.inside).tolist():
        mine = [lines.lines[line] for line in of.get(number, ())]
        names = sorted({line.name for line in mine}, key=_natural)
        lon, lat = stations.places[number].tolist()
        yield Record(
            f"stops.txt, station {number + 1}",
            {
                "station": stations.keys[number],
                "name": stations.names[number],
                "mode": min((line.mode for line in mine), key=RANK.index, default=None),
                "line_names": names or None,
                "lines": ", ".join(names) or None,
                "departures": int(service.departures[number].sum()),
                "peak": int(service.departures[number].max()),
                "hours": _hours(service.departures[number]),
                "day": day,
            },
            None if np.isnan(lon) or np.isnan(lat) else point(lon, lat),
            _CRS,
        )


def _hours(counts: NDArray[np.int32]) -> str:
    return ", ".join(map(str, counts.tolist()))


def _natural(name: str) -> tuple[str, int, str]:
    """Sort U2 before U10."""
    start = name.rstrip("0123456789")
    digits = name[len(start) :]
    return start, int(digits[:9]) if digits else -1, name


def _routes(
    feed: Feed,
    stations: Stations,
    lines: Lines,
    trips: Trips,
    service: Service,
    courses: Courses,
) -> Iterator[Record]:
    served = sorted(set(service.pairs[:, 1].tolist()))
    shapes = shapes_of(feed, trips.shapes, {service.shapes[n] for n in served if n in service.shapes})
    day = trips.day.isoformat()
    for number in served:
        line = lines.lines[number]
        geometry, crs = None, _CRS
        notes: tuple[str, ...] = ()
        shape = shapes.get(service.shapes.get(number, -1))
        if shape is not None:
            geometry = line_wkb(shape)
        elif folded(line.name) in courses:
            geometry, stated = courses[folded(line.name)]
            crs, notes = stated or _CRS, (MAPPED,)
        if geometry is None and number in service.courses:
            places = stations.at[service.courses[number]]
            geometry, crs, notes = line_wkb(places), _CRS, (STRAIGHT,)
        values = {
            "line": line.key,
            "name": line.name,
            "long_name": line.long_name,
            "mode": line.mode,
            "operator": line.operator,
            "trips": int(service.trips[number].sum()),
            "peak": int(service.trips[number].max()),
            "hours": _hours(service.trips[number]),
            "day": day,
        }
        yield Record(f"routes.txt, line {number + 1}", values, geometry, crs, notes=notes)


def _mapped(source: Source, fetch: Fetch) -> Courses:
    """Courses of the map service, where one is stated.

    One that does not answer stops the run: lines that jump back and forth would tell of changes there never
    were, and the last revision holds well for another day.
    """
    stated = source.options.get("lines_wfs", [])
    if not isinstance(stated, list) or not all(
        isinstance(s, dict) and {"url", "type"} <= s.keys() for s in stated
    ):
        raise RecipeError("options.lines_wfs is a list of {url = …, type = …, name = …}")
    local = fetch.is_local(source.url)
    if local and not any(True for _ in _drawn(fetch, source.url)):
        return {}
    courses: Courses = {}
    for layer in stated:
        rest = {key: value for key, value in layer.items() if key not in ("url", "name")}
        url = source.url if local else layer["url"]
        asked = source.model_copy(
            update={"connector": "wfs", "url": url, "options": rest, "columns": None, "crs": None}
        )
        found = mapped(wfs.read(asked, fetch), str(layer.get("name", "route_short_name")))
        courses = found | courses
    return courses


def _drawn(fetch: Fetch, url: str) -> Iterator[File]:
    """Files with courses beside the tables."""
    try:
        yield from fetch.files(url, (".geojson",))
    except SourceBroken:
        return
