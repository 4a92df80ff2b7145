"""Plans: footprints of buildings, as they lie on a shelf, in the plane of a frame.

PROJ is not asked: longitude, latitude and a height above the ellipsoid are a place on earth by themselves.
"""

from typing import TYPE_CHECKING

import numpy as np

from tiles.blocks import footprints
from tiles.footprints import Outlines, laid_out
from tiles.polygons import Floats, offsets, shifted, spans
from tiles.tree import Matrix, ecef_of, height_near, to_local

if TYPE_CHECKING:
    import pyarrow as pa

_HEAD = 13
"""Bytes of a polygon's WKB before the points of its first ring: byte order, type, rings, points."""


def plans(column: "pa.Array", ecef: Floats, drops: Floats, frame: Matrix) -> Outlines:
    """Footprints in metres east and north of `frame`; without those that have no place on earth.

    Args:
        column: (b,) WKB in longitude and latitude, null where there is none.
        ecef: (b, 3) a point of each building in EPSG:4978, NaN where there is none.
        drops: (b,) metres from there down to its bottom.
        frame: Of the result.
    """
    outlines = outlines_of(column)
    if not len(outlines.owners):
        return outlines
    owners = outlines.corner_owners
    longitude, latitude = np.radians(outlines.corners.T)
    starts = outlines.bounds(len(drops))[:-1].clip(max=len(owners) - 1)
    heights = height_near(ecef, latitude[starts]) - drops
    local = to_local(frame, ecef_of(longitude, latitude, heights[owners]))[:, :2]
    lost = ~np.isfinite(local).all(axis=1)
    placed = Outlines(local, outlines.rings, outlines.parts, outlines.owners)
    if lost.any():
        keep = np.ones(len(drops), dtype=bool)
        keep[owners[lost]] = False
        placed = placed.some(keep)
    return placed


def outlines_of(column: "pa.Array") -> Outlines:
    """WKB as arrays: polygons of one ring, as most are, all at once; others one by one."""
    _, ends, body = column.buffers()
    bounds = np.frombuffer(ends, np.int32)[column.offset : column.offset + len(column) + 1].astype(np.int64)
    data = np.frombuffer(body, np.uint8) if body is not None else np.zeros(0, np.uint8)
    starts, sizes = bounds[:-1], np.diff(bounds)
    simple = np.flatnonzero((sizes > _HEAD) & np.asarray(column.is_valid()))
    head = data[starts[simple, None] + np.arange(_HEAD)]
    kind, rings, points = (
        np.ascontiguousarray(head[:, at : at + 4]).view("<u4").ravel().astype(np.int64) for at in (1, 5, 9)
    )
    alike = (head[:, 0] == 1) & (kind == 3) & (rings == 1) & (points > 3)
    alike &= sizes[simple] == _HEAD + 16 * points
    simple, points = simple[alike], points[alike] - 1  # the last one repeats the first
    corners = data[spans(starts[simple] + _HEAD, 16 * points)].view("<f8").reshape(-1, 2)
    found = _anticlockwise(Outlines(corners, offsets(points), np.arange(len(simple) + 1), simple))
    rest = np.ones(len(column), dtype=bool)
    rest[simple] = False
    if not (rest & (sizes > 0)).any():
        return found
    others = [wkb if other else None for wkb, other in zip(column.to_pylist(), rest.tolist(), strict=True)]
    return _merged(found, laid_out(footprints(others)))


def _anticlockwise(outlines: Outlines) -> Outlines:
    """Single rings, all of them counter-clockwise."""
    rings, corners = outlines.rings, outlines.corners
    if not len(corners):
        return outlines
    x, y = (corners[:, axis] - np.repeat(corners[rings[:-1], axis], np.diff(rings)) for axis in (0, 1))
    areas = np.add.reduceat(x * shifted(y, rings) - y * shifted(x, rings), rings[:-1])
    sizes = np.diff(rings)
    number = np.arange(len(corners)) - np.repeat(rings[:-1], sizes)
    # The first one stays the first.
    number = np.where(np.repeat(areas < 0, sizes), np.repeat(sizes, sizes) - number, number)
    number[number == np.repeat(sizes, sizes)] = 0
    return Outlines(
        corners.take(np.repeat(rings[:-1], sizes) + number, axis=0), rings, outlines.parts, outlines.owners
    )


def _merged(one: Outlines, other: Outlines) -> Outlines:
    """Both, sorted by building."""
    owners = np.concatenate((one.owners, other.owners))
    order = np.argsort(owners, kind="stable")
    counts = np.concatenate((np.diff(one.parts), np.diff(other.parts)))
    sizes = np.concatenate((np.diff(one.rings), np.diff(other.rings)))
    rings = spans(offsets(counts)[:-1][order], counts[order])
    places = spans(offsets(sizes)[:-1][rings], sizes[rings])
    corners = np.concatenate((one.corners, other.corners)).take(places, axis=0)
    return Outlines(corners, offsets(sizes[rings]), offsets(counts[order]), owners[order])
