"""Triangulate: polygons with holes become triangles in the plane of each polygon.

Most faces of buildings are seen whole from their first corner (rectangles, gables); those become fans,
all at once. The others go through earcut, one by one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tiles.polygons import Floats, Ints, Mask, Polygons, following, offsets

_SLIVER_M2 = 1e-8
"""Triangles below this are not drawn."""
_AREA_SHARE = 0.01
"""Triangles whose areas differ from the polygon's by more than this share (and 100 cm²) tell of crossings."""
_AREA_M2 = 0.01


@dataclass(frozen=True, slots=True)
class Triangles:
    """The triangles of many polygons."""

    corners: NDArray[np.uint32]
    """(t, 3) indices into the polygons' points, counter-clockwise seen from where the normal points."""
    offsets: Ints
    """(p + 1,) offsets of the polygons into `corners`."""
    crossing: int
    """Polygons whose rings cross themselves or each other; drawn as far as possible."""
    undrawn: int
    """Polygons for which no triangle was found."""


def triangulate(polygons: Polygons, vectors: Floats) -> Triangles:
    """Triangulate all polygons.

    Args:
        polygons: Cleaned.
        vectors: (p, 3) normals as long as the polygons' areas.
    """
    areas = np.linalg.norm(vectors, axis=1)
    flat = _in_plane(polygons, vectors / areas.clip(1e-12)[:, None])
    fans, corners = _fans(polygons, flat)
    owner = np.repeat(np.arange(len(polygons.faces)), np.diff(polygons.point_offsets))[corners[:, 0]]
    rest = np.flatnonzero(~fans)
    parts = [_earcut(polygons, flat, int(polygon)) for polygon in rest]
    corners = np.concatenate([corners, *parts])
    owner = np.concatenate([owner, np.repeat(rest, [len(part) for part in parts])])
    order = np.argsort(owner, kind="stable")
    corners, owner = corners[order], owner[order]
    doubled = _doubled(flat, corners)
    backwards = doubled < 0
    corners[backwards] = corners[backwards][:, ::-1]
    drawn = np.abs(doubled) > _SLIVER_M2
    corners, owner = corners[drawn], owner[drawn]
    covered = np.bincount(owner, np.abs(doubled[drawn]) / 2, minlength=len(areas))
    counts = np.bincount(owner, minlength=len(areas))
    differs = np.abs(covered - areas) > np.maximum(areas * _AREA_SHARE, _AREA_M2)
    return Triangles(
        corners=corners.astype(np.uint32),
        offsets=offsets(counts),
        crossing=int((differs & (counts > 0)).sum()),
        undrawn=int((counts == 0).sum()),
    )


def _in_plane(polygons: Polygons, normals: Floats) -> Floats:
    """(n, 2) the points in a right-handed frame of their polygon's plane."""
    least = np.eye(3)[np.abs(normals).argmin(axis=1)]
    u = np.cross(least, normals)
    u /= np.linalg.norm(u, axis=1).clip(1e-12)[:, None]
    v = np.cross(normals, u)
    starts = polygons.point_offsets
    counts = np.diff(starts)
    away = polygons.points - np.repeat(polygons.points[starts[:-1]], counts, axis=0)
    return np.column_stack(
        (
            np.einsum("ij,ij->i", away, np.repeat(u, counts, axis=0)),
            np.einsum("ij,ij->i", away, np.repeat(v, counts, axis=0)),
        )
    )


def _fans(polygons: Polygons, flat: Floats) -> tuple[Mask, Ints]:
    """Which polygons are seen whole from their first point, and their triangles."""
    starts = polygons.point_offsets
    counts = np.diff(starts)
    first = np.repeat(starts[:-1], counts)
    here = np.arange(len(flat))
    after = following(polygons.rings)
    a, b = flat - flat[first], flat[after] - flat[first]
    doubled = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    lowest = np.minimum.reduceat(doubled, starts[:-1])
    highest = np.maximum.reduceat(doubled, starts[:-1])
    single = np.diff(polygons.polygons) == 1
    # A source's ring may run either way; it must only not turn back.
    fan = single & ((lowest >= -_SLIVER_M2) | (highest <= _SLIVER_M2)) & (counts <= _LARGEST_FAN)
    inner = np.repeat(fan, counts) & (here != first) & (after != first)
    middle = here[inner]
    return fan, np.column_stack((first[middle], middle, after[middle]))


_LARGEST_FAN = 32
"""Larger polygons (round towers) would give needles all from one corner."""


def _earcut(polygons: Polygons, flat: Floats, polygon: int) -> Ints:
    import mapbox_earcut

    rings = polygons.rings[polygons.polygons[polygon] : polygons.polygons[polygon + 1] + 1]
    first = rings[0]
    found = mapbox_earcut.triangulate_float64(
        np.ascontiguousarray(flat[first : rings[-1]]), (rings[1:] - first).astype(np.uint32)
    )
    triangles: Ints = found.reshape(-1, 3).astype(np.int64) + first
    return triangles


def _doubled(flat: Floats, corners: Ints) -> Floats:
    a, b, c = flat[corners[:, 0]], flat[corners[:, 1]], flat[corners[:, 2]]
    return np.asarray((b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0]))
