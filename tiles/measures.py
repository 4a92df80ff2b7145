"""Measures: what the faces of a building say about it: heights, areas, roofs by direction, volume.

All buildings at once. Lengths and areas hold in the plane of the CRS that the points are given in; "north" is
grid north, which lies within two degrees of true north in the UTM zones of a city.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tiles.polygons import Floats, Ints, Mask, Polygons, with_rings
from tiles.seams import seamless
from tiles.shapes import GROUND, ROOF, kinds_of
from tiles.winding import Winding, wound

FLAT_DEG = 5.0
"""Roofs below this slope face nowhere: EN 1991-1-4, 7.2.3 calls them flat. The direction of a flatter face
is that of its heights' last centimetres."""
_FLAT = float(np.cos(np.radians(FLAT_DEG)))
_LEAST_M3 = 1e-3
"""Shells that enclose less are folded sheets."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Measures of buildings, each (b,) with NaN where the source does not tell."""

    height_m: Floats
    """Highest minus lowest point."""
    eaves_height_m: Floats
    """Height of the general eaves above ground level.

    Every roof face begins at its lowest point. The general eaves are the height below which the faces begin
    that cover the larger half of the roof, seen from above (the area-weighted lower median): a garage or a
    porch beside the house does not pull them down, nor a dormer up. This measures what INSPIRE's
    ElevationReferenceValue calls ``generalEave``. Ground level is the lowest point.
    """
    ridge_height_m: Floats
    """Highest point of the roof faces above ground level (``highestRidge``)."""
    footprint_m2: Floats
    """Area of the ground faces seen from above; without any, that of the roof faces."""
    roof_area_m2: Floats
    """True area of the roof faces, as sloped as they are."""
    roof_north_m2: Floats
    """True area of the roof faces that look north, within 45 degrees."""
    roof_east_m2: Floats
    roof_south_m2: Floats
    roof_west_m2: Floats
    roof_flat_m2: Floats
    """True area of the roof faces with a slope below `FLAT_DEG`."""
    roof_slope_deg: Floats
    """Mean slope of the roof faces, weighted by true area."""
    volume_m3: Floats
    """Volume inside the shells, where they close."""
    closed: Mask
    """Whether the faces close: every edge is run as often in one direction as in the other, in whole or in
    pieces, points taken as one to the millimetre."""


def measured(polygons: Polygons, buildings: int) -> Measures:
    """Measure `buildings` buildings as their source describes them.

    Args:
        polygons: Sorted by owner, finite, in metres near zero (a local frame, or a metric CRS less an
            offset), the third axis up. Faces of unknown kind count as roof, wall or ground by their slope;
            which way round the rings run does not matter.
        buildings: Number of owners; one without faces has no measures.
    """
    polygons = with_rings(polygons)
    if not len(polygons.faces):
        return _nothing(buildings)
    winding = wound(polygons)
    polygons = winding.polygons
    vectors, owners, first = winding.vectors, polygons.owners, winding.starts
    there = owners[first]
    areas = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    up = vectors[:, 2] / areas.clip(1e-12)
    kinds = kinds_of(polygons.faces, up)
    heights = np.ascontiguousarray(polygons.points[:, 2])
    starts = polygons.point_offsets[:-1]
    lowest, highest = np.minimum.reduceat(heights, starts), np.maximum.reduceat(heights, starts)
    bottom = _placed(np.minimum.reduceat(lowest, first), there, buildings)
    top = _placed(np.maximum.reduceat(highest, first), there, buildings)
    roof = np.flatnonzero((kinds == ROOF) & (areas > 0))
    eaves, ridge = _roof_heights(
        lowest[roof], highest[roof], np.abs(vectors[roof, 2]), owners[roof], buildings
    )
    parts, slope = _roof_areas(vectors[roof], areas[roof], owners[roof], buildings)
    volume, closed = _volumes(polygons, winding)
    return Measures(
        height_m=top - bottom,
        eaves_height_m=eaves - bottom,
        ridge_height_m=ridge - bottom,
        footprint_m2=_footprints(owners, kinds, np.abs(vectors[:, 2]), buildings),
        roof_area_m2=parts.sum(axis=1),
        roof_north_m2=parts[:, 0],
        roof_east_m2=parts[:, 1],
        roof_south_m2=parts[:, 2],
        roof_west_m2=parts[:, 3],
        roof_flat_m2=parts[:, 4],
        roof_slope_deg=slope,
        volume_m3=_placed(volume, there, buildings),
        closed=_placed(closed, there, buildings) > 0,
    )


