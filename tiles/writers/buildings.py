"""Buildings: real roofs near, simple blocks far away, the same ids on every level.

Leaves of an adaptive quadtree hold the buildings as the source describes them. Every tile above replaces
its children by simpler forms: a building is drawn as a rectangle or footprint up to its mean roof height
where the measured difference allows it, and together with its neighbours where it is too small to be seen.
"""

import hashlib
import tempfile
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tiles.attributes import attributes
from tiles.branches import Branch, grown
from tiles.build import Built, Order
from tiles.contents import CONTENTS
from tiles.levels import Levels, coarsened, simplified, together
from tiles.patch import Made, Patch, Style, Tile, drawn, make, wanted_error
from tiles.quadtree import Cell, quadtree, unbroken
from tiles.repairs import Repairs
from tiles.tree import Node
from tiles.work import Here, finished, run
from twin.batch import pack
from twin.errors import NothingDrawn, TilingError
from twin.shelf import Shelf

if TYPE_CHECKING:
    import pyarrow as pa

LEAF_POINTS = 60_000
"""Most points of source faces in a leaf: below 65,000 vertices, and some 150 kB on the way."""
PATCH_POINTS = 120_000
"""Most points that one worker takes at a time."""
_ENCODING = 8
"""Tiles above patches that may be encoded beside what else is made: a few for each processor."""


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
    repaired: Repairs = field(default_factory=Repairs)
    left_out: list[dict[str, str]] = field(default_factory=list)


