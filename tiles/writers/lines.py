"""Lines: streets and ways lie on the terrain, as ribbons where their width is known, else as thin lines.

Options: ``width_m`` (for lines that state none themselves), ``materials`` (as for areas), ``lift_m``,
``tolerance_m``, ``encoding``.
"""

import math
from typing import Any

from tiles.build import Built, Order
from tiles.overlay import EMPTY, WRONG_KIND, Account, Item, at_hand, geometries, materials_of, overlay

_ROUNDNESS = 4
"""Segments to a quarter circle at bends."""


def write(order: Order) -> Built:
    """Tile a layer of lines; a feature's own ``width_m`` comes before the option's.

    Raises:
        TilingError: if nothing can be drawn.
    """
    import shapely

    columns, order = at_hand(order)
    account = Account()
    items = []
    materials = materials_of(order)
    for number, geometry in geometries(order, account):
        feature = order.features[number]
        lines = [
            part for part in shapely.get_parts(geometry) if part.geom_type in ("LineString", "LinearRing")
        ]
        if not lines:
            account.leave_out(feature, WRONG_KIND)
            continue
        lines = [line for line in lines if line.length > 0]
        width = _width(feature.values.get("width_m"), order.option("width_m", None))
        item = Item(number, material=materials.get(str(feature.values.get("kind"))))
        if width:
            # One ribbon for all parts: where they meet nothing is drawn twice.
            ribbon = shapely.buffer(
                shapely.multilinestrings(lines), width / 2, quad_segs=_ROUNDNESS, cap_style="flat"
            )
            item.fills = [part for part in shapely.get_parts(ribbon) if part.area > 0]
        else:
            item.strokes = [shapely.get_coordinates(line) for line in lines]
        if item.fills or item.strokes:
            items.append(item)
        else:
            account.leave_out(feature, EMPTY)
    return overlay(order, items, account, columns, material="line")


def _width(*candidates: Any) -> float | None:
    """The first that is a width in metres."""
    for width in candidates:
        if isinstance(width, int | float) and math.isfinite(width) and width > 0:
            return float(width)
    return None
