"""Plants that have no faces of their own: where they stand, and how big they are (CityGML 1.0, 2.0, 3.0)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from lxml import etree

from ingest.connectors.citygml_found import Found
from ingest.connectors.citygml_geometry import Find
from ingest.connectors.citygml_implicit import anchor, implicit_solid, numbers_of
from ingest.connectors.citygml_roles import POLYGONS, local
from ingest.connectors.citygml_values import typed
from ingest.connectors.trees import Place, tree
from twin.record import Record, Solid

ENVELOPE = "a tree that has no point stands in the middle of its envelope"
_UNIT = "a diameter of a tree in a unit that is not known was ignored"
_METRES = {"": 1.0, "m": 1.0, "metre": 1.0, "9001": 1.0, "cm": 0.01, "mm": 0.001}
"""End of a unit's name → metres."""
_HREF = "{http://www.w3.org/1999/xlink}href"
_BEST = (3, 2, 4, 1, 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """A tree before it is a record."""

    values: dict[str, Any]
    """`Found.values`, and ``species``, ``words``, ``trunk``, ``crown``."""
    at: Place | None
    crs: str | None
    drawn: tuple[float, float] | None
    """Height and diameter of the form that is drawn for it."""


def has_faces(found: Found) -> bool:
    """Whether an object has faces that are its own, and not a form drawn for many."""
    boxes = [box for _, _, box in found.surfaces] + [box for _, box in found.shells]
    return any(
        next(box.iter(*POLYGONS), None) is not None
        or any(node.get(_HREF) is not None for node in box.iter(etree.Element))
        for box in boxes
    )


def standing_of(element: etree._Element, found: Found, find: Find | None) -> Standing:
    """Where a plant stands: at its form's anchor, else at its point, else in the midst of its envelope."""
    values = found.values | {"species": None, "words": [], "trunk": None, "crown": None}
    for child in element:
        name, text = local(child.tag), (child.text or "").strip()
        if name == "species":
            values["species"] = text or None
        elif name in ("class", "function"):
            values["words"].append(text)
        elif name in ("trunkDiameter", "crownDiameter"):
            values[name.removesuffix("Diameter")] = _diameter(text, child.get("uom"), found.notes)
    at, crs, drawn = None, None, None
    for _, face, box in sorted(found.implicit, key=lambda each: _BEST.index(each[0][1])):
        place, crs = anchor(box)
        solid, _ = implicit_solid(box, face, element, find, found.notes)
        if solid is not None:
            at, drawn = _foot(solid, place)
        elif place is not None:
            at = (place[0], place[1], place[2])
        if at is not None:
            break
    if at is None:
        at, crs = _point(element)
    if at is None:
        at, crs = _middle(element, found.notes)
    return Standing(values, at, crs, drawn)


def tree_record(
    found: Standing, place: str, crs: str | None, notes: Sequence[str], *, leaning: bool
) -> Record:
    """The record of such a plant."""
    values = found.values
    return tree(
        place,
        values["gml_id"],
        found.at,
        crs,
        species=values["species"],
        words=values["words"],
        height=values["measured_height"],
        crown=values["crown"],
        trunk=values["trunk"],
        drawn=found.drawn,
        generic=values["generic"],
        notes=notes,
        leaning=leaning,
    )


def _foot(solid: Solid, anchored: list[float] | None) -> tuple[Place, tuple[float, float]]:
    """Where a placed form stands, and its height and diameter."""
    low, high = solid.points.min(axis=0), solid.points.max(axis=0)
    x, y = ((low + high) / 2)[:2].tolist()
    if anchored is not None and (low[:2] <= anchored[:2]).all() and (anchored[:2] <= high[:2]).all():
        x, y = anchored[:2]
    wide, deep, tall = (high - low).tolist()
    return (x, y, float(low[2])), (tall, max(wide, deep))


def _point(element: etree._Element) -> tuple[Place | None, str | None]:
    for point in element.iter("{*}Point"):
        for node in point.iter("{*}pos", "{*}coordinates"):
            place = _place(numbers_of(node))
            if place is not None:
                return place, node.get("srsName") or point.get("srsName")
    return None, None


def _middle(element: etree._Element, notes: list[str]) -> tuple[Place | None, str | None]:
    for box in element.iter("{*}Envelope"):
        corners = [numbers_of(node) for node in box.iter("{*}lowerCorner", "{*}upperCorner", "{*}pos")]
        places = [place for corner in corners if (place := _place(corner)) is not None]
        if len(places) == 2:
            notes.append(ENVELOPE)
            (x, y, z), (far_x, far_y, top) = places
            return ((x + far_x) / 2, (y + far_y) / 2, None if z is None or top is None else min(z, top)), (
                box.get("srsName")
            )
    return None, None


def _place(numbers: list[float] | None) -> Place | None:
    if numbers is None or len(numbers) not in (2, 3) or not np.isfinite(numbers).all():
        return None
    return numbers[0], numbers[1], numbers[2] if len(numbers) == 3 else None


def _diameter(text: str, unit: str | None, notes: list[str]) -> float | None:
    number = typed(text or None, float)
    if number is None:
        return None
    factor = _METRES.get(re.split(r"[:#/]", unit or "")[-1])
    if factor is None:
        notes.append(_UNIT)
        return None
    return float(number) * factor
