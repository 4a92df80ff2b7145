"""Overlay: a layer of areas or lines becomes sheets on the terrain, one if it is small."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tiles.attributes import Attributes, attributes
from tiles.build import Built, Order
from tiles.drape import Floats
from tiles.ground import Ground
from tiles.materials import MATERIALS
from tiles.quadtree import Cell, quadtree
from tiles.sheet import Laid, Sheet, Style, lay
from tiles.tree import Node, group
from tiles.work import run
from twin.errors import TilingError
from twin.record import Feature
from twin.report import NAMED
from twin.shelf import Shelf

LIFT_M = 0.3
"""Terrain tiles may rise by about this above the true ground (see `tiles.writers.terrain`)."""
TOLERANCE_M = 0.1
NO_GROUND = (
    "the height of the ground under it is not known; add the terrain there, "
    "or state ground_m under [heights] in city.toml"
)
NO_POSITION = "has no position; the source states none"
ELSEWHERE = "lies outside the area of the city's CRS; check its coordinates at the source"
WRONG_KIND = "is not of the geometry that the layer's writer draws; check tiles.writer in the recipe"
EMPTY = "encloses nothing that could be drawn; check it at the source"

_WEIGHT = 20_000
"""Estimated vertices of a tile."""
_M2, _M = 25.0, 15.0
"""So much area or length costs about one vertex on common terrain."""


@dataclass(slots=True)
class Item:
    """A feature in the city's CRS, as what is to be drawn of it."""

    number: int
    """Place in the layer's features."""
    fills: list[Any] = field(default_factory=list)
    """Valid polygons (shapely)."""
    strokes: list[Floats] = field(default_factory=list)
    """Lines (n, 2)."""
    material: str | None = None
    """Of its fills, or of its strokes where it has none; None for that of the layer."""

    @property
    def points(self) -> Floats:
        """(n, 2) all positions."""
        import shapely

        return np.concatenate([*(shapely.get_coordinates(polygon) for polygon in self.fills), *self.strokes])

    def weight(self, level: bool) -> int:
        """Estimated number of vertices, on level ground or on terrain."""
        if level:
            return len(self.points)
        area = sum(polygon.area for polygon in self.fills)
        length = sum(float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum()) for line in self.strokes)
        return int(len(self.points) + area / _M2 + length / _M)


@dataclass(slots=True)
class Account:
    """What became of the features."""

    left_out: list[dict[str, str]] = field(default_factory=list)
    repaired: dict[str, int] = field(default_factory=dict)
    _whom: dict[str, list[str]] = field(default_factory=dict)

    def leave_out(self, feature: Feature, reason: str) -> None:
        """Name a feature that is not drawn."""
        self.left_out.append({"id": feature.id, "reason": reason})

    def repair(self, words: str, feature: Feature) -> None:
        """Count a repair of a feature."""
        self.repaired[words] = self.repaired.get(words, 0) + 1
        self._whom.setdefault(words, []).append(feature.id)

    @property
    def repaired_ids(self) -> dict[str, list[str]]:
        """Repair → the first `NAMED` ids, sorted."""
        return {words: sorted(ids)[:NAMED] for words, ids in self._whom.items()}


def ground_of(order: Order) -> Ground:
    """The ground given, or the city's stated height all over."""
    return order.ground or Ground([], order.city.heights.ground_m)


def columns_of(order: Order) -> Attributes:
    """The columns of the property tables: by the option ``attributes``, else those that the schema marks."""
    wanted, schema = order.option("attributes", None), order.layer.schema_
    if wanted is None or not isinstance(order.features, Shelf):
        return Attributes(schema)
    return attributes(schema, str(wanted), order.features)


def _row(feature: Feature, columns: Attributes) -> dict[str, Any]:
    return row(feature) | columns.generic_of(feature.generic or {})


def row(feature: Feature) -> dict[str, Any]:
    """A feature's row in the property table."""
    return {**feature.values, "id": feature.id, "source_id": feature.source_id}


def geometries(order: Order, account: Account) -> list[tuple[int, Any]]:
    """Features' geometries (shapely) in the city's CRS with their numbers; the others are accounted for."""
    import shapely

    found = []
    for number, feature in enumerate(order.features):
        geometry = shapely.from_wkb(feature.geometry) if feature.geometry else None
        if geometry is None or geometry.is_empty:
            account.leave_out(feature, NO_POSITION)
        else:
            found.append((number, shapely.force_2d(geometry)))
    if found:
        moved = shapely.transform([geometry for _, geometry in found], order.geodesy.from_lonlat)
        found = [(number, geometry) for (number, _), geometry in zip(found, moved, strict=True)]
    placed = []
    for number, geometry in found:
        if np.isfinite(shapely.get_coordinates(geometry)).all():
            placed.append((number, geometry))
        else:
            account.leave_out(order.features[number], ELSEWHERE)
    return placed


