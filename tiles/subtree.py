"""Subtrees: which tiles of an implicit tiling there are, where each really lies and how far it is off.

3D Tiles 1.1, sections "Implicit tiling", "Subtree binary format" and "3D metadata".
"""

import struct
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

MOST_LEVELS = 6
"""Levels in a subtree at most: 1,365 places, whose bits are less than a packet."""

SCHEMA = MappingProxyType(
    {
        "id": "implicit_tiles",
        "classes": {
            "tile": {
                "name": "Kachel / Tile",
                "properties": {
                    "box": {
                        "name": "Hülle / Bounding box",
                        "type": "SCALAR",
                        "componentType": "FLOAT32",
                        "array": True,
                        "count": 12,
                        "required": True,
                        "semantic": "TILE_BOUNDING_BOX",
                    },
                    "error": {
                        "name": "geometrischer Fehler / Geometric error",
                        "description": "Unit (UCUM): m",
                        "type": "SCALAR",
                        "componentType": "FLOAT32",
                        "required": True,
                        "semantic": "TILE_GEOMETRIC_ERROR",
                    },
                },
            }
        },
    }
)
"""What subtrees say of each tile; belongs into the tileset's ``schema``."""

Place = tuple[int, int, int]
"""Level, x and y of a tile."""


@dataclass(frozen=True, slots=True)
class Known:
    """A tile that is there."""

    place: Place
    box: NDArray[np.float64]
    """(12,) its volume in the tileset's axes, as tilesets write it."""
    error: float
    """Geometric error in metres."""


def levels_of(available: int) -> int:
    """Levels of each subtree for so many levels altogether: as few rows of subtrees as can be, alike."""
    rows = -(-available // MOST_LEVELS)
    return -(-available // rows)


def subtrees(tiles: Sequence[Known], levels: int) -> Iterator[tuple[Place, bytes]]:
    """Write all subtrees; every tile has content, and the one above it is there.

    Args:
        tiles: All tiles, in any order.
        levels: Of each subtree.

    Yields:
        Place of its topmost tile, and its file; the same tiles give the same bytes.
    """
    members: dict[Place, dict[int, Known]] = {}
    below: dict[Place, set[int]] = {}
    for tile in tiles:
        top, depth, curve = _within(tile.place, levels)
        members.setdefault(top, {})[_first(depth) + curve] = tile
        if depth == 0 and tile.place[0]:
            level, x, y = tile.place
            above = (level - levels, x >> levels, y >> levels)
            below.setdefault(above, set()).add(_morton(x - (above[1] << levels), y - (above[2] << levels)))
    for top in sorted(members):
        yield top, _written(members[top], below.get(top, ()), levels)


def _within(place: Place, levels: int) -> tuple[Place, int, int]:
    """The topmost tile of its subtree, the level in there, and the place on that level's Morton curve."""
    level, x, y = place
    depth = level % levels
    top = (level - depth, x >> depth, y >> depth)
    return top, depth, _morton(x - (top[1] << depth), y - (top[2] << depth))


def _first(depth: int) -> int:
    """Places on the levels above."""
    return int((4**depth - 1) // 3)


def _morton(x: int, y: int) -> int:
    """Bits of x and y in turn, x first."""
    return sum(
        (x >> bit & 1) << 2 * bit | (y >> bit & 1) << 2 * bit + 1 for bit in range(max(x, y).bit_length())
    )


class _Body:
    """Takes the parts of the binary body."""

    def __init__(self) -> None:
        self.views: list[dict[str, int]] = []
        self.data = b""

    def view(self, data: bytes) -> int:
        self.views.append({"buffer": 0, "byteOffset": len(self.data), "byteLength": len(data)})
        self.data += data + b"\0" * (-len(data) % 8)
        return len(self.views) - 1

    def availability(self, places: Collection[int], count: int) -> dict[str, int]:
        """Bits for those of `count` places that are there."""
        if len(places) in (0, count):
            return {"constant": int(bool(places))}
        bits = np.zeros(count, dtype=np.uint8)
        bits[list(places)] = 1
        return {
            "bitstream": self.view(np.packbits(bits, bitorder="little").tobytes()),
            "availableCount": len(places),
        }


def _written(members: dict[int, Known], below: Collection[int], levels: int) -> bytes:
    body = _Body()
    there = body.availability(members.keys(), _first(levels))
    children = body.availability(below, 4**levels)
    rows = [members[place] for place in sorted(members)]
    boxes = np.array([tile.box for tile in rows], dtype="<f4")
    errors = np.array([tile.error for tile in rows], dtype="<f4")
    columns = {"box": boxes, "error": errors}
    document: dict[str, Any] = {
        "propertyTables": [
            {
                "class": "tile",
                "count": len(rows),
                "properties": {
                    name: {"values": body.view(values.tobytes())} for name, values in columns.items()
                },
            }
        ],
        "tileMetadata": 0,
        "tileAvailability": there,
        "contentAvailability": [there],
        "childSubtreeAvailability": children,
    }
    document |= {"buffers": [{"byteLength": len(body.data)}], "bufferViews": body.views}
    text = orjson.dumps(document)
    text += b" " * (-len(text) % 8)
    return struct.pack("<4sIQQ", b"subt", 1, len(text), len(body.data)) + text + body.data
