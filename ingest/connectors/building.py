"""One CityGML building, with its parts, becomes the values and the geometry of one record."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from ingest.connectors.faces import solid_of
from twin.record import Face, Solid

_HREF = "{http://www.w3.org/1999/xlink}href"
_IDS = ("{http://www.opengis.net/gml}id", "{http://www.opengis.net/gml/3.2}id")
_POLYGONS = ("{*}Polygon", "{*}PolygonPatch", "{*}Triangle", "{*}Rectangle")
_MEMBERS = ("{*}surfaceMember", "{*}baseSurface")
_LODS = (2, 3, 1, 4)
"""Best first: real roofs without the weight of windows."""
_METRES = {None, "m", "#m", "urn:adv:uom:m", "urn:ogc:def:uom:UCUM::m", "urn:ogc:def:uom:EPSG::9001", "metre"}
_FACES = {
    "GroundSurface": Face.GROUND,
    "WallSurface": Face.WALL,
    "RoofSurface": Face.ROOF,
    "ClosureSurface": Face.CLOSURE,
    "OuterFloorSurface": Face.OTHER,
    "OuterCeilingSurface": Face.OTHER,
    "FloorSurface": Face.OTHER,
    "CeilingSurface": Face.OTHER,
    "InteriorWallSurface": Face.OTHER,
}
_TEXTS = {
    "roofType": "roof_type",
    "function": "function",
    "storeysAboveGround": "storeys",
    "creationDate": "creation_date",
}


class _Locals(dict[Any, str]):
    """Qualified name → local name; CityGML 1.0 and 2.0 differ in namespaces only."""

    def __missing__(self, tag: Any) -> str:
        name = self[tag] = tag.rpartition("}")[2]
        return name


_LOCAL = _Locals()


@dataclass(slots=True)
class _Found:
    """What the walk through a building has found."""

    values: dict[str, Any]
    surfaces: list[tuple[int, int, etree._Element]] = field(default_factory=list)
    """LoD, `Face`, geometry property of a boundary surface."""
    shells: list[tuple[int, etree._Element]] = field(default_factory=list)
    """LoD, geometry property of the building or a part itself."""
    part_roofs: set[str] = field(default_factory=set)
    envelope_crs: str | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Building:
    """What a record is made of."""

    values: dict[str, Any]
    solid: Solid | None
    crs: str | None
    """The nearest ``srsName``; None if neither geometry nor envelope of the building has one."""
    notes: tuple[str, ...]


def building_of(element: etree._Element, lod: int | None = None) -> Building:
    """Read a ``bldg:Building`` element.

    Args:
        element: the building, parsed.
        lod: level of detail wanted; by default the best there is, in the order 2, 3, 1, 4.
    """
    found = _Found(
        values={
            "gml_id": _id(element),
            "measured_height": None,
            "part_heights": [],
            "roof_type": None,
            "function": None,
            "storeys": None,
            "creation_date": None,
            "municipality_key": None,
            "lod": None,
        }
    )
    _walk(element, found, is_part=False)
    values = found.values
    if values["roof_type"] is None and len(found.part_roofs) == 1:
        values["roof_type"] = found.part_roofs.pop()
    there = {level for level, _, _ in found.surfaces} | {level for level, _ in found.shells}
    chosen = next((level for level in ((lod,) if lod is not None else _LODS) if level in there), None)
    if chosen is None:
        return Building(values, None, found.envelope_crs, tuple(found.notes))
    values["lod"] = chosen
    surfaces = [(face, box) for level, face, box in found.surfaces if level == chosen]
    shells = [box for level, box in found.shells if level == chosen]
    solid = solid_of(_faces(element, surfaces, shells, found.notes), found.notes)
    return Building(values, solid, _crs(surfaces, shells) or found.envelope_crs, tuple(found.notes))


def _walk(node: etree._Element, found: _Found, *, is_part: bool) -> None:
    values = found.values
    for child in node:
        name = _LOCAL[child.tag]
        if name == "boundedBy":
            for surface in child:
                kind = _LOCAL[surface.tag]
                if kind in _FACES:
                    _surface(surface, int(_FACES[kind]), found)
                elif kind == "Envelope" and found.envelope_crs is None:
                    found.envelope_crs = surface.get("srsName")
        elif name.startswith("lod") and name.endswith(("Solid", "MultiSurface", "Geometry")):
            found.shells.append((int(name[3]), child))
        elif name in ("consistsOfBuildingPart", "outerBuildingInstallation"):
            for inner in child:
                _walk(inner, found, is_part=True)
        elif name == "measuredHeight":
            height = _height(child, found.notes)
            if not is_part:
                values["measured_height"] = height
            elif height is not None:
                values["part_heights"].append(height)
        elif name == "roofType" and is_part:
            if written := _text(child):
                found.part_roofs.add(written)
        elif name in _TEXTS and not is_part:
            key = _TEXTS[name]
            values[key] = values[key] or _text(child)
        elif name == "stringAttribute" and child.get("name") == "Gemeindeschluessel" and len(child):
            values["municipality_key"] = values["municipality_key"] or _text(child[0])


def _surface(surface: etree._Element, face: int, found: _Found) -> None:
    """A boundary surface and the doors and windows in it, which are of its kind."""
    for child in surface:
        name = _LOCAL[child.tag]
        if name == "opening":
            for opening in child:
                _surface(opening, face, found)
        elif name.startswith("lod") and name.endswith(("MultiSurface", "Surface", "Geometry")):
            found.surfaces.append((int(name[3]), face, child))


def _faces(
    building: etree._Element,
    surfaces: list[tuple[int, etree._Element]],
    shells: list[etree._Element],
    notes: list[str],
) -> Iterator[tuple[etree._Element, int]]:
    """Each polygon of the building once, with its kind."""
    known: dict[str | None, int] = {}
    links: list[tuple[str, int]] = []
    drawn: list[etree._Element] = []
    for face, box in surfaces:
        for item in box.iter(*_POLYGONS, *_MEMBERS):
            if (link := item.get(_HREF)) is not None:
                links.append((link, face))
            elif _LOCAL[item.tag] not in ("surfaceMember", "baseSurface"):
                known[_id(item)] = face
                drawn.append(item)
                yield item, face
    kinds = {link.lstrip("#"): face for link, face in links}
    corners: set[frozenset[str]] | None = None
    for box in shells:
        for item in box.iter(*_POLYGONS, *_MEMBERS):
            if (link := item.get(_HREF)) is not None:
                links.append((link, int(Face.OTHER)))
            elif _LOCAL[item.tag] not in ("surfaceMember", "baseSurface"):
                name = _id(item)
                if name is not None and name in known:
                    continue
                if corners is None:
                    corners = {_corners(polygon) for polygon in drawn}
                if name not in kinds and _corners(item) in corners:
                    continue  # the solid repeats a boundary surface instead of referring to it
                known[name] = kinds.get(name or "", int(Face.OTHER))
                yield item, known[name]
    yield from _linked(building, links, known, notes)


def _linked(
    building: etree._Element, links: list[tuple[str, int]], known: dict[str | None, int], notes: list[str]
) -> Iterator[tuple[etree._Element, int]]:
    """Polygons that are referred to but were not met yet."""
    missing = {link.lstrip("#"): face for link, face in reversed(links) if link.lstrip("#") not in known}
    if not missing:
        return
    for node in building.iter(etree.Element):
        face = missing.pop(_id(node) or "", None)
        if face is None:
            continue
        for polygon in node.iter(*_POLYGONS):
            name = _id(polygon)
            if name is None or name not in known:
                known[name] = face
                yield polygon, face
    notes += ["a face that lies in another building was left out"] * len(missing)


def _corners(polygon: etree._Element) -> frozenset[str]:
    return frozenset(" ".join(polygon.itertext()).split())


def _crs(surfaces: list[tuple[int, etree._Element]], shells: list[etree._Element]) -> str | None:
    for box in (*(box for _, box in surfaces[:1]), *shells[:1]):
        for node in box.iter(etree.Element):
            if name := node.get("srsName"):
                return name
            if _LOCAL[node.tag] == "Polygon":
                break
    return None


def _id(element: etree._Element) -> str | None:
    return element.get(_IDS[0]) or element.get(_IDS[1])


def _text(element: etree._Element) -> str | None:
    return (element.text or "").strip() or None


def _height(element: etree._Element, notes: list[str]) -> float | None:
    written = _text(element)
    if written is None:
        return None
    if element.get("uom") not in _METRES:
        notes.append("a height in another unit than metres was ignored")
        return None
    try:
        return float(written)
    except ValueError:
        notes.append("a height that is no number was ignored")
        return None
