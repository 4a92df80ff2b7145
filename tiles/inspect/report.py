"""Report: a whole tileset looked at: its levels, its attributes, and every fault."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.inspect.attributes import Attribute, Attributes
from tiles.inspect.content import Seen, look
from tiles.inspect.faults import Fault, Found
from tiles.inspect.layout import layout_faults
from tiles.inspect.read import read_tree
from tiles.inspect.siblings import compressed, siblings
from tiles.inspect.tree import Tile, Tree

_SLACK_M = 0.02
"""A child's volume may reach this far out of its parent's: both are written with rounded numbers."""

Step = Callable[[int, int], None]
"""``step(done, total)`` contents."""


@dataclass(slots=True)
class Level:
    """All tiles of one depth."""

    depth: int
    tiles: int = 0
    contents: int = 0
    size: int = 0
    gzip: int | None = None
    brotli: int | None = None
    triangles: int = 0
    vertices: int = 0
    points: int = 0
    features: int = 0
    errors: tuple[float, float] = (np.inf, 0.0)
    """Least and greatest geometric error in metres."""


@dataclass(slots=True)
class Report(Found):
    """What `inspect` found."""

    tree: Tree
    levels: list[Level] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    features: int = 0
    """Different features of the finest tiles."""
    extent: NDArray[np.float64] | None = None
    """West, south, east, north in degrees, least and greatest ellipsoidal height in metres."""
    extensions: list[str] = field(default_factory=list)
    copyrights: list[str] = field(default_factory=list)
    findings: list[Fault] = field(default_factory=list)
    """Faults first, then remarks."""
    seen: list[list[Seen]] = field(default_factory=list)
    """Contents of each tile, in the tree's order; their tables are emptied."""

    def total(self) -> Level:
        """All levels together; a file that several tiles draw counts once in its bytes."""
        whole = Level(-1)
        known: set[Path] = set()
        for tile, seen in zip(self.tree.tiles, self.seen, strict=True):
            _count(whole, tile, seen, known)
        return whole


def inspect(path: Path, step: Step | None = None) -> Report:
    """Read and judge a tileset.

    Args:
        path: Its JSON, or the folder with a ``tileset.json``.
        step: Told about each content.

    Raises:
        TilingError: if there is no tileset there.
    """
    tree = read_tree(path)
    report = Report(tree)
    attributes = Attributes()
    finest = _finest(tree)
    total = sum(len(tile.contents) for tile in tree.tiles)
    done = 0
    for number, tile in enumerate(tree.tiles):
        report.seen.append([])
        for content in tile.contents:
            if content.path is not None:
                seen = look(tile, content)
                report.seen[-1].append(seen)
                for table in seen.tables if finest[number] else ():
                    attributes.add(table)
                seen.tables = []  # a city's tables would not fit
            done += 1
            if step:
                step(done, total)
    report.features, report.attributes = attributes.features, list(attributes.columns.values())
    contents = [seen for group in report.seen for seen in group]
    report.extensions = sorted(tree.extensions.union(*(seen.extensions for seen in contents)))
    report.copyrights = sorted({seen.copyright for seen in contents} - {""})
    report.extent = _joined([seen.extent for seen in contents if seen.extent is not None])
    report.levels = _levels(tree, report.seen)
    found = [*tree.faults, *_tree_faults(tree), *(fault for seen in contents for fault in seen.faults)]
    found += [*layout_faults(tree, report.seen), *_lost_ids(tree, report.seen)]
    if not any(seen.vertices + seen.points for seen in contents) and not found:
        found.append(Fault("root", "empty"))
    found += [*_document_siblings(tree), *_orphans(tree)]
    report.findings = sorted(found, key=lambda fault: fault.remark)
    return report


def _finest(tree: Tree) -> list[bool]:
    """Whether each tile's content is the best there is of what it shows."""
    below = [False] * len(tree.tiles)
    for number in range(len(tree.tiles) - 1, -1, -1):
        tile = tree.tiles[number]
        if tile.parent is not None and (tile.contents or below[number]):
            below[tile.parent] = True
    return [
        bool(tile.contents) and (tile.refine == "ADD" or not below[number])
        for number, tile in enumerate(tree.tiles)
    ]


