"""Terrain tile: one file of a quantized-mesh terrain, read as its format says."""

import struct
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiles.quantized_mesh import QUANTA, Bounds, ecef
from twin.glb import Broken

_HEADER = struct.Struct("<3d2f3dd3d")
_MOST_16 = 65536
_LARGEST = 64_000_000
"""Bytes that a tile may inflate to."""
_SLACK = 1e-3
"""Of a sphere's radius: numbers are rounded."""
_SIDES = ("west", "south", "east", "north")


@dataclass(frozen=True, slots=True)
class TerrainTile:
    """What one file holds."""

    size: int
    """Bytes as it lies on the disk."""
    inflated: int
    vertices: int
    triangles: int
    low: float
    high: float
    """Metres above the ellipsoid."""
    borders: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]]
    """Side → place along it (0 to `QUANTA`, ascending), height in metres."""
    faults: tuple[str, ...]
    """What is wrong with it, though it can be read."""


def read_tile(data: bytes, bounds: Bounds) -> TerrainTile:
    """Read a tile; gzip is told by its first bytes.

    Args:
        data: the file.
        bounds: of the tile, degrees.

    Raises:
        Broken: it is cut off, packed wrongly, or refers to what is not there.
    """
    size = len(data)
    if data[:2] == b"\x1f\x8b":
        try:
            data = zlib.decompressobj(wbits=31).decompress(data, _LARGEST)
        except zlib.error:
            raise Broken("it is no sound gzip file") from None
    reading = _Reading(data)
    head = _HEADER.unpack(reading.take(_HEADER.size))
    low, high = head[3:5]
    count = reading.number()
    u, v, raised = (_unzigzag(reading.array("<u2", count)) for _ in range(3))
    wide = count > _MOST_16
    reading.align(4 if wide else 2)
    index = "<u4" if wide else "<u2"
    triangles = reading.number()
    codes = reading.array(index, 3 * triangles).astype(np.int64)
    new = codes == 0
    corners = np.concatenate([[0], np.cumsum(new)[:-1]])[: len(codes)] - codes
    edges = {side: reading.array(index, reading.number()).astype(np.int64) for side in _SIDES}
    reading.extensions()
    used = np.concatenate([corners, *edges.values()])
    if len(used) and (used.min() < 0 or used.max() >= count):
        raise Broken("its triangles refer to vertices that are not there")
    if not count or not triangles:
        raise Broken("it has no triangle")
    heights = low + raised / QUANTA * (high - low)
    along = {"west": (u, 0, v), "south": (v, 0, u), "east": (u, QUANTA, v), "north": (v, QUANTA, u)}
    borders = {}
    for side, (_, _, way) in along.items():
        order = edges[side][np.argsort(way[edges[side]], kind="stable")]
        borders[side] = way[order], heights[order]
    faults = [*_off(head, bounds, u, v, raised, heights)]
    faults += [
        f"its {side}ern edge has vertices that do not lie there"
        for side, (across, at, _) in along.items()
        if (across[edges[side]] != at).any()
    ]
    return TerrainTile(size, len(data), count, triangles, low, high, borders, tuple(faults))


class _Reading:
    """The bytes of a tile, from the first to the last."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, size: int) -> bytes:
        part = self._data[self._at : self._at + size]
        if len(part) < size:
            raise Broken("it is cut off")
        self._at += size
        return part

    def number(self) -> int:
        return int(struct.unpack("<I", self.take(4))[0])

    def array(self, kind: str, count: int) -> NDArray[np.integer]:
        return np.frombuffer(self.take(count * np.dtype(kind).itemsize), kind)

    def align(self, size: int) -> None:
        self.take(-self._at % size)

    def extensions(self) -> None:
        while self._at < len(self._data):
            self.take(1)
            self.take(self.number())


def _unzigzag(codes: NDArray[np.integer]) -> NDArray[np.int64]:
    steps = codes.astype(np.int64)
    return np.cumsum((steps >> 1) ^ -(steps & 1))


def _off(
    head: tuple[float, ...],
    bounds: Bounds,
    u: NDArray[np.int64],
    v: NDArray[np.int64],
    raised: NDArray[np.int64],
    heights: NDArray[np.float64],
) -> list[str]:
    """What in a tile contradicts itself or its place."""
    if not np.isfinite(head).all() or head[3] > head[4]:
        return ["its header has no sound numbers"]
    if min(map(np.min, (u, v, raised))) < 0 or max(map(np.max, (u, v, raised))) > QUANTA:
        return ["vertices lie outside the tile"]
    found = []
    points = ecef(bounds, u, v, heights)
    sphere, radius = np.array(head[5:8]), head[8]
    away = float(np.linalg.norm(points - sphere, axis=1).max()) - radius
    if away > _SLACK * radius + 1:
        found.append(f"vertices lie up to {away:,.0f} m outside its sphere: is it another tile's?")
    return found
