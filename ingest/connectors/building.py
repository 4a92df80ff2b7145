"""One CityGML building, with its parts, becomes the values and the geometry of one record."""

from dataclasses import dataclass, field
from typing import Any, cast

from lxml import etree

from ingest.connectors.faces import solid_of
from twin.record import Face, Solid

_HREF = "{http://www.w3.org/1999/xlink}href"
_LINKS = etree.XPath(
    ".//@xlink:href", namespaces={"xlink": "http://www.w3.org/1999/xlink"}, smart_strings=False
)
_GML_POLYGON = "{http://www.opengis.net/gml}Polygon"
_POLYGONS = ("{*}Polygon", "{*}PolygonPatch", "{*}Triangle", "{*}Rectangle")
_IDS = ("{http://www.opengis.net/gml}id", "{http://www.opengis.net/gml/3.2}id")
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


# What an element is to us. Plain numbers: they are compared for every element of a city.
_OTHER, _BOUNDARY, _SURFACE, _GEOMETRY, _PART, _OPENING, _TEXT, _HEIGHT, _GENERIC, _ENVELOPE, _POLYGON = (
    range(11)
)


class _Roles(dict[Any, tuple[int, Any]]):
    """Qualified name → role and what it needs; local names, as the versions differ in namespaces only."""

    def __missing__(self, tag: Any) -> tuple[int, Any]:
        name = tag.rpartition("}")[2]
        role = self[tag] = _NAMES.get(name) or (_OTHER, None)
        return role


_NAMES: dict[str, tuple[int, Any]] = {
    "boundedBy": (_BOUNDARY, None),
    "consistsOfBuildingPart": (_PART, None),
    "outerBuildingInstallation": (_PART, None),
    "opening": (_OPENING, None),
    "measuredHeight": (_HEIGHT, None),
    "stringAttribute": (_GENERIC, None),
    "Envelope": (_ENVELOPE, None),
    **{name: (_SURFACE, int(face)) for name, face in _FACES.items()},
    **{name: (_TEXT, key) for name, key in _TEXTS.items()},
    **{name.removeprefix("{*}"): (_POLYGON, None) for name in _POLYGONS},
    **{
        f"lod{lod}{kind}": (_GEOMETRY, lod)
        for lod in (1, 2, 3, 4)
        for kind in ("Solid", "MultiSurface", "Geometry")
    },
}
_ROLES = _Roles()
_Faces = list[tuple[etree._Element, int]]


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
    values: dict[str, Any] = {"gml_id": _id(element), "measured_height": None, "part_heights": []}
    values |= dict.fromkeys(_TEXTS.values())
    values |= {"municipality_key": None, "lod": None}
    found = _Found(values)
    _walk(element, found, is_part=False)
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
        role, what = _ROLES[child.tag]
        if role == _OTHER:
            continue
        if role == _BOUNDARY:
            for surface in child:
                kind, face = _ROLES[surface.tag]
                if kind == _SURFACE:
                    _surface(surface, face, found)
                elif kind == _ENVELOPE and found.envelope_crs is None:
                    found.envelope_crs = surface.get("srsName")
        elif role == _GEOMETRY:
            found.shells.append((what, child))
        elif role == _PART:
            for inner in child:
                _walk(inner, found, is_part=True)
        elif role == _HEIGHT:
            height = _height(child, found.notes)
            if not is_part:
                values["measured_height"] = height
            elif height is not None:
                values["part_heights"].append(height)
        elif role == _TEXT:
            written = _text(child)
            if not is_part:
                values[what] = values[what] or written
            elif what == "roof_type" and written:
                found.part_roofs.add(written)
        elif role == _GENERIC and child.get("name") == "Gemeindeschluessel" and len(child):
            values["municipality_key"] = values["municipality_key"] or _text(child[0])


def _surface(surface: etree._Element, face: int, found: _Found) -> None:
    """A boundary surface and the doors and windows in it, which are of its kind."""
    for child in surface:
        role, lod = _ROLES[child.tag]
        if role == _GEOMETRY:
            found.surfaces.append((lod, face, child))
        elif role == _OPENING:
            for opening in child:
                _surface(opening, face, found)


def _polygons(node: etree._Element, polygons: list[etree._Element], links: list[str]) -> None:
    """Collect the polygons below `node`, and the ids of those it refers to."""
    for child in node:
        if _ROLES[child.tag][0] == _POLYGON:
            polygons.append(child)
        elif len(child):
            _polygons(child, polygons, links)
        elif (link := child.get(_HREF)) is not None:
            links.append(link.lstrip("#"))


def _faces(
    building: etree._Element,
    surfaces: list[tuple[int, etree._Element]],
    shells: list[etree._Element],
    notes: list[str],
) -> _Faces:
    """Each polygon of the building once, with its kind."""
    faces: _Faces = []
    wanted: dict[str, int] = {}
    for face, box in surfaces:
        polygons: list[etree._Element] = list(box.iter(_GML_POLYGON))
        if not polygons or len(box[0]) != len(polygons):  # not simply one polygon a member
            polygons, links = [], list[str]()
            _polygons(box, polygons, links)
            wanted |= dict.fromkeys(links, face)
        for polygon in polygons:
            faces.append((polygon, face))
    if not shells:
        return faces + _linked(building, faces, wanted, notes) if wanted else faces
    polygons, links = [], list[str]()
    for box in shells:
        if next(box.iter(*_POLYGONS), None) is None:  # the usual case: nothing but references
            links += [link.lstrip("#") for link in cast(list[str], _LINKS(box))]
        else:
            _polygons(box, polygons, links)
    if polygons and faces:
        # A solid that repeats its boundary surfaces instead of referring to them.
        drawn = {_corners(polygon) for polygon, _ in faces}
        polygons = [p for p in polygons if _id(p) in wanted or _corners(p) not in drawn]
    faces += [(polygon, wanted.get(_id(polygon) or "", int(Face.OTHER))) for polygon in polygons]
    return faces + _linked(building, faces, dict.fromkeys(links, int(Face.OTHER)) | wanted, notes)


def _linked(
    building: etree._Element,
    faces: _Faces,
    wanted: dict[str, int],
    notes: list[str],
) -> list[tuple[etree._Element, int]]:
    """Polygons that are referred to but were not met yet: links may name a whole surface, too."""
    known = {_id(polygon) for polygon, _ in faces}
    missing = {link: face for link, face in wanted.items() if link not in known}
    found: _Faces = []
    if not missing:
        return found
    for node in building.iter(etree.Element):
        face = missing.pop(_id(node) or "", None)
        if face is None:
            continue
        polygons = [node] if _ROLES[node.tag][0] == _POLYGON else []
        _polygons(node, polygons, [])
        fresh = [polygon for polygon in polygons if _id(polygon) not in known]
        known |= {_id(polygon) for polygon in fresh} - {None}
        found += [(polygon, face) for polygon in fresh]
    notes += ["a face that lies in another building was left out"] * len(missing)
    return found


def _corners(polygon: etree._Element) -> frozenset[str]:
    return frozenset(" ".join(map(str, polygon.itertext())).split())


def _crs(surfaces: list[tuple[int, etree._Element]], shells: list[etree._Element]) -> str | None:
    for box in (*(box for _, box in surfaces[:1]), *shells[:1]):
        for node in box.iter(etree.Element):
            if name := node.get("srsName"):
                return name
            if _ROLES[node.tag][0] == _POLYGON:
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
