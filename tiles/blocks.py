"""Blocks: what buildings look like from far away, their footprints drawn up to their mean roof height."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.polygons import Floats, Ints, Polygons, area_vectors, offsets, reordered
from tiles.shapes import MATERIAL_NAMES, Shapes, faceted
from twin.record import Face

_ROOF = MATERIAL_NAMES.index("roof")
_SIMPLIFY_M = 0.3
"""Footprint corners that stand out less than this are left away in blocks."""
_LOWEST_M = 0.1


@dataclass(frozen=True, slots=True)
class Profile:
    """Heights of buildings above the horizontal plane of their frame, metres; NaN where unknown."""

    bottom: Floats
    top: Floats
    """Mean height of the roof, weighted by area seen from above."""
    error: Floats
    """How far the roof reaches above or below `top`, or the ground above `bottom`."""
    low: Floats
    """(b, 2) least east and north."""
    high: Floats
    """(b, 2) greatest east and north."""
    size: Floats
    """Diagonal of the box around the building."""


def profiles(shapes: Shapes) -> Profile:
    """Measure buildings as they are drawn."""
    filled = shapes.counts > 0
    starts = shapes.vertices[:-1][filled]
    count = len(shapes.counts)
    box = np.full((2, count, 3), np.nan)
    if len(starts):
        box[0, filled] = np.minimum.reduceat(shapes.positions, starts, axis=0)
        box[1, filled] = np.maximum.reduceat(shapes.positions, starts, axis=0)
    owner = np.repeat(np.arange(count), np.diff(shapes.triangles))
    triangles = shapes.positions[shapes.corners]
    sides = triangles[:, 1:, :2] - triangles[:, :1, :2]
    plan = np.abs(sides[:, 0, 0] * sides[:, 1, 1] - sides[:, 0, 1] * sides[:, 1, 0]) / 2
    roof = shapes.kinds[shapes.corners[:, 0]] == _ROOF
    weights = np.where(roof, plan, 0.0)
    area = np.bincount(owner, weights, minlength=count)
    known = area > 0
    heights = triangles[:, :, 2].mean(axis=1)
    top = np.full(count, np.nan)
    top[known] = np.bincount(owner, weights * heights, minlength=count)[known] / area[known]
    bottom = box[0, :, 2]
    lowest = np.full(count, np.inf)
    np.minimum.at(lowest, owner[roof], triangles[roof, :, 2].min(axis=1))
    error = np.maximum(box[1, :, 2] - top, top - lowest)
    return Profile(bottom, top, error, box[0, :, :2], box[1, :, :2], np.linalg.norm(box[1] - box[0], axis=1))


def footprints(wkb: list[bytes | None]) -> NDArray[Any]:
    """(b,) shapely geometries in longitude and latitude; None where there is none or it is no area."""
    import shapely

    found = shapely.from_wkb(np.array(wkb, dtype=object), on_invalid="ignore")
    found[~np.isin(shapely.get_type_id(found), (3, 6))] = None  # Polygon, MultiPolygon
    found[shapely.is_empty(found)] = None
    return np.asarray(found)


def blocks(areas: NDArray[Any], profile: Profile, *, rectangles: bool) -> tuple[Shapes, Floats]:
    """Extrude footprints; return the shapes and how far, in metres, each is from the true building.

    The error is the sum of the measured vertical difference, of the Hausdorff distance between footprint
    and drawn outline, and of what the roof juts out. It is infinite where no block can be made.

    Args:
        areas: (b,) shapely polygons in metres of the profile's frame, or None.
        profile: Heights of the buildings.
        rectangles: Draw the smallest rectangle around each footprint instead of the footprint.
    """
    import shapely

    outlines = shapely.oriented_envelope(areas) if rectangles else shapely.simplify(areas, _SIMPLIFY_M)
    usable = np.isin(shapely.get_type_id(outlines), (3, 6)) & (profile.top - profile.bottom > _LOWEST_M)
    outlines[~usable] = None
    bounds = shapely.bounds(areas)
    juts = np.maximum(np.abs(bounds[:, :2] - profile.low), np.abs(bounds[:, 2:] - profile.high)).max(axis=1)
    errors = profile.error + shapely.hausdorff_distance(areas, outlines) + juts
    errors[~usable | ~np.isfinite(errors)] = np.inf
    outlines[~np.isfinite(errors)] = None
    polygons = _extruded(outlines, profile)
    vectors = area_vectors(polygons.points, polygons.rings)
    net = np.zeros((len(polygons.faces), 3))
    np.add.at(net, polygons.ring_polygons, vectors)  # holes run the other way round
    shapes, _, _ = faceted(polygons, net, len(areas))
    return shapes, errors


def _extruded(outlines: NDArray[Any], profile: Profile) -> Polygons:
    import shapely

    parts, owners = shapely.get_parts(shapely.orient_polygons(outlines), return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    sizes = np.bincount(ring, minlength=len(rings))
    closing = np.cumsum(sizes) - 1
    keep = np.ones(len(corners), dtype=bool)
    keep[closing] = False
    here, ring = corners[keep], ring[keep]
    after = corners[np.flatnonzero(keep) + 1]
    owner = owners[part[ring]]
    bottom, top = profile.bottom[owner], profile.top[owner]
    walls = np.stack(
        [np.column_stack((xy, z)) for xy, z in ((here, bottom), (after, bottom), (after, top), (here, top))],
        axis=1,
    )
    roofs = np.column_stack((here, top))
    return _merged(
        walls, owner, roofs, offsets(sizes - 1), offsets(np.bincount(part, minlength=len(parts))), owners
    )


def _merged(
    walls: Floats, wall_owners: Ints, roofs: Floats, rings: Ints, polygons: Ints, roof_owners: Ints
) -> Polygons:
    """Walls (n, 4, 3) and roofs as polygons sorted by building."""
    count = len(walls)
    both = Polygons(
        points=np.concatenate([walls.reshape(-1, 3), roofs]),
        rings=np.concatenate([np.arange(count + 1) * 4, rings[1:] + 4 * count]),
        polygons=np.concatenate([np.arange(count + 1), polygons[1:] + count]),
        faces=np.repeat(np.array([Face.WALL, Face.ROOF], dtype=np.uint8), [count, len(roof_owners)]),
        owners=np.concatenate([wall_owners, roof_owners]),
    )
    return reordered(both, np.argsort(both.owners, kind="stable"))
