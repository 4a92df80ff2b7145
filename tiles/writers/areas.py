"""Areas: construction sites, districts, water lie on the terrain, with outline, filled, or both.

Where the schema takes any geometry, a line becomes a ribbon and a point a disc.

Options: ``fill`` (true), ``fill_up_to_m2`` (larger areas get an outline only), ``outline`` (true),
``width_m`` (8, of ribbons), ``radius_m`` (8, of discs), ``materials`` (of some values of the column ``kind``,
by value), ``lift_m``, ``tolerance_m``, ``encoding``.
"""

from typing import Any

import numpy as np

from tiles.build import Built, Order
from tiles.overlay import EMPTY, WRONG_KIND, Account, Item, at_hand, geometries, materials_of, overlay
from twin.errors import TilingError


def write(order: Order) -> Built:
    """Tile a layer of polygons.

    Raises:
        TilingError: if nothing can be drawn, or neither fill nor outline is wanted.
    """
    import shapely

    fill, outline = bool(order.option("fill", True)), bool(order.option("outline", True))
    if not fill and not outline:
        raise TilingError(f"{order.layer.id}: set fill or outline under [tiles.options] to true")
    columns, order = at_hand(order)
    account = Account()
    items = []
    half, radius = _metres(order, "width_m") / 2, _metres(order, "radius_m")
    largest = float(order.option("fill_up_to_m2", np.inf))
    materials = materials_of(order)
    mixed = order.layer.schema_.geometry == "any"
    for number, geometry in geometries(order, account):
        if mixed:
            geometry = _widened(geometry, half, radius)
        sound = geometry
        if not geometry.is_valid:
            sound = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
            account.repair("rings crossed themselves or each other", order.features[number])
        polygons = _polygons(sound)
        if not polygons:
            kind = "Polygon" in geometry.geom_type or geometry.geom_type == "GeometryCollection"
            account.leave_out(order.features[number], EMPTY if kind else WRONG_KIND)
            continue
        item = Item(number, material=materials.get(str(order.features[number].values.get("kind"))))
        filled = fill and sum(polygon.area for polygon in polygons) <= largest
        if filled:
            item.fills = polygons
        if outline or not filled:
            item.strokes = [_coordinates(ring) for p in polygons for ring in (p.exterior, *p.interiors)]
        items.append(item)
    return overlay(order, items, account, columns, material="area")


def _metres(order: Order, name: str) -> float:
    value = order.option(name, 8.0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1000:
        raise TilingError(
            f"{order.layer.id}: {name} under [tiles.options] is a length from 0 to 1,000 metres"
        )
    return float(value)


def _widened(geometry: Any, half: float, radius: float) -> Any:
    """The same with ribbons in place of lines and discs in place of points."""
    import shapely

    parts = _single(geometry)
    by = np.array([radius, half, 0.0])[shapely.get_dimensions(parts)]
    return shapely.union_all(shapely.buffer(parts, by, quad_segs=4)) if by.any() else geometry


def _single(geometry: Any) -> Any:
    """(n,) its points, lines and polygons, however they are nested; empty ones fall away."""
    import shapely

    parts = shapely.get_parts(geometry)
    while (shapely.get_num_geometries(parts) > 1).any() or (shapely.get_type_id(parts) > 3).any():
        parts = shapely.get_parts(parts)
    return parts[~shapely.is_empty(parts)]


def _polygons(geometry: Any) -> list[Any]:
    """Its polygons with an inside, in order."""
    import shapely

    parts = shapely.get_parts(geometry)
    return [part for part in parts if part.geom_type == "Polygon" and part.area > 0]


def _coordinates(ring: Any) -> Any:
    import shapely

    return shapely.get_coordinates(ring)
