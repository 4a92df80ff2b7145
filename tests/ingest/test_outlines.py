"""Outlines of things that stand on several faces: one union, whether they touch or not."""

import numpy as np
import pytest
import shapely

from ingest.outlines import outlines
from twin.record import Face, Solid
from twin.solids import Solids


def slabs(*boxes):
    rings = [[(x0, y0, 5), (x0, y1, 5), (x1, y1, 5), (x1, y0, 5)] for x0, y0, x1, y1 in boxes]
    points = np.array([corner for ring in rings for corner in ring], dtype=float)
    ends = np.arange(len(rings) + 1, dtype=np.int32)
    return Solid(points, ends * 4, ends, np.full(len(rings), Face.GROUND, dtype=np.uint8))


APART = [(0, 0, 4, 4), (5, 0, 8, 3)]
TOUCHING = [(0, 0, 4, 4), (4, 1, 8, 3)]
OVERLAPPING = [(0, 0, 4, 4), (2, 2, 6, 6)]
CORNER = [(0, 0, 4, 4), (4, 4, 6, 6)]
INSIDE = [(0, 0, 9, 9), (2, 2, 3, 3)]
MANY = [(10 * n, 0, 10 * n + 4, 4) for n in range(9)]
NOTHING = [(0, 0, 4, 4), (6, 0, 6, 3)]
CASES = [
    APART,
    TOUCHING,
    OVERLAPPING,
    CORNER,
    INSIDE,
    MANY,
    NOTHING,
    [*APART, (-5, 0, -1, 2)],
    [(0, 0, 1, 1)],
]


@pytest.mark.parametrize("case", CASES)
def test_the_outline_is_the_union(case):
    (found,) = outlines(Solids.of([slabs(*case)]))
    wanted = shapely.union_all([shapely.box(*box) for box in case if box[0] < box[2]])
    assert shapely.to_wkb(shapely.normalize(found)) == shapely.to_wkb(shapely.normalize(wanted))


def test_each_is_found_among_others():
    found = outlines(Solids.of([slabs(*case) for case in CASES]))
    alone = [outlines(Solids.of([slabs(*case)]))[0] for case in CASES]
    assert shapely.equals_exact(shapely.normalize(found), shapely.normalize(alone), 0).all()
