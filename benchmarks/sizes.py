"""Sizes: what a folder of 3D Tiles holds, and what of it a browser receives."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of a tileset."""

    leaves: int
    """Content of the tiles without children, as transferred (brotli)."""
    contents: int
    """Content of all tiles, as transferred."""
    whole: int
    """Content and tileset.json, as transferred."""
    raw: int
    """The same as written."""


def sizes(folder: Path) -> Sizes:
    """Measure the tileset in a folder."""
    file = folder / "tileset.json"
    leaves, inner = _contents(orjson.loads(file.read_bytes())["root"])
    contents = {folder / uri for uri in leaves | inner}
    return Sizes(
        leaves=sum(transferred(folder / uri) for uri in leaves),
        contents=sum(map(transferred, contents)),
        whole=sum(map(transferred, contents | {file})),
        raw=sum(path.stat().st_size for path in contents | {file}),
    )


def transferred(file: Path) -> int:
    """Bytes of a file as sent to a client that reads brotli."""
    packed = file.with_name(f"{file.name}.br")
    return min(path.stat().st_size for path in (file, packed) if path.exists())


def _contents(root: dict[str, Any]) -> tuple[set[str], set[str]]:
    leaves: set[str] = set()
    inner: set[str] = set()
    tiles = [root]
    while tiles:
        tile = tiles.pop()
        children = tile.get("children", ())
        tiles += children
        given = tile.get("contents") or ([tile["content"]] if "content" in tile else [])
        (inner if children else leaves).update(content["uri"] for content in given)
    return leaves, inner
