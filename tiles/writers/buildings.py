"""Buildings: real roofs near, simple blocks far away, the same ids on every level.

Leaves of an adaptive quadtree hold the buildings as the source describes them. Every tile above replaces
its children by simpler forms: a building is drawn as a rectangle or footprint up to its mean roof height
where the measured difference allows it, and left away where it is smaller than half that difference.
"""

import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tiles.attributes import attributes
from tiles.build import Built, Order
from tiles.levels import Levels, coarsened, simplified, together
from tiles.patch import Made, Patch, Style, Tile, drawn, make, wanted_error
from tiles.quadtree import Cell, quadtree
from tiles.tree import Node
from tiles.work import run
from twin.batch import pack
from twin.errors import TilingError
from twin.shelf import Shelf

if TYPE_CHECKING:
    import pyarrow as pa

LEAF_POINTS = 60_000
"""Most points of source faces in a leaf: below 65,000 vertices, and some 150 kB on the way."""
PATCH_POINTS = 120_000
"""Most points that one worker takes at a time."""


def write(order: Order) -> Built:
    """Make the tileset of a building layer; see `tiles.build.build`."""
    with tempfile.TemporaryDirectory(prefix="twin-") as folder:
        return _City(order, shelved(order, Path(folder))).built()


def shelved(order: Order, folder: Path) -> Shelf:
    """The order's features on a shelf; those that lie on none yet are put on one in `folder`."""
    if isinstance(order.features, Shelf):
        return order.features
    shelf = Shelf(folder, order.layer.schema_)
    shelf.add(pack(order.features, order.layer.schema_))
    shelf.close()
    return shelf


@dataclass(slots=True)
class _Count:
    tiles: int = 0
    triangles: int = 0
    bytes: int = 0
    levels: int = 0
    drawn: int = 0
    contents: list[str] = field(default_factory=list)
    repaired: dict[str, int] = field(default_factory=dict)
    left_out: list[dict[str, str]] = field(default_factory=list)


class _City:
    def __init__(self, order: Order, shelf: Shelf) -> None:
        self._order = order
        # In the order of ids, not as the source happens to list them: another order gives the same tiles.
        self._shelf = shelf
        self._count = _Count()
        self._style = Style(
            order.geodesy,
            attributes(order.layer.schema_, order.option("attributes", None), shelf),
            order.copyright,
            order.encoding,
            outlines=bool(order.option("outlines", False)),
            blocks=order.layer.schema_.geometry == "building",
        )

    def built(self) -> Built:
        shelf = self._shelf
        for number in np.flatnonzero(shelf.weights == 0).tolist():
            self._leave_out(number, "has no faces")
        there = np.flatnonzero(shelf.weights > 0)
        if not len(there):
            raise TilingError(
                f"{self._order.layer.id}: no building has a face; look at the source's geometry"
            )
        root = quadtree(shelf.centres, shelf.weights, LEAF_POINTS, there)
        patches = list(_patches(root, wanted_error(root)))
        made = self._made(patches)
        top = self._above(root, made)
        if top is None:
            raise TilingError(f"{self._order.layer.id}: no building can be drawn; see the report's left_out")
        tile = self._with_view_from_afar(root, *top)
        self._keep(tile, wait=True)
        node = self._kept(tile, 1)
        tree = self._order.tileset(node)
        return Built(tree, tuple(sorted(set(self._count.contents))), self._report(node))

    def _leave_out(self, number: int, reason: str) -> None:
        self._count.left_out.append({"id": self._shelf.ids[number], "reason": reason})

    def _table(self, numbers: NDArray[np.integer]) -> "Mapping[str, pa.Array]":
        chosen = self._style.attributes
        return chosen.of(self._shelf.rows(numbers).load(chosen.needed))

    def _made(self, patches: list[tuple[Cell, float]]) -> Iterator[Made]:
        jobs = (Patch(cell, self._shelf.rows(cell.members), error, self._style) for cell, error in patches)
        for done, made in enumerate(run(make, jobs, self._order.executor), 1):
            for reason, count in made.repaired.items():
                self._count.repaired[reason] = self._count.repaired.get(reason, 0) + count
            for number, reason in made.left_out:
                self._leave_out(number, reason)
            self._order.step(done, len(patches))
            if made.tile is not None:
                for tile in made.tile.children:
                    self._keep(tile)
            yield made

    def _above(self, cell: Cell, made: Iterator[Made]) -> tuple[Tile, Levels] | None:
        """The tile of a cell, and its buildings for those above; patches come in the order of `_patches`."""
        if _is_patch(cell):
            result = next(made)
            if result.tile is None or result.levels is None:
                return None
            return result.tile, result.levels
        below = [found for child in cell.children if (found := self._above(child, made))]
        if not below:
            return None
        if len(below) == 1:
            return below[0]
        levels = together([levels for _, levels in below])
        return self._simplified(cell, [tile for tile, _ in below], levels), coarsened(
            levels, wanted_error(cell)
        )

    def _with_view_from_afar(self, cell: Cell, tile: Tile, levels: Levels) -> Tile:
        """A town that fits into one tile still gets its blocks, if they are simpler."""
        return tile if tile.children else self._simplified(cell, [tile], levels)

    def _simplified(self, cell: Cell, children: list[Tile], levels: Levels) -> Tile:
        drawing = simplified(levels, wanted_error(cell))
        if not drawing.error and len(children) == 1:
            return children[0]
        below = [] if not drawing.error else children
        needed = _needed(below, drawing.error)
        for tile in needed:
            self._keep(tile)
        return drawn(cell, drawing, levels.frame, needed, self._table, self._style, self._order.executor)

    def _keep(self, tile: Tile, *, wait: bool = False) -> None:
        """Hand over the contents of a tile and of those below it, as far as they are finished."""
        content = tile.content
        if isinstance(content, Future):
            content = content.result() if wait or content.done() else None
        if content is not None:
            tile.node.content = self._order.put(content.data, "glb", content.packed)
            tile.content = None
            self._count.contents.append(tile.node.content)
            self._count.bytes += len(content.data)
        for child in tile.children:
            self._keep(child, wait=wait)

    def _kept(self, tile: Tile, level: int) -> Node:
        """Tie the nodes together, once all contents are handed over."""
        self._count.tiles += 1
        self._count.levels = max(self._count.levels, level)
        if not tile.children:
            self._count.triangles += tile.triangles
            self._count.drawn += tile.features
        tile.node.children = [self._kept(child, level + 1) for child in tile.children]
        return tile.node

    def _report(self, root: Node) -> dict[str, Any]:
        count = self._count
        return {
            "writer": "buildings",
            "features": count.drawn,
            "tiles": count.tiles,
            "levels": count.levels,
            "triangles": count.triangles,
            "bytes": count.bytes,
            "geometric_error_m": root.geometric_error,
            "repaired": dict(sorted(count.repaired.items())),
            "left_out": sorted(count.left_out, key=lambda entry: entry["id"]),
            "heights": self._order.geodesy.statement.model_dump(),
        }


def _needed(children: list[Tile], error: float) -> list[Tile]:
    """The children, but in place of each that is no better than the tile above those below it."""
    needed = []
    for child in children:
        needed += child.children if child.children and child.node.geometric_error >= error else [child]
    return needed


def _is_patch(cell: Cell) -> bool:
    return cell.weight <= PATCH_POINTS or not cell.children


def _patches(cell: Cell, above: float) -> Iterator[tuple[Cell, float]]:
    """Cells that are made as a whole, with the error of the tile above them."""
    if _is_patch(cell):
        yield cell, above
    else:
        for child in cell.children:
            yield from _patches(child, wanted_error(cell))