class _City:
    def __init__(self, order: Order, shelf: Shelf) -> None:
        self._order = order
        # In the order of ids, not as the source happens to list them: another order gives the same tiles.
        self._shelf = shelf
        self._count = _Count()
        # Tiles on every level, even where one above is as good: implicit tiling cannot pass a level over.
        self._every = bool(order.option("every_level", False))
        self._later: list[tuple[Branch, Made]] = []
        self._encoding: deque[Tile] = deque()
        """Tiles above patches whose contents are still being made, or wait to be handed over."""
        self._style = Style(
            order.geodesy,
            attributes(order.layer.schema_, order.option("attributes", None), shelf),
            order.copyright,
            order.encoding,
            outlines=bool(order.option("outlines", False)),
            many=_many(order),
            blocks=order.layer.schema_.geometry == "building",
            materials=order.option("materials", {}),
        )

    def built(self) -> Built:
        shelf = self._shelf
        self._leave_out([(number, "has no faces") for number in np.flatnonzero(shelf.weights == 0).tolist()])
        there = np.flatnonzero(shelf.weights > 0)
        if not len(there):
            raise TilingError(
                f"{self._order.layer.id}: no building has a face; look at the source's geometry"
            )
        root = quadtree(shelf.centres, shelf.weights, LEAF_POINTS, there)
        if self._every:
            root = unbroken(root)
        branch = grown(root, 0 if self._every else PATCH_POINTS, shelf, self._order.reuse)
        patches = list(branch.patches())
        made = self._above(branch, self._made(patches))
        self._count.repaired = made.repaired
        self._leave_out(made.left_out)
        if made.tile is None or made.levels is None:
            left_out = self._count.left_out
            reasons = ", ".join(sorted({entry["reason"] for entry in left_out}))
            raise NothingDrawn(f"{self._order.layer.id}: nothing can be drawn: {reasons}", left_out)
        tile = self._with_view_from_afar(root, made.tile, made.levels)
        self._keep(tile, wait=True)
        if self._order.reuse is not None:
            for later, result in self._later:
                self._order.reuse.save_tiles(later.key, later.cell.members, result)
        node = self._kept(tile, 1)
        tree = self._order.tileset(node)
        return Built(tree, tuple(sorted(set(self._count.contents))), self._report(node), node)

    def _leave_out(self, told: Sequence[tuple[int, str]]) -> None:
        ids = self._shelf.ids_of([number for number, _ in told])
        self._count.left_out += [{"id": own, "reason": why} for own, (_, why) in zip(ids, told, strict=True)]

    def _table(self, numbers: NDArray[np.integer]) -> "Mapping[str, pa.Array]":
        chosen = self._style.attributes
        return chosen.of(self._shelf.columns_of(numbers, chosen.needed))

    def _made(self, patches: list[Branch]) -> Iterator[Made]:
        jobs = (
            Patch(patch.cell, self._shelf.rows(patch.cell.members), patch.above, self._style)
            for patch in patches
        )
        for done, made in enumerate(run(make, jobs, self._order.executor), 1):
            self._order.step(done, len(patches))
            if made.tile is not None:
                for tile in made.tile.children:
                    self._keep(tile)
            yield made

    def _above(self, branch: Branch, made: Iterator[Made]) -> Made:
        """A branch, made from those below it; patches come in the order of `Branch.patches`."""
        if branch.taken is not None:
            return branch.taken
        if not branch.below:
            result = next(made)
        else:
            result = self._joined(branch.cell, [self._above(each, made) for each in branch.below])
        self._remember(branch, result)
        return result

    def _remember(self, branch: Branch, made: Made) -> None:
        """Keep a branch for later runs; one whose top is still being encoded only once that is done."""
        reuse, members = self._order.reuse, branch.cell.members
        if reuse is None:
            return
        reuse.save_levels(branch.key, members, made)
        made = replace(made, levels=None if made.levels is None else replace(made.levels, shapes=()))
        if made.tile is not None and isinstance(made.tile.contents, Future):
            self._later.append((branch, made))
        else:
            reuse.save_tiles(branch.key, members, made)

    def _joined(self, cell: Cell, parts: list[Made]) -> Made:
        left_out = tuple(entry for part in parts for entry in part.left_out)
        repaired = Repairs()
        for part in parts:
            repaired.join(part.repaired)
        there = [
            (part.tile, part.levels) for part in parts if part.tile is not None and part.levels is not None
        ]
        if len(there) < 2 and not (self._every and there and there[0][0].children):
            tile, levels = there[0] if there else (None, None)
            return Made(tile, levels, left_out, repaired)
        levels = together([levels for _, levels in there])
        tile = self._simplified(cell, [tile for tile, _ in there], levels)
        return Made(
            tile, coarsened(levels, wanted_error(cell), blocks=self._style.blocks), left_out, repaired
        )

    def _with_view_from_afar(self, cell: Cell, tile: Tile, levels: Levels) -> Tile:
        """A town that fits into one tile still gets its blocks, if they are simpler."""
        return tile if tile.children else self._simplified(cell, [tile], levels)

    def _simplified(self, cell: Cell, children: list[Tile], levels: Levels) -> Tile:
        drawing = simplified(levels, wanted_error(cell), blocks=self._style.blocks)
        if not drawing.error and len(children) == 1:
            return children[0]
        below = [] if not drawing.error else children
        needed = below if self._every else _needed(below, drawing.error)
        for tile in needed:
            self._keep(tile)
        executor = self._order.executor or Here()
        return drawn(cell, drawing, levels.frame, needed, self._table, self._style, executor)

    def _keep(self, tile: Tile, *, wait: bool = False) -> None:
        """Hand over the contents of a tile and of those below it.

        Of those still being encoded some are left for later, finished or not: the order must not depend on
        time. All of them would grow with the city.
        """
        if isinstance(tile.contents, Future) and not wait:
            if all(each is not tile for each in self._encoding):
                self._encoding.append(tile)
            if len(self._encoding) > _ENCODING:
                self._put(self._encoding.popleft())
        else:
            self._put(tile)
        for child in tile.children:
            self._keep(child, wait=wait)

    def _put(self, tile: Tile) -> None:
        """Hand over a tile's own contents, once they are there."""
        contents = finished(tile.contents) if isinstance(tile.contents, Future) else tile.contents
        for content in contents:
            name = self._order.put(content.data, "glb", content.packed)
            if content.group:
                tile.node.parts += ((content.group, name),)
            else:
                tile.node.content = name
            tile.objects[name] = _entry(content.data)
            tile.objects |= {f"{name}.{end}": _entry(form) for end, form in content.packed.items()}
        tile.contents = ()

    def _kept(self, tile: Tile, level: int) -> Node:
        """Tie the nodes together, once all contents are handed over."""
        count, node = self._count, tile.node
        for name in [node.content] if node.content else [key for _, key in node.parts]:
            count.contents.append(name)
            count.bytes += tile.objects[name][0]
        count.tiles += 1
        count.levels = max(count.levels, level)
        if not tile.children:
            count.triangles += tile.triangles
            count.drawn += tile.features
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
            "repaired": dict(sorted(count.repaired.counts.items())),
            "repaired_ids": {
                reason: self._shelf.ids_of(first) for reason, first in sorted(count.repaired.owners.items())
            },
            "left_out": sorted(count.left_out, key=lambda entry: entry["id"]),
            "heights": self._order.geodesy.statement.model_dump(),
        }


def _many(order: Order) -> bool:
    wanted = order.option("contents", "one")
    if wanted not in CONTENTS:
        raise TilingError(f"{order.layer.id}: tiles.contents is one or many, not {wanted!r}")
    return bool(wanted == "many")


def _needed(children: list[Tile], error: float) -> list[Tile]:
    """The children, but in place of each that is no better than the tile above those below it."""
    needed = []
    for child in children:
        needed += child.children if child.children and child.node.geometric_error >= error else [child]
    return needed


def _entry(data: bytes) -> tuple[int, str]:
    return len(data), hashlib.sha256(data).hexdigest()
