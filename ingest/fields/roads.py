"""Mapping functions for roads and paths, as OpenStreetMap's tags describe them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ingest.extrusion.numbers import metres as length

_SPEED = re.compile(r"(\d{1,3})(?:\.\d{1,2})? ?(km/?h|kph|kmh|mph|knots)?", re.IGNORECASE)
_FACTORS = {"mph": 1.609344, "knots": 1.852}
_ZONE = re.compile(r"[A-Z]{2}:(?:zone:? ?)?(\d{1,3})", re.IGNORECASE)
# Speeds that German law gives to a kind of road (StVO § 3, § 42 with sign 325, § 41 with sign 244.1).
_LAW = {"walk": 7, "de:living_street": 7, "de:urban": 50, "de:rural": 100, "de:bicycle_road": 30}
_FASTEST_KMH = 200
_WIDEST_M = 100

_WITH_TRACK = {"track", "opposite_track", "sidepath", "sidewalk_track"}
_WITH_LANE = {"lane", "opposite_lane", "share_busway", "opposite_share_busway", "soft_lane", "buffered_lane"}
_PATHS = {"path", "footway", "pedestrian", "steps", "bridleway"}
_NOT_ALLOWED = {"no", "dismount", "use_sidepath", "private"}
_ALLOWED = {"yes", "designated", "permissive", "official"}
_SIDES = ("cycleway", "cycleway:both", "cycleway:left", "cycleway:right")
CYCLING = ("highway", "bicycle", *_SIDES, "bicycle_road", "cyclestreet", "segregated", "foot", "motorroad")
"""Tags that `cycling` looks at, in the order in which ``osm_cycling`` wants them."""


def cycling(tags: Mapping[str, str | None]) -> str:
    """How one cycles along a way: a choice of the column ``cycling`` of ``road/1``."""
    highway, bicycle = tags.get("highway"), tags.get("bicycle")
    if tags.get("bicycle_road") == "yes" or tags.get("cyclestreet") == "yes":
        return "street"
    beside = {tags.get(side) for side in _SIDES}
    with_feet = tags.get("foot") in _ALLOWED and tags.get("segregated") != "yes"
    if highway == "cycleway":
        return "shared" if with_feet else "track"
    if beside & _WITH_TRACK:
        return "track"
    if beside & _WITH_LANE:
        return "lane"
    if bicycle in _NOT_ALLOWED or highway in ("motorway", "motorway_link") or tags.get("motorroad") == "yes":
        return "forbidden"
    if highway in _PATHS:
        if bicycle not in _ALLOWED:
            return "unknown"
        return "track" if tags.get("segregated") == "yes" else "shared"
    if highway == "track" and bicycle not in _ALLOWED:
        return "unknown"
    return "road" if highway else "unknown"


def osm_cycling(values: Sequence[Any], context: Any) -> str:
    """How one cycles along a way, by OpenStreetMap's tags, left and right: ``track`` (a way of one's own),
    ``lane`` (marked on the road), ``street`` (for bicycles first), ``shared`` (with people on foot), ``road``
    (with cars), ``forbidden``, ``unknown``. From ``highway``, ``bicycle``, ``cycleway``, ``cycleway:both``,
    ``cycleway:left``, ``cycleway:right``, ``bicycle_road``, ``cyclestreet``, ``segregated``, ``foot`` and
    ``motorroad``, in this order.
    """
    return cycling(dict(zip(CYCLING, values, strict=True)))


def osm_speed(values: Sequence[Any], context: Any) -> int | None:
    """Speed limit in km/h, of the first field that tells one: ``50``, ``30 mph``, ``walk`` (7), ``DE:urban``
    (50), ``DE:zone:30``. None where there is none, or where it changes (``none``, ``signals``, ``30;50``).
    """
    for value in values:
        word = str(value).strip() if value is not None else ""
        if match := _SPEED.fullmatch(word):
            kmh = round(int(match[1]) * _FACTORS.get((match[2] or "").lower(), 1))
        elif match := _ZONE.fullmatch(word):
            kmh = int(match[1])
        else:
            kmh = _LAW.get(word.lower(), 0)
        if 0 < kmh <= _FASTEST_KMH:
            return kmh
        if word:
            return None
    return None


def osm_oneway(values: Sequence[Any], context: Any) -> bool | None:
    """Whether traffic runs one way, from ``oneway``, ``junction`` and ``highway``: on roundabouts and
    motorways it does where nothing is said, elsewhere it does not. None where it changes with the hour.
    """
    said, junction, highway = values
    if said in ("yes", "true", "1", "-1", "reverse"):
        return True
    if said in ("reversible", "alternating"):
        return None
    if said in ("no", "false", "0"):
        return False
    return junction in ("roundabout", "circular") or highway in ("motorway", "motorway_link")


def osm_lanes(values: Sequence[Any], context: Any) -> int | None:
    """Number of lanes; None for what is no whole number from 1 to 20, such as ``2;3`` or ``1.5``."""
    word = str(values[0]).strip() if values[0] is not None else ""
    number = int(word) if word.isascii() and word.isdecimal() and len(word) < 3 else 0
    return number if 0 < number <= 20 else None


def metres(values: Sequence[Any], context: Any) -> float | None:
    """A width in metres as people write it: ``3.5``, ``3,5 m``, ``12'``. None beyond 100 m, and for none."""
    found = length(values[0])
    return round(found, 2) if found is not None and 0 < found <= _WIDEST_M else None
