"""City objects and what belongs to them: a building with its parts is one family, and one record."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

NO_OBJECT = "it is no JSON object"
MISSING = "a part that the object names is missing in the file"
ORPHAN = "a part whose parent is missing was taken alone"
CIRCLE = "parts that are each other's parents were taken as one object"
_INSIDE = "rooms and furniture inside are not drawn"
MIXED = "parts in different levels of detail were put together"
LACKING = "a part without the wanted level of detail was left out"
UNDRAWN = "points and lines are not drawn"
UNWANTED = "it has no faces in the wanted level of detail"

_SECOND = (
    "Part", "Installation", "ConstructiveElement", "Furniture", "Storey", "Room", "Unit", "HollowSpace",
)  # fmt: skip
_INDOORS = ("Furniture", "Storey", "Room", "Unit", "HollowSpace")
_FIRST = ("Building", "Bridge", "Tunnel")
_CLASSES = frozenset(
    (
        *_FIRST, "Road", "Railway", "TransportSquare", "Waterway", "WaterBody", "PlantCover",
        "SolitaryVegetationObject", "LandUse", "CityFurniture", "GenericCityObject", "TINRelief",
        "CityObjectGroup", "OtherConstruction",
    )
)  # fmt: skip
_FACES = frozenset(
    ("MultiSurface", "CompositeSurface", "Solid", "MultiSolid", "CompositeSolid", "GeometryInstance")
)
_ORDER = (2, 3, 1, 4, 0)
"""Best level first: real roofs without the weight of windows."""

Object = dict[str, Any]
Level = tuple[str | None, list[list[Any]]]
"""A level of detail, and the geometries that make it up: those of each object."""


@dataclass(slots=True)
class Family:
    """A top-level object and all below it."""

    id: str
    top: Object
    kind: str
    """Its class, without ``+`` and without ``Part``; empty if it is no object at all."""
    parts: list[Object] = field(default_factory=list)
    """What has walls and a roof of its own."""
    others: list[Object] = field(default_factory=list)
    """Installations and the like."""
    notes: list[str] = field(default_factory=list)


def class_of(kind: Any) -> tuple[str, str | None]:
    """(class, ending) of an object's type: ``BuildingPart`` → (``Building``, ``Part``)."""
    return _class_of(kind) if type(kind) is str else ("GenericCityObject", None)


@lru_cache(maxsize=1024)
def _class_of(kind: str) -> tuple[str, str | None]:
    if kind in _CLASSES:
        return kind, None
    for first in _FIRST:
        if kind.startswith(first) and kind.removeprefix(first) in _SECOND:
            return first, kind.removeprefix(first)
    return "GenericCityObject", None


def families(objects: dict[str, Any]) -> Iterator[Family]:
    """Yield the top-level objects of a file or a feature, each with all that belongs to it, in order."""
    if len(objects) == 1:  # a feature without parts
        for id_, thing in objects.items():
            if isinstance(thing, dict) and not thing.get("parents") and not thing.get("children"):
                yield Family(id_, thing, class_of(thing.get("type"))[0])
                return
    elif (simple := _simple(objects)) is not None:
        yield simple
        return
    whole = {id_: thing for id_, thing in objects.items() if isinstance(thing, dict)}
    below: dict[str, list[str]] = {}
    tops: list[tuple[str, str | None]] = []
    for id_, thing in whole.items():
        parents = [p for p in _names(thing, "parents") if not _is_group(whole.get(p))]
        known = [p for p in parents if p in whole]
        for parent in known[:1]:
            below.setdefault(parent, []).append(id_)
        if not known:
            lost = parents and class_of(thing.get("type"))[1]
            tops.append((id_, ORPHAN if lost else None))
    seen: set[str] = set()
    for id_, note in tops:
        yield _family(id_, whole, below, seen, note)
    for id_ in whole:  # left over: those whose parents go round in a circle
        if id_ not in seen:
            yield _family(id_, whole, below, seen, CIRCLE)
    for id_ in objects:
        if id_ not in whole:
            yield Family(id_, {}, "", notes=[NO_OBJECT])


def _simple(objects: dict[str, Any]) -> Family | None:
    """The usual feature: one object and its parts, each naming the other. None for anything else."""
    tops = [id_ for id_, thing in objects.items() if type(thing) is dict and not thing.get("parents")]
    if len(tops) != 1:
        return None
    top = objects[tops[0]]
    children = top.get("children")
    if type(children) is not list or len(children) != len(objects) - 1 or _is_group(top):
        return None
    family = Family(tops[0], top, class_of(top.get("type"))[0])
    try:
        for part in [objects[child] for child in dict.fromkeys(children)]:
            if class_of(part.get("type"))[1] != "Part" or part.get("children") or part["parents"] != tops:
                return None
            family.parts.append(part)
    except (KeyError, TypeError, AttributeError):
        return None
    return family if len(family.parts) == len(children) else None


def _family(
    id_: str, whole: dict[str, Object], below: dict[str, list[str]], seen: set[str], note: str | None
) -> Family:
    top = whole[id_]
    family = Family(id_, top, class_of(top.get("type"))[0], notes=[note] if note else [])
    seen.add(id_)
    if _is_group(top):
        return family
    waiting = [id_]
    while waiting:
        name = waiting.pop(0)
        for child in dict.fromkeys((*_names(whole[name], "children"), *below.get(name, ()))):
            if child not in whole:
                family.notes.append(MISSING)
            elif child not in seen:
                seen.add(child)
                waiting.append(child)
                ending = class_of(whole[child].get("type"))[1]
                if ending in _INDOORS:
                    family.notes.append(_INSIDE)
                else:
                    (family.parts if ending == "Part" else family.others).append(whole[child])
    return family


