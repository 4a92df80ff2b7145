"""WZDx (Work Zone Data Exchange) 3 and 4: work zones and detours as GeoJSON; files or an address.

Options:
    box: ``[west, south, east, north]``; what lies outside is not read.
    types: event types (default ``work-zone`` and ``detour``).

The feed's own description (``feed_info``) names contact persons; it is not read.
"""

from collections.abc import Iterator
from typing import Any

from ingest.connectors.box import box_of, within
from ingest.connectors.features import UNREADABLE
from ingest.connectors.options import listed, options
from ingest.connectors.split import collections_of
from ingest.connectors.wkb import NoGeometry, wkb_of
from ingest.fetch import Fetch
from twin.record import Record
from twin.source import Source

_OPTIONS = ("box", "types")
_CRS = "OGC:CRS84"
_PLAIN = (
    "start_date",
    "end_date",
    "is_start_date_verified",
    "is_end_date_verified",
    "location_method",
    "vehicle_impact",
    "work_zone_type",
    "reduced_speed_limit_kph",
    "beginning_cross_street",
    "ending_cross_street",
)
_CORE = ("event_type", "direction", "name", "description", "creation_date", "update_date", "data_source_id")
_PARENTS = ("related-work-zone", "first-in-sequence")


def read(source: Source, fetch: Fetch) -> Iterator[Record]:
    """Yield one record per road event of the wanted types, streaming.

    Values under the standard's names: ``id``, those of ``core_details`` and of the event. Made of them:
    ``roads`` (with commas), ``site`` (the work zone that a detour or a later part belongs to, else the event
    itself), ``work`` (types of work), ``lanes`` (such as ``1 of 2 closed``), ``blocked`` (None if unknown).

    Raises:
        SourceBroken: no FeatureCollection.
    """
    asked = options(source, _OPTIONS)
    types = frozenset(listed(asked.get("types", ["work-zone", "detour"]), "types"))
    yield from within(_events(source, fetch, types), box_of(asked))


def _events(source: Source, fetch: Fetch, types: frozenset[str]) -> Iterator[Record]:
    for file in fetch.files(source.url, (".geojson", ".json")):
        for before, _, batch in collections_of(file):
            for number, feature in enumerate(batch.features, before + 1):
                record = _event(feature, f"{file.name}, feature {number}")
                if record.values.get("event_type") in types or not record.values:
                    yield record


def _event(feature: Any, place: str) -> Record:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(properties, dict):
        return Record(place, {})
    stated = properties.get("core_details")
    core = stated if isinstance(stated, dict) else properties  # version 3 has no core_details
    name = feature.get("id", properties.get("road_event_id"))
    values: dict[str, Any] = {key: core.get(key) for key in _CORE} | {
        key: properties.get(key) for key in _PLAIN
    }
    values |= {
        "id": name,
        "roads": ", ".join(_texts(core.get("road_names"))) or core.get("road_name"),
        "site": _site(core, name),
        "work": ", ".join(_texts(_each(properties.get("types_of_work"), "type_name"))) or None,
        "lanes": _lanes(properties.get("lanes")),
        "blocked": _blocked(properties.get("vehicle_impact")),
    }
    try:
        geometry, notes = wkb_of(feature.get("geometry"))
    except NoGeometry as error:
        geometry, notes = None, (f"{UNREADABLE}: {error}",)
    return Record(place, values, geometry, _CRS, notes=notes)


def _site(core: dict[str, Any], name: Any) -> Any:
    related = core.get("related_road_events")
    for kind in _PARENTS:
        for event in related if isinstance(related, list) else ():
            if isinstance(event, dict) and event.get("type") == kind and event.get("id"):
                return event["id"]
    return name


def _lanes(lanes: Any) -> str | None:
    states = _each(lanes, "status")
    closed = sum(state == "closed" for state in states)
    return f"{closed} of {len(states)} closed" if states else None


def _blocked(impact: Any) -> bool | None:
    return None if impact in (None, "unknown") else impact == "all-lanes-closed"


def _each(items: Any, key: str) -> list[Any]:
    found = [item.get(key) for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    return [value for value in found if value is not None]


def _texts(values: Any) -> list[str]:
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []
