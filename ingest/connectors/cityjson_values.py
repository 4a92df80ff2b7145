"""Attributes of CityJSON objects under the names that all city objects share."""

from math import isfinite, nan
from typing import Any

import orjson

from ingest.connectors.citygml_values import HIGHEST_M, IMPOSSIBLE
from ingest.connectors.cityjson_levels import level_number
from ingest.connectors.cityjson_objects import Family

HEIGHT = "a height that is no number was ignored"

_TAKEN = frozenset(
    ("measuredHeight", "roofType", "storeysAboveGround", "creationDate", "name", "Gemeindeschluessel")
)
_NAMELESS = {"name"}
"""Buildings have no such column (`building/1`); there it is an attribute like any other."""
_ADDRESSES = ("address", "adresse", "xal")
_LARGEST = 1 << 63
_SCALARS = (str, float, bool)


def values_of(family: Family, lod: str | None, *, generic: bool) -> dict[str, Any]:
    """The values of a record.

    Args:
        family: the object and its parts.
        lod: the level of detail drawn.
        generic: whether to keep the attributes that have no common name.
    """
    own = family.top.get("attributes")
    if type(own) is not dict:
        own = {}
    get = own.get
    heights, roof = [], get("roofType")
    if family.parts:
        parts = [part["attributes"] for part in family.parts if isinstance(part.get("attributes"), dict)]
        for part in parts:
            height = metres_of(part.get("measuredHeight"), family.notes)
            if height is not None:
                heights.append(height)
        if roof is None:
            roofs = {text_of(part.get("roofType")) for part in parts} - {None}
            roof = roofs.pop() if len(roofs) == 1 else None
    return {
        "class": family.kind or None,
        "gml_id": family.id or None,
        "name": text_of(get("name")),
        "measured_height": metres_of(get("measuredHeight"), family.notes),
        "part_heights": heights,
        "roof_type": text_of(roof),
        "function": text_of(get("function")) or text_of(get("usage")),
        "storeys": text_of(get("storeysAboveGround")),
        "year_built": text_of(get("yearOfConstruction")),
        "creation_date": text_of(get("creationDate")),
        "municipality_key": text_of(get("Gemeindeschluessel")),
        "lod": level_number(lod),
        "generic": generic_of(family) if generic else {},
    }


def text_of(value: Any) -> str | None:
    """A code as written; of a list of codes the first."""
    if value is None or type(value) is str:
        return value or None
    if isinstance(value, list):
        return text_of(value[0]) if value else None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def metres_of(value: Any, notes: list[str]) -> float | None:
    """A length above nought, in metres; None, and a note, for what is none."""
    if value is None:
        return None
    height = nan
    try:
        if isinstance(value, float | int | str) and not isinstance(value, bool):
            height = float(value)
    except (ValueError, OverflowError):
        pass  # said below, as for values of other types
    if 0 < height <= HIGHEST_M:
        return height
    notes.append(IMPOSSIBLE if isfinite(height) else HEIGHT)
    return None


def generic_of(family: Family) -> dict[str, Any]:
    """All other attributes: the object's, and the parts' where the object has none of that name."""
    found: dict[str, Any] = {}
    taken = _TAKEN - _NAMELESS if family.kind == "Building" else _TAKEN
    for thing in (family.top, *family.parts):
        attributes = thing.get("attributes")
        if not isinstance(attributes, dict):
            continue
        for name, value in attributes.items():
            if name in taken or name in found or value is None or _is_address(name):
                continue
            if isinstance(value, int) and not -_LARGEST <= value < _LARGEST:
                value = str(value)
            elif not isinstance(value, (*_SCALARS, int)):
                value = orjson.dumps(_public(value), option=orjson.OPT_SORT_KEYS).decode()
            found[name] = value
    return found


def _public(value: Any) -> Any:
    """A nested value without the addresses in it."""
    if isinstance(value, dict):
        return {name: _public(inner) for name, inner in value.items() if not _is_address(name)}
    return [_public(inner) for inner in value] if isinstance(value, list) else value


def _is_address(name: str) -> bool:
    return name.lower().lstrip("+").startswith(_ADDRESSES)
