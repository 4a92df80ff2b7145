"""Levels of detail: of several, the best that is whole, over an object and all its parts."""

from functools import lru_cache
from typing import Any

from ingest.connectors.cityjson_objects import Family, Object
from ingest.connectors.whole import MIXED, ORDER

LACKING = "a part without the wanted level of detail was left out"
UNDRAWN = "points and lines are not drawn"
UNWANTED = "it has no faces in the wanted level of detail"

_FACES = frozenset(
    ("MultiSurface", "CompositeSurface", "Solid", "MultiSolid", "CompositeSolid", "GeometryInstance")
)

Level = tuple[str | None, list[list[Any]]]
"""A level of detail, and the geometries that make it up: those of each object."""


def _is_face(kind: Any) -> bool:
    return type(kind) is str and kind in _FACES


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
    if number is None or int(number) not in ORDER:
        return len(ORDER), 0.0
    return ORDER.index(int(number)), -number


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
