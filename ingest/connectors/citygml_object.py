"""The careful reader: a city object of CityGML 1 to 3, with its parts, becomes values and geometry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ingest.connectors.citygml_generic import read_generic
from ingest.connectors.citygml_geometry import Box, shape_of
from ingest.connectors.citygml_implicit import Find, implicit_solid
from ingest.connectors.citygml_roles import ROLES, Role, local
from ingest.connectors.citygml_textures import Textures
from ingest.connectors.citygml_values import empty_values, metres, settle_parts
from ingest.connectors.faces import joined
from twin.record import Face, Solid

_IDS = ("{http://www.opengis.net/gml}id", "{http://www.opengis.net/gml/3.2}id")
_LODS = (2, 3, 1, 4)
"""Best first: real roofs without the weight of windows. LoD 0 of a building is a footprint without height."""
_LODS_FLAT = (2, 3, 1, 4, 0)
_UNUSABLE = "a level of detail without a usable face was passed over"


@dataclass(frozen=True, slots=True)
class Made:
    """What a record is made of."""

    values: dict[str, Any]
    solid: Solid | None
    crs: str | None
    """The nearest ``srsName``; None if neither geometry nor envelope of the object has one."""
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Found:
    """What the walk through an object has found."""

    values: dict[str, Any]
    generic: bool
    surfaces: list[tuple[int, int, etree._Element]] = field(default_factory=list)
    """LoD, `Face`, geometry property of a boundary surface."""
    shells: list[tuple[int, etree._Element]] = field(default_factory=list)
    """LoD, geometry property of the object or a part itself."""
    implicit: list[tuple[int, int, etree._Element]] = field(default_factory=list)
    """LoD, `Face`, implicit representation."""
    part_roofs: set[str] = field(default_factory=set)
    envelope_crs: str | None = None
    notes: list[str] = field(default_factory=list)


def object_of(
    element: etree._Element,
    lod: int | None = None,
    *,
    generic: bool = False,
    find: Find | None = None,
    textures: Sequence[Textures] = (),
) -> Made:
    """Read a city object.

    Args:
        element: the feature, parsed, such as ``bldg:Building``.
        lod: level of detail wanted; by default the best that is usable, in the order 2, 3, 1, 4.
        generic: read all generic attributes.
        find: finds a geometry elsewhere in the file by its id, for implicit geometries.
        textures: where to look for pictures, the nearest first.
    """
    kind = local(element.tag)
    values = empty_values(kind, element.get(_IDS[0]) or element.get(_IDS[1]))
    found = _Found(values, generic)
    _walk(element, found, is_part=False)
    settle_parts(values, found.part_roofs)
    levels = {level for level, *_ in (*found.surfaces, *found.shells, *found.implicit)}
    order = (lod,) if lod is not None else _LODS if kind == "Building" else _LODS_FLAT
    passed = 0
    for level in order:
        if level not in levels:
            continue
        notes: list[str] = []
        solid, crs = _level(element, found, level, find, notes, textures)
        if solid is not None or passed == 0:
            best = (level, solid, crs, notes)
        if solid is not None:
            break
        passed += 1
    else:
        if not passed:
            return Made(values, None, found.envelope_crs, tuple(found.notes))
        passed = 0
    level, solid, crs, notes = best
    values["lod"] = level
    return Made(values, solid, crs or found.envelope_crs, (*found.notes, *[_UNUSABLE] * passed, *notes))


def _level(
    element: etree._Element,
    found: _Found,
    level: int,
    find: Find | None,
    notes: list[str],
    textures: Sequence[Textures],
) -> tuple[Solid | None, str | None]:
    surfaces: list[Box] = [(face, box) for lod, face, box in found.surfaces if lod == level]
    shells = [box for lod, box in found.shells if lod == level]
    solids = [shape_of(element, surfaces, shells, notes, textures)]
    crs = _crs([box for _, box in surfaces[:1]] + shells[:1])
    for lod, face, box in found.implicit:
        if lod == level:
            solid, own = implicit_solid(box, face, element, find, notes)
            solids.append(solid)
            crs = crs or own
    return joined([solid for solid in solids if solid is not None]), crs


def _walk(node: etree._Element, found: _Found, *, is_part: bool) -> None:
    for child in node:
        role, what = ROLES[child.tag]
        if role is not Role.OTHER:
            _HANDLERS.get(role, _nothing)(child, what, found, is_part)


def _nothing(child: etree._Element, what: Any, found: _Found, is_part: bool) -> None:
    """An element that means something elsewhere only."""


def _boundary(child: etree._Element, what: Any, found: _Found, is_part: bool) -> None:
    for surface in child:
        kind, face = ROLES[surface.tag]
        if kind is Role.SURFACE:
            _surface(surface, face, found)
        elif kind is Role.ENVELOPE and found.envelope_crs is None:
            found.envelope_crs = surface.get("srsName")


def _surface(surface: etree._Element, face: int, found: _Found) -> None:
    """A boundary surface and the doors and windows in it, which are of its kind."""
    for child in surface:
        role, lod = ROLES[child.tag]
        if role is Role.GEOMETRY:
            found.surfaces.append((lod, face, child))
        elif role is Role.IMPLICIT:
            found.implicit.append((lod, face, child))
        elif role is Role.OPENING:
            for opening in child:
                _surface(opening, face, found)


def _geometry(child: etree._Element, what: Any, found: _Found, is_part: bool) -> None:
    found.shells.append((what, child))


def _implicit(child: etree._Element, what: Any, found: _Found, is_part: bool) -> None:
    found.implicit.append((what, int(Face.OTHER), child))


def _relief(child: etree._Element, what: Any, found: _Found, is_part: bool) -> None:
    parent = child.getparent()
    written = next((_text(e) for e in parent if local(e.tag) == "lod"), None) if parent is not None else None
    found.shells.append((int(written) if written in ("0", "1", "2", "3", "4") else 1, child))


def _part(child: etree._Element, what: Any, found: _Found, is_part: bool) -> None:
    for inner in child:
        _walk(inner, found, is_part=True)


def _plain_text(child: etree._Element, what: Any, found: _Found, is_part: bool) -> None:
    written = _text(child)
    if not is_part:
        found.values[what] = found.values[what] or written
    elif what == "roof_type" and written:
        found.part_roofs.add(written)


def _measured(child: etree._Element, what: Any, found: _Found, is_part: bool) -> None:
    height = metres(_text(child), child.get("uom"), found.notes)
    if height is None:
        return
    if is_part:
        found.values["part_heights"].append(height)
    else:
        found.values["measured_height"] = height


def _measured_3(child: etree._Element, what: Any, found: _Found, is_part: bool) -> None:
    """CityGML 3: ``con:height/con:Height/con:value``, perhaps several; an estimated one is no measurement."""
    for height in child:
        if any(local(item.tag) == "status" and _text(item) not in (None, "measured") for item in height):
            continue
        for item in height:
            if local(item.tag) == "value" and (is_part or found.values["measured_height"] is None):
                _measured(item, None, found, is_part)


def _generic(child: etree._Element, what: Any, found: _Found, is_part: bool) -> None:
    read_generic(child, found.values, wanted=found.generic)


def _generic_3(child: etree._Element, what: Any, found: _Found, is_part: bool) -> None:
    for attribute in child:
        read_generic(attribute, found.values, wanted=found.generic)


_HANDLERS: dict[Role, Callable[[etree._Element, Any, _Found, bool], None]] = {
    Role.BOUNDARY: _boundary,
    Role.GEOMETRY: _geometry,
    Role.IMPLICIT: _implicit,
    Role.RELIEF: _relief,
    Role.PART: _part,
    Role.TEXT: _plain_text,
    Role.HEIGHT: _measured,
    Role.HEIGHT_3: _measured_3,
    Role.GENERIC: _generic,
    Role.GENERIC_SET: _generic,
    Role.GENERIC_3: _generic_3,
}


def _crs(boxes: list[etree._Element]) -> str | None:
    for box in boxes:
        for node in box.iter(etree.Element):
            if name := node.get("srsName"):
                return name
            if ROLES[node.tag][0] is Role.POLYGON:
                break
    return None


def _text(element: etree._Element) -> str | None:
    return (element.text or "").strip() or None
