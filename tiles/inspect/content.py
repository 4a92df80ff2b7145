"""Content: one tile's file, read as a client reads it, measured and judged."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.inspect.document import judged
from tiles.inspect.faults import UNREADABLE, Fault, said
from tiles.inspect.meshes import FeatureIds, Piece, pieces
from tiles.inspect.siblings import compressed
from tiles.inspect.table import Table, tables
from tiles.inspect.tree import Content, Tile
from tiles.inspect.vertex_table import vertex_tables
from tiles.inspect.volumes import Volume, frame, geodetic
from twin.glb import Glb

MOST_VERTICES = 65_535
_SLACK_M = 1e-3
"""A vertex may be this far outside: viewers cull with float32."""
_COARSE_M = 0.01
"""float32 steps greater than this are seen as jitter."""
_CHECKSUM = re.compile(r"(?:^|/)content/([0-9a-f]{64})\.")
"""As our own tilesets name their contents."""
_LEGACY = (b"b3dm", b"i3dm", b"pnts", b"cmpt")
_EARTH_M = 6.371e6


@dataclass(slots=True)
class Seen:
    """What is in one content."""

    uri: str
    size: int = 0
    gzip: int | None = None
    """Bytes of the sibling compressed with gzip; None if there is none."""
    brotli: int | None = None
    vertices: int = 0
    triangles: int = 0
    points: int = 0
    rows: int = 0
    """Rows of all property tables."""
    ids: frozenset[tuple[str, Any]] | None = None
    """Class and id of all rows; None if no table has ids."""
    tables: list[Table] = field(default_factory=list)
    extensions: frozenset[str] = frozenset()
    copyright: str = ""
    extent: NDArray[np.float64] | None = None
    """West, south, east, north in degrees, least and greatest ellipsoidal height."""
    hull: NDArray[np.float64] | None = None
    """(2, 3) least and greatest coordinates in EPSG:4978."""
    faults: list[Fault] = field(default_factory=list)


def look(tile: Tile, content: Content) -> Seen:
    """Read, measure and judge a content that is there."""
    with np.errstate(all="ignore"):  # numbers that overflow are outside of every volume, and told as such
        return _look(tile, content)


def _look(tile: Tile, content: Content) -> Seen:
    assert content.path is not None
    data = content.path.read_bytes()
    seen = Seen(content.uri, len(data))
    packed = list(compressed(content.path, data))
    seen.gzip, seen.brotli = (size for _, size, _ in packed)
    for sibling, _, same in packed:
        if not same:
            _say(seen, tile, "sibling", uri=content.uri + sibling.suffix)
    named = _CHECKSUM.search(content.uri)
    if named and named[1] != hashlib.sha256(data).hexdigest():
        _say(seen, tile, "checksum")
    if data[:4] in _LEGACY:
        stated = int.from_bytes(data[8:12], "little")
        if stated != len(data):
            why = f"the header says {stated:,} bytes, the file has {len(data):,}"
            _say(seen, tile, "content-broken", detail=why)
        _say(seen, tile, "content-legacy", detail=data[:4].decode())
        return seen
    if data[:4] != b"glTF" and content.path.suffix != ".glb":
        _say(seen, tile, "content-format", detail=f"no glb ({content.path.suffix or 'no suffix'})")
        return seen
    try:
        glb = Glb(data)
        seen.extensions = frozenset(glb.json.get("extensionsUsed", []))
        seen.copyright = str(glb.json.get("asset", {}).get("copyright", ""))
        drawn = list(pieces(glb))
        glb.pictures()
        for words in judged(glb):
            _say(seen, tile, "content-odd", detail=words)
    except UNREADABLE as error:
        _say(seen, tile, "content-broken", detail=said(error))
        return seen
    _measure(seen, tile, content, drawn)
    try:
        seen.tables = tables(glb)
    except UNREADABLE as error:
        _say(seen, tile, "table-broken", detail=said(error))
    else:
        _judge_tables(seen, tile, [ids for piece in drawn for ids in piece.features])
        _vertices(seen, tile, glb)
    return seen


def _measure(seen: Seen, tile: Tile, content: Content, drawn: list[Piece]) -> None:
    meshes = [piece for piece in drawn if not piece.points]
    seen.vertices = sum(piece.vertices for piece in meshes)
    seen.points = sum(piece.vertices for piece in drawn if piece.points)
    seen.triangles = sum(piece.triangles for piece in drawn)
    if seen.vertices > MOST_VERTICES:
        _say(seen, tile, "many-vertices", count=seen.vertices)
    rough = max(drawn, key=lambda piece: piece.steps, default=None)
    if rough is not None and rough.steps > _COARSE_M:
        _say(seen, tile, "jitter", metres=rough.reach, step=rough.steps)
    if not drawn:
        return
    local = np.concatenate([piece.positions for piece in drawn])
    points = local @ tile.transform[:3, :3].T + tile.transform[:3, 3]
    for volume in (tile.volume, content.volume):
        if volume is not None:
            _judge_volume(seen, tile, volume, points)
    seen.extent = _extent(points)
    seen.hull = np.array([points.min(axis=0), points.max(axis=0)])


def _judge_volume(seen: Seen, tile: Tile, volume: Volume, points: NDArray[np.float64]) -> None:
    outside = volume.overshoot(points)
    worst = float(outside.max())
    if not worst <= _SLACK_M:  # NaN too
        count = int((~(outside <= _SLACK_M)).sum())
        _say(seen, tile, "vertex-outside", count=count, volume=volume.kind, metres=worst)


def _extent(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Extent of points in EPSG:4978; converts only those that can be extreme."""
    centre = points.mean(axis=0)
    if np.linalg.norm(centre) < _EARTH_M / 2:  # not on the earth: no place, only heights of nonsense
        return np.full(6, np.nan)
    east, north, up = frame(centre) @ (points - centre).T
    level = up + (east**2 + north**2) / (2 * _EARTH_M)
    picks = [x for values in (east, north, level) for x in (values.argmin(), values.argmax())]
    lon, lat, height = geodetic(points[picks]).T
    return np.array([lon.min(), lat.min(), lon.max(), lat.max(), height.min(), height.max()])


