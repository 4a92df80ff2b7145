"""Parking in DATEX II: tables and states, in the ParkingRecord model and in the older parkingFacility one."""

import math
from typing import Any
from zoneinfo import ZoneInfo

from ingest.connectors.datex2_place import SHOWN, geometry_of
from ingest.connectors.datex2_times import moment
from ingest.connectors.features import UNREADABLE
from ingest.connectors.wkb import NoGeometry
from ingest.connectors.xml_stream import Element, at, below, children, in_language, kind, words
from twin.record import Record, Shape

TABLE = frozenset({"parkingRecord", "parkingFacility"})
"""Elements that describe a car park."""
STATUS = frozenset({"parkingRecordStatus", "parkingFacilityStatus"})
"""Elements that say how full one is."""
_PLACES = ("parkingLocation", "facilityLocation", "entranceLocation")
_CRS = "OGC:CRS84"
_LAYOUTS = {
    "multiStorey": "garage",
    "underground": "garage",
    "undergroundAndMultiStorey": "garage",
    "automatedParkingGarage": "garage",
    "singleLevel": "lot",
    "openSpace": "lot",
}


def table(element: Element, place: str, *, swap: bool = False) -> Record:
    """One car park.

    Values: ``id``, ``name``, ``station_name`` (of vendors, without namespace), ``kind`` (``truck``,
    ``park-ride``, ``street``, ``garage``, ``lot`` by its use and layout), ``capacity``. Owners and contacts
    are not read.
    """
    use = next(
        (e.text.strip() for e in below(element, "parkingUsageScenario") if (e.text or "").strip()), None
    )
    name = at(element, "parkingName")
    values: dict[str, Any] = {
        "id": element.get("id"),
        "name": in_language(at(element, "parkingFacilityName") if name is None else name),
        "station_name": words(element, "StationName"),
        "kind": _kind(element, use),
        "capacity": words(element, "parkingNumberOfSpaces") or words(element, "totalParkingCapacity"),
    }
    for name in _PLACES:
        location = at(element, name)
        if location is None:
            continue
        try:
            geometry, crs, notes = geometry_of(location, swap=swap)
        except NoGeometry as error:
            return Record(place, values, None, _CRS, notes=(f"{UNREADABLE}: {error}",))
        return Record(
            place, values, geometry, crs or _CRS, notes=tuple(note for note in notes if note != SHOWN)
        )
    return Record(place, values, None, _CRS, notes=(f"{UNREADABLE}: it states no location",))


def _kind(element: Element, use: str | None) -> str | None:
    layout = words(element, "parkingLayout") or words(element, "parkingFacilityLayout")
    if use == "truckParking" or kind(element) == "InterUrbanParkingSite":
        return "truck"
    if use == "parkAndRide":
        return "park-ride"
    if words(element, "urbanParkingSiteType") == "onStreetParking":
        return "street"
    return _LAYOUTS.get(layout or "")


def status(element: Element, place: str, published: str | None, zone: ZoneInfo) -> Record | None:
    """How full a car park is; None for an element of that name that is only a word.

    Values: ``station``, ``time`` (UTC; else when the document was published), ``free``, ``occupied``,
    ``occupancy`` (%), ``opening`` and ``state`` in the source's words.
    """
    reference = at(element, "parkingRecordReference")
    if reference is None:
        reference = at(element, "parkingFacilityReference")
    if reference is None:
        return None
    counts = at(element, "parkingOccupancy")
    counts = element if counts is None else counts
    free = words(counts, "parkingNumberOfVacantSpaces") or words(element, "totalNumberOfVacantParkingSpaces")
    taken = (
        words(counts, "parkingNumberOfOccupiedSpaces")
        or words(counts, "parkingNumberOfVehicles")
        or words(element, "totalNumberOfOccupiedParkingSpaces")
    )
    values = {
        "station": reference.get("id"),
        "time": moment(
            words(element, "parkingStatusOriginTime")
            or words(element, "parkingFacilityStatusTime")
            or published,
            zone,
        ),
        "free": free,
        "occupied": taken,
        "occupancy": words(counts, "parkingOccupancy") or _share(free, taken),
        "opening": words(element, "parkingSiteOpeningStatus"),
        "state": words(element, "parkingSiteStatus")
        or next((e.text for e in children(element, "parkingFacilityStatus") if e.text), None),
    }
    return Record(place, values, shape=Shape.OBSERVATION)


def _share(free: str | None, taken: str | None) -> float | None:
    """Occupancy in per cent where the source states counts alone.

    The older model's own ``parkingFacilityOccupancy`` is a share in some feeds and per cent in others, so
    it is not read.
    """
    try:
        vacant, occupied = float(free or ""), float(taken or "")
    except ValueError:
        return None
    whole = vacant + occupied
    if not math.isfinite(whole) or whole <= 0 or vacant < 0 or occupied < 0:
        return None
    return round(100 * occupied / whole, 1)