def _levels(tree: Tree, seen: list[list[Seen]]) -> list[Level]:
    levels = (
        [Level(depth) for depth in range(max(tile.depth for tile in tree.tiles) + 1)] if tree.tiles else []
    )
    known: set[Path] = set()
    for tile, group in zip(tree.tiles, seen, strict=True):
        _count(levels[tile.depth], tile, group, known)
    return levels


def _count(level: Level, tile: Tile, group: list[Seen], known: set[Path]) -> None:
    level.tiles += 1
    level.errors = min(level.errors[0], tile.error), max(level.errors[1], tile.error)
    paths = [content.path for content in tile.contents if content.path is not None]
    for path, seen in zip(paths, group, strict=True):
        level.contents += 1
        level.triangles += seen.triangles
        level.vertices += seen.vertices
        level.points += seen.points
        level.features += seen.rows
        if path in known:
            continue
        known.add(path)
        level.size += seen.size
        if seen.gzip is not None:
            level.gzip = (level.gzip or 0) + seen.gzip
        if seen.brotli is not None:
            level.brotli = (level.brotli or 0) + seen.brotli


def _tree_faults(tree: Tree) -> Iterator[Fault]:
    for tile in tree.tiles:
        above = tree.error if tile.parent is None else tree.tiles[tile.parent].error
        if tile.error > above * (1 + 1e-9) + 1e-9:
            yield Fault(tile.name, "error-grows", {"own": tile.error, "above": above})
        if not tile.children and tile.contents and tile.error:
            yield Fault(tile.name, "leaf-error", {"own": tile.error})
        if tile.parent is None or tile.volume is None:
            continue
        around = tree.tiles[tile.parent].volume
        if around is not None and (metres := tile.volume.within(around)) > _SLACK_M:
            yield Fault(tile.name, "volume-outside", {"metres": metres})


def _lost_ids(tree: Tree, seen: list[list[Seen]]) -> list[Fault]:
    """Ids of coarser tiles that no finer one below has."""
    faults = []
    below: list[set[tuple[str, Any]] | None] = [None] * len(tree.tiles)
    for number in range(len(tree.tiles) - 1, -1, -1):
        tile = tree.tiles[number]
        sets = [one.ids for one in seen[number] if one.ids is not None]
        own = set().union(*sets) if sets else None
        finer = below[number]
        if own is not None and finer is not None and tile.refine == "REPLACE" and (lost := own - finer):
            first = min(str(value) for _, value in lost)
            faults.append(Fault(tile.name, "ids-lost", {"count": len(lost), "first": first}))
        reached = own if own is not None and (tile.refine == "REPLACE" or finer is None) else finer
        if tile.parent is not None and reached is not None:
            known = below[tile.parent]
            below[tile.parent] = reached if known is None else known | reached
        below[number] = None
    return faults[::-1]


def _document_siblings(tree: Tree) -> Iterator[Fault]:
    """Compressed tilesets that are not those beside them; contents are looked at on their own."""
    for path in sorted(tree.files):
        if path.suffix in (".json", ".subtree"):
            for sibling, _, same in compressed(path, path.read_bytes()):
                if not same:
                    yield Fault("root", "sibling", {"uri": sibling.name}, sibling.name)


def _orphans(tree: Tree) -> list[Fault]:
    """Files beside the tileset that nothing refers to; in a store other snapshots may need them."""
    if tree.folder != tree.file.parent:
        return []
    used = tree.files.union(*(siblings(path) for path in tree.files))
    contents = {path.suffix for path in tree.files} & {".glb", ".gltf", ".b3dm", ".i3dm", ".pnts", ".subtree"}
    left = [
        path for suffix in contents for path in tree.folder.rglob(f"*{suffix}") if path.resolve() not in used
    ]
    if not left:
        return []
    return [Fault("root", "orphans", {"count": len(left), "size": sum(path.stat().st_size for path in left)})]


def _joined(extents: list[NDArray[np.float64]]) -> NDArray[np.float64] | None:
    known = [extent for extent in extents if np.isfinite(extent).all()]
    if not known:
        return None
    low, high = np.min(known, axis=0), np.max(known, axis=0)
    return np.array([low[0], low[1], high[2], high[3], low[4], high[5]])
