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

Object = dict[str, Any]


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


def _is_group(thing: Any) -> bool:
    return isinstance(thing, dict) and thing.get("type") == "CityObjectGroup"
