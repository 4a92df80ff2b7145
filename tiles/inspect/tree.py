"""Tree: a tileset with all tilesets it leads to, as a list of tiles, parents before children."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np
from numpy.typing import NDArray

from tiles.inspect.faults import Fault
from tiles.inspect.volumes import Volume


@dataclass(slots=True)
class Content:
    """What a tile refers to."""

    uri: str
    path: Path | None
    """The file, if it may be read and is there."""
    volume: Volume | None
    """Its own bounding volume, where it states one."""


@dataclass(slots=True)
class Tile:
    """One tile."""

    name: str
    """Child numbers from the root: ``root/0/3``."""
    depth: int
    parent: int | None
    transform: NDArray[np.float64]
    """(4, 4) from its axes to EPSG:4978."""
    volume: Volume | None
    error: float
    """Geometric error in metres."""
    refine: str
    contents: list[Content] = field(default_factory=list)
    children: list[int] = field(default_factory=list)
    is_divided: bool = False
    """Its volume is a quarter or an eighth of another one's, as implicit tiling has it; nobody stated it."""


@dataclass(slots=True)
class Tree:
    """A tileset as it lies on disk."""

    file: Path
    folder: Path
    """Nothing outside it is read."""
    asset: dict[str, Any] = field(default_factory=dict)
    error: float = 0.0
    """The tileset's own geometric error."""
    tiles: list[Tile] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    files: set[Path] = field(default_factory=set)
    """Everything that is referred to: tilesets, subtrees and contents."""
    extensions: set[str] = field(default_factory=set)
    schemas: dict[Path, dict[str, Any]] = field(default_factory=dict)
    """Tileset → what its metadata means, where it says so itself."""


def resolve(tree: Tree, base: Path, uri: str) -> tuple[Path | None, str]:
    """File that `uri` means in `base`, and the kind of fault if it may not be read or is not there."""
    split = urlsplit(uri)
    if split.scheme or split.netloc:
        return None, "content-outside"
    path = (base.parent / unquote(split.path)).resolve()
    if not path.is_relative_to(tree.folder):
        return None, "content-outside"
    if not path.is_file():
        return None, "content-missing"
    tree.files.add(path)
    return path, ""
