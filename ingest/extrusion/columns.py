"""Which column of a source says what: a table of the names in use, which options overrule."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

NAMES: dict[str, tuple[str, ...]] = {
    "height": (
        "height", "building:height", "building_height", "measured_height", "measuredheight", "height_m",
        "hoehe", "höhe", "gebaeudehoehe", "hoehe_m", "bldg_height", "building_h", "h",
    ),
    "storeys": (
        "building:levels", "building_levels", "levels", "storeys", "stories", "storeysaboveground",
        "num_floors", "floors", "num_storeys", "anzahl_geschosse", "geschosse", "aog",
    ),
    "year": (
        "start_date", "year_built", "year_of_construction", "yearofconstruction", "construction_year",
        "baujahr",
    ),
    "bottom": ("min_height", "building:min_height"),
    "bottom_storeys": ("min_level", "building:min_level", "min_floor"),
    "base": ("base", "base_height", "ground_height", "ground_elevation", "z_ground", "bodenhoehe"),
    "roof": ("roof:shape", "building:roof:shape", "roof_shape", "roof_type", "rooftype", "dachform"),
    "roof_height": ("roof:height", "roof_height"),
    "roof_storeys": ("roof:levels", "roof_levels"),
    "roof_angle": ("roof:angle", "roof_angle"),
    "direction": ("roof:direction", "roof_direction", "roof:slope:direction"),
    "orientation": ("roof:orientation", "roof_orientation"),
    "id": (
        "gml_id", "gmlid", "osm_id", "@id", "id", "uuid", "building_id", "gebaeude_id", "gebaeudeid", "oi",
        "egid", "objektidentifikator",
    ),
    "name": ("name", "building_name", "gebaeudename"),
    "width": ("width", "width_m", "breite", "breite_m", "fahrbahnbreite"),
    "function": ("building", "function", "gebaeudefunktion", "gfk", "building_use", "use", "class", "type"),
}  # fmt: skip
"""What we ask for → the names under which sources deliver it, best first; compared without case."""

_SHAPEFILE = 10
"""Letters of a column's name that a Shapefile keeps."""
_CUT = {
    role: tuple(
        cut
        for cut in dict.fromkeys(name[:_SHAPEFILE] for name in names if len(name) > _SHAPEFILE)
        if not any(long.startswith(cut) for other in NAMES if other != role for long in NAMES[other])
    )
    for role, names in NAMES.items()
}
"""What is left of the longer names there, if it can only mean one thing."""

OPTIONS = {
    "height_field": "height",
    "storeys_field": "storeys",
    "base_field": "base",
    "roof_field": "roof",
    "id_field": "id",
}
"""Option of a recipe → what the column named there says."""

_PERSONAL = (
    "addr", "contact", "owner", "operator", "phone", "email", "e-mail", "fax", "website", "user", "uid",
    "changeset", "eigent", "besitz", "bewohner", "tenant", "note", "fixme", "description", "person",
    "vorname", "nachname", "telefon",
)  # fmt: skip
"""Beginnings of names that are never read."""


def personal(name: str) -> bool:
    """True for a column that may speak of people: contacts, addresses, owners, mappers."""
    return name.lower().lstrip("@_").startswith(_PERSONAL)


class Columns:
    """Finds what a source's columns say.

    Args:
        named: what is asked for → column named in the recipe; nothing else is then looked at.
    """

    def __init__(self, named: Mapping[str, str] | None = None) -> None:
        self._named = dict(named or {})
        self._find = lru_cache(maxsize=1024)(self._table)

    def of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What is asked for → value, for everything that a record has."""
        found: dict[str, Any] = {}
        for role, name in self._find(tuple(values)):
            value = values[name]
            if value is not None and value != "" and role not in found:
                found[role] = value
        return found

    def pairs(self, names: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """What is asked for and a column of a table that says it."""
        return self._table(tuple(names))

    def wanted(self, names: Iterable[str]) -> set[str]:
        """Those of a table's columns that are of use here."""
        return {name for _, name in self._table(tuple(names))}

    def _table(self, names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
        """Pairs of what is asked for and a column that says it, best first."""
        by_name: dict[str, str] = {}
        for name in names:
            by_name.setdefault(name.lower(), name)
        pairs = []
        for role, known in NAMES.items():
            asked = (self._named[role].lower(),) if role in self._named else (*known, *_CUT[role])
            pairs += [(role, by_name[name]) for name in asked if name in by_name]
        return tuple(pairs)
