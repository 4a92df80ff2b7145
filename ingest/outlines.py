"""Outlines: where solids stand on the ground, for all of a batch at once."""

from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.polygons import gathered, offsets, spans
from twin.record import Face, Solid
from twin.solids import Solids

_RANKS = np.array([0, 2, 1, 2, 2], dtype=np.int64)
"""`Face` → which are asked first: the ground faces, then the roof seen from above, then all."""

_FEW = 6
"""So many faces are looked at two by two; that is quicker than a union while they are few."""


def outlines(solids: Solids, *, upright: bool = False) -> NDArray[Any]:
    """Outline on the ground of each solid: its ground faces; where there are none, the roof from above.

    Args:
        solids: Finite, each with points.
        upright: What has no area from above (a wall, a sign) gets the line or point it stands on.

    Returns:
        (n,) shapely geometries in easting and northing, Polygon or MultiPolygon; None for a solid that
        encloses no area on the ground.
    """
    import shapely

    polygons = gathered(solids)
    ranks = _RANKS[polygons.faces]
    drawn = np.diff(solids.solids) > 0
    best = np.full(len(solids), 9)
    best[drawn] = np.minimum.reduceat(ranks, solids.solids[:-1][drawn])
    sizes = np.diff(polygons.rings)
    broken = np.add.reduceat(sizes < 3, polygons.polygons[:-1]) > 0
    chosen = np.flatnonzero((ranks == best[polygons.owners]) & ~broken)
    rings = spans(polygons.polygons[:-1][chosen], np.diff(polygons.polygons)[chosen])
    starts, lengths = polygons.rings[:-1][rings], sizes[rings]
    closed = spans(starts, lengths + 1)
    ends = offsets(lengths + 1)
    closed[ends[1:] - 1] = starts  # each ring ends where it began
    flat = np.ascontiguousarray(polygons.points.take(closed, axis=0)[:, :2])
    shapes = shapely.from_ragged_array(
        shapely.GeometryType.POLYGON, flat, (ends, offsets(np.diff(polygons.polygons)[chosen]))
    )
    wrong = ~shapely.is_valid(shapes)
    shapes[wrong] = [areas(shape) for shape in shapely.make_valid(shapes[wrong])]
    shapes[shapely.get_dimensions(shapes) != 2] = None
    owners = polygons.owners[chosen]
    found = np.full(len(solids), None, dtype=object)
    number = np.bincount(owners, minlength=len(solids))
    single = number[owners] == 1
    found[owners[single]] = shapes[single]
    for count in np.unique(number[number > 1]).tolist():
        several = np.flatnonzero(number == count)
        first = np.searchsorted(owners, several)
        found[several] = _merged(shapes[first[:, None] + np.arange(count)])
    for place in np.flatnonzero(~(shapely.area(found) > 0)):
        found[place] = _somehow(solids.at(int(place)), upright)
    return found


def _merged(shapes: NDArray[Any]) -> NDArray[Any]:
    """(n,) unions of (n, k) shapes, k of them each.

    Most buildings of several outlines have garages that stand apart: then nothing needs to be worked out.
    """
    import shapely

    apart = (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON).all(axis=1)
    if shapes.shape[1] > _FEW:
        apart[:] = False
    for one, other in combinations(range(shapes.shape[1] if apart.any() else 0), 2):
        apart[apart] = ~shapely.intersects(shapes[apart, one], shapes[apart, other])
    found = np.empty(len(shapes), dtype=object)
    found[apart] = shapely.multipolygons(shapes[apart])
    found[~apart] = shapely.union_all(shapes[~apart], axis=1)
    return found


def areas(geometry: Any) -> Any:
    """The areas of a geometry; what `make_valid` leaves as lines and points beside them falls away."""
    import shapely

    parts = [g for g in shapely.get_parts(geometry) if g.geom_type in ("Polygon", "MultiPolygon")]
    if geometry.geom_type in ("Polygon", "MultiPolygon"):
        return geometry
    return shapely.union_all(parts) if parts else geometry


def _somehow(solid: Solid, upright: bool) -> Any:
    """The outline of a solid whose first choice encloses nothing."""
    import shapely

    for wanted in ((Face.ROOF,), tuple(Face)):
        parts = [
            shape
            for face in np.flatnonzero(np.isin(solid.faces, wanted)).tolist()
            if (shape := _polygon(solid, face)) is not None
        ]
        merged = shapely.union_all(parts) if parts else None
        if merged is not None and merged.area > 0:
            return merged
    return shapely.MultiPoint(solid.points[:, :2]).convex_hull if upright else None


def _polygon(solid: Solid, index: int) -> Any:
    import shapely

    rings: list[NDArray[np.float64]] = []
    for ring in range(solid.polygons[index], solid.polygons[index + 1]):
        points = solid.points[solid.rings[ring] : solid.rings[ring + 1], :2]
        if len(points) >= 3:
            rings.append(points)
    if not rings:
        return None
    polygon = shapely.Polygon(rings[0], rings[1:])
    if not polygon.is_valid:
        polygon = areas(shapely.make_valid(polygon))
    return polygon if shapely.get_dimensions(polygon) == 2 else None
