"""The API of Germany's motorway company: roadworks, closures and warnings, in its formats of 2021 and 2026.

Options:
    roads: list of roads (``A99``); needed for an address. A neighbour's messages come with them, only once.
    services: list of ``roadworks``, ``closure`` and ``warning`` (default the first two).
    box: ``[west, south, east, north]``; what lies outside is not read, as a road crosses the country.

Traffic jams of a commercial third party (``inrix``) are among the warnings; they are never read.
"""

import json
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from ingest.bodies import json_of, parse_json, refuse_markup
from ingest.connectors.box import box_of, within
from ingest.connectors.options import listed, options
from ingest.connectors.rows import position
from ingest.connectors.seen import Seen
from ingest.connectors.wkb import NoGeometry, wkb_of
from ingest.fetch import Fetch
from ingest.german_times import Validity, validity
from twin.errors import RecipeError, SourceBroken
from twin.record import Record
from twin.source import Source
from twin.times import iso

_OPTIONS = ("roads", "services", "box")
_SERVICES = ("roadworks", "closure", "warning")
_ROAD = re.compile(r"\s*(A\s?\d{1,3})\b")
_FIELDS = (
    "identifier",
    "title",
    "subtitle",
    "display_type",
    "isBlocked",
    "future",
    "startTimestamp",
    "abnormalTrafficType",
)
_CRS = "OGC:CRS84"
_LINES = 200
Message = tuple[dict[str, Any], str, str | None, str]
"""One of theirs as parsed; its service, the road asked for, its place."""
_SINGLE = "its line cannot be read; the stated coordinate was taken"


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield one record per message; one that comes again is yielded as it first came, to be counted as such.

    Values are the message's own ``identifier``, ``title``, ``subtitle``, ``display_type``, ``isBlocked``,
    ``future``, ``startTimestamp`` and ``abnormalTrafficType``, and what is made of them: ``service``;
    ``road``; ``description`` (its lines with ``·`` between); ``begin``, ``end``, ``windows`` (its German
    lines as ISO 8601, see `ingest.german_times`; no end where one line cannot be read); ``blocked`` (True if
    it says so or shows all lanes closed, False if it shows an open one, else None, because ``isBlocked`` is
    false on most closures).

    The position is ``geometry``, else ``coordinate``; never ``point`` or ``extent``: their axes changed.

    Raises:
        SourceBroken: no such document.
        RecipeError: options that do not fit.
    """
    asked = options(source, _OPTIONS)
    services = listed(asked.get("services", ["roadworks", "closure"]), "services")
    for service in services:
        if service not in _SERVICES:
            raise RecipeError(
                f"options.services: {service[:40]!r} is none; write some of: {', '.join(_SERVICES)}"
            )
    yield from within(_messages(source, fetch, services), box_of(asked))


def _messages(source: Source, fetch: Fetch, services: list[str]) -> Iterator[Record]:
    zone = ZoneInfo(source.timezone)
    seen = Seen()
    with tempfile.TemporaryFile(prefix="twin-") as came:
        for document, place, road in _documents(source, fetch, services):
            for service, items in _lists(document, place, services):
                for number, item in enumerate(items, 1):
                    where = f"{place}, {service} {number}"
                    if not isinstance(item, dict):
                        yield Record(where, {})
                    elif not _is_foreign(item):
                        yield _record(*_first((item, service, road, where), seen, came), zone)


def _first(message: Message, seen: Seen, came: IO[bytes]) -> Message:
    """The message as it came first: `came` has all that have a name, one a line; `seen` knows where."""
    name = message[0].get("identifier")
    if not isinstance(name, str):
        return message
    end = came.seek(0, 2)
    start = seen.add(name, end)
    if start is None:
        try:
            came.write(json.dumps(message).encode("ascii") + b"\n")
        except RecursionError:
            raise SourceBroken(
                f"{message[3]} is nested too deeply to be honest data; ask its publisher"
            ) from None
        return message
    came.seek(start)
    item, service, road, place = parse_json(came.readline(), message[3])
    return item, service, road, place


def _documents(source: Source, fetch: Fetch, services: list[str]) -> Iterator[tuple[Any, str, str | None]]:
    if fetch.is_local(source.url):
        for file in fetch.files(source.url, (".json",)):
            data = file.read()
            refuse_markup(data, file.name)
            yield parse_json(data, file.name), file.name, None
        return
    roads = [road.strip() for road in listed(source.options.get("roads", []), "roads")]
    if not roads:
        raise RecipeError("options.roads lists the roads wanted, such as A99; it is missing")
    for road in dict.fromkeys(roads):
        for service in services:
            body = fetch.get(
                f"{source.url.rstrip('/')}/{quote(road, safe='')}/services/{service}",
                accept=("application/json",),
            )
            yield json_of(body), f"{road} {service}", road


def _lists(document: Any, place: str, services: list[str]) -> Iterator[tuple[str, list[Any]]]:
    found = False
    for service in _SERVICES:
        items = document.get(service) if isinstance(document, dict) else None
        if isinstance(items, list):
            found = True
            if service in services:
                yield service, items
    if not found:
        raise SourceBroken(f"{place} has no list of {', '.join(_SERVICES)}; check the address")


def _is_foreign(item: dict[str, Any]) -> bool:
    words = (item.get("source"), item.get("identifier"))
    return any(isinstance(word, str) and word.casefold().startswith("inrix") for word in words)


def _record(item: dict[str, Any], service: str, road: str | None, place: str, zone: ZoneInfo) -> Record:
    lines = [line for line in _listed(item.get("description")) if isinstance(line, str)][:_LINES]
    told = validity(lines, zone)
    values: dict[str, Any] = {name: item.get(name) for name in _FIELDS}
    values |= {
        "service": service,
        "road": _road(item, road),
        "description": " · ".join(" ".join(line.split()) for line in lines if line.strip()) or None,
        "begin": _begin(item.get("startTimestamp"), told),
        "end": iso(told.end) if told.end else None,
        "windows": told.intervals,
        "blocked": _blocked(item),
    }
    geometry, notes = _position(item)
    return Record(place, values, geometry, _CRS, notes=(*told.notes, *notes))


def _begin(stated: Any, told: Validity) -> str | None:
    """When it begins: as its windows say, else to the second as stated, if that can be true."""
    begin = iso(told.begin) if told.begin else None
    if told.windows or not isinstance(stated, str):
        return begin
    try:
        at = datetime.fromisoformat(stated)
    except ValueError:
        return begin
    return begin if at.tzinfo is None or (told.end is not None and told.end <= at) else stated


def _position(item: dict[str, Any]) -> tuple[bytes | None, tuple[str, ...]]:
    notes: tuple[str, ...] = ()
    if item.get("geometry") is not None:
        try:
            return wkb_of(item["geometry"])
        except NoGeometry:
            notes = (_SINGLE,)
    stated = item.get("coordinate")
    coordinate = stated if isinstance(stated, dict) else {}
    geometry, faults = position(coordinate.get("long"), coordinate.get("lat"))
    return geometry, (*notes, *faults)


def _road(item: dict[str, Any], asked: str | None) -> str | None:
    """The road that the title names; a neighbour's message comes with the road that was asked for."""
    match = _ROAD.match(str(item.get("title") or "")[:100])
    return match[1].replace(" ", "") if match else asked


def _blocked(item: dict[str, Any]) -> bool | None:
    if str(item.get("isBlocked")).strip().casefold() == "true":
        return True
    impact = item.get("impact")
    symbols = _listed(impact.get("symbols")) if isinstance(impact, dict) else []
    lanes = [symbol for symbol in symbols if symbol != "SEPARATE"]
    return all(lane == "CLOSED" for lane in lanes) if lanes else None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
