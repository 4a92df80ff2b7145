"""Traffic measured by detectors in DATEX II: a table says where they stand and of what each value is,
a second publication has the values alone.

Of the classes of vehicles only all together are read, and lanes become their carriageway: their flows are
added up, speeds and occupancies become a mean. A flow of which one lane is wrong is none.
"""

import math
import re
from collections.abc import Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ingest.connectors.datex2_place import SHOWN, geometry_of
from ingest.connectors.datex2_times import moment
from ingest.connectors.features import UNREADABLE
from ingest.connectors.seen import Seen
from ingest.connectors.wkb import NoGeometry
from ingest.connectors.xml_stream import Element, at, below, children, in_language, local, words
from twin.record import Record, Shape

TABLE = frozenset({"measurementSiteRecord", "measurementSite"})
"""Elements that describe a measuring point, in version 2 and in version 3."""
STATUS = frozenset({"siteMeasurements"})
"""Elements with what one measured."""
_VALUES = ("measuredValue", "physicalQuantity")
_KINDS = {
    "vehicleFlow": ("flow", "vehicleFlowRate"),
    "averageVehicleSpeed": ("speed", "speed"),
    "occupancy": ("occupancy", "percentage"),
}
"""Element → what it is, and which of its children is the number."""
_WHOLE = "allLanesCompleteCarriageway"
_LANE = re.compile(r"lane([1-9])")
_CRS = "OGC:CRS84"
_CLASS, _ALL = 0, 1
"""Numbers of values that are of some vehicles only, and of the carriageway; those of lanes follow."""
SEVERAL = (
    "several values of one kind, and no table says of which lane or vehicles each is: they were left out"
)
FAULTY = "a detector says that a value of it is wrong: it was left out"


class _Value(NamedTuple):
    """One number of a measuring point."""

    kind: str
    lane: int
    number: float | None
    """None where the source says that it has none."""


def site(element: Element, place: str, told: Seen, *, swap: bool = False) -> Record:
    """One measuring point.

    Values: ``id``, ``name``, ``direction`` (``measurementSide``), ``lanes``.

    Args:
        element: of the table.
        place: of it, for messages.
        told: gets, for each of the point's values, of what it is.
        swap: ``posList`` comes as longitude, latitude.
    """
    key = element.get("id")
    for stated in children(element, "measurementSpecificCharacteristics"):
        told.add(_name(key, stated.get("index")), _of_what(stated))
    values = {
        "id": key,
        "name": in_language(at(element, "measurementSiteName")),
        "direction": words(element, "measurementSide"),
        "lanes": words(element, "measurementSiteNumberOfLanes"),
    }
    location = at(element, "measurementSiteLocation")
    try:
        if location is None:
            raise NoGeometry("it states no location")
        geometry, crs, notes = geometry_of(location, swap=swap)
    except NoGeometry as error:
        return Record(place, values, None, _CRS, notes=(f"{UNREADABLE}: {error}",))
    return Record(place, values, geometry, crs or _CRS, notes=tuple(note for note in notes if note != SHOWN))


def measured(
    element: Element, place: str, published: str | None, zone: ZoneInfo, told: Seen
) -> Record | None:
    """What a point measured; None where nothing of it is read.

    Values: ``station``, ``time`` (UTC; else when the document was published), ``flow`` (vehicles an hour),
    ``speed`` (km/h), ``occupancy`` (% of the time); None where the source has none.
    """
    reference = at(element, "measurementSiteReference")
    if reference is None:
        return None
    key, notes = reference.get("id"), set[str]()
    found = list(_values(element, key, told, notes))
    if len(told) == 0 and len({value.kind for value in found}) < len(found):
        found = []
        notes.add(SEVERAL)
    if not found and not notes:
        return None
    flows = _chosen(found, "flow")
    values = {
        "station": key,
        "time": moment(
            words(element, "measurementTimeDefault", "timeValue")
            or words(element, "measurementTimeDefault")
            or published,
            zone,
        ),
        "flow": _sum(flows),
        "speed": _mean(_chosen(found, "speed"), flows),
        "occupancy": _mean(_chosen(found, "occupancy"), {}),
    }
    return Record(place, values, shape=Shape.OBSERVATION, notes=tuple(sorted(notes)))


def _of_what(stated: Element) -> int:
    """`_CLASS`, `_ALL`, or a number for the lane."""
    vehicles = [part for outer in below(stated, "specificVehicleCharacteristics") for part in outer]
    if any(local(part) != "vehicleType" or (part.text or "").strip() != "anyVehicle" for part in vehicles):
        return _CLASS
    lane = next(((e.text or "").strip() for e in below(stated, "specificLane")), _WHOLE)
    match = _LANE.fullmatch(lane)
    if match:
        return _ALL + int(match[1])
    return _ALL if lane == _WHOLE else _ALL + 10 + sum(map(ord, lane[:40]))  # hard shoulder, bus lane, …


def _values(element: Element, key: str | None, told: Seen, notes: set[str]) -> Iterator[_Value]:
    for outer in (value for name in _VALUES for value in children(element, name)):
        lane = told.number(_name(key, outer.get("index"))) if len(told) else _ALL
        if lane is None or lane == _CLASS:
            continue
        for inner in outer.iterdescendants():
            kind, number = _KINDS.get(local(inner), ("", ""))
            if not kind:
                continue
            wrong = words(inner, "dataError") == "true"
            nobody = kind == "speed" and inner.get("numberOfInputValuesUsed") == "0"
            if wrong:
                notes.add(FAULTY)
            yield _Value(kind, lane, None if wrong or nobody else _number(words(inner, number)))


def _chosen(found: list[_Value], kind: str) -> dict[int, float | None]:
    """Lane → value; that of the whole carriageway alone where there is one."""
    of_lane = {value.lane: value.number for value in found if value.kind == kind}
    return {_ALL: of_lane[_ALL]} if _ALL in of_lane else of_lane


def _sum(values: dict[int, float | None]) -> float | None:
    known = [value for value in values.values() if value is not None]
    return sum(known) if known and len(known) == len(values) else None


def _mean(values: dict[int, float | None], flows: dict[int, float | None]) -> float | None:
    """The mean over lanes, weighted by their flow where that is known of all of them."""
    known = {lane: value for lane, value in values.items() if value is not None}
    if not known:
        return None
    weights = {lane: flows.get(lane) or 0.0 for lane in known}
    if not all(weights.values()):
        weights = dict.fromkeys(known, 1.0)
    total = sum(value * weights[lane] for lane, value in known.items())
    return round(total / sum(weights.values()), 1)


def _number(text: str | None) -> float | None:
    """A number that is not negative: many write -1 for no vehicle."""
    try:
        found = float(text or "")
    except ValueError:
        return None
    return found if math.isfinite(found) and found >= 0 else None


def _name(key: str | None, index: str | None) -> str:
    return f"{key}\n{index}"
