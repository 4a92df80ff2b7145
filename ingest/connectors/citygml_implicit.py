"""Implicit geometry: a form drawn once, and placed by a matrix and a point (CityGML 2.0, 8.3)."""

import math
from dataclasses import replace

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from ingest.connectors.citygml_geometry import Find, polygons_in
from ingest.connectors.citygml_roles import ROLES, Role, local
from ingest.connectors.faces import solid_of
from twin.record import Solid

_HREF = "{http://www.w3.org/1999/xlink}href"
_OUTSIDE = "a form in another file was left out"
_LOST = "a form that the file does not draw, or a packed one too far off, was left out"
_TWICE = "a place that a form's matrix states as well as its point was taken once"
_FAR_M = 10_000.0
"""No form is as large: a matrix that moves it farther says where on earth it stands."""
_UNPLACED = "a form without a readable place was left out"


def implicit_solid(
    box: etree._Element, face: int, element: etree._Element, find: Find | None, notes: list[str]
) -> tuple[Solid | None, str | None]:
    """Return the placed form below a ``lodNImplicitRepresentation``, and the CRS its point names.

    Args:
        box: the property.
        face: kind of all its faces.
        element: the object, in which references are looked up first.
        find: looks them up in the rest of the file.
        notes: gets a line for each repair and for what is left out; nothing is ever fetched.
    """
    geometry = next((child for child in box if local(child.tag) == "ImplicitGeometry"), None)
    if geometry is None:
        notes.append(_LOST)
        return None, None
    children = {local(child.tag): child for child in geometry}
    relative = children.get("relativeGMLGeometry", children.get("relativeGeometry"))
    if relative is None:
        notes.append(_OUTSIDE)
        return None, None
    form: etree._Element | None = relative
    if not len(relative):
        link = (relative.get(_HREF) or "").removeprefix("#")
        form = _by_id(element, link)
        if form is None and find is not None and link:
            form = find(link)
    if form is None:
        notes.append(_LOST)
        return None, None
    place, whole, crs = _placing(children, notes)
    if place is None or whole is None:
        notes.append(_UNPLACED)
        return None, None
    polygons = [(form, False)] if ROLES[form.tag][0] is Role.POLYGON else polygons_in(form)
    solid = solid_of([(polygon, face, turned) for polygon, turned in polygons], notes)
    if solid is None:
        return None, crs
    points = solid.points @ whole[:3, :3].T + whole[:3, 3] + np.array(place)
    return replace(solid, points=points), crs


def anchor(box: etree._Element) -> tuple[list[float] | None, str | None]:
    """Where the origin of the form below a ``lodNImplicitRepresentation`` comes to lie, and its CRS."""
    geometry = next((child for child in box if local(child.tag) == "ImplicitGeometry"), None)
    if geometry is None:
        return None, None
    place, whole, crs = _placing({local(child.tag): child for child in geometry}, [])
    if place is None or whole is None:
        return None, crs
    return (whole[:3, 3] + np.array(place)).tolist(), crs


def _placing(
    children: dict[str, etree._Element], notes: list[str]
) -> tuple[list[float] | None, NDArray[np.float64] | None, str | None]:
    """Reference point, matrix (4, 4) and CRS of an implicit geometry; None for what cannot be read."""
    place, crs = _place(children.get("referencePoint"))
    matrix = numbers_of(children.get("transformationMatrix"))
    if matrix is None:
        return place, np.eye(4), crs
    if len(matrix) != 16:
        return place, None, crs
    whole = np.array(matrix).reshape(4, 4)
    moved = whole[:2, 3]
    if place is not None and np.abs(moved).max() > _FAR_M > np.abs(moved - place[:2]).max():
        notes.append(_TWICE)
        place = [0.0, 0.0, 0.0 if whole[2, 3] else place[2]]
    return place, whole, crs


def _place(point: etree._Element | None) -> tuple[list[float] | None, str | None]:
    crs = None
    if point is not None:
        for node in point.iter(etree.Element):
            crs = crs or node.get("srsName")
            if local(node.tag) in ("pos", "coordinates"):
                numbers = numbers_of(node)
                return (numbers if numbers is not None and len(numbers) == 3 else None), crs
    return None, crs


def numbers_of(element: etree._Element | None) -> list[float] | None:
    """The numbers in an element; empty if they are none, None if there is no element."""
    if element is None:
        return None
    try:
        numbers = [float(number) for number in (element.text or "").replace(",", " ").split()]
    except ValueError:
        return []
    return numbers if all(map(math.isfinite, numbers)) else []


def _by_id(element: etree._Element, name: str) -> etree._Element | None:
    for node in element.iter(etree.Element):
        if name and name in (
            node.get("{http://www.opengis.net/gml}id"),
            node.get("{http://www.opengis.net/gml/3.2}id"),
        ):
            return node
    return None
