"""Read: a tileset with all tilesets it leads to becomes a list of tiles, parents before children."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from tiles.inspect.faults import UNREADABLE, Fault, said
from tiles.inspect.implicit import expand
from tiles.inspect.tree import Content, Tile, Tree, resolve
from tiles.inspect.volumes import volume
from twin.errors import TilingError
from twin.glb import Broken

_MOST_NESTED = 30
"""Tilesets in tilesets; more is a circle."""
_VERSIONS = ("1.0", "1.1")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tile of a JSON file belongs."""

    name: str
    parent: int | None
    transform: NDArray[np.float64]
    refine: str
    file: Path
    nested: int


def read_tree(path: Path) -> Tree:
    """Read a tileset.

    Args:
        path: Its JSON, or the folder with a ``tileset.json``.

    Raises:
        TilingError: if there is no tileset there.
    """
    file = path / "tileset.json" if path.is_dir() else path
    if not file.is_file():
        raise TilingError(
            f"{file} does not exist; name a tileset.json, a terrain's layer.json, or the folder it lies in"
        )
    file = file.resolve()
    folder = file.parent
    if folder.parent.name == "snapshots":  # of a store: contents are shared by all snapshots of the layer
        folder = folder.parent.parent
    tree = Tree(file, folder)
    try:
        document = _load(file)
        tree.asset, tree.error = dict(document["asset"]), float(document["geometricError"])
        root = document["root"]
    except UNREADABLE as error:
        raise TilingError(f"{file} is no 3D Tiles tileset: {said(error)}") from None
    tree.files.add(file)
    _note(tree, file, document)
    _walk(tree, root, Place("root", None, np.eye(4), "", file, 0))
    return tree


def _walk(tree: Tree, root: Any, place: Place) -> None:
    open_tiles = [(root, place)]
    while open_tiles:
        stated, here = open_tiles.pop()
        try:
            number = _tile(tree, stated, here)
            tile = tree.tiles[number]
            below = Place("", number, tile.transform, tile.refine, here.file, here.nested)
            if "implicitTiling" in stated:
                expand(tree, number, stated, here.file)
                continue
            for content in stated.get("contents", [stated["content"]] if "content" in stated else []):
                _content(tree, number, content, below)
            children = [
                (
                    child,
                    Place(f"{here.name}/{i}", number, tile.transform, tile.refine, here.file, here.nested),
                )
                for i, child in enumerate(stated.get("children", []))
            ]
        except UNREADABLE as error:
            tree.faults.append(Fault(here.name, "tile-broken", {"detail": said(error)}))
            continue
        open_tiles += reversed(children)


def _tile(tree: Tree, stated: Mapping[str, Any], place: Place) -> int:
    transform = place.transform
    if "transform" in stated:
        matrix = np.array(stated["transform"], dtype=np.float64)
        if matrix.shape != (16,) or not np.isfinite(matrix).all():
            raise Broken("its transform is not 16 finite numbers")
        transform = place.transform @ matrix.reshape(4, 4).T
        _judge_transform(tree, place.name, matrix.reshape(4, 4).T)
    depth = 0 if place.parent is None else tree.tiles[place.parent].depth + 1
    error = float(stated["geometricError"])
    if error < 0:
        raise Broken(f"a geometric error of {error:g}")
    refine = str(stated.get("refine", place.refine)).upper()
    if refine not in ("ADD", "REPLACE"):
        raise Broken("neither ADD nor REPLACE is its refine")
    tile = Tile(
        place.name, depth, place.parent, transform, volume(stated["boundingVolume"], transform), error, refine
    )
    tree.tiles.append(tile)
    number = len(tree.tiles) - 1
    if place.parent is not None:
        tree.tiles[place.parent].children.append(number)
    return number


def _content(tree: Tree, number: int, stated: Mapping[str, Any], below: Place) -> None:
    tile = tree.tiles[number]
    uri = str(stated["uri"] if "uri" in stated else stated["url"])
    path, fault = resolve(tree, below.file, uri)
    if fault:
        tree.faults.append(Fault(tile.name, fault, {"uri": uri}, uri))
    own = volume(stated["boundingVolume"], tile.transform) if "boundingVolume" in stated else None
    if path is None or path.suffix != ".json":
        tile.contents.append(Content(uri, path, own))
        return
    if below.nested >= _MOST_NESTED:
        raise Broken(f"{uri}: tilesets lead into each other without end")
    try:
        document = _load(path)
        root = document["root"]
    except UNREADABLE as error:
        tree.faults.append(Fault(tile.name, "content-broken", {"detail": said(error)}, uri))
        return
    _note(tree, path, document)
    place = Place(f"{tile.name}/>", number, tile.transform, tile.refine, path, below.nested + 1)
    _walk(tree, root, place)


def _note(tree: Tree, file: Path, document: Mapping[str, Any]) -> None:
    tree.extensions |= set(document.get("extensionsUsed", []))
    version = document.get("asset", {}).get("version")
    if version not in _VERSIONS:
        detail = f"{file.name} is of version {version}; clients read 1.0 and 1.1"
        tree.faults.append(Fault("root", "tile-broken", {"detail": detail}))
    if isinstance(document.get("schema"), dict):
        tree.schemas[file] = document["schema"]


def _judge_transform(tree: Tree, name: str, matrix: NDArray[np.float64]) -> None:
    if not np.allclose(matrix[3], (0, 0, 0, 1)):
        tree.faults.append(Fault(name, "transform", {"detail": "projects (last row is not 0 0 0 1)"}))
        return
    linear = matrix[:3, :3]
    scale = float(np.cbrt(abs(np.linalg.det(linear))))
    if not scale or not np.allclose(linear.T @ linear / scale**2, np.eye(3), atol=1e-5):
        tree.faults.append(Fault(name, "transform", {"detail": "shears or scales unevenly"}))
    elif np.linalg.det(linear) < 0:
        tree.faults.append(Fault(name, "transform", {"detail": "mirrors"}))
    elif abs(scale - 1) > 1e-5:
        tree.faults.append(Fault(name, "transform-scales", {"scale": scale}))


def _load(file: Path) -> dict[str, Any]:
    try:
        document = orjson.loads(file.read_bytes())
    except orjson.JSONDecodeError as error:
        raise Broken(f"its JSON ends the reading at line {error.lineno}, column {error.colno}") from None
    if not isinstance(document, dict):
        raise Broken("its JSON is no object")
    return document