def _placed(values: NDArray[Any], there: Ints, buildings: int) -> Floats:
    """(b,) the values of the buildings `there`, NaN for the others."""
    found = np.full(buildings, np.nan)
    found[there] = values
    return found


def _roof_heights(
    lowest: Floats, highest: Floats, plan: Floats, owners: Ints, buildings: int
) -> tuple[Floats, Floats]:
    """(b,) heights of the general eaves and of the ridge; NaN without a roof."""
    eaves, ridge = np.full(buildings, np.nan), np.full(buildings, np.nan)
    if not len(owners):
        return eaves, ridge
    first = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]])
    there = owners[first]
    ridge[there] = np.maximum.reduceat(highest, first)
    order = np.lexsort((lowest, owners))
    weights = plan[order]
    below = np.cumsum(weights)
    before = below[first] - weights[first]
    half = np.add.reduceat(weights, first) / 2
    # The last face of the smaller half is the first one whose running sum reaches half of the building's.
    reached = below >= np.repeat(before + half * (1 - 1e-9), np.diff(np.r_[first, len(owners)]))
    place = np.where(reached, np.arange(len(owners)), len(owners))
    eaves[there] = lowest[order][np.minimum.reduceat(place, first).clip(max=len(owners) - 1)]
    return eaves, ridge


def _roof_areas(vectors: Floats, areas: Floats, owners: Ints, buildings: int) -> tuple[Floats, Floats]:
    """(b, 5) true areas to the north, east, south, west, and flat; (b,) mean slope; NaN without a roof."""
    up = vectors[:, 2] / areas
    flat = np.abs(up) > _FLAT
    # A roof that looks down (an overhang drawn as roof) still lies on its upper side.
    east, north = vectors[:, 0] * np.sign(up), vectors[:, 1] * np.sign(up)
    side = np.where(north > np.abs(east), 0, np.where(-north > np.abs(east), 2, np.where(east >= 0, 1, 3)))
    places = owners * 5 + np.where(flat, 4, side)
    parts: Floats = np.bincount(places, areas, minlength=buildings * 5).astype(float).reshape(-1, 5)
    parts[parts.sum(axis=1) == 0] = np.nan
    slopes = np.degrees(np.arccos(np.abs(up).clip(max=1)))
    return parts, np.bincount(owners, areas * slopes, minlength=buildings) / parts.sum(axis=1)


def _footprints(owners: Ints, kinds: NDArray[np.uint8], plan: Floats, buildings: int) -> Floats:
    ground = np.bincount(owners, np.where(kinds == GROUND, plan, 0.0), minlength=buildings)
    roof = np.bincount(owners, np.where(kinds == ROOF, plan, 0.0), minlength=buildings)
    area = np.where(ground > 0, ground, roof)
    return np.where(area > 0, area, np.nan)


def _volumes(polygons: Polygons, winding: Winding) -> tuple[Floats, Mask]:
    """Volumes of the buildings that have faces (NaN for open ones), and whether their shells close.

    Divergence theorem over the fans from each ring's first point: exact even where a face is not plane.
    """
    first = winding.starts
    rings = polygons.polygons[first]
    sizes = np.diff(np.r_[rings, len(winding.rings)])
    apexes = polygons.points[polygons.rings[:-1]]
    apexes = apexes - np.repeat(apexes[rings], sizes, axis=0)  # near zero: keeps digits
    volume = np.add.reduceat(np.einsum("ij,ij->i", apexes, winding.rings), rings) / 3
    closed = seamless(polygons, winding) & (volume > _LEAST_M3)
    return np.where(closed, volume, np.nan), closed


def _nothing(buildings: int) -> Measures:
    unknown = {one.name: np.full(buildings, np.nan) for one in fields(Measures)}
    return Measures(**{**unknown, "closed": np.zeros(buildings, dtype=bool)})