def at_hand(order: Order) -> tuple[Attributes, Order]:
    """The columns of the property tables, and the order with its features in memory."""
    return columns_of(order), replace(order, features=list(order.features))


def materials_of(order: Order) -> dict[str, str]:
    """Values of the column ``kind`` and the material of what is of it, by the option ``materials``.

    Raises:
        TilingError: a material that does not exist.
    """
    found = dict(order.option("materials", {}))
    if unknown := sorted(set(found.values()) - MATERIALS.keys()):
        raise TilingError(
            f"{order.layer.id}: {', '.join(unknown)} under materials in [tiles.options] is none of "
            f"{', '.join(MATERIALS)}"
        )
    return found


def overlay(
    order: Order, items: Sequence[Item], account: Account, columns: Attributes, *, material: str
) -> Built:
    """Tile the items.

    Raises:
        TilingError: if none of them can be drawn.
    """
    if not items:
        raise TilingError(nothing(order, account))
    style = Style(
        geodesy=order.geodesy,
        schema=columns.schema,
        copyright=order.copyright,
        encoding=order.encoding,
        lift_m=float(order.option("lift_m", LIFT_M)),
        tolerance_m=float(order.option("tolerance_m", TOLERANCE_M)),
        fill=material,
    )
    ground = ground_of(order)
    points = [item.points for item in items]
    centres = np.array([(p.min(axis=0) + p.max(axis=0)) / 2 for p in points])
    top = quadtree(centres, np.array([item.weight(ground.level) for item in items]), _WEIGHT)
    leaves = list(top.leaves())
    sheets = (_sheet(order, [items[i] for i in leaf.members], ground, style, columns) for leaf in leaves)
    laid: list[Laid] = []
    for result in run(lay, sheets, order.executor):
        if result.node is not None and result.data is not None:
            result.node.content = order.put(result.data, "glb")
            if result.far is not None and result.far_node is not None:
                result.far_node.content = order.put(result.far, "glb")
                result.far_node.children = [result.node]
        for number in result.groundless:
            account.leave_out(order.features[number], NO_GROUND)
        laid.append(result)
        order.step(len(laid), len(leaves))
    nodes = {id(leaf): result.far_node or result.node for leaf, result in zip(leaves, laid, strict=True)}
    root = arranged(top, nodes)
    if root is None:
        raise TilingError(nothing(order, account))
    drawn = [result for result in laid if result.data is not None]
    shown = [node for result in drawn for node in (result.far_node, result.node) if node is not None]
    return Built(
        tileset=order.tileset(root),
        contents=tuple(dict.fromkeys(str(node.content) for node in shown)),
        report={
            "writer": order.layer.tiles.writer if order.layer.tiles else "",
            "features": len(order.features) - len(account.left_out),
            "tiles": len(shown),
            "levels": depth(root),
            "triangles": sum(result.triangles for result in drawn),
            "bytes": sum(
                len(data) for result in drawn for data in (result.far, result.data) if data is not None
            ),
            "repaired": account.repaired,
            "repaired_ids": account.repaired_ids,
            "left_out": account.left_out,
            "points": sum(result.points for result in drawn),
            "points_on_stated_ground": sum(result.stated for result in drawn),
            "beyond_terrain": {
                "features": len({number for result in drawn for number in result.beyond}),
                "lines_m": round(sum(result.beyond_m for result in drawn)),
                "areas_m2": round(sum(result.beyond_m2 for result in drawn)),
            },
            "off_ground_m": round(max(result.off_m for result in drawn), 3),
        },
    )


def nothing(order: Order, account: Account) -> str:
    """Why a layer has nothing to draw, in words."""
    reasons = sorted({entry["reason"] for entry in account.left_out}) or ["the layer has no features"]
    return f"{order.layer.id}: nothing can be drawn: {'; '.join(reasons)}"


def _sheet(order: Order, items: Sequence[Item], ground: Ground, style: Style, columns: Attributes) -> Sheet:
    return Sheet(
        fills=tuple((item.number, polygon) for item in items for polygon in item.fills),
        strokes=tuple((item.number, line) for item in items for line in item.strokes),
        materials={item.number: item.material for item in items if item.material},
        rows={item.number: _row(order.features[item.number], columns) for item in items},
        ground=ground.around(np.concatenate([item.points for item in items])),
        style=style,
    )


def arranged(cell: Cell, nodes: dict[int, Node | None]) -> Node | None:
    """Nodes of a quadtree's leaves (by ``id(leaf)``) as a tree; None where none has any."""
    if not cell.children:
        return nodes[id(cell)]
    children = [node for child in cell.children if (node := arranged(child, nodes)) is not None]
    if len(children) == 1:
        return children[0]
    return group(children) if children else None


def depth(node: Node) -> int:
    """Levels of a tree."""
    return 1 + max((depth(child) for child in node.children), default=0)
