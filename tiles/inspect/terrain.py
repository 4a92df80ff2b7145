"""Terrain: a quantized-mesh terrain (``layer.json``) looked at: its levels, and every fault."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from tiles.geographic import Place, bounds, name
from tiles.inspect.faults import UNREADABLE, Fault, Found, said
from tiles.inspect.terrain_tile import TerrainTile, read_tile
from twin.errors import TilingError

LAYER = "layer.json"
FORMAT = "quantized-mesh-1.0"
_DEEPEST = 30
_MOST = 20_000_000
"""Tiles that a document may promise."""
_OPEN_M = 0.05
"""Borders of neighbours that are farther apart are told."""
_LOWEST_M, _HIGHEST_M = -12_000.0, 10_000.0
"""Metres above the ellipsoid between which all ground lies."""
_NAMED = 3
"""Tiles that one remark names."""

Step = Callable[[int, int], None]


@dataclass(slots=True)
class TerrainLevel:
    """All tiles of one level."""

    level: int
    tiles: int = 0
    size: int = 0
    """Bytes on the disk, as sent."""
    inflated: int = 0
    vertices: int = 0
    triangles: int = 0
    low: float = np.inf
    high: float = -np.inf
    """Metres above the ellipsoid."""


@dataclass(slots=True)
class TerrainReport(Found):
    """What `inspect_terrain` found."""

    file: Path
    document: dict[str, Any]
    levels: list[TerrainLevel] = field(default_factory=list)
    findings: list[Fault] = field(default_factory=list)
    """Faults first, then remarks."""


def is_terrain(path: Path) -> bool:
    """Whether a path is a ``layer.json``, or a folder with one and no tileset."""
    if path.is_dir():
        return (path / LAYER).is_file() and not (path / "tileset.json").is_file()
    return path.name == LAYER and path.is_file()


def inspect_terrain(path: Path, step: Step | None = None) -> TerrainReport:
    """Read and judge a terrain.

    Args:
        path: Its ``layer.json``, or the folder that has one.
        step: Told about each tile.

    Raises:
        TilingError: there is no quantized-mesh terrain.
    """
    file = (path / LAYER if path.is_dir() else path).resolve()
    report = TerrainReport(file, _document(file))
    try:
        wanted = _available(report.document)
    except UNREADABLE as error:
        raise TilingError(f"{file} is no {FORMAT} terrain: available: {said(error)}") from None
    found: list[Fault] = []
    if not {(0, 0), (0, 1)} <= set(wanted[0] if wanted else ()):
        found.append(Fault("0", "terrain-halves"))
    total, done = sum(map(len, wanted)), 0
    for level, places in enumerate(wanted):
        report.levels.append(TerrainLevel(level))
        tiles: dict[Place, TerrainTile] = {}
        for place in sorted(places):
            own = name(level, place)
            tile = _tile(file.parent / own, level, place, own, found)
            if tile is not None:
                tiles[place] = tile
                _count(report.levels[-1], tile)
            done += 1
            if step:
                step(done, total)
        found += _open_borders(level, tiles)
    found += _strangers(file.parent, wanted)
    report.findings = sorted(found, key=lambda fault: fault.remark)
    return report


def _document(file: Path) -> dict[str, Any]:
    try:
        document = orjson.loads(file.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise TilingError(f"{file} cannot be read: {error}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        told = document.get("format") if isinstance(document, dict) else None
        raise TilingError(
            f"{file} is no {FORMAT} terrain (its format is {told!r:.60}); other terrains cannot be inspected"
        )
    if document.get("scheme", "tms") != "tms" or document.get("projection", "EPSG:4326") != "EPSG:4326":
        raise TilingError(f"{file} has another scheme than tms in EPSG:4326, which cannot be inspected")
    return document


def _available(document: dict[str, Any]) -> list[set[Place]]:
    """The tiles that a document promises, by level."""
    levels = document["available"]
    if len(levels) > _DEEPEST:
        raise ValueError(f"{len(levels)} levels")
    found: list[set[Place]] = []
    total = 0
    for level, ranges in enumerate(levels):
        here: set[Place] = set()
        for each in ranges:
            (x, y), (right, top) = (
                (int(each["startX"]), int(each["startY"])),
                (int(each["endX"]), int(each["endY"])),
            )
            if not (0 <= x <= right < 2 << level and 0 <= y <= top < 1 << level):
                raise ValueError(f"a range of level {level} is outside the globe")
            total += (right - x + 1) * (top - y + 1)
            if total > _MOST:
                raise ValueError(f"more than {_MOST:,} tiles")
            last = (1 << level) - 1
            here.update((last - row, column) for row in range(y, top + 1) for column in range(x, right + 1))
        found.append(here)
    return found


def _tile(path: Path, level: int, place: Place, own: str, found: list[Fault]) -> TerrainTile | None:
    if not path.is_file():
        found.append(Fault(own, "terrain-missing"))
        return None
    try:
        tile = read_tile(path.read_bytes(), bounds(level, place))
    except UNREADABLE as error:
        found.append(Fault(own, "terrain-broken", {"detail": said(error)}))
        return None
    found += [Fault(own, "terrain-odd", {"detail": each}) for each in tile.faults]
    if not tile.faults and not _LOWEST_M <= tile.low <= tile.high <= _HIGHEST_M:
        found.append(Fault(own, "terrain-heights", {"low": tile.low, "high": tile.high}))
    return tile


def _count(level: TerrainLevel, tile: TerrainTile) -> None:
    level.tiles += 1
    level.size += tile.size
    level.inflated += tile.inflated
    level.vertices += tile.vertices
    level.triangles += tile.triangles
    level.low, level.high = min(level.low, tile.low), max(level.high, tile.high)


def _open_borders(level: int, tiles: dict[Place, TerrainTile]) -> Iterator[Fault]:
    """Neighbours of one level whose common border has other heights on either side."""
    worst, whose = 0.0, []
    for (row, column), tile in tiles.items():
        for side, other, (down, right) in (("east", "west", (0, 1)), ("south", "north", (1, 0))):
            beside = tiles.get((row + down, column + right))
            if beside is None:
                continue
            off = _apart(tile.borders[side], beside.borders[other])
            if off > _OPEN_M:
                worst = max(worst, off)
                whose.append(name(level, (row, column)))
    if whose:
        facts = {"count": len(whose), "metres": worst, "first": ", ".join(whose[:_NAMED])}
        yield Fault(str(level), "terrain-borders", facts)


def _apart(one: Any, other: Any) -> float:
    """Largest difference in metres of two borders at the vertices of both."""
    if not len(one[0]) or not len(other[0]):
        return 0.0
    at = np.union1d(one[0], other[0])
    return float(np.abs(np.interp(at, *one) - np.interp(at, *other)).max())


def _strangers(folder: Path, wanted: list[set[Place]]) -> Iterator[Fault]:
    """Tiles that the document does not promise: nobody asks for them."""
    known = {name(level, place) for level, places in enumerate(wanted) for place in places}
    left = [path for path in folder.rglob("*.terrain") if path.relative_to(folder).as_posix() not in known]
    if left:
        yield Fault(
            "layer.json", "orphans", {"count": len(left), "size": sum(p.stat().st_size for p in left)}
        )
