from itertools import pairwise

import numpy as np
import pytest
from houses_made import gabled, solid
from hypothesis import given, settings
from hypothesis import strategies as st

from tiles.polygons import gather
from tiles.shapes import WALL, shaped
from tiles.strips import CORNERS
from tiles.triangulate import triangulate
from twin.record import Face


def local(polygons):
    made = gather([solid(polygons)])
    return type(made)(
        made.points - made.points.mean(axis=0), made.rings, made.polygons, made.faces, made.owners
    )


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 3), min_size=7, max_size=7), st.lists(st.booleans(), min_size=7, max_size=7))
def test_walls_are_strips_from_above_wherever_their_rings_begin(starts, backwards):
    turned = [
        (face, [(ring[start:] + ring[:start])[:: -1 if back else 1] for ring in rings])
        for (face, rings), start, back in zip(gabled(12, 9, 5, 8), starts, backwards, strict=False)
    ]
    shapes, _ = shaped(local(turned), 1)
    walls = shapes.corners[shapes.kinds[shapes.corners[:, 0]] == WALL]
    square = [pair for pair in pairwise(walls) if pair[0][0] != pair[1][0]]
    strips = [
        one
        for one, two in square
        if (one - one[0] == CORNERS[0]).all() and (two == one[0] + CORNERS[1]).all()
    ]
    assert len(strips) == 2  # the gables have five corners
    for one in strips:
        up, down, far_up, far_down = shapes.positions[one[0] + np.arange(4)]
        assert up[:2] == pytest.approx(down[:2])
        assert far_up[:2] == pytest.approx(far_down[:2])
        assert up[2] == pytest.approx(far_up[2])
        assert up[2] > down[2]
        outside = np.cross(down - up, far_up - up)
        assert outside @ shapes.normals[one[0]] > 0


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=4, max_size=4, unique=True))
def test_only_what_is_convex_becomes_a_strip_and_nothing_is_lost(ring):
    import shapely

    polygon = shapely.Polygon(ring)
    if not polygon.is_valid or polygon.area < 0.1:
        return
    shapes, notes = shaped(local([(Face.ROOF, [[(x, y, 0.3 * x) for x, y in ring]])]), 1, whole=False)
    a, b, c = np.moveaxis(shapes.positions[shapes.corners], 1, 0)
    cross = np.cross(b - a, c - a)
    assert np.abs(cross[:, 2]).sum() / 2 == pytest.approx(polygon.area, rel=1e-6)
    assert (np.einsum("ij,ij->i", cross, shapes.normals[shapes.corners[:, 0]]) > 0).all()
    assert "crossing rings drawn as far as possible" not in notes.counts


def test_a_face_bent_inwards_once_becomes_a_fan_from_there(monkeypatch):
    import mapbox_earcut

    monkeypatch.setattr(mapbox_earcut, "triangulate_float64", None)
    ring = [(0, 0, 0), (9, 0, 0), (9, 4, 0), (5, 4, 0), (5, 9, 0), (0, 9, 0)]
    for start in range(6):
        made = local([(Face.ROOF, [ring[start:] + ring[:start]])])
        found = triangulate(made, np.array([[0.0, 0.0, 61.0]]))
        assert len(found.corners) == 4
        assert np.bincount(found.corners.ravel()).max() == 4
