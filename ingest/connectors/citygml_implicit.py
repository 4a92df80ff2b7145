"""Implicit geometry: a form drawn once, and placed by a matrix and a point (CityGML 2.0, 8.3)."""

import math
from dataclasses import replace

import numpy as np
from lxml import etree

from ingest.connectors.citygml_geometry import Find, polygons_in
from ingest.connectors.citygml_roles import ROLES, Role, local
from ingest.connectors.faces import solid_of
from twin.record import Solid

_HREF = "{http://www.w3.org/1999/xlink}href"
_OUTSIDE = "a form in another file was left out"
_LOST = "a form that the file does not draw, or a packed one too far off, was left out"
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
    point = children.get("referencePoint")
    place, crs = _place(point)
    matrix = _numbers(children.get("transformationMatrix"))
    if matrix is None:
        matrix = list(np.eye(4).ravel())
    if place is None or len(matrix) != 16:
        notes.append(_UNPLACED)
        return None, None
    polygons = [(form, False)] if ROLES[form.tag][0] is Role.POLYGON else polygons_in(form)
    solid = solid_of([(polygon, face, turned) for polygon, turned in polygons], notes)
    if solid is None:
        return None, crs
    whole = np.array(matrix).reshape(4, 4)
    points = solid.points @ whole[:3, :3].T + whole[:3, 3] + np.array(place)
    return replace(solid, points=points), crs


def _place(point: etree._Element | None) -> tuple[list[float] | None, str | None]:
    crs = None
    if point is not None:
        for node in point.iter(etree.Element):
            crs = crs or node.get("srsName")
            if local(node.tag) in ("pos", "coordinates"):
                numbers = _numbers(node)
                return (numbers if numbers is not None and len(numbers) == 3 else None), crs
    return None, crs


def _numbers(element: etree._Element | None) -> list[float] | None:
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