def _vertices(seen: Seen, tile: Tile, glb: Glb) -> None:
    try:
        found = vertex_tables(glb)
    except UNREADABLE as error:
        _say(seen, tile, "table-broken", detail=said(error))
        return
    seen.tables += found
    for table in found:
        for words in table.faults:
            _say(seen, tile, "table-broken", detail=words)


def _judge_tables(seen: Seen, tile: Tile, used: list[FeatureIds]) -> None:
    ids: set[tuple[str, Any]] = set()
    for number, table in enumerate(seen.tables):
        seen.rows += table.count
        for words in table.faults:
            _say(seen, tile, "table-broken", detail=words)
        here = [entry.numbers for entry in used if entry.table == number]
        highest = max((int(numbers[-1]) for numbers in here if len(numbers)), default=-1)
        lowest = min((int(numbers[0]) for numbers in here if len(numbers)), default=0)
        if highest >= table.count or lowest < 0:
            _say(seen, tile, "ids-beyond", highest=highest if lowest >= 0 else lowest, rows=table.count)
        elif here and (unused := table.count - len(np.unique(np.concatenate(here)))):
            _say(seen, tile, "rows-unused", count=unused)
        names = table.column("id")
        if names is not None:
            keys = {(table.class_, value) for value in names.values}
            if repeated := len(names.values) - len(keys):
                _say(seen, tile, "ids-repeated", count=repeated)
            ids |= keys
    for entry in used:
        if entry.stated != len(entry.numbers):
            _say(seen, tile, "ids-count", stated=entry.stated, found=len(entry.numbers))
        if entry.table is not None and entry.table >= len(seen.tables):
            _say(seen, tile, "table-broken", detail=f"there is no table {entry.table}")
    seen.ids = frozenset(ids) if any(table.column("id") for table in seen.tables) else None


def _say(seen: Seen, tile: Tile, kind: str, **facts: Any) -> None:
    seen.faults.append(Fault(tile.name, kind, facts, seen.uri))
