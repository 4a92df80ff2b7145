"""Layout: whether tiles lie where and as often as they should, in volumes that fit what is in them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tiles.inspect.content import Seen
from tiles.inspect.faults import Fault
from tiles.inspect.tree import Tile, Tree
from tiles.inspect.volumes import Volume, geodetic

_LOOSE, _LOOSE_M = 4.0, 100.0
"""A volume so many times as large as what is in it, and so many metres more, is loaded where nothing is to
be seen. Cells of a quadtree that were not drawn in around a few houses stay below that."""
_HIGHEST_M, _LOWEST_M = 10_000.0, -11_000.0
"""No ground of the earth lies higher or lower than that."""
_REACH_M = 100_000.0
"""The height of a larger volume's middle says nothing: the earth is round."""

Hull = NDArray[np.float64]
"""(2, 3) least and greatest coordinates in EPSG:4978."""


def layout_faults(tree: Tree, seen: Sequence[Sequence[Seen]]) -> Iterator[Fault]:
    """What is wrong with the places of tiles, `seen` being the contents of each."""
    yield from _oversized(tree, seen)
    yield from _twice(tree)
    yield from _astray(tree, seen)


def _oversized(tree: Tree, seen: Sequence[Sequence[Seen]]) -> Iterator[Fault]:
    inside: list[list[Hull]] = [[] for _ in tree.tiles]
    faults: list[Fault] = []
    for number in range(len(tree.tiles) - 1, -1, -1):
        tile, here = tree.tiles[number], inside[number]
        whole = True
        for content, one in zip(tile.contents, _of(tile, seen[number]), strict=True):
            if one is not None and one.hull is not None:
                here.append(one.hull)
                yield from _judged(tile, content.volume, [one.hull], one.uri)
            else:
                whole = False  # nobody knows what would be in it
        if whole and here and not tile.is_divided:
            faults += _judged(tile, tile.volume, here, "")
        if tile.parent is not None and (hull := _hull(tile, here, whole=whole)) is not None:
            inside[tile.parent].append(hull)
        inside[number] = []
    yield from reversed(faults)


def _of(tile: Tile, seen: Sequence[Seen]) -> Iterator[Seen | None]:
    """What was seen of each content of a tile; None of those that are not there."""
    known = iter(seen)
    for content in tile.contents:
        yield None if content.path is None else next(known, None)


def _hull(tile: Tile, inside: list[Hull], *, whole: bool) -> Hull | None:
    """What a tile takes of its parent's volume: its own one, which the parent's must hold."""
    if tile.volume is not None and (not inside or not tile.is_divided or not whole):
        samples = tile.volume.samples()
        return np.array([samples.min(axis=0), samples.max(axis=0)])
    return _joined(inside) if inside else None


def _joined(hulls: list[Hull]) -> Hull:
    return np.array(
        [np.min([hull[0] for hull in hulls], axis=0), np.max([hull[1] for hull in hulls], axis=0)]
    )


def _judged(tile: Tile, volume: Volume | None, inside: list[Hull], uri: str) -> Iterator[Fault]:
    if volume is None:
        return
    low, high = _joined(inside)
    size = float(np.linalg.norm(high - low))
    if volume.size > _LOOSE * size + _LOOSE_M:
        yield Fault(
            tile.name, "volume-loose", {"volume": volume.kind, "metres": volume.size, "size": size}, uri
        )


def _twice(tree: Tree) -> Iterator[Fault]:
    """Tiles that draw the same at the same place, though neither stands in for the other."""
    drawn: dict[tuple[frozenset[Path], bytes], list[int]] = defaultdict(list)
    again: set[int] = set()
    for number, tile in enumerate(tree.tiles):
        paths = frozenset(content.path for content in tile.contents if content.path is not None)
        if not paths:
            continue
        before = drawn[paths, tile.transform.tobytes()]
        above = dict(_above(tree, number))
        first = next((other for other in before if above.get(other, "ADD") == "ADD"), None)
        if first is not None:
            again.add(number)
            if not any(other in again for other in above):  # what is below it goes without saying
                first_name, uri = tree.tiles[first].name, tile.contents[0].uri
                yield Fault(tile.name, "drawn-twice", {"uri": uri, "first": first_name}, uri)
        before.append(number)


def _above(tree: Tree, number: int) -> Iterator[tuple[int, str]]:
    """The tiles above one, and how they are refined."""
    parent = tree.tiles[number].parent
    while parent is not None:
        yield parent, tree.tiles[parent].refine
        parent = tree.tiles[parent].parent


def _astray(tree: Tree, seen: Sequence[Sequence[Seen]]) -> Iterator[Fault]:
    """Contents far above or below the ground; said once if all of them are."""
    found, sound = [], 0
    for tile, group in zip(tree.tiles, seen, strict=True):
        height = _height(tile, group)
        if height is None:
            continue
        if _LOWEST_M <= height <= _HIGHEST_M:
            sound += 1
        else:
            found.append((tile.name, height))
    if found and not sound:
        found = [("root", found[0][1])]
    for name, height in found:
        kind = "above-ground" if height > 0 else "below-ground"
        yield Fault(name, kind, {"km": abs(height) / 1000})


def _height(tile: Tile, seen: Sequence[Seen]) -> float | None:
    """Ellipsoidal height of what a tile draws, metres; None if it draws nothing that has a place."""
    hulls = [one.hull for one in seen if one.hull is not None]
    if hulls:
        low, high = _joined(hulls)
    elif seen and tile.volume is not None and tile.volume.size < _REACH_M:
        samples = tile.volume.samples()
        low, high = samples.min(axis=0), samples.max(axis=0)
    else:
        return None
    if np.linalg.norm(high - low) > _REACH_M or not np.isfinite([low, high]).all():
        return None
    with np.errstate(all="ignore"):
        height = float(geodetic(((low + high) / 2)[None])[0, 2])
    return height if np.isfinite(height) else None
