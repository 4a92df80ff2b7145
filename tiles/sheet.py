"""Sheet: one tile of areas and lines that lie on the terrain. Runs in workers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tiles.drape import LEVEL_M, SHORTEST_M, Draped, Floats, drape
from tiles.flatten import Fill, Stroke, segments, triangles
from tiles.geodesy import Geodesy
from tiles.gltf import LINES, TRIANGLES, Mesh, coordinate_error, write_glb
from tiles.ground import Ground
from tiles.tree import Matrix, Node, frame_at, to_local
from twin.schema import Schema

CELL_M = 64.0
"""Larger areas are cut along a grid of this before they are triangulated."""
FAR_M = 1.0
"""From afar areas and lines may lie so far off the ground, and edges up to this length stay whole:"""
FAR_SHORTEST_M = 4.0
_WORTH = 0.75
"""A larger share of the true tile's bytes a tile from afar does not save."""
_SMALL = 20_000
"""Bytes below which a tile is fetched as it is, from wherever one looks."""
_FINEST = 40_000
"""About so many triangles a tile may have; larger things get longer edges instead."""
_ABOVE_M = 0.05
"""Lines lie so much higher than areas, so that an outline shows on its own area."""


@dataclass(frozen=True, slots=True)
class Style:
    """What all tiles of a layer have in common."""

    geodesy: Geodesy
    schema: Schema
    copyright: str
    encoding: str
    lift_m: float
    """Metres above the ground."""
    tolerance_m: float
    """How far edges and centres may leave that height."""
    fill: str
    """Material of the triangles."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a worker gets."""

    fills: tuple[Fill, ...]
    strokes: tuple[Stroke, ...]
    materials: Mapping[int, str]
    """Number of a feature → material of its fills, or of its strokes where it has none; of some."""
    rows: Mapping[int, Mapping[str, Any]]
    """Number of a feature → its row of the property table."""
    ground: Ground
    style: Style


@dataclass(frozen=True, slots=True)
class Laid:
    """What a worker gives back."""

    data: bytes | None
    """The glb; None if no feature lies on known ground."""
    node: Node | None
    far: bytes | None
    """The same as it looks from afar; None where that would be as large."""
    far_node: Node | None
    groundless: tuple[int, ...]
    """Features left out, because the ground is not known all along."""
    triangles: int
    points: int
    stated: int
    """Points that lie not on terrain, but on the height the city states or that of the terrain's edge."""
    beyond: tuple[int, ...]
    """Features with a middle of a triangle or segment there."""
    beyond_m: float
    """Length of the segments that lie there, metres."""
    beyond_m2: float
    """Area of the triangles that lie there, square metres."""
    off_m: float


def lay(sheet: Sheet) -> Laid:
    """Drape a sheet and write it; also as it looks from afar, where that is clearly smaller."""
    style = sheet.style
    area = sum(polygon.area for _, polygon in sheet.fills)
    length = sum(float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum()) for _, points in sheet.strokes)
    shortest = max(SHORTEST_M, (2 * area / _FINEST) ** 0.5, length / _FINEST)
    cell = LEVEL_M if sheet.ground.level else max(CELL_M, 4 * shortest)
    flat = (triangles(sheet.fills, cell), segments(sheet.strokes))
    draped = [drape(one, sheet.ground, style.tolerance_m, shortest) for one in flat]
    groundless = {int(n) for part in draped for n in np.unique(part.owners[np.isnan(part.points[:, 2])])}
    draped = [_without(part, groundless) for part in draped]
    owners = np.unique(np.concatenate([part.owners[part.corners.ravel()] for part in draped]))
    lost = tuple(sorted(groundless))
    if not len(owners):
        return Laid(None, None, None, None, lost, 0, 0, 0, (), 0.0, 0.0, 0.0)
    points = np.concatenate([part.points for part in draped])
    middle = [*points[:, :2].min(axis=0) / 2 + points[:, :2].max(axis=0) / 2, points[:, 2].min()]
    frame = frame_at(style.geodesy.to_ecef(np.array([middle]))[0])
    data, node = _written(sheet, draped, style, frame, owners)
    far: tuple[bytes, Node] | tuple[None, None] = (None, None)
    if len(data) > _SMALL and style.tolerance_m < FAR_M:
        longer = max(FAR_SHORTEST_M, 2 * shortest)
        coarse = [_without(drape(one, sheet.ground, FAR_M, longer), groundless) for one in flat]
        if not any(np.isnan(part.points).any() for part in coarse):
            lifted = replace(style, lift_m=style.lift_m + FAR_M)  # never below the ground that it leaves
            far = _written(sheet, coarse, lifted, frame, owners)
            far[1].geometric_error = 2 * FAR_M
        if far[0] is not None and len(far[0]) > _WORTH * len(data):
            far = (None, None)
    owners_beyond, (beyond_m2, beyond_m) = _beyond(draped, sheet.ground)
    return Laid(
        data=data,
        node=node,
        far=far[0],
        far_node=far[1],
        groundless=lost,
        triangles=len(draped[0].corners),
        points=len(points),
        stated=int(np.isnan(sheet.ground.measured(points[:, :2])).sum()),
        beyond=owners_beyond,
        beyond_m=beyond_m,
        beyond_m2=beyond_m2,
        off_m=max(part.off_m for part in draped if len(part.corners)),
    )


