"""Implicit tiling: the tiles that subtree files say are there (3D Tiles 1.1 section 7)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tiles.inspect.faults import UNREADABLE, Fault, said
from tiles.inspect.subtree import Cell, Grid, Subtree
from tiles.inspect.tree import Content, Tile, Tree, resolve
from tiles.inspect.volumes import Volume, volume
from twin.glb import Broken

_MOST_BITS = 1 << 24
_SLACK_M = 0.1
"""Reaching this far out of a quarter is not worth a word."""
_VOLUMES = {"TILE_BOUNDING_BOX": "box", "TILE_BOUNDING_REGION": "region", "TILE_BOUNDING_SPHERE": "sphere"}
_ERROR = "TILE_GEOMETRIC_ERROR"


def expand(tree: Tree, number: int, stated: Mapping[str, Any], file: Path) -> None:
    """Add all tiles below an implicit root to the tree, the root's own contents too.

    Raises:
        Broken: if the root does not say how it is divided.
    """
    tiling = stated["implicitTiling"]
    scheme = tiling["subdivisionScheme"]
    if scheme not in ("QUADTREE", "OCTREE"):
        raise Broken(f"a subdivisionScheme {scheme}")
    contents = stated.get("contents", [stated["content"]] if "content" in stated else [])
    grid = Grid(
        axes=2 if scheme == "QUADTREE" else 3,
        levels=int(tiling["subtreeLevels"]),
        available=int(tiling["availableLevels"]),
        subtrees=str(tiling["subtrees"]["uri"]),
        contents=tuple(str(content["uri"]) for content in contents),
        schema=tree.schemas.get(file, {}),
        volume=tree.tiles[number].volume,
        error=tree.tiles[number].error,
    )
    if grid.levels < 1 or (2**grid.axes) ** grid.levels > _MOST_BITS:
        raise Broken(f"subtrees of {grid.levels} levels")
    root = tree.tiles[number]
    known: dict[Cell, int] = {(0, (0,) * grid.axes): number}
    waiting: list[Cell] = [(0, (0,) * grid.axes)]
    beyond: list[float] = []
    while waiting:
        cell = waiting.pop(0)
        uri = _named(grid.subtrees, cell)
        path, fault = resolve(tree, file, uri)
        if path is None:
            tree.faults.append(Fault(root.name, fault, {"uri": uri}, uri))
            continue
        try:
            subtree = Subtree(tree, path, grid)
            beyond += _add(tree, root, grid, subtree, cell, known, file)
            waiting += subtree.below(cell)
        except UNREADABLE as error:
            tree.faults.append(Fault(root.name, "subtree", {"detail": f"{uri}: {said(error)}"}, uri))
    if reaching := [metres for metres in beyond if metres > _SLACK_M]:
        facts = {"count": len(reaching), "metres": max(reaching)}
        tree.faults.append(Fault(root.name, "quarters", facts))


def _add(
    tree: Tree, root: Tile, grid: Grid, subtree: "Subtree", top: Cell, known: dict[Cell, int], file: Path
) -> list[float]:
    """Add what a subtree has; metres by which each stated volume reaches beyond the one derived."""
    if not subtree.tiles[0]:
        raise Broken("its own first tile is not available")
    beyond = []
    for row, (place, cell) in enumerate(subtree.cells(top)):
        level, at = cell
        if level >= grid.available:
            raise Broken(f"a tile on level {level} of {grid.available}")
        if cell not in known:
            above = known.get((level - 1, tuple(n >> 1 for n in at)))
            if above is None:
                raise Broken(f"the tile {_words(cell)} has no tile above it")
            child = sum((n & 1) << axis for axis, n in enumerate(at))
            parent = tree.tiles[above]
            tree.tiles.append(
                Tile(
                    f"{parent.name}/{child}",
                    parent.depth + 1,
                    above,
                    root.transform,
                    _divided(grid.volume, level, at),
                    grid.error / 2**level,
                    root.refine,
                    is_divided=True,
                )
            )
            known[cell] = len(tree.tiles) - 1
            parent.children.append(known[cell])
        tile = tree.tiles[known[cell]]
        facts = subtree.facts(row)
        tile.error = float(facts.get(_ERROR, tile.error))
        for semantic, kind in _VOLUMES.items():
            if semantic in facts:
                derived, tile.volume = tile.volume, volume({kind: facts[semantic]}, root.transform)
                tile.is_divided = False
                beyond.append(tile.volume.within(derived) if derived is not None else 0.0)
        for template, there in zip(grid.contents, subtree.contents, strict=False):
            if not there[place]:
                continue
            uri = _named(template, cell)
            path, fault = resolve(tree, file, uri)
            if fault:
                tree.faults.append(Fault(tile.name, fault, {"uri": uri}, uri))
            tile.contents.append(Content(uri, path, None))
    return beyond


def _named(template: str, cell: Cell) -> str:
    level, at = cell
    for key, value in zip(("level", "x", "y", "z"), (level, *at), strict=False):
        template = template.replace("{" + key + "}", str(value))
    return template


def _words(cell: Cell) -> str:
    return f"level {cell[0]}, " + ", ".join(f"{axis} {n}" for axis, n in zip("xyz", cell[1], strict=False))


def _divided(whole: Volume | None, level: int, at: tuple[int, ...]) -> Volume | None:
    """The part of a volume that belongs to a cell."""
    if whole is None or whole.kind == "sphere":
        raise Broken("only boxes and regions can be divided")
    cells = 2.0**level
    numbers = whole.numbers.copy()
    if whole.kind == "box":
        for axis, n in enumerate(at):
            numbers[0] += whole.numbers[1 + axis] * ((2 * n + 1) / cells - 1)
            numbers[1 + axis] = whole.numbers[1 + axis] / cells
        return Volume("box", numbers)
    for n, (low, high) in zip(at, ((0, 2), (1, 3), (4, 5)), strict=False):
        size = (whole.numbers[high] - whole.numbers[low]) / cells
        numbers[low] = whole.numbers[low] + size * n
        numbers[high] = numbers[low] + size
    return Volume("region", numbers)
