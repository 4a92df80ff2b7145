"""DATEX II 2 and 3: roadworks and closures, car parks with how full they are, and traffic that detectors
measure. Files or an address.

Options:
    also: further addresses, read after the first (states of car parks, or measured values, beside their
        table).
    types: types of situation records (default ``MaintenanceWorks``, ``ConstructionWorks``,
        ``RoadOrCarriagewayOrLaneManagement``).
    box: ``[west, south, east, north]``; what lies outside is not read.
    axes: ``xy`` where ``posList`` comes as longitude, latitude (default ``yx``, as the standard has it).
    hosts: further hosts, for ``also``.
"""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from ingest.connectors import datex2_measured, datex2_parking, datex2_situation
from ingest.connectors.box import box_of, within
from ingest.connectors.options import listed, options
from ingest.connectors.seen import Seen
from ingest.connectors.xml_stream import elements
from ingest.fetch import Fetch
from ingest.files import File
from twin.errors import RecipeError, SourceBroken
from twin.record import Record
from twin.source import Source

_OPTIONS = ("also", "types", "box", "axes", "hosts")
_WANTED = (
    datex2_parking.TABLE
    | datex2_parking.STATUS
    | datex2_measured.TABLE
    | datex2_measured.STATUS
    | {"situation", "publicationTime"}
)


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield a record per situation record, car park and measuring point, and an observation per state of one.

    See `ingest.connectors.datex2_situation`, `ingest.connectors.datex2_parking` and
    `ingest.connectors.datex2_measured` for their values. Where car parks or measuring points came (from this
    or another document), states of others are not read.

    Raises:
        SourceBroken: no XML, or none of DATEX II.
        SourceRefused: a DOCTYPE, or more than 64 MB.
    """
    asked = options(source, _OPTIONS)
    axes = asked.get("axes", "yx")
    if axes not in ("xy", "yx"):
        raise RecipeError("options.axes is yx (latitude first) or xy (longitude first)")
    types = frozenset(listed(asked.get("types", datex2_situation.WORKS), "types"))
    zone, box = ZoneInfo(source.timezone), box_of(asked)
    known, told, came = Seen(), Seen(), 0
    files = list(_files(source, fetch))
    for file in files:
        for thing in _things(file, types, zone, told, axes == "xy"):
            came += 1
            for record in within([thing], box):
                known.add(str(record.values.get("id")))
                yield record
    for file in files:  # once more, as states may come before their car parks: memory stays flat so
        for state in _states(file, zone, told):
            if not came or str(state.values["station"]) in known:
                yield state


def _files(source: Source, fetch: Fetch) -> Iterator[File]:
    yield from fetch.files(source.url, (".xml", ".datex2"))
    if not fetch.is_local(source.url):
        hosts = tuple(listed(source.options.get("hosts", []), "hosts"))
        for address in listed(source.options.get("also", []), "also"):
            yield fetch.download(fetch.follow(source.url, address, hosts))


def _things(file: File, types: frozenset[str], zone: ZoneInfo, told: Seen, swap: bool) -> Iterator[Record]:
    found = 0
    for found, (name, element) in enumerate(elements(file, _WANTED), 1):
        place = f"{file.name}, {name} {found}"
        if name == "situation":
            yield from datex2_situation.situation(element, place, types, zone, swap=swap)
        elif name in datex2_parking.TABLE:
            yield datex2_parking.table(element, place, swap=swap)
        elif name in datex2_measured.TABLE:
            yield datex2_measured.site(element, place, told, swap=swap)
    if not found:
        raise SourceBroken(f"{file.name} is no DATEX II publication; check the address")


def _states(file: File, zone: ZoneInfo, told: Seen) -> Iterator[Record]:
    published: str | None = None
    for number, (name, element) in enumerate(elements(file, _WANTED), 1):
        if name == "publicationTime":
            published = (element.text or "").strip() or None
            continue
        place, state = f"{file.name}, {name} {number}", None
        if name in datex2_parking.STATUS:
            state = datex2_parking.status(element, place, published, zone)
        elif name in datex2_measured.STATUS:
            state = datex2_measured.measured(element, place, published, zone, told)
        if state is not None:
            yield state
