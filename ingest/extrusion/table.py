"""What the readers of footprint files have in common: rows of polygons and columns."""

import datetime
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ingest.extrusion.columns import personal
from ingest.extrusion.wkb import NO_AREA, NoArea, Polygons, flat, from_wkb, position

OF_OSM = frozenset({"osm_id", "osm_way_id", "other_tags"})
"""Columns of exports of OpenStreetMap, whose others are its tags."""
_HSTORE = re.compile(r'"((?:[^"\\]|\\.){1,200})"=>"((?:[^"\\]|\\.){0,2000})"')
_LONGEST_TEXT = 2000
_INT64 = 1 << 63


@dataclass(slots=True)
class Row:
    """One footprint as its file has it."""

    number: int
    """Which one of its file, from 1."""
    area: Polygons | None
    fault: str | None
    """Why there is no area."""
    values: Mapping[str, Any]
    point: tuple[float, ...] | None = None
    """Where it is only a point: that, with a height if it has one."""
    shape: bytes | None = None
    """Where it is no area but a point or lines: WKB, whole, in the CRS of its table."""
    of_osm: bool = False
    """Whether its columns are tags of OpenStreetMap, as exports of it write them."""


@dataclass(slots=True)
class Table:
    """Some rows of a file."""

    crs: str | None
    """As the file states it."""
    names: set[str]
    """All the columns there are, also those that were not read."""
    rows: list[Row]
    layer: str = ""
    """Which one, in a file that has several."""


def row_of(
    number: int, wkb: bytes | NoArea | None, values: Mapping[str, Any], *, shapes: bool, of_osm: bool
) -> Row:
    """A row whose geometry comes as WKB, or as the reason why there is none.

    Args:
        number: which one of its file.
        wkb: of any byte order; None where the file has none.
        values: its columns.
        shapes: points and lines are wanted as well.
        of_osm: as in `Row`.
    """
    area, point, shape = None, None, None
    fault: str | None = "it has none" if wkb is None else None
    try:
        if isinstance(wkb, NoArea):
            raise wkb
        if wkb is not None:
            area = from_wkb(wkb)
    except NoArea as error:
        fault = str(error)
    if shapes and fault == NO_AREA and isinstance(wkb, bytes):
        try:
            shape, fault = flat(wkb), None
            point = position(wkb)
        except NoArea as error:
            fault = str(error)
    return Row(number, area, fault, flattened(values), point, shape, of_osm)


def flattened(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Columns with those that OSM exports hide in ``tags`` or, as hstore text, in ``other_tags``."""
    tags, other = values.get("tags"), values.get("other_tags")
    if isinstance(tags, dict):
        return {**tags, **{name: value for name, value in values.items() if name != "tags"}}
    if isinstance(other, str):
        return {**dict(_HSTORE.findall(other[:100_000])), **values}
    return values


def generic(values: Mapping[str, Any]) -> dict[str, Any]:
    """All columns that a property table can hold, typed; never those that speak of people."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if value is None or personal(name) or name == "other_tags":
            continue
        if isinstance(value, datetime.date | datetime.datetime):
            value = value.isoformat()
        if isinstance(value, str):
            found[name] = value[:_LONGEST_TEXT].encode("utf-8", "replace").decode()
        elif isinstance(value, bool):
            found[name] = value
        elif isinstance(value, int):
            found[name] = value if -_INT64 <= value < _INT64 else str(value)
        elif isinstance(value, float) and math.isfinite(value):
            found[name] = value
    return found
