"""Reuse: branches of a tile tree as an earlier run made them, taken up again where nothing below changed.

A branch is known by what it is made of: the checksums of its buildings, its cell, and the way of tiling.
Files of this kind may be removed at any time; what is missing or damaged is made anew.
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from tiles.arrays import packed, unpacked
from tiles.levels import Levels
from tiles.patch import Content, Made, Tile
from tiles.repairs import Repairs
from tiles.shapes import Shapes
from tiles.tree import Node

_ARRAYS = tuple(field.name for field in fields(Shapes) if field.name != "skin")

Objects = Mapping[str, tuple[int, str]]
"""Key of a kept object, such as ``content/<sha256>.glb`` or its sibling → (size, SHA-256)."""


Arrays = Mapping[str, Any]


@dataclass(slots=True)
class Reuse:
    """Where branches are kept."""

    folder: Path
    basis: str
    """What beside the buildings makes tiles what they are: recipe, code, geoid."""
    known: Callable[[Objects], bool]
    """Whether all of these objects are still there; if so they are taken for kept in this run."""

    def key(self, *parts: bytes | memoryview) -> str:
        """Name of a branch that is made of `parts`."""
        digest = hashlib.sha256(self.basis.encode())
        for part in parts:
            digest.update(b"\0")
            digest.update(part)
        return digest.hexdigest()

    def load(self, key: str, members: NDArray[np.int64]) -> Made | None:
        """The branch of that name, or None; `members` are the numbers of its buildings today."""
        try:
            file = unpacked(self._path(key, "tiles").read_bytes())
            told = orjson.loads(file["told"].data)
            tile = None if told["tile"] is None else _tile(told["tile"], _contents(file, told["groups"]))
            if tile is not None and not self.known(_objects(tile)):
                return None
            levels = None
            if tile is not None:
                path = self._path(key, "levels")
                levels = _levels(unpacked(path.read_bytes()), told["gone"], members)
                path.touch()  # used: not to be swept away
            self._path(key, "tiles").touch()
            left_out = tuple((int(members[place]), reason) for place, reason in told["left_out"])
            repaired = Repairs(told["repaired"], told["repaired_on"]).numbered(members)
            return Made(tile, levels, left_out, repaired)
        except (OSError, ValueError, KeyError, IndexError):
            return None

    def touch(self, key: str) -> None:
        """Say that a branch is wanted, though its files were not read: not to be swept away."""
        for kind in ("tiles", "levels"):
            with suppress(OSError):
                os.utime(self._path(key, kind))

    def save_levels(self, key: str, members: NDArray[np.int64], made: Made) -> None:
        """Keep what tiles above need of a branch, unless it has pictures on it."""
        if made.levels is not None and all(shapes.skin is None for shapes in made.levels.shapes):
            self._write(key, "levels", _arrays(made.levels, members))

    def save_tiles(self, key: str, members: NDArray[np.int64], made: Made) -> None:
        """Keep the tiles of a branch; the contents of those below its top are kept elsewhere already."""
        top = made.tile.contents if made.tile is not None and isinstance(made.tile.contents, tuple) else ()
        told = {
            "tile": None if made.tile is None else _told(made.tile),
            "gone": 0.0 if made.levels is None else made.levels.gone,
            "left_out": [(int(np.searchsorted(members, n)), reason) for n, reason in made.left_out],
            "repaired": made.repaired.counts,
            "repaired_on": {
                reason: np.searchsorted(members, first) for reason, first in made.repaired.owners.items()
            },
            "groups": [content.group for content in top],
        }
        arrays = {"told": np.frombuffer(orjson.dumps(told, option=orjson.OPT_SERIALIZE_NUMPY), np.uint8)}
        for number, content in enumerate(top):
            forms = {f"top{number}": content.data}
            forms |= {f"top{number}.{end}": form for end, form in content.packed.items()}
            arrays |= {name: np.frombuffer(data, np.uint8) for name, data in forms.items()}
        self._write(key, "tiles", arrays)

    def _path(self, key: str, kind: str) -> Path:
        return self.folder / f"{key}.{kind}.arrays"

    def _write(self, key: str, kind: str, arrays: Arrays) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / f"{key}.{os.getpid()}.part"
        partial.write_bytes(packed(arrays))
        partial.replace(self._path(key, kind))


def _objects(tile: Tile) -> dict[str, tuple[int, str]]:
    """What is kept elsewhere of a tile and those below it."""
    found = dict(tile.objects)
    for child in tile.children:
        found |= _objects(child)
    return found


def _contents(file: Arrays, groups: list[str]) -> tuple[Content, ...]:
    found = []
    for number, group in enumerate(groups):
        begin = f"top{number}."
        packed = {
            name.removeprefix(begin): array.tobytes()
            for name, array in file.items()
            if name.startswith(begin)
        }
        found.append(Content(file[f"top{number}"].tobytes(), packed, group))
    return tuple(found)


def _told(tile: Tile) -> dict[str, Any]:
    node = tile.node
    return {
        "frame": node.frame.ravel().tolist(),
        "low": node.low.tolist(),
        "high": node.high.tolist(),
        "error": node.geometric_error,
        "cell": node.cell,
        "content": node.content,
        "parts": node.parts,
        "objects": tile.objects,
        "triangles": tile.triangles,
        "features": tile.features,
        "children": [_told(child) for child in tile.children],
    }


def _tile(told: dict[str, Any], contents: tuple[Content, ...] = ()) -> Tile:
    node = Node(
        np.array(told["frame"]).reshape(4, 4),
        np.array(told["low"]),
        np.array(told["high"]),
        told["error"],
        content=told["content"],
        parts=tuple((group, key) for group, key in told["parts"]),
        cell=None if told["cell"] is None else (told["cell"][0], told["cell"][1], told["cell"][2]),
    )
    children = [_tile(child) for child in told["children"]]
    objects = {name: (size, sha) for name, (size, sha) in told["objects"].items()}
    return Tile(contents, node, told["triangles"], told["features"], children, objects)


def _arrays(levels: Levels, members: NDArray[np.int64]) -> dict[str, NDArray[Any]]:
    arrays = {
        "frame": levels.frame,
        "ids": np.searchsorted(members, levels.ids),
        "errors": levels.errors,
        "sizes": levels.sizes,
    }
    for form, shapes in enumerate(levels.shapes):
        arrays |= {f"{form}.{name}": getattr(shapes, name) for name in _ARRAYS}
    return arrays


def _levels(file: Arrays, gone: float, members: NDArray[np.int64]) -> Levels:
    errors = file["errors"]
    return Levels(
        frame=file["frame"],
        ids=members[file["ids"]],
        shapes=tuple(Shapes(*(file[f"{form}.{name}"] for name in _ARRAYS)) for form in range(len(errors))),
        errors=errors,
        sizes=file["sizes"],
        gone=gone,
    )
