"""Trees: instances whose form follows the species, and whose size follows height and crown.

Leaves of the quadtree draw every tree in full. Tiles above draw all of them simpler, then fewer: see
`tiles.trees_tile`. What the source does not say of a tree's size is derived or assumed (`tiles.trees`);
its attributes and the report say so. A tree stands on the terrain, or where its ``ground_m`` says.

Options: ``encoding``, ``attributes`` (``schema``, ``all`` or names; by default what the schema marks).
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.attributes import Attributes
from tiles.build import Built, Order
from tiles.overlay import (
    NO_GROUND,
    WRONG_KIND,
    Account,
    columns_of,
    depth,
    geometries,
    ground_of,
    nothing,
    row,
)
from tiles.quadtree import Cell, quadtree
from tiles.tree import Node
from tiles.trees import FORMS, IMPLAUSIBLE, sizes_in
from tiles.trees_shapes import FAR, NEAR
from tiles.trees_tile import STEPS, VERTICES, Grove, Planted, Style, Trees, plant, thinned
from tiles.work import run
from twin.errors import TilingError
from twin.record import Feature

_NUMBER = {name: number for number, name in enumerate(FORMS)}
_FEW = 24
"""So few trees are not drawn simpler from afar."""


def write(order: Order) -> Built:
    """Tile a layer of trees.

    Raises:
        TilingError: if nothing can be drawn.
    """
    # By id, not as the source happens to list them: another order must not give other tiles.
    columns = columns_of(order)
    order = replace(order, features=sorted(order.features, key=lambda feature: feature.id))
    account = Account()
    wood = _Wood(order, columns, account)
    top = quadtree(wood.trees.points[:, :2], wood.trees.vertices(NEAR), VERTICES)
    kept = _Kept(order)
    root = kept.node(top, run(plant, wood.groves(top), order.executor))
    return Built(
        tileset=order.tileset(root),
        contents=tuple(dict.fromkeys(kept.contents)),
        report={
            "writer": "trees",
            "features": len(order.features) - len(account.left_out),
            "tiles": len(kept.contents),
            "levels": depth(root),
            "triangles": kept.triangles,
            "bytes": kept.bytes,
            "geometric_error_m": root.geometric_error,
            "repaired": account.repaired,
            "repaired_ids": account.repaired_ids,
            "left_out": account.left_out,
            "points": len(wood.trees),
            "points_on_stated_ground": wood.stated,
            "points_on_own_ground": wood.own,
            **{name: dict(sorted(counts.items())) for name, counts in wood.counts.items()},
        },
    )


class _Wood:
    """The trees that can be drawn, and what is known of them."""

    def __init__(self, order: Order, columns: Attributes, account: Account) -> None:
        self._columns = columns
        self._style = Style(order.geodesy, columns.schema, order.copyright, order.encoding)
        self.rows: dict[int, dict[str, Any]] = {}
        self.counts: dict[str, Counter[str]] = {
            name: Counter() for name in ("form", "height_source", "crown_source")
        }
        points, owners, self.stated, self.own = _placed(order, account)
        if not len(points):
            raise TilingError(nothing(order, account))
        for owner in np.unique(owners).tolist():
            self.rows[owner] = self._row(order.features[owner], account)
        sizes = [self.rows[owner] for owner in owners.tolist()]
        self.trees = Trees(
            points,
            owners,
            np.array([_NUMBER[row["form"]] for row in sizes], np.int8),
            np.array([row["height_m"] for row in sizes], np.float64),
            np.array([row["crown_m"] for row in sizes], np.float64),
            np.array([_turn(row["id"]) for row in sizes], np.int64),
        )

    def _row(self, feature: Feature, account: Account) -> dict[str, Any]:
        form, size = sizes_in(feature.values)
        drawn = {
            "form": form,
            "height_m": size.height_m,
            "height_source": size.height_source,
            "crown_m": size.crown_m,
            "crown_source": size.crown_source,
        }
        for name, counts in self.counts.items():
            counts[str(drawn[name])] += 1
        if size.repaired:
            account.repair(IMPLAUSIBLE, feature)
        return row(feature) | drawn | self._columns.generic_of(feature.generic or {})

    def groves(self, cell: Cell, *, top: bool = True) -> Iterator[Grove]:
        """The tiles to make, those below before those above them."""
        for child in cell.children:
            yield from self.groves(child, top=False)
        if not cell.children:
            yield self._grove(cell.members, NEAR, 0.0)
        if _has_view_from_afar(cell, top):
            places, error = thinned(self.trees.some(cell.members))
            yield self._grove(cell.members[places], FAR, error)

    def _grove(self, places: NDArray[np.int64], level: int, error: float) -> Grove:
        trees = self.trees.some(places)
        rows = {owner: self.rows[owner] for owner in trees.owners.tolist()}
        return Grove(trees, rows, level, error, self._style)


@dataclass(slots=True)
class _Kept:
    """Hands over the contents as they come, and ties the nodes together."""

    order: Order
    contents: list[str] = field(default_factory=list)
    triangles: int = 0
    bytes: int = 0

    def node(self, cell: Cell, made: Iterator[Planted], *, top: bool = True) -> Node:
        """The node of a cell; tiles come in the order of `_Wood.groves`."""
        below = [self.node(child, made, top=False) for child in cell.children]
        if not cell.children:
            planted = next(made)
            self.triangles += planted.triangles
            node = self._keep(planted)
            if not _has_view_from_afar(cell, top):
                return node
            below = [node]
        node = self._keep(next(made))
        node.children = below
        return node

    def _keep(self, planted: Planted) -> Node:
        planted.node.content = self.order.put(planted.data, "glb")
        self.contents.append(planted.node.content)
        self.bytes += len(planted.data)
        self.order.step(len(self.contents))
        return planted.node


def _has_view_from_afar(cell: Cell, top: bool) -> bool:
    return bool(cell.children) or (top and len(cell.members) > _FEW)


def _placed(order: Order, account: Account) -> tuple[NDArray[np.float64], NDArray[np.int64], int, int]:
    """Feet (n, 3) in the city's CRS with heights, whose they are (n,), how many stand on the city's stated
    height, and how many on one of their own.
    """
    import shapely

    found = geometries(order, account)
    shapes = np.array([geometry for _, geometry in found], dtype=object)
    parts, which = shapely.get_parts(shapes, return_index=True)
    strange = set(which[shapely.get_type_id(parts) != 0].tolist())
    for place in sorted(strange):
        account.leave_out(order.features[found[place][0]], WRONG_KIND)
    points = ~np.isin(which, sorted(strange))
    xy = shapely.get_coordinates(parts[points])
    numbers = np.array([number for number, _ in found], np.int64)[which[points]]
    bases = [order.features[number].values.get("ground_m") for number in numbers.tolist()]
    heights = np.array([np.nan if base is None else base for base in bases], np.float64)
    own = np.isfinite(heights)
    ground = ground_of(order)
    heights[~own] = ground.heights(xy[~own])
    lost = np.unique(numbers[np.isnan(heights)])
    for number in lost:
        account.leave_out(order.features[number], NO_GROUND)
    keep = ~np.isin(numbers, lost)
    stated = int(np.isnan(ground.measured(xy[keep & ~own])).sum())
    return np.column_stack([xy, heights])[keep], numbers[keep], stated, int(own.sum())


def _turn(name: str) -> int:
    """How a tree is turned: always the same for the same id, so that a new revision turns none."""
    return hashlib.sha256(name.encode()).digest()[0] % STEPS
