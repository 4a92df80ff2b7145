"""Each polygon of a city object once, with its kind: surfaces, solids, and what they refer to."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import cast

from lxml import etree

from ingest.connectors.citygml_roles import POLYGONS, ROLES, Role
from ingest.connectors.citygml_textures import Textures
from ingest.connectors.faces import Drawn, solid_of
from twin.record import Face, Solid

Box = tuple[int, etree._Element]
"""Value of `Face`, and a geometry property such as ``lod2MultiSurface``."""
Find = Callable[[str], etree._Element | None]
"""Id of a geometry → an element around it, wherever near in the file it is."""

_HREF = "{http://www.w3.org/1999/xlink}href"
_LINKS = etree.XPath(
    ".//@xlink:href", namespaces={"xlink": "http://www.w3.org/1999/xlink"}, smart_strings=False
)
_GML_POLYGON = "{http://www.opengis.net/gml}Polygon"
_IDS = ("{http://www.opengis.net/gml}id", "{http://www.opengis.net/gml/3.2}id")
_REPEATED = "faces that repeat others were drawn once"
_LOST = "a face that the file refers to but does not have, or too far off, was left out"
_OUTSIDE = "a face in another file was left out"


def shape_of(
    element: etree._Element,
    surfaces: list[Box],
    shells: list[etree._Element],
    notes: list[str],
    textures: Sequence[Textures] = (),
    find: Find | None = None,
    *,
    hull: bool = False,
) -> Solid | None:
    """Return the faces of an object at one level of detail; None if there is no usable one.

    Args:
        element: the object, in which references are looked up.
        surfaces: geometries of its boundary surfaces, with their kinds.
        shells: geometries of the object and its parts themselves.
        notes: gets a line for each repair.
        textures: where to look for pictures, the nearest first.
        find: looks references up in the rest of the file: a wall may be shared with a neighbour.
        hull: leave out faces that lie on each other, such as the floor between two storeys.
    """
    faces = _faces(element, surfaces, shells, notes, find)
    if hull:
        times = Counter(_corners(polygon) for polygon, *_ in faces)
        faces = [face for face in faces if times[_corners(face[0])] == 1]
    return solid_of(faces, notes, textures)


def polygons_in(node: etree._Element) -> list[tuple[etree._Element, bool]]:
    """The polygons below a geometry, each with whether it is turned around."""
    polygons: list[tuple[etree._Element, bool]] = []
    _collect(node, polygons, {}, False)
    return polygons


def _collect(
    node: etree._Element, polygons: list[tuple[etree._Element, bool]], links: dict[str, bool], turned: bool
) -> None:
    """Collect the polygons below `node`, and the ids of those it refers to."""
    for child in node:
        role = ROLES[child.tag][0]
        if role is Role.POLYGON:
            polygons.append((child, turned))
            continue
        around = turned != (role is Role.ORIENTABLE and child.get("orientation") == "-")
        if len(child):
            _collect(child, polygons, links, around)
        elif (link := child.get(_HREF)) is not None:
            links[link.lstrip("#")] = around


def _faces(
    element: etree._Element,
    surfaces: list[Box],
    shells: list[etree._Element],
    notes: list[str],
    find: Find | None,
) -> list[Drawn]:
    faces: list[Drawn] = []
    wanted: dict[str, tuple[int, bool]] = {}
    for face, box in surfaces:
        simple = list(box.iter(_GML_POLYGON))
        if (
            simple
            and len(box[0]) == len(simple)
            and all(len(member) and member[0] in simple for member in box[0])
        ):
            faces += [(polygon, face, False) for polygon in simple]  # one polygon a member, as usual
            continue
        polygons: list[tuple[etree._Element, bool]] = []
        links: dict[str, bool] = {}
        _collect(box, polygons, links, False)
        wanted |= {link: (face, turned) for link, turned in links.items()}
        faces += [(polygon, face, turned) for polygon, turned in polygons]
    if not shells:
        return faces + _linked(element, faces, wanted, notes, find) if wanted else faces
    polygons = []
    others: dict[str, bool] = {}
    shared: set[str] = set()
    for box in shells:
        own: dict[str, bool] = {}
        if next(box.iter(*POLYGONS), None) is None and next(box.iter("{*}OrientableSurface"), None) is None:
            # The usual case: nothing but references.
            own = {link.lstrip("#"): False for link in cast(list[str], _LINKS(box))}
        else:
            _collect(box, polygons, own, False)
        shared |= {link for link, turned in own.items() if others.get(link, turned) != turned}
        others = own | others
    if polygons and faces:
        # A solid that repeats its boundary surfaces instead of referring to them.
        drawn = {_corners(polygon) for polygon, *_ in faces}
        fresh = [p for p in polygons if _id(p[0]) in wanted or _corners(p[0]) not in drawn]
        notes += [_REPEATED] if len(fresh) < len(polygons) else []
        polygons = fresh
    other = int(Face.OTHER)
    faces += [
        (polygon, wanted.get(_id(polygon) or "", (other, False))[0], turned) for polygon, turned in polygons
    ]
    faces += _linked(
        element, faces, {link: (other, turned) for link, turned in others.items()} | wanted, notes, find
    )
    # A wall between two parts belongs to both, seen from either side.
    return faces + [(p, face, not turned) for p, face, turned in faces if shared and _id(p) in shared]


def _linked(
    element: etree._Element,
    faces: list[Drawn],
    wanted: dict[str, tuple[int, bool]],
    notes: list[str],
    find: Find | None,
) -> list[Drawn]:
    """Polygons that are referred to but were not met yet: links may name a whole surface, too."""
    known = {_id(polygon) for polygon, *_ in faces}
    missing = {link: face for link, face in wanted.items() if link not in known}
    found: list[Drawn] = []
    if not missing:
        return found
    for node in element.iter(etree.Element):
        kind = missing.pop(_id(node) or "", None)
        if kind is None:
            continue
        face, turned = kind
        if ROLES[node.tag][0] is Role.POLYGON:
            inside = [(node, False)]
        else:
            inside = polygons_in(node)
            turned = turned != (ROLES[node.tag][0] is Role.ORIENTABLE and node.get("orientation") == "-")
        fresh = [
            (polygon, own) for polygon, own in inside if _id(polygon) not in known or _id(polygon) is None
        ]
        met = {id(polygon) for polygon, *_ in (*faces, *found)}
        found += [(polygon, face, own != turned) for polygon, own in fresh if id(polygon) not in met]
        known |= {_id(polygon) for polygon, _ in fresh} - {None}
    return [*found, *_from_others(missing, find, notes)]


def _from_others(
    missing: dict[str, tuple[int, bool]], find: Find | None, notes: list[str]
) -> Iterator[Drawn]:
    """Polygons of other objects; what cannot be found is told."""
    for link, (face, turned) in missing.items():
        if "#" in link or "/" in link:  # no id has these: it is an address
            notes.append(_OUTSIDE)
            continue
        around = None if find is None else find(link)
        inside = [] if around is None else polygons_in(around)
        if not inside:
            notes.append(_LOST)
        yield from ((polygon, face, own != turned) for polygon, own in inside)


def _corners(polygon: etree._Element) -> frozenset[tuple[str, ...]]:
    """Its corners, wherever it begins and whichever way it runs."""
    numbers = " ".join(map(str, polygon.itertext())).split()
    return frozenset(zip(*[iter(numbers)] * 3, strict=False))


def _id(element: etree._Element) -> str | None:
    return element.get(_IDS[0]) or element.get(_IDS[1])
