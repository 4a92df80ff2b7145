"""Implicit tiling: the tiles that subtree files say are there (3D Tiles 1.1 section 7)."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from tiles.inspect.faults import UNREADABLE, Broken, Fault, said
from tiles.inspect.table import table_of
from tiles.inspect.tree import Content, Tile, Tree, resolve
from tiles.inspect.volumes import Volume, volume

_MOST_BITS = 1 << 24
_SLACK_M = 0.1
"""Reaching this far out of a quarter is not worth a word."""
_VOLUMES = {"TILE_BOUNDING_BOX": "box", "TILE_BOUNDING_REGION": "region", "TILE_BOUNDING_SPHERE": "sphere"}
_ERROR = "TILE_GEOMETRIC_ERROR"


@dataclass(frozen=True, slots=True)
class _Grid:
    """What the root of an implicit tileset states."""

    axes: int
    levels: int
    """Levels in one subtree."""
    available: int
    """Levels altogether."""
    subtrees: str
    contents: tuple[str, ...]
    schema: Mapping[str, Any]
    """What the subtrees' metadata means."""
    volume: Volume | None
    error: float
    """The root's own, as the tileset states them: they are divided, whatever the root's metadata says."""


_Cell = tuple[int, tuple[int, ...]]
"""Level, and x, y (and z) of a tile."""


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
    grid = _Grid(
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
    known: dict[_Cell, int] = {(0, (0,) * grid.axes): number}
    waiting: list[_Cell] = [(0, (0,) * grid.axes)]
    beyond: list[float] = []
    while waiting:
        cell = waiting.pop(0)
        uri = _named(grid.subtrees, cell)
        path, fault = resolve(tree, file, uri)
        if path is None:
            tree.faults.append(Fault(root.name, fault, {"uri": uri}, uri))
            continue
        try:
            subtree = _Subtree(tree, path, grid)
            beyond += _add(tree, root, grid, subtree, cell, known, file)
            waiting += subtree.below(cell)
        except UNREADABLE as error:
            tree.faults.append(Fault(root.name, "subtree", {"detail": f"{uri}: {said(error)}"}, uri))
    if reaching := [metres for metres in beyond if metres > _SLACK_M]:
        facts = {"count": len(reaching), "metres": max(reaching)}
        tree.faults.append(Fault(root.name, "quarters", facts))


def _add(
    tree: Tree, root: Tile, grid: _Grid, subtree: "_Subtree", top: _Cell, known: dict[_Cell, int], file: Path
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


class _Subtree:
    """One subtree file: which tiles, contents and further subtrees there are."""

    def __init__(self, tree: Tree, path: Path, grid: _Grid) -> None:
        self._grid, self._tree, self._path = grid, tree, path
        data = path.read_bytes()
        if data[:4] == b"subt":
            version, size, body = struct.unpack_from("<IQQ", data, 4)
            if version != 1 or 24 + size + body != len(data):
                raise Broken(f"the header does not fit its {len(data):,} bytes")
            text, self._body = data[24 : 24 + size], data[24 + size :]
        else:
            text, self._body = data, b""
        self.json: dict[str, Any] = orjson.loads(text)
        cells = 2**grid.axes
        self._count = (cells**grid.levels - 1) // (cells - 1)
        self.tiles = self._bits(self.json["tileAvailability"], self._count)
        self.contents = [self._bits(x, self._count) for x in self.json.get("contentAvailability", [])]
        for there in self.contents:
            if (there & ~self.tiles).any():
                raise Broken("contents are available where no tile is")
        self._children = self._bits(self.json["childSubtreeAvailability"], cells**grid.levels)
        self._facts = self._metadata() if "tileMetadata" in self.json else {}

    def facts(self, row: int) -> dict[str, Any]:
        """What is stated of the available tile number `row`: semantic → value."""
        return {semantic: values[row] for semantic, values in self._facts.items()}

    def _metadata(self) -> dict[str, list[Any]]:
        entry = self.json["propertyTables"][self.json["tileMetadata"]]
        table = table_of(entry, self._grid.schema, self)
        if table.faults:
            raise Broken(f"its metadata: {table.faults[0]}")
        if table.count != int(self.tiles.sum()):
            raise Broken(
                f"metadata of {table.count:,} tiles, of which {int(self.tiles.sum()):,} are available"
            )
        stated = self._grid.schema["classes"][table.class_]["properties"]
        meant = {column.name: stated[column.name].get("semantic") for column in table.columns}
        return {meant[column.name]: column.values for column in table.columns if meant[column.name]}

    def cells(self, top: _Cell) -> Iterator[tuple[int, _Cell]]:
        """Place in the bitstream and cell of each available tile."""
        cells = 2**self._grid.axes
        starts = [(cells**level - 1) // (cells - 1) for level in range(self._grid.levels + 1)]
        for level in range(self._grid.levels):
            for place in np.flatnonzero(self.tiles[starts[level] : starts[level + 1]]).tolist():
                yield starts[level] + place, _below(top, level, place, self._grid.axes)

    def below(self, top: _Cell) -> list[_Cell]:
        """Roots of the available subtrees below."""
        return [
            _below(top, self._grid.levels, place, self._grid.axes)
            for place in np.flatnonzero(self._children).tolist()
        ]

    def _bits(self, stated: Mapping[str, Any], count: int) -> NDArray[np.bool_]:
        if "constant" in stated:
            return np.full(count, bool(stated["constant"]))
        data = self.view(stated["bitstream"])
        if len(data) < -(-count // 8):
            raise Broken(f"{count:,} bits do not fit into {len(data):,} bytes")
        bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[:count].astype(bool)
        if "availableCount" in stated and stated["availableCount"] != int(bits.sum()):
            raise Broken(f"availableCount is {stated['availableCount']:,}, {int(bits.sum()):,} bits are set")
        return bits

    def view(self, number: int) -> bytes:
        """Bytes of a bufferView."""
        view = self.json["bufferViews"][number]
        return self._buffer(view["buffer"])[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]

    def _buffer(self, number: int) -> bytes:
        buffer = self.json["buffers"][number]
        if "uri" not in buffer:
            return self._body
        path, fault = resolve(self._tree, self._path, str(buffer["uri"]))
        if path is None:
            raise Broken(f"its buffer {buffer['uri']}: {fault}")
        return path.read_bytes()


def _below(top: _Cell, level: int, morton: int, axes: int) -> _Cell:
    """The cell `level` levels under `top` with a place on the Morton curve."""
    at = [n << level for n in top[1]]
    for bit in range(level * axes):
        at[bit % axes] |= (morton >> bit & 1) << (bit // axes)
    return top[0] + level, tuple(at)


def _named(template: str, cell: _Cell) -> str:
    level, at = cell
    for key, value in zip(("level", "x", "y", "z"), (level, *at), strict=False):
        template = template.replace("{" + key + "}", str(value))
    return template


def _words(cell: _Cell) -> str:
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
