"""Overlays: lines, places and areas of vector files that are no buildings, and how to tell them from those.

What is tagged or has a height, storeys or a roof is what it says. Of a table of bare areas nothing tells
whether they are houses or districts but their size; a note says what was concluded.
"""

import re
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np

from ingest.extrusion.columns import Columns
from ingest.extrusion.plane import Plane
from ingest.extrusion.table import Row, Table, generic
from ingest.extrusion.wkb import Polygons
from ingest.osm.tags import OTHERS, other_than_building
from ingest.osm.widths import BY_KIND, BY_LANES, usual_width
from twin.record import Record

LINE, AREA = "Line", "Area"
"""Classes of such records; a place that is a point goes with the areas."""
WAYS = ("auto", "buildings", "ground")
"""What areas become that do not say what they are: what their size suggests, buildings, or areas."""
LARGE_M2 = 2000.0
"""Bare areas of which half are larger than this are no buildings."""
BY_SIZE = "nothing says that it is a building, and most of its kind are large: it lies on the terrain"
AS_TOLD = "nothing says that it is a building: it lies on the terrain, as --areas ground says"
_OF_BUILDINGS = ("height", "storeys", "bottom", "bottom_storeys", "base", "roof", "roof_height", "year")
_NAMES = ("building", "building:part", "gebaeudefunktion", "gfk", "building_use", "building_id", "egid")
_FILES = re.compile(r"building|geb(?:ae|ä)ude|footprint|haus|house|hu_", re.IGNORECASE)
_TAGS = ("building", "building:part")
_NUMBER = re.compile(r"\s*(\d{1,3}(?:[.,]\d{1,3})?)\s*m?\s*")
_LINES = (2, 5)
EXTRA = {*OTHERS, *_TAGS, "lanes", "oneway", "junction", "osm_id", "osm_way_id", "other_tags"}
"""Columns that are looked at beside those of buildings."""


class Judge:
    """Tells the areas of one file that are buildings; once for each of its layers.

    Args:
        name: of the file.
        way: one of `WAYS`.
        columns: which column says what.
    """

    def __init__(self, name: str, way: str, columns: Columns) -> None:
        self._name, self._way, self._columns = name, way, columns
        self._known: dict[str, str | None] = {}

    def sort(self, table: Table, plane: Plane) -> tuple[list[Row], list[tuple[Row, tuple[str, ...]]]]:
        """The rows that are buildings, or cannot be read; and the others with notes on them."""
        buildings: list[Row] = []
        others: list[tuple[Row, tuple[str, ...]]] = []
        for row in table.rows:
            if row.area is None:
                if row.shape is None:
                    buildings.append(row)
                else:
                    others.append((row, ()))
            elif row.of_osm and other_than_building(row.values) is not None:
                others.append((row, ()))
            elif _is_tagged(row) or (note := self._of(table, plane)) is None:
                buildings.append(row)
            else:
                others.append((row, (note,)))
        return buildings, others

    def _of(self, table: Table, plane: Plane) -> str | None:
        if table.layer not in self._known:
            self._known[table.layer] = self._found(table, plane)
        return self._known[table.layer]

    def _found(self, table: Table, plane: Plane) -> str | None:
        """Why a table's areas are none of buildings; None if they are."""
        roles = {role for role, _ in self._columns.pairs(table.names)}
        told = roles.intersection(_OF_BUILDINGS) or any(name.lower() in _NAMES for name in table.names)
        if told or self._way == "buildings" or _FILES.search(f"{self._name} {table.layer}"):
            return None
        if self._way == "ground":
            return AS_TOLD
        sizes = [_size(row.area, plane) for row in table.rows if row.area]
        known = [size for size in sizes if np.isfinite(size)]
        return BY_SIZE if known and float(np.median(known)) > LARGE_M2 else None


