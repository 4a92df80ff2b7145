"""Subtree files of implicit tilings: which tiles there are, and what is stated of each (3D Tiles 1.1)."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from tiles.inspect.table import table_of
from tiles.inspect.tree import Tree, resolve
from tiles.inspect.volumes import Volume
from twin.glb import Broken


@dataclass(frozen=True, slots=True)
class Grid:
    """What the root of an implicit tileset states."""

    axes: int
    levels: int
    """Levels in one subtree."""
    available: int
    """Levels altogether."""
    subtrees: str
    """Template of the subtrees' addresses."""
    contents: tuple[str, ...]
    """Templates of the contents'."""
    schema: Mapping[str, Any]
    """What the subtrees' metadata means."""
    volume: Volume | None
    error: float
    """The root's own, as the tileset states them: they are divided, whatever the root's metadata says."""


Cell = tuple[int, tuple[int, ...]]
"""Level, and x, y (and z) of a tile."""


class Subtree:
    """One subtree file: which tiles, contents and further subtrees there are."""

    def __init__(self, tree: Tree, path: Path, grid: Grid) -> None:
        """Read it; further files that it names are noted in `tree`.

        Raises:
            Broken: if its header, bits or metadata do not fit.
        """
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

    def cells(self, top: Cell) -> Iterator[tuple[int, Cell]]:
        """Place in the bitstream and cell of each available tile."""
        cells = 2**self._grid.axes
        starts = [(cells**level - 1) // (cells - 1) for level in range(self._grid.levels + 1)]
        for level in range(self._grid.levels):
            for place in np.flatnonzero(self.tiles[starts[level] : starts[level + 1]]).tolist():
                yield starts[level] + place, _below(top, level, place, self._grid.axes)

    def below(self, top: Cell) -> list[Cell]:
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


def _below(top: Cell, level: int, morton: int, axes: int) -> Cell:
    """The cell `level` levels under `top` with a place on the Morton curve."""
    at = [n << level for n in top[1]]
    for bit in range(level * axes):
        at[bit % axes] |= (morton >> bit & 1) << (bit // axes)
    return top[0] + level, tuple(at)
