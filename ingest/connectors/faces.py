"""Polygons of a building become a `Solid`: all its coordinates are read at once, because that is the cost."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np
import orjson
from lxml import etree
from numpy.typing import NDArray

from ingest.connectors.axes import FARTHEST
from ingest.connectors.citygml_skin import Kept, skin_of
from ingest.connectors.citygml_textures import Textures
from twin.record import Skin, Solid

FLAT = "a face without heights was left out"
UNREADABLE = "a face with unreadable coordinates was left out"
DEGENERATE = "a face with fewer than three corners was left out"
HOLE = "a hole with fewer than three corners was closed"
OPEN = "a ring that does not end where it began was closed"

_POSITIONS = ("{*}posList", "{*}pos", "{*}coordinates")

Ring = list[str]
"""Coordinates as written, three a corner, without the repeated first corner."""
Drawn = tuple[etree._Element, int, bool]
"""A ``gml:Polygon`` (or patch), its value of `twin.record.Face`, and whether its rings run the other way."""


def solid_of(faces: Iterable[Drawn], notes: list[str], textures: Sequence[Textures] = ()) -> Solid | None:
    """Read the coordinates of polygons.

    Args:
        faces: the polygons.
        notes: gets a line for each repair.
        textures: where to look for pictures on them, the nearest first.

    Returns:
        The solid in the source's CRS, or None if no polygon is usable.
    """
    polygons: list[list[Ring]] = []
    kinds: list[int] = []
    kept: list[Kept] = []
    for element, kind, turned in faces:
        polygon = _polygon(element, notes)
        if polygon:
            polygons.append([_turned(ring) for ring in polygon] if turned else polygon)
            kinds.append(kind)
            kept.append((element, turned))
    numbers = _numbers(polygons)
    if numbers is None:
        good = [all(map(_readable, polygon)) for polygon in polygons]
        notes += [UNREADABLE] * good.count(False)
        polygons = [polygon for polygon, fine in zip(polygons, good, strict=True) if fine]
        kinds = [kind for kind, fine in zip(kinds, good, strict=True) if fine]
        kept = [each for each, fine in zip(kept, good, strict=True) if fine]
        numbers = [float(n) for polygon in polygons for ring in polygon for n in ring]
    if not polygons:
        return None
    lengths = [len(ring) // 3 for polygon in polygons for ring in polygon]
    solid = Solid(
        points=np.array(numbers, dtype=np.float64).reshape(-1, 3),
        rings=np.array([0, *accumulate(lengths)], dtype=np.int32),
        polygons=np.array([0, *accumulate(map(len, polygons))], dtype=np.int32),
        faces=np.array(kinds, dtype=np.uint8),
    )
    return replace(solid, skin=skin_of(kept, solid, textures, notes)) if textures else solid


def joined(solids: Sequence[Solid]) -> Solid | None:
    """Return the faces of several solids as one; None if there is none."""
    if len(solids) < 2:
        return solids[0] if solids else None
    return Solid(
        points=np.concatenate([solid.points for solid in solids]),
        rings=_chained([solid.rings for solid in solids]),
        polygons=_chained([solid.polygons for solid in solids]),
        faces=np.concatenate([solid.faces for solid in solids]),
        skin=_skins(solids),
    )


def _skins(solids: Sequence[Solid]) -> Skin | None:
    if all(solid.skin is None for solid in solids):
        return None
    images: dict[str, int] = {}
    chosen, uv = [], []
    for solid in solids:
        if solid.skin is None:
            chosen.append(np.full(len(solid.faces), -1, np.int32))
            uv.append(np.full((len(solid.points), 2), np.nan, np.float32))
            continue
        places = [images.setdefault(image, len(images)) for image in solid.skin.images]
        chosen.append(np.array([*places, -1], np.int32)[solid.skin.chosen])
        uv.append(solid.skin.uv)
    return Skin(tuple(images), np.concatenate(chosen), np.concatenate(uv))


def _chained(offsets: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    sizes = np.concatenate([np.diff(own) for own in offsets])
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)


def _turned(ring: Ring) -> Ring:
    """The ring run through the other way, from the same corner on."""
    corners = [ring[:3], *(ring[at : at + 3] for at in range(len(ring) - 3, 0, -3))]
    return [number for corner in corners for number in corner]


def _polygon(element: etree._Element, notes: list[str]) -> list[Ring]:
    """The rings of a polygon, outer first; none if it is no face."""
    rings: list[Ring] = []
    for bound in element:
        for item in bound:
            ring: Ring = []
            for positions in item.iter(*_POSITIONS):
                written = (positions.text or "").replace(",", " ").split()
                if len(written) % 3 or positions.get("srsDimension") == "2":
                    notes.append(FLAT)
                    return []
                if ring and ring[-3:] == written[:3] and not _is_linear(item):
                    del ring[-3:]  # a curve goes on where the last one ended
                ring += written
            if not rings:
                outer = bound
            _open(ring, notes)
            rings.append(ring)
    if not rings:
        return []
    if len(rings) > 1:
        if not outer.tag.endswith(("}exterior", "}outerBoundaryIs")):
            notes.append(UNREADABLE)
            return []
        whole = [rings[0], *(ring for ring in rings[1:] if len(ring) >= 9)]
        notes += [HOLE] * (len(rings) - len(whole))
        rings = whole
    if len(rings[0]) < 9:
        notes.append(DEGENERATE)
        return []
    return rings


def _is_linear(ring: etree._Element) -> bool:
    """One posList, or many pos; else a ``gml:Ring`` of curves."""
    return isinstance(ring.tag, str) and ring.tag.endswith("}LinearRing")


def _open(ring: Ring, notes: list[str]) -> None:
    """Take away the last corner where it repeats the first one."""
    first, last = ring[:3], ring[-3:]
    if first == last or (
        _readable(first) and _readable(last) and [*map(float, first)] == [*map(float, last)]
    ):
        del ring[-3:]
    elif len(ring) >= 9:
        notes.append(OPEN)


def _numbers(polygons: list[list[Ring]]) -> list[float] | None:
    """All coordinates in order; None if one is not written as JSON would write it, or nowhere on earth."""
    written = ",".join([",".join(ring) for polygon in polygons for ring in polygon])
    try:
        numbers: list[float] = orjson.loads(f"[{written}]")  # ten times as fast as numpy's reading of text
    except orjson.JSONDecodeError:
        return None
    if not set(map(type, numbers)) <= {float, int}:
        return None
    return numbers if max(map(abs, numbers), default=0) < FARTHEST else None


def _readable(ring: Ring) -> bool:
    try:
        return all(abs(float(number)) < FARTHEST for number in ring)
    except ValueError:
        return False
