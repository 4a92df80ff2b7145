"""Values of a city object, the same for the quick reader and for the careful one."""

import math
from typing import Any

GenericValue = str | int | float | bool
_METRES = {None, "m", "#m", "urn:adv:uom:m", "urn:ogc:def:uom:UCUM::m", "urn:ogc:def:uom:EPSG::9001", "metre"}
_NO_METRES = "a height in another unit than metres was ignored"
_NO_NUMBER = "a height that is no number was ignored"
IMPOSSIBLE = "an impossible height (none, below the ground, or above 10 km) was ignored"
HIGHEST_M = 10_000.0
"""No building is as high: a unit mistaken, or a number that stands for none."""


def empty_values(kind: str, gml_id: str | None) -> dict[str, Any]:
    """Return the values of a record of class `kind` about which nothing else is known yet."""
    return {
        "class": kind,
        "gml_id": gml_id,
        "name": None,
        "measured_height": None,
        "part_heights": [],
        "roof_type": None,
        "function": None,
        "storeys": None,
        "year_built": None,
        "creation_date": None,
        "municipality_key": None,
        "lod": None,
        "generic": {},
    }


def settle_parts(values: dict[str, Any], roofs: set[str] | None) -> None:
    """A building without a roof type has that of its parts, if they agree."""
    if values["roof_type"] is None and roofs is not None and len(roofs) == 1:
        (values["roof_type"],) = roofs


def named(values: dict[str, Any]) -> None:
    """The name of a building, which has no column of its own (`building/1`), is one more attribute."""
    if values["class"] == "Building" and values["name"] is not None:
        values["generic"].setdefault("name", values["name"])


def metres(written: str | None, unit: str | None, notes: list[str]) -> float | None:
    """Read a height; None, and a note, if it is not one in metres."""
    if written is None:
        return None
    if unit not in _METRES:
        notes.append(_NO_METRES)
        return None
    height = typed(written, float)
    if height is None:
        notes.append(_NO_NUMBER)
        return None
    if not 0 < float(height) <= HIGHEST_M:
        notes.append(IMPOSSIBLE)
        return None
    return float(height)


def typed(written: str | None, kind: type) -> GenericValue | None:
    """Read a generic attribute's value; as text if it is not of its type, None if there is none."""
    if written is None:
        return None
    if kind is not str:
        try:
            number: int | float = kind(written)
        except ValueError:
            return written if kind is int else None
        return number if math.isfinite(number) else None
    return written
