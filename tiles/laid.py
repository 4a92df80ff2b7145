"""Laid: the flat faces of roads and areas follow the terrain between their corners, too."""

import numpy as np
from numpy.typing import NDArray

from tiles.drape import drape
from tiles.flatten import Fill, triangles
from tiles.ground import Ground
from tiles.overlay import TOLERANCE_M
from tiles.sheet import CELL_M
from twin.record import Solid


def laid(solid: Solid, ground: Ground, lift_m: float) -> Solid:
    """A solid whose corners lie on the ground, in triangles so small that its faces lie there, too.

    A face that crosses itself, or with unknown ground under it, stays as it is.

    Args:
        solid: Of flat faces; its pictures keep theirs whole.
        ground: Where to.
        lift_m: Metres above it.
    """
    up = np.array([0.0, 0.0, lift_m])
    if solid.skin is not None:
        return Solid(solid.points + up, solid.rings, solid.polygons, solid.faces, solid.skin)
    fills = _fills(solid)
    flat = drape(triangles(fills, CELL_M), ground, TOLERANCE_M)
    whole = np.ones(len(solid.faces), bool)
    whole[np.unique(flat.owners)] = False
    whole[flat.owners[np.isnan(flat.points[:, 2])]] = True
    owners = flat.owners[flat.corners[:, 0]]
    chosen = ~whole[owners]
    kept = np.repeat(whole, np.diff(solid.polygons))
    points = np.repeat(kept, np.diff(solid.rings))
    corners = flat.corners[chosen]
    rings = [*np.diff(solid.rings)[kept].tolist(), *[3] * len(corners)]
    counts = [*np.diff(solid.polygons)[whole].tolist(), *[1] * len(corners)]
    return Solid(
        points=np.concatenate([solid.points[points], flat.points[corners].reshape(-1, 3)]) + up,
        rings=_offsets(rings),
        polygons=_offsets(counts),
        faces=np.concatenate([solid.faces[whole], solid.faces[owners[chosen]]]),
    )


def _fills(solid: Solid) -> list[Fill]:
    """The faces as polygons in the plane, as far as they are sound."""
    import shapely

    found: list[Fill] = []
    for number, (first, last) in enumerate(zip(solid.polygons[:-1], solid.polygons[1:], strict=True)):
        rings = [solid.points[solid.rings[ring] : solid.rings[ring + 1], :2] for ring in range(first, last)]
        if any(len(ring) < 3 for ring in rings) or not rings:
            continue
        polygon = shapely.Polygon(rings[0], rings[1:])
        if polygon.is_valid and polygon.area > 0:
            found.append((number, polygon))
    return found


def _offsets(counts: list[int]) -> NDArray[np.int32]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
