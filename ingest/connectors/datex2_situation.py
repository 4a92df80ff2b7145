"""Situation records of DATEX II 2 and 3: roadworks and closures. Of nobody's contacts is anything read."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from ingest.connectors.datex2_place import geometry_of
from ingest.connectors.datex2_times import validity
from ingest.connectors.features import UNREADABLE
from ingest.connectors.wkb import NoGeometry
from ingest.connectors.xml_stream import Element, at, below, children, in_language, kind, local, words
from twin.record import Record

WORKS = ("MaintenanceWorks", "ConstructionWorks", "RoadOrCarriagewayOrLaneManagement")
"""Types of records that are read unless the recipe names others."""
_PLACES = ("groupOfLocations", "locationReference")
_WORK = ("roadMaintenanceType", "constructionWorkType", "roadOrCarriagewayOrLaneManagementType")
_CLOSED = ("roadClosed", "carriagewayClosures")
_OPEN = (
    "laneClosures",
    "narrowLanes",
    "contraflow",
    "lanesDeviated",
    "singleAlternateLineTraffic",
    "newRoadworksLayout",
    "hardShoulderRunningInOperation",
)
_CRS = "OGC:CRS84"
_MOST_COMMENTS = 20
_ABOUT = {"roadworksName": "name", "routeRecommendation": "detour"}


def situation(
    element: Element, place: str, types: frozenset[str], zone: ZoneInfo, *, swap: bool = False
) -> Iterator[Record]:
    """Yield a record for each record of a situation whose type is wanted.

    Values: ``id``, ``situation``, ``type``, ``version``, ``status``, ``severity``, ``begin``, ``end``,
    ``windows``, ``work`` (kinds of works and of the management of lanes, with commas), ``blocked``,
    ``road``, ``road_name``, ``direction``, ``where`` (names of places), ``name``, ``detour`` and
    ``description`` (comments made for the public), ``link``.
    """
    for number, record in enumerate(children(element, "situationRecord"), 1):
        of = kind(record)
        if of not in types:
            continue
        when = validity(record, zone)
        location = next((found for found in record if local(found) in _PLACES), None)
        values: dict[str, Any] = {
            "id": record.get("id"),
            "situation": element.get("id"),
            "type": of,
            "version": record.get("version"),
            "status": words(record, "validity", "validityStatus"),
            "severity": words(record, "severity"),
            "begin": when.begin,
            "end": when.end,
            "windows": when.windows,
            "work": ", ".join(w.text.strip() for name in _WORK for w in below(record, name) if w.text)
            or None,
            "blocked": _blocked(record),
            **_comments(record),
            "link": next((e.text for e in below(record, "urlLinkAddress") if e.text), None),
        }
        geometry, crs, notes = None, None, when.notes
        if location is None:
            notes = (*notes, f"{UNREADABLE}: it states no location")
        else:
            values |= _names(location)
            try:
                geometry, crs, more = geometry_of(location, swap=swap)
                notes = (*notes, *more)
            except NoGeometry as error:
                notes = (*notes, f"{UNREADABLE}: {error}")
        yield Record(f"{place}, record {number}", values, geometry, crs or _CRS, notes=notes)


def _blocked(record: Element) -> bool | None:
    """Whether all of the road is closed; None where the record does not speak of it."""
    said = [(e.text or "").strip() for e in below(record, "roadOrCarriagewayOrLaneManagementType")]
    if any(word in _CLOSED for word in said):
        return True
    return False if any(word in _OPEN for word in said) else None


def _comments(record: Element) -> dict[str, str | None]:
    """What is said to the public, by what it is about; comments for others than the public name people.

    German publishers mark what a comment is (``commentType2`` of an extension): the name of the works, or a
    detour. All others are the description.
    """
    found: dict[str, list[str]] = {"name": [], "detour": [], "description": []}
    for said in children(record, "generalPublicComment")[:_MOST_COMMENTS]:
        text = in_language(at(said, "comment"))
        about = next((word.text for word in below(said, "commentType2") if word.text), "")
        if text:
            found[_ABOUT.get(about.strip(), "description")].append(text)
    return {about: " · ".join(dict.fromkeys(texts)) or None for about, texts in found.items()}


def _names(location: Element) -> dict[str, str | None]:
    return {
        "road": _first(location, "roadNumber"),
        "road_name": _first(location, "roadName"),
        "direction": _first(location, "directionBoundOnLinearSection", "directionBound")
        or _first(location, "directionNamed")
        or _first(location, "tpegDirection"),
        "where": " – ".join(dict.fromkeys(_descriptors(location))) or None,
    }


def _first(location: Element, *names: str) -> str | None:
    for name in names:
        for found in below(location, name):
            if text := in_language(found):
                return text
    return None


def _descriptors(location: Element) -> Iterator[str]:
    """Names of the points of a TPEG location, from its beginning."""
    for end in ("from", "to", "point"):
        for found in below(location, end):
            for name in ("descriptor", "name"):
                for each in children(found, name):
                    text = in_language(at(each, "descriptor") if at(each, "descriptor") is not None else each)
                    if text:
                        yield text