def _is_tagged(row: Row) -> bool:
    """Whether its tags say that it is a building."""
    return row.of_osm and any(row.values.get(tag) not in (None, "", "no") for tag in _TAGS)


def overlay(
    row: Row, place: str, columns: Columns, crs: str | None, notes: tuple[str, ...], everything: bool
) -> Record:
    """The record of a row that is no building; its geometry as WKB in the file's CRS."""
    said = columns.of(row.values)
    shape = row.shape if row.area is None else _wkb(row.area)
    assert shape is not None
    tag = other_than_building(row.values) if row.of_osm or row.area is None else None
    kind = said.get("function") if tag is None else f"{tag}={row.values[tag]}"
    is_line = row.area is None and struct.unpack_from("<I", shape, 1)[0] % 1000 in _LINES
    rest = generic(row.values) if everything else {}
    tags = row.values if is_line else None
    return _record(
        LINE if is_line else AREA, place, said.get("id"), kind, said, tags, shape, crs, notes, rest
    )


def of_map(
    class_: str,
    place: str,
    identity: str,
    kind: str,
    tags: Mapping[str, str],
    shape: bytes | None,
    crs: str,
    notes: tuple[str, ...],
    *,
    everything: bool,
) -> Record:
    """The record of a street, a track, a water or a green of a map; its class is `LINE` or `AREA`."""
    of_line = tags if class_ == LINE else None
    rest = dict(tags) if everything else {}
    return _record(class_, place, identity, kind, tags, of_line, shape, crs, notes, rest)


def _record(
    class_: str,
    place: str,
    identity: Any,
    kind: Any,
    said: Mapping[str, Any],
    tags: Mapping[str, Any] | None,
    shape: bytes | None,
    crs: str | None,
    notes: tuple[str, ...],
    rest: dict[str, Any],
) -> Record:
    width, whence = _metres(said.get("width")), "measured"
    if width is None and tags is not None and (usual := usual_width(str(kind), tags)) is not None:
        width, whence = usual
        notes += (BY_LANES if whence == "derived" else BY_KIND,)
    values = {
        "class": class_,
        "gml_id": _text(identity),
        "kind": _text(kind),
        "name": _text(said.get("name")),
        "width_m": width,
        "width_source": None if width is None else whence,
        "generic": rest,
    }
    return Record(place, values, shape, crs, notes=notes)


def middle_of(wkb: bytes) -> tuple[float, float] | None:
    """Where something flat lies by its record's geometry; None if nowhere."""
    import shapely

    west, south, east, north = shapely.from_wkb(wkb, on_invalid="ignore").bounds
    middle = ((west + east) / 2, (south + north) / 2)
    return middle if np.isfinite(middle).all() else None


def _size(area: Polygons | None, plane: Plane) -> float:
    """Square metres within the outer rings; NaN if they lie nowhere."""
    total = 0.0
    for rings in area or []:
        x, y = plane.to_metres(np.asarray(rings[0][:, :2], np.float64)).T
        x, y = x - x.mean(), y - y.mean()
        total += abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2
    return total


def _wkb(area: Polygons) -> bytes:
    """A multipolygon; its rings closed."""
    parts = []
    for rings in area:
        parts.append(struct.pack("<BII", 1, 3, len(rings)))
        for ring in rings:
            flat = np.asarray(ring[:, :2], "<f8")
            if len(flat) and (flat[0] != flat[-1]).any():
                flat = np.concatenate([flat, flat[:1]])
            parts.append(struct.pack("<I", len(flat)) + flat.tobytes())
    return struct.pack("<BII", 1, 6, len(area)) + b"".join(parts)


def _metres(value: Any) -> float | None:
    """A width: a number, or a text with nothing but one in metres."""
    if isinstance(value, str):
        match = _NUMBER.fullmatch(value)
        value = None if match is None else float(match[1].replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1000:
        return None
    return float(value)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, Mapping | list):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()[:1000].encode("utf-8", "replace").decode() or None