def _beyond(draped: Sequence[Draped], ground: Ground) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Who lies beyond the terrain, and how much: area of triangles, length of segments."""
    owners: set[int] = set()
    sizes = []
    for part in draped:
        corners = part.points[part.corners, :2]
        away = np.isnan(ground.measured(corners.mean(axis=1)))
        owners.update(part.owners[part.corners[away, 0]].tolist())
        one, *others = corners[away].transpose(1, 0, 2)
        way = [other - one for other in others]
        across = np.linalg.norm(way[0], axis=1) if len(way) == 1 else _crossed(*way) / 2
        sizes.append(float(across.sum()))
    return tuple(sorted(owners)), tuple(sizes)


def _crossed(one: Floats, two: Floats) -> Floats:
    return np.abs(one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0])


def _written(
    sheet: Sheet, draped: Sequence[Draped], style: Style, frame: Matrix, owners: Any
) -> tuple[bytes, Node]:
    """The glb of draped areas and lines, and its tile."""
    filled = {number for number, _ in sheet.fills}
    of_strokes = {number: name for number, name in sheet.materials.items() if number not in filled}
    meshes = [
        _mesh(one, style, frame, material, mode, lift, owners)
        for part, common, own, mode, lift in (
            (draped[0], style.fill, sheet.materials, TRIANGLES, style.lift_m),
            (draped[1], "line", of_strokes, LINES, style.lift_m + _ABOVE_M),
        )
        for material, one in _by_material(part, common, own)
        if len(one.corners)
    ]
    low = np.min([mesh.positions.min(axis=0) for mesh in meshes], axis=0)
    high = np.max([mesh.positions.max(axis=0) for mesh in meshes], axis=0)
    margin = coordinate_error(float((high - low).max()), style.encoding)
    data = write_glb(
        meshes,
        schema=style.schema,
        rows=[sheet.rows[int(owner)] for owner in owners],
        copyright=style.copyright,
        encoding=style.encoding,
    )
    return data, Node(frame, low - margin, high + margin, 0.0)


def _by_material(part: Draped, common: str, own: Mapping[int, str]) -> Iterator[tuple[str, Draped]]:
    """What is to be drawn in each material: first what has the common one."""
    yield common, _without(part, {*own}) if own else part
    owners = set(part.owners.tolist()) if own else set()
    for material in sorted(set(own.values())):
        yield material, _without(part, {number for number in owners if own.get(number) != material})


def _without(part: Draped, owners: set[int]) -> Draped:
    """Only what belongs to other owners, with the points it needs."""
    keep = ~np.isin(part.owners[part.corners[:, 0]], sorted(owners))
    used, corners = np.unique(part.corners[keep], return_inverse=True)
    return Draped(
        part.points[used], part.owners[used], corners.reshape(-1, part.corners.shape[1]), part.off_m
    )


def _mesh(
    part: Draped, style: Style, frame: Matrix, material: str, mode: int, lift: float, owners: Any
) -> Mesh:
    positions = to_local(frame, style.geodesy.to_ecef(part.points + np.array([0.0, 0.0, lift])))
    return Mesh(
        positions,
        part.corners.astype(np.uint32).ravel(),
        material,
        # Lit like level ground: what they say is in their colour, not in the relief below.
        np.tile(np.array([0, 0, 1], np.float32), (len(positions), 1)) if mode == TRIANGLES else None,
        np.searchsorted(owners, part.owners).astype(np.uint32),
        mode,
    )
