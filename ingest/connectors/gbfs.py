"""GBFS 1 to 3: rental stations and how many vehicles and docks are free at them; never a single vehicle.

Source: the discovery file ``gbfs.json``, or a folder with the feeds ``station_information``,
``station_status`` and ``system_information`` as files. No other feed is asked for: those of vehicles trace
journeys.

Options:
    language: of names (default ``de``, else ``en``, else the first).
    hosts: further hosts that feeds may lie on.
    licensed: true where the publisher states the licence elsewhere; else a system without one is refused.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.bodies import json_of, parse_json, refuse_markup
from ingest.connectors.options import listed, options
from ingest.connectors.rows import position
from ingest.fetch import Fetch
from twin.errors import SourceBroken, SourceRefused
from twin.record import Record, Shape
from twin.source import Source
from twin.times import iso, now

_OPTIONS = ("language", "hosts", "licensed")
FEEDS = ("system_information", "station_information", "station_status")
_VEHICLE = re.compile(r"\s*(?:bike|rad|fahrrad|vehicle|scooter)\s*\d{3,}\s*", re.IGNORECASE)
"""Some systems list a bicycle that stands by itself as a station of that name."""
_STALE = "the feed is much older than its own time to live"


@dataclass(frozen=True, slots=True)
class _Feed:
    """One document."""

    place: str
    data: dict[str, Any]
    updated: datetime | None
    ttl: timedelta
    notes: list[str] = field(default_factory=list)


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield a feature per station, then an observation per station that reports.

    Feature values: ``station_id``, ``name``, ``capacity``, ``region_id``, ``operator`` (the system's name).
    Observation values: ``station``, ``time`` (UTC, when the station reported, else when the feed was
    written), ``vehicles``, ``docks``; both None where the station is not in operation.

    Raises:
        SourceBroken: a feed is missing, or is none.
        SourceRefused: the system states no licence.
    """
    asked = options(source, _OPTIONS)
    feeds = _local(source, fetch) if fetch.is_local(source.url) else _asked(source, fetch)
    for name in FEEDS:
        if name not in feeds:
            raise SourceBroken(f"the feed {name} is missing; check the address, or the folder")
    system = feeds["system_information"].data
    if not (system.get("license_id") or system.get("license_url") or asked.get("licensed") is True):
        raise SourceRefused(
            "the system states no licence, so it is not published; if its publisher states one elsewhere, "
            "set options.licensed = true"
        )
    language = str(asked.get("language", "de"))
    operator = _text(system.get("name"), language)
    known: set[str] = set()
    for place, station in _stations(feeds["station_information"]):
        record = _station(place, station, operator, language)
        if not _VEHICLE.fullmatch(record.values.get("name") or ""):
            known.add(str(record.values.get("station_id")))
            yield record
    status = feeds["station_status"]
    for place, station in _stations(status):
        if str(station.get("station_id")) in known:
            yield _count(place, station, status)


def _asked(source: Source, fetch: Fetch) -> dict[str, _Feed]:
    body = fetch.get(source.url, accept=("application/json",))
    addresses = discovered(json_of(body), body.place, str(source.options.get("language", "de")))
    hosts = tuple(listed(source.options.get("hosts", []), "hosts"))
    feeds = {}
    for name in FEEDS:
        if name in addresses:
            answer = fetch.get(fetch.follow(source.url, addresses[name], hosts), accept=("application/json",))
            feeds[name] = feed = _feed(json_of(answer), answer.place)
            if feed.updated and now() - feed.updated > max(10 * feed.ttl, timedelta(minutes=30)):
                feed.notes.append(_STALE)
    return feeds


def _local(source: Source, fetch: Fetch) -> dict[str, _Feed]:
    feeds = {}
    for file in fetch.files(source.url, (".json",)):
        name = next((name for name in FEEDS if name in file.name.rpartition("/")[2]), None)
        if name is not None:
            data = file.read()
            refuse_markup(data, file.name)
            feeds[name] = _feed(parse_json(data, file.name), file.name)
    return feeds


def discovered(document: Any, place: str, language: str) -> dict[str, str]:
    """Name → address of the feeds: directly below ``data`` (version 3), else in one of its languages."""
    data = document.get("data") if isinstance(document, dict) else None
    if isinstance(data, dict) and "feeds" not in data:
        data = next((data[key] for key in (language, "en", *data) if isinstance(data.get(key), dict)), None)
    feeds = data.get("feeds") if isinstance(data, dict) else None
    if not isinstance(feeds, list):
        raise SourceBroken(f"{place} lists no feeds; give the address of the system's gbfs.json")
    return {
        feed["name"]: feed["url"]
        for feed in feeds
        if isinstance(feed, dict) and isinstance(feed.get("name"), str) and isinstance(feed.get("url"), str)
    }


def _feed(document: Any, place: str) -> _Feed:
    data = document.get("data") if isinstance(document, dict) else None
    if not isinstance(data, dict):
        raise SourceBroken(f"{place} is no GBFS feed; check the address")
    ttl = document.get("ttl")
    seconds = min(ttl, 86400) if isinstance(ttl, int | float) and 0 <= ttl < math.inf else 0
    return _Feed(place, data, _instant(document.get("last_updated")), timedelta(seconds=seconds))


def _stations(feed: _Feed) -> Iterator[tuple[str, dict[str, Any]]]:
    stations = feed.data.get("stations")
    if not isinstance(stations, list):
        raise SourceBroken(f"{feed.place} lists no stations; ask its publisher")
    for number, station in enumerate(stations, 1):
        yield f"{feed.place}, station {number}", station if isinstance(station, dict) else {}


def _station(place: str, station: dict[str, Any], operator: str | None, language: str) -> Record:
    values = {
        "station_id": station.get("station_id"),
        "name": _text(station.get("name"), language),
        "capacity": station.get("capacity"),
        "region_id": station.get("region_id"),
        "operator": operator,
    }
    lon, lat = station.get("lon"), station.get("lat")
    geometry, notes = position(lon or None, lat or None)  # some write 0, 0 for nowhere
    return Record(place, values, geometry, "OGC:CRS84", notes=notes)


def _count(place: str, station: dict[str, Any], feed: _Feed) -> Record:
    at = _instant(station.get("last_reported")) or feed.updated
    works = station.get("is_installed") not in (False, 0)
    vehicles = station.get("num_vehicles_available", station.get("num_bikes_available"))
    values = {
        "station": station.get("station_id"),
        "time": iso(at) if at else None,
        "vehicles": vehicles if works else None,
        "docks": station.get("num_docks_available") if works else None,
    }
    notes = tuple(feed.notes)
    feed.notes.clear()
    return Record(place, values, shape=Shape.OBSERVATION, notes=notes)


def _instant(value: Any) -> datetime | None:
    """POSIX seconds (versions 1 and 2) or RFC 3339 (version 3); None for nothing and for the year 1970."""
    try:
        if isinstance(value, str) and not value.isdigit():
            found = datetime.fromisoformat(value)
            return found.astimezone(UTC) if found.tzinfo else None
        found = datetime.fromtimestamp(int(value), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return found if found.year > 2000 else None


def _text(value: Any, language: str) -> str | None:
    """A text, or that in the wanted language of several (version 3)."""
    if isinstance(value, str):
        return value
    texts = [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
    by_language = {str(entry.get("language")): entry.get("text") for entry in texts}
    found = next((by_language[key] for key in (language, "en", *by_language) if by_language.get(key)), None)
    return found if isinstance(found, str) else None
