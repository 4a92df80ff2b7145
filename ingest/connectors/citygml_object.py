"""The careful reader: a city object of CityGML 1 to 3, with its parts, becomes values and geometry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from lxml import etree

from ingest.connectors.citygml_found import At, Found
from ingest.connectors.citygml_generic import read_generic
from ingest.connectors.citygml_geometry import Box, Find, shape_of
from ingest.connectors.citygml_implicit import implicit_solid
from ingest.connectors.citygml_levels import INSTALLED, Drawing, Level, best, levels_of
from ingest.connectors.citygml_roles import ROLES, Role, local
from ingest.connectors.citygml_textures import Textures
from ingest.connectors.citygml_trees import Standing, has_faces, standing_of
from ingest.connectors.citygml_values import empty_values, metres, named, settle_parts
from ingest.connectors.faces import joined
from ingest.connectors.trees import SOLITARY
from twin.record import Face, Solid

_IDS = ("{http://www.opengis.net/gml}id", "{http://www.opengis.net/gml/3.2}id")
_INSTALLED = ("Installation", "ConstructionElement", "ConstructiveElement")
_DIVIDED = "a building without an outer form was drawn by its storeys and units"


@dataclass(frozen=True, slots=True)
class Made:
    """What a record is made of."""

    values: dict[str, Any]
    solid: Solid | None
    crs: str | None
    """The nearest ``srsName``; None if neither geometry nor envelope of the object has one."""
    notes: tuple[str, ...]
    tree: Standing | None = None
    """In place of a solid: a tree that has no faces of its own."""


def object_of(
    element: etree._Element,
    lod: int | None = None,
    *,
    generic: bool = False,
    find: Find | None = None,
    textures: Sequence[Textures] = (),
    trees: bool = False,
) -> Made:
    """Read a city object.

    Args:
        element: the feature, parsed, such as ``bldg:Building``.
        lod: level of detail wanted; by default the best that is whole; see `ingest.connectors.whole`.
        generic: read all generic attributes.
        find: finds a geometry elsewhere in the file by its id: forms of implicit geometries, shared walls.
        textures: where to look for pictures, the nearest first.
        trees: a plant without faces of its own becomes a point with a size.
    """
    kind = local(element.tag)
    values = empty_values(kind, element.get(_IDS[0]) or element.get(_IDS[1]))
    found = Found(values, generic)
    _walk(element, found, is_part=False)
    if found.divided and not found.places:
        _divided(found)
    settle_parts(values, found.part_roofs)
    if generic:
        named(values)
    if trees and kind == SOLITARY and not has_faces(found):
        standing = standing_of(element, found, find)
        return Made(values, None, standing.crs or found.envelope_crs, tuple(found.notes), standing)
    bodies: dict[int, set[int]] = {}
    for body, level in found.places:
        bodies.setdefault(body, set()).add(level)
    draw = partial(_level, element, found, find, textures)
    chosen = best(levels_of(bodies, lod), draw, shell=kind == "Building")
    if chosen is None:
        return Made(values, None, found.envelope_crs, tuple(found.notes))
    drawing, notes = chosen
    values["lod"] = drawing.level.number
    crs = drawing.crs or found.envelope_crs
    return Made(values, drawing.solid, crs, (*found.notes, *notes, *drawing.notes))


def _level(
    element: etree._Element, found: Found, find: Find | None, textures: Sequence[Textures], level: Level
) -> Drawing:
    def here(at: At) -> bool:
        return at[1] == level.of(at[0])

    notes: list[str] = []
    surfaces: list[Box] = [(face, box) for at, face, box in found.surfaces if here(at)]
    shells = [box for at, box in found.shells if here(at)]
    solids = [shape_of(element, surfaces, shells, notes, textures, find, hull=found.is_divided)]
    crs = _crs([box for _, box in surfaces[:1]] + shells[:1])
    for at, face, box in found.implicit:
        if here(at):
            solid, own = implicit_solid(box, face, element, find, notes)
            solids.append(solid)
            crs = crs or own
    return Drawing(level, joined([solid for solid in solids if solid is not None]), crs, tuple(notes))


def _walk(node: etree._Element, found: Found, *, is_part: bool) -> None:
    for child in node:
        role, what = ROLES[child.tag]
        if role is not Role.OTHER:
            _HANDLERS.get(role, _nothing)(child, what, found, is_part)


def _nothing(child: etree._Element, what: Any, found: Found, is_part: bool) -> None:
    """An element that means something elsewhere only."""


def _boundary(child: etree._Element, what: Any, found: Found, is_part: bool) -> None:
    for surface in child:
        kind, face = ROLES[surface.tag]
        if kind is Role.SURFACE:
            _surface(surface, face, found)
        elif kind is Role.ENVELOPE and found.envelope_crs is None:
            found.envelope_crs = surface.get("srsName")


def _surface(surface: etree._Element, face: int, found: Found) -> None:
    """A boundary surface and the doors and windows in it, which are of its kind."""
    for child in surface:
        role, lod = ROLES[child.tag]
        if role is Role.GEOMETRY:
            found.surfaces.append(((found.body, lod), face, child))
        elif role is Role.IMPLICIT:
            found.implicit.append(((found.body, lod), face, child))
        elif role is Role.OPENING:
            for opening in child:
                _surface(opening, face, found)


def _geometry(child: etree._Element, what: Any, found: Found, is_part: bool) -> None:
    found.shells.append(((found.body, what), child))


def _implicit(child: etree._Element, what: Any, found: Found, is_part: bool) -> None:
    found.implicit.append(((found.body, what), int(Face.OTHER), child))


def _relief(child: etree._Element, what: Any, found: Found, is_part: bool) -> None:
    parent = child.getparent()
    written = next((_text(e) for e in parent if local(e.tag) == "lod"), None) if parent is not None else None
    level = int(written) if written in ("0", "1", "2", "3", "4") else 1
    found.shells.append(((found.body, level), child))


def _part(child: etree._Element, what: Any, found: Found, is_part: bool) -> None:
    around = found.body
    for inner in child:
        name = local(inner.tag)
        if name.endswith("Part"):
            found.parts += 1
            found.body = found.parts
        elif name.endswith(_INSTALLED):
            found.body = INSTALLED
        _walk(inner, found, is_part=True)
        found.body = around


def _subdivision(child: etree._Element, what: Any, found: Found, is_part: bool) -> None:
    found.divided.append(child)


def _divided(found: Found) -> None:
    """Storeys and units in place of an outer form; what is in one that has its own form is its inside."""
    waiting = found.divided
    while waiting:
        inside: list[etree._Element] = []
        for child in waiting:
            for inner in child:
                before, found.divided = len(found.places), []
                _walk(inner, found, is_part=True)
                if len(found.places) == before:
                    inside += found.divided
        waiting = inside
    if found.places:
        found.is_divided = True
        found.notes.append(_DIVIDED)


def _plain_text(child: etree._Element, what: Any, found: Found, is_part: bool) -> None:
    written = _text(child)
    if not is_part:
        found.values[what] = found.values[what] or written
    elif what == "roof_type" and written:
        found.part_roofs.add(written)


def _measured(child: etree._Element, what: Any, found: Found, is_part: bool) -> None:
    height = metres(_text(child), child.get("uom"), found.notes)
    if height is None:
        return
    if is_part:
        found.values["part_heights"].append(height)
    else:
        found.values["measured_height"] = height


def _measured_3(child: etree._Element, what: Any, found: Found, is_part: bool) -> None:
    """CityGML 3: ``con:height/con:Height/con:value``, perhaps several; an estimated one is no measurement."""
    if not len(child):  # of a plant
        _measured(child, None, found, is_part)
    for height in child:
        if any(local(item.tag) == "status" and _text(item) not in (None, "measured") for item in height):
            continue
        for item in height:
            if local(item.tag) == "value" and (is_part or found.values["measured_height"] is None):
                _measured(item, None, found, is_part)


def _generic(child: etree._Element, what: Any, found: Found, is_part: bool) -> None:
    read_generic(child, found.values, wanted=found.generic)


def _generic_3(child: etree._Element, what: Any, found: Found, is_part: bool) -> None:
    for attribute in child:
        read_generic(attribute, found.values, wanted=found.generic)


_HANDLERS: dict[Role, Callable[[etree._Element, Any, Found, bool], None]] = {
    Role.BOUNDARY: _boundary,
    Role.GEOMETRY: _geometry,
    Role.IMPLICIT: _implicit,
    Role.RELIEF: _relief,
    Role.PART: _part,
    Role.SUBDIVISION: _subdivision,
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
