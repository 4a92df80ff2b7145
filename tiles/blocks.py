"""Blocks: what buildings look like from far away, their footprints drawn up to their mean roof height."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.footprints import Outlines, laid_out, rectangles, simplified
from tiles.polygons import Floats, Ints, Polygons, area_vectors, offsets, shifted
from tiles.shapes import GROUND, ROOF, WALL, Shapes
from tiles.strips import CORNERS
from tiles.triangulate import triangulate
from twin.record import Face

_THINNEST_M = 1e-6
"""Walls thinner than this have no side to look to."""
_LOWEST_M = 0.1


@dataclass(frozen=True, slots=True)
class Profile:
    """Heights of buildings above the horizontal plane of their frame, metres; NaN where unknown."""

    bottom: Floats
    top: Floats
    """Mean height of the roof, weighted by area seen from above."""
    error: Floats
    """How far the roof reaches above or below `top`, plus what a block fills under raised ground faces."""
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
    roof = np.flatnonzero(shapes.kinds[shapes.corners[:, 0]] == ROOF)
    corners = shapes.corners[roof]
    x, y, z = (shapes.positions[:, axis][corners] for axis in range(3))
    weights = np.abs((x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0]) - (x[:, 2] - x[:, 0]) * (y[:, 1] - y[:, 0]))
    bounds = np.searchsorted(roof, shapes.triangles)  # of the buildings into their roofs' triangles
    owner = np.repeat(np.arange(count), np.diff(bounds))
    area = np.bincount(owner, weights, minlength=count)
    known = area > 0
    top = np.full(count, np.nan)
    top[known] = np.bincount(owner, weights * z.mean(axis=1), minlength=count)[known] / area[known]
    bottom = box[0, :, 2]
    lowest = np.full(count, np.inf)
    if len(roof):
        roofed = bounds[1:] > bounds[:-1]
        lowest[roofed] = np.minimum.reduceat(z.min(axis=1), bounds[:-1][roofed])
    error = np.maximum(box[1, :, 2] - top, top - lowest) + _filled_below(shapes, bottom)
    return Profile(bottom, top, error, box[0, :, :2], box[1, :, :2], np.linalg.norm(box[1] - box[0], axis=1))


def _filled_below(shapes: Shapes, bottom: Floats) -> Floats:
    """(b,) how far a block goes down under what does not stand on the ground: passages, canopies, stilts.

    No wall of the block is farther off than the face above it is high, or wide: a balcony is narrow.
    """
    ground = np.flatnonzero(shapes.kinds[shapes.corners[:, 0]] == GROUND)
    found = np.zeros(len(bottom))
    if not len(ground):
        return found
    bounds = np.searchsorted(ground, shapes.triangles)
    owner = np.repeat(np.arange(len(bottom)), np.diff(bounds))
    corners = shapes.positions[shapes.corners[ground]]
    below = corners[:, :, 2].max(axis=1) - bottom[owner]
    raised = np.flatnonzero(below > _LOWEST_M)
    if len(raised):
        plan = corners[raised, :, :2]
        wide = np.linalg.norm(plan - np.roll(plan, 1, axis=1), axis=2).max(axis=1)
        np.maximum.at(found, owner[raised], np.minimum(below[raised], wide))
    return found


def footprints(wkb: list[bytes | None]) -> NDArray[Any]:
    """(b,) shapely geometries in longitude and latitude; None where there is none or it is no area."""
    import shapely

    found = shapely.from_wkb(np.array(wkb, dtype=object), on_invalid="ignore")
    found[~np.isin(shapely.get_type_id(found), (3, 6))] = None  # Polygon, MultiPolygon
    found[shapely.is_empty(found)] = None
    return np.asarray(found)


def simple_forms(
    areas: NDArray[Any] | Outlines, profile: Profile
) -> tuple[tuple[Shapes, Floats], tuple[Shapes, Floats]]:
    """Extrude footprints as rectangles, and as they are but for small corners.

    Args:
        areas: (b,) shapely polygons in metres of the profile's frame, or None; or the same laid out.
        profile: Heights of the buildings.

    Returns:
        Twice the shapes and how far, in metres, each is from the true building: the sum of the measured
        vertical difference, of the Hausdorff distance between footprint and drawn outline, and of what the
        roof juts out. It is infinite where no block can be made.
    """
    count = len(profile.top)
    outlines = areas if isinstance(areas, Outlines) else laid_out(areas)
    high = profile.top - profile.bottom > _LOWEST_M
    vertical = profile.error + _juts(outlines, profile)
    simpler, away = simplified(outlines, count)
    around, farther = rectangles(simpler, count)
    forms = []
    # What is around the simpler outline is no farther from the true one than both distances together.
    for drawn, distances in ((around, away + farther), (simpler, away)):
        errors = vertical + distances
        errors[~high | ~np.isfinite(errors)] = np.inf
        forms.append((extruded(drawn.some(np.isfinite(errors)), profile.bottom, profile.top), errors))
    return forms[0], forms[1]


def _juts(outlines: Outlines, profile: Profile) -> Floats:
    """(b,) how far the box around a building reaches beyond that around its footprint, or the other way."""
    bounds = outlines.bounds(len(profile.top))
    filled = np.diff(bounds) > 0
    found = np.full(len(filled), np.inf)
    if filled.any():
        starts = bounds[:-1][filled]
        low = np.minimum.reduceat(outlines.corners, starts, axis=0) - profile.low[filled]
        high = np.maximum.reduceat(outlines.corners, starts, axis=0) - profile.high[filled]
        found[filled] = np.maximum(np.abs(low), np.abs(high)).max(axis=1)
    return found


def extruded(outlines: Outlines, bottom: Floats, top: Floats) -> Shapes:
    """Walls at each edge, as strips, then the roof: five vertices for every corner of an outline.

    Args:
        outlines: Of some of the buildings, metres.
        bottom: (b,) where their walls begin, metres.
        top: (b,) where their roofs lie.
    """
    buildings = len(top)
    bounds = outlines.bounds(buildings)
    counts = np.diff(bounds)
    owner = outlines.corner_owners
    walls = np.arange(len(owner)) * 4 + np.repeat(bounds[:-1], counts)  # first vertex of each
    roofs = np.arange(len(owner)) + np.repeat(4 * bounds[1:], counts)
    x, y = np.ascontiguousarray(outlines.corners[:, 0]), np.ascontiguousarray(outlines.corners[:, 1])
    east, north = shifted(x, outlines.rings), shifted(y, outlines.rings)
    bottom, top = bottom[owner], top[owner]
    positions = np.empty((5 * len(owner), 3))
    for corner, values in enumerate(((x, y, top), (x, y, bottom), (east, north, top), (east, north, bottom))):
        for axis, value in enumerate(values):
            positions[walls + corner, axis] = value
    top_corners = np.column_stack((x, y, top))
    positions[roofs] = top_corners
    normals = np.zeros((len(positions), 3), dtype=np.float32)
    length = np.hypot(east - x, north - y)
    thin = length < _THINNEST_M  # two corners in one place: seen from nowhere, but its normal has a length
    length[thin] = 1
    for corner in range(4):  # outer rings run counter-clockwise: outside is to the right
        normals[walls + corner, 0] = np.where(thin, 1, (north - y) / length)
        normals[walls + corner, 1] = np.where(thin, 0, (x - east) / length)
    normals[roofs, 2] = 1
    kinds = np.full(len(positions), WALL, dtype=np.uint8)
    kinds[roofs] = ROOF
    corners, triangles = _triangles(outlines, top_corners, walls, bounds)
    return Shapes(positions, normals, kinds, corners, 5 * bounds, triangles)


def _triangles(outlines: Outlines, top: Floats, walls: Ints, bounds: Ints) -> tuple[NDArray[np.uint32], Ints]:
    """Two for each wall, then those of the roof, building by building; and the buildings' offsets."""
    faces = np.full(len(outlines.owners), Face.ROOF, dtype=np.uint8)
    lids = Polygons(top, outlines.rings, outlines.parts, faces, outlines.owners)
    if len(faces):
        rings = area_vectors(top, outlines.rings)  # holes run the other way round
        roof = triangulate(lids, np.add.reduceat(rings, outlines.parts[:-1], axis=0))
        flat, parts = roof.corners, roof.offsets
    else:
        flat, parts = np.zeros((0, 3), dtype=np.uint32), np.zeros(1, dtype=np.int64)
    lid_bounds = parts[np.searchsorted(outlines.owners, np.arange(len(bounds)))]
    counts = np.diff(bounds)
    ends = offsets(2 * counts + np.diff(lid_bounds))
    corners = np.empty((ends[-1], 3), dtype=np.uint32)
    place = 2 * np.arange(len(walls)) + np.repeat(ends[:-1] - 2 * bounds[:-1], counts)
    for number, each in enumerate(CORNERS):
        corners[place + number] = walls[:, None] + each
    sizes = np.diff(lid_bounds)
    place = np.arange(len(flat)) + np.repeat(ends[1:] - lid_bounds[1:], sizes)
    corners[place] = flat + np.repeat(4 * bounds[1:], sizes)[:, None]
    return corners, ends