def _names(thing: Object, member: str) -> list[str]:
    names = thing.get(member)
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _is_face(kind: Any) -> bool:
    return type(kind) is str and kind in _FACES


def _is_group(thing: Any) -> bool:
    return isinstance(thing, dict) and thing.get("type") == "CityObjectGroup"


def levels(family: Family, wanted: str | None, templates: list[Any]) -> tuple[list[Level], list[str]]:
    """The levels of detail in which a family can be drawn, best first, and what there is to say about it."""
    if (only := _only(family, templates)) is not None:
        return ([only], []) if _fits(only[0], wanted) else ([], [UNWANTED])
    notes: list[str] = []
    own, *rest = (_by_level(thing, templates, notes) for thing in (family.top, *family.parts, *family.others))
    parts, others = rest[: len(family.parts)], rest[len(family.parts) :]
    bodies = [part for part in parts if any(_major(lod) for lod in part)] or [part for part in parts if part]
    known = {lod: None for group in (own, *bodies) for lod in group} or {l_: None for o in others for l_ in o}
    fitting = sorted((lod for lod in known if _fits(lod, wanted)), key=_rank)
    if not fitting:
        return [], [*notes, UNWANTED] if known else notes
    whole = [lod for lod in fitting if all(lod in body for body in bodies)]
    whole = [lod for lod in whole if bodies or lod in own or not own]
    found = [(lod, _at(lod, own, bodies, others)) for lod in whole]
    if not found:
        lod = max(fitting, key=lambda lod: (sum(lod in body for body in bodies), -fitting.index(lod)))
        found = [(lod, _at(lod, own, bodies, others, fill=wanted is None))]
        notes.append(MIXED if wanted is None else LACKING)
    return found, notes


def _only(family: Family, templates: list[Any]) -> Level | None:
    """The usual case: a single geometry each, all of one level. None for anything else."""
    found: list[list[Any]] = []
    for thing in (family.top, *family.parts):
        geometries = thing.get("geometry")
        if type(geometries) is list and len(geometries) == 1:
            found.append(geometries)
        elif geometries or thing is not family.top:
            return None
    if not found or family.others or not all(type(g) is dict and _is_face(g.get("type")) for (g,) in found):
        return None
    lod = _lod(found[0][0], templates)
    return (lod, found) if all(_lod(g, templates) == lod for (g,) in found[1:]) else None


def _at(
    lod: str | None,
    own: dict[str | None, list[Any]],
    bodies: list[dict[str | None, list[Any]]],
    others: list[dict[str | None, list[Any]]],
    *,
    fill: bool = False,
) -> list[list[Any]]:
    """The geometries of a level; installations may be of another one of the same number."""
    found = [own.get(lod, [])]
    for body in bodies:
        chosen = lod if lod in body or not fill else min(body, key=_rank)
        found.append(body.get(chosen, []))
    for other in others:
        near = [level for level in other if level == lod or _major(level) == _major(lod)]
        if near:
            found.append(other[lod if lod in near else min(near, key=_rank)])
    return [geometries for geometries in found if geometries]


def _by_level(thing: Object, templates: list[Any], notes: list[str]) -> dict[str | None, list[Any]]:
    found: dict[str | None, list[Any]] = {}
    geometries = thing.get("geometry")
    if geometries is not None and not isinstance(geometries, list):
        geometries = [geometries]
    for geometry in geometries or ():
        if isinstance(geometry, dict) and geometry.get("type") in ("MultiPoint", "MultiLineString"):
            notes.append(UNDRAWN)
        else:
            found.setdefault(_lod(geometry, templates), []).append(geometry)
    return found


def _lod(geometry: Any, templates: list[Any]) -> str | None:
    if type(geometry) is not dict:
        return None
    lod = geometry.get("lod")
    if lod is None and geometry.get("type") == "GeometryInstance":
        place = geometry.get("template")
        if type(place) is int and 0 <= place < len(templates) and isinstance(templates[place], dict):
            lod = templates[place].get("lod")
    return lod if lod is None or type(lod) is str else str(lod)


@lru_cache(maxsize=256)
def _rank(lod: str | None) -> tuple[int, float]:
    number = level_number(lod)
    if number is None or int(number) not in _ORDER:
        return len(_ORDER), 0.0
    return _ORDER.index(int(number)), -number


def _major(lod: str | None) -> int:
    number = level_number(lod)
    return -1 if number is None else int(number)


@lru_cache(maxsize=256)
def level_number(lod: str | None) -> float | int | None:
    """``2`` → 2, ``2.2`` → 2.2; None for what is no level."""
    if lod is None or not lod.replace(".", "", 1).isdigit() or len(lod) > 8:
        return None
    number = float(lod)
    return int(number) if number.is_integer() else number


def _fits(lod: str | None, wanted: str | None) -> bool:
    return wanted is None or lod == wanted or (level_number(lod) is not None and _same(lod, wanted))


@lru_cache(maxsize=256)
def _same(lod: str | None, wanted: str) -> bool:
    if level_number(lod) == level_number(wanted):
        return True
    return "." not in wanted and _major(lod) == _major(wanted)
