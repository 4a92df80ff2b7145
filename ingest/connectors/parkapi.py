"""ParkAPI: car parks and how full they are, in the form of ParkenDD (version 1) and of version 3.

Version 1 is a city's document with ``lots``; version 3 lists ``items`` page by page. Single parking spots are
not read: one that is reserved for a person with a disability may be that of one person.

Options:
    box: ``[west, south, east, north]``; what lies outside is not read.
    purposes: of version 3, list of ``CAR``, ``BIKE``, ``ITEM`` (default ``CAR``).
    hosts: further hosts that pages may lie on.
"""

from collections.abc import Iterator
from typing import Any

from ingest.bodies import json_of, parse_json, refuse_markup
from ingest.connectors.box import box_of, within
from ingest.connectors.options import listed, options
from ingest.connectors.rows import position
from ingest.connectors.seen import Seen
from ingest.fetch import Fetch
from ingest.paging import by_links
from twin.errors import SourceBroken
from twin.record import Record, Shape
from twin.source import Source

_OPTIONS = ("box", "purposes", "hosts")
_CRS = "OGC:CRS84"
_PAGES = 1_000
_SINGLE = 1
"""Places of a car park that is none: a spot, and perhaps one person's."""


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield a feature per car park, and behind each an observation if it tells how full it is.

    Feature values: ``id``, ``name``, ``type`` (``lot_type``), ``capacity``, ``operator``, ``has_fee``,
    ``opening_hours``. Observation values: ``station``, ``time``, ``free``, ``occupied``, ``occupancy`` (%).
    Addresses, descriptions and contacts are not read.

    Raises:
        SourceBroken: a document with neither lots nor items.
    """
    asked = options(source, _OPTIONS)
    purposes = frozenset(listed(asked.get("purposes", ["CAR"]), "purposes"))
    box, told = box_of(asked), Seen()
    for document, place in _documents(source, fetch):
        for number, lot in enumerate(document.get("lots", document.get("items")) or [], 1):
            thing, state = _both(lot, document, f"{place}, lot {number}", purposes)
            if thing is None:
                continue
            for record in within([thing], box):
                yield record
                if state is not None and told.add(str(state.values["station"])) is None:
                    yield state


def _documents(source: Source, fetch: Fetch) -> Iterator[tuple[dict[str, Any], str]]:
    if fetch.is_local(source.url):
        for file in fetch.files(source.url, (".json",)):
            data = file.read()
            refuse_markup(data, file.name)
            yield _document(parse_json(data, file.name), file.name), file.name
        return
    yield from by_links(
        fetch,
        source.url,
        lambda body: (_document(json_of(body), body.place), body.place),
        lambda page: page[0].get("next_path") if isinstance(page[0].get("next_path"), str) else None,
        accept=("application/json",),
        hosts=listed(source.options.get("hosts", []), "hosts"),
        most=_PAGES,
    )


def _document(document: Any, place: str) -> dict[str, Any]:
    if not isinstance(document, dict) or not isinstance(document.get("lots", document.get("items")), list):
        raise SourceBroken(f"{place} has neither lots nor items; check the address")
    return document


def _both(
    lot: Any, document: dict[str, Any], place: str, purposes: frozenset[str]
) -> tuple[Record | None, Record | None]:
    """The car park and its state; None for what is not read."""
    if not isinstance(lot, dict):
        return Record(place, {}), None
    if str(lot.get("purpose", "CAR")) not in purposes and "purpose" in lot:
        return None, None
    capacity = _first(lot, "total", "realtime_capacity", "capacity")
    if capacity == _SINGLE or "parking_site_id" in lot:  # a spot belongs to a site
        return None, None
    stated = lot.get("coords")
    coords = stated if isinstance(stated, dict) else {"lat": lot.get("lat"), "lng": lot.get("lon")}
    geometry, notes = position(coords.get("lng"), coords.get("lat"))
    values = {
        "id": lot.get("id"),
        "name": lot.get("name"),
        "type": _first(lot, "lot_type", "type"),
        "capacity": capacity,
        "operator": lot.get("operator_name"),
        "has_fee": lot.get("has_fee"),
        "opening_hours": lot.get("opening_hours"),
    }
    return Record(place, values, geometry, _CRS, notes=notes), _state(lot, document, place, capacity)


def _state(lot: dict[str, Any], document: dict[str, Any], place: str, capacity: Any) -> Record | None:
    free = _first(lot, "free", "realtime_free_capacity")
    if free is None and "free" not in lot:
        return None
    if lot.get("state") in ("nodata", "unknown"):
        free = None  # version 1 then writes what it had last
    taken = None
    if _is_count(free) and _is_count(capacity) and capacity > 0 and free <= capacity:
        taken = capacity - free
    values = {
        "station": lot.get("id"),
        "time": _first(lot, "realtime_data_updated_at", "last_updated") or document.get("last_updated"),
        "free": free,
        "occupied": taken,
        "occupancy": None if taken is None else round(100 * taken / capacity, 1),
    }
    return Record(place, values, shape=Shape.OBSERVATION)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1_000_000


def _first(lot: dict[str, Any], *names: str) -> Any:
    return next((lot[name] for name in names if lot.get(name) is not None), None)
