"""Areas: construction sites, districts, water lie on the terrain, with outline, filled, or both.

Options: ``fill`` (true), ``outline`` (true), ``lift_m``, ``tolerance_m``, ``encoding``.
"""

from typing import Any

from tiles.build import Built, Order
from tiles.overlay import EMPTY, WRONG_KIND, Account, Item, geometries, overlay
from twin.errors import TilingError


def write(order: Order) -> Built:
    """Tile a layer of polygons.

    Raises:
        TilingError: if nothing can be drawn, or neither fill nor outline is wanted.
    """
    fill, outline = bool(order.option("fill", True)), bool(order.option("outline", True))
    if not fill and not outline:
        raise TilingError(f"{order.layer.id}: set fill or outline under [tiles.options] to true")
    account = Account()
    items = []
    for number, geometry in geometries(order, account):
        polygons = _polygons(geometry, account)
        if not polygons:
            kind = "Polygon" in geometry.geom_type or geometry.geom_type == "GeometryCollection"
            account.leave_out(order.features[number], EMPTY if kind else WRONG_KIND)
            continue
        item = Item(number)
        if fill:
            item.fills = polygons
        if outline:
            item.strokes = [_coordinates(ring) for p in polygons for ring in (p.exterior, *p.interiors)]
        items.append(item)
    return overlay(order, items, account, material="area")


def _polygons(geometry: Any, account: Account) -> list[Any]:
    """Its polygons with an inside, in order; crossing rings are repaired."""
    import shapely

    if not geometry.is_valid:
        geometry = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
        account.repair("rings crossed themselves or each other")
    parts = shapely.get_parts(geometry)
    return [part for part in parts if part.geom_type == "Polygon" and part.area > 0]


def _coordinates(ring: Any) -> Any:
    import shapely

    return shapely.get_coordinates(ring)
