"""Plants of CityJSON that have no faces of their own: where they stand, and how big they are."""

from collections.abc import Iterator
from math import isfinite
from typing import Any

from ingest.connectors.citygml_trees import ENVELOPE
from ingest.connectors.cityjson_faces import Points, Uneven
from ingest.connectors.cityjson_instances import Templates
from ingest.connectors.cityjson_objects import Family
from ingest.connectors.cityjson_values import generic_of, metres_of, text_of
from ingest.connectors.trees import SOLITARY, Place, tree
from twin.record import Record

_NO_FACES = ("GeometryInstance", "MultiPoint", "MultiLineString")
_TOLD = frozenset(("species", "class", "function", "height", "crownDiameter", "trunkDiameter"))
_UNPLACED = "a form without a readable place was left out"


def is_tree(family: Family) -> bool:
    """Whether an object is a plant that has no faces of its own."""
    return family.kind == SOLITARY and all(
        isinstance(geometry, dict) and geometry.get("type") in _NO_FACES for geometry in _geometries(family)
    )


def tree_of(
    family: Family, place: str, points: Points, templates: Templates, crs: str | None, *, generic: bool
) -> Record:
    """The record of such a plant.

    Args:
        family: the object.
        place: where it stands in the source.
        points: vertices that it may refer to.
        templates: the forms of the file.
        crs: of the vertices.
        generic: whether to keep the attributes that have no common name.
    """
    given = family.top.get("attributes")
    own = given if isinstance(given, dict) else {}
    notes = [*family.notes]
    at, drawn = _standing(family, points, templates, notes)
    extra = generic_of(family) if generic else {}
    return tree(
        place,
        family.id or None,
        at,
        crs,
        species=text_of(own.get("species")),
        words=[text_of(own.get("class")), text_of(own.get("function"))],
        height=metres_of(own.get("height"), notes),
        crown=metres_of(own.get("crownDiameter"), notes),
        trunk=metres_of(own.get("trunkDiameter"), notes),
        drawn=drawn,
        generic={name: value for name, value in extra.items() if name not in _TOLD},
        notes=notes,
    )


def _geometries(family: Family) -> list[Any]:
    written = family.top.get("geometry")
    return written if isinstance(written, list) else [] if written is None else [written]


def _standing(
    family: Family, points: Points, templates: Templates, notes: list[str]
) -> tuple[Place | None, tuple[float, float] | None]:
    """Where it stands, and height and diameter of the form that is drawn for it."""
    for geometry in sorted(_geometries(family), key=lambda each: str(each.get("lod")), reverse=True):
        anchor = next(_anchors(geometry, points), None)
        if anchor is None:
            notes.append(_UNPLACED)
            continue
        if geometry.get("type") == "GeometryInstance":
            try:
                solid = templates.place(geometry, points)
            except Uneven as fault:
                notes.append(str(fault))
            else:
                low, high = solid.points.min(axis=0), solid.points.max(axis=0)
                wide, deep, tall = (high - low).tolist()
                x, y = ((low + high) / 2)[:2].tolist()
                return (x, y, float(low[2])), (tall, max(wide, deep))
        return anchor, None
    extent = family.top.get("geographicalExtent")
    if isinstance(extent, list) and len(extent) == 6 and all(map(_is_number, extent)):
        notes.append(ENVELOPE)
        return ((extent[0] + extent[3]) / 2, (extent[1] + extent[4]) / 2, min(extent[2], extent[5])), None
    return None, None


def _anchors(geometry: dict[str, Any], points: Points) -> Iterator[Place]:
    """The vertices that a point or an instance names, as far as there are any."""
    numbers = geometry.get("boundaries")
    for number in numbers if isinstance(numbers, list) else ():
        if type(number) is int and 0 <= number < len(points):
            x, y, z = points[number].tolist()
            if isfinite(x) and isfinite(y) and isfinite(z):
                yield x, y, z


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
