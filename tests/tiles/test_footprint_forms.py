import tracemalloc

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from tiles.footprints import SIMPLIFY_M, laid_out, rectangles, simplified

L_SHAPE = shapely.Polygon([(0, 0), (20, 0), (20, 8), (8, 8), (8, 15), (0, 15)])
COURTYARD = shapely.box(0, 0, 40, 40).difference(shapely.box(15, 15, 25, 25))
PAIR = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(14, 0, 20, 6)])


def areas(*shapes):
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


def polygons(outlines):
    """The outlines as shapely polygons."""
    made = []
    for part in range(len(outlines.owners)):
        rings = [
            outlines.corners[outlines.rings[r] : outlines.rings[r + 1]]
            for r in range(outlines.parts[part], outlines.parts[part + 1])
        ]
        made.append(shapely.Polygon(rings[0], rings[1:]))
    return made


def test_laying_out_keeps_holes_parts_and_owners_and_turns_rings():
    backwards = shapely.Polygon(L_SHAPE.exterior.coords[::-1])
    shapes = areas(backwards, None, COURTYARD, shapely.Point(0, 0), shapely.Polygon(), PAIR)
    outlines = laid_out(shapes)
    assert outlines.owners.tolist() == [0, 2, 5, 5]
    assert [p.area for p in polygons(outlines)] == [L_SHAPE.area, COURTYARD.area, 100, 36]
    assert [p.exterior.is_ccw for p in polygons(outlines)] == [True] * 4
    assert [r.is_ccw for p in polygons(outlines) for r in p.interiors] == [False]
    assert outlines.bounds(6).tolist() == [0, 6, 6, 14, 14, 14, 22]
    some = outlines.some(np.array([True, True, False, True, True, True]))
    assert some.owners.tolist() == [0, 5, 5]
    assert [p.area for p in polygons(some)] == [L_SHAPE.area, 100, 36]


@st.composite
def footprints(draw):
    count = draw(st.integers(3, 30))
    radii = draw(st.lists(st.floats(3, 10), min_size=count, max_size=count))
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False) + draw(st.floats(0, 6))
    ring = [(r * np.cos(a), r * np.sin(a)) for r, a in zip(radii, angles, strict=True)]
    return affinity.translate(
        shapely.Polygon(ring), draw(st.floats(-3000, 3000)), draw(st.floats(-3000, 3000))
    )


@settings(deadline=None)
@given(st.lists(footprints() | st.sampled_from([L_SHAPE, COURTYARD, PAIR]), min_size=1, max_size=4))
def test_rectangles_hold_their_building_and_say_how_far_they_are_from_it(shapes):
    outlines = laid_out(areas(*shapes))
    found, distances = rectangles(outlines, len(shapes))
    assert found.owners.tolist() == list(range(len(shapes)))
    for rectangle, shape, distance in zip(polygons(found), shapes, distances, strict=True):
        assert rectangle.buffer(1e-6).covers(shape)
        assert rectangle.area <= 1.5 * shapely.oriented_envelope(shape).area  # along an edge, not of the hull
        corners = shapely.hausdorff_distance(rectangle, shape)
        west, south, east, north = rectangle.bounds
        there = shapely.points(
            np.stack(np.meshgrid(np.linspace(west, east, 60), np.linspace(south, north, 60)), -1)
        )
        farthest = max(corners, shapely.distance(there[shapely.covers(rectangle, there)], shape).max())
        between = np.hypot(east - west, north - south) / 8
        assert farthest - SIMPLIFY_M <= distance <= farthest + between


@pytest.mark.parametrize("angle", [0, 33, 118])
def test_what_a_rectangle_covers_of_a_courtyard_or_a_bay_counts(angle):
    court = shapely.box(0, 0, 40, 40).difference(shapely.box(5, 5, 35, 35))
    bay = shapely.box(0, 0, 40, 30).difference(shapely.box(4, 4, 36, 30))
    solid = shapely.box(0, 0, 40, 40)
    turned = [affinity.rotate(shape, angle) for shape in (court, bay, solid)]
    _, distances = rectangles(laid_out(areas(*turned)), 3)
    assert 15 <= distances[0] <= 19
    assert 16 <= distances[1] <= 20
    assert distances[2] == pytest.approx(0, abs=1e-9)


@settings(deadline=None)
@given(footprints(), st.floats(0, 360))
def test_around_a_convex_outline_the_corners_are_the_farthest(shape, angle):
    for convex in (shape.convex_hull, affinity.rotate(L_SHAPE, angle).convex_hull):
        found, distances = rectangles(laid_out(areas(convex)), 1)
        (rectangle,) = polygons(found)
        assert distances[0] == pytest.approx(shapely.hausdorff_distance(rectangle, convex), abs=1e-6)


def test_a_convex_outline_that_is_not_alone_is_looked_into():
    apart = shapely.MultiPolygon([shapely.box(0, 0, 40, 2), shapely.box(0, 38, 40, 40)])
    court = shapely.box(0, 0, 40, 40).difference(shapely.box(2, 2, 38, 38))
    _, distances = rectangles(laid_out(areas(apart, shapely.box(0, 0, 9, 9), court)), 3)
    assert distances.tolist() == pytest.approx([18, 0, 18], abs=4)


def test_a_town_is_asked_in_pieces_and_each_building_gets_the_same_answer():
    shapes = [affinity.rotate(each, 3 * n) for n in range(400) for each in (L_SHAPE, COURTYARD, PAIR)]
    tracemalloc.start()
    _, together = rectangles(laid_out(areas(*shapes)), len(shapes))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    alone = [rectangles(laid_out(areas(each)), 1)[1][0] for each in shapes]
    assert together.tolist() == pytest.approx(alone, abs=1e-9)
    assert peak < 16e6  # all at once 40 MB, and more for a larger tile


def test_a_rectangle_is_its_own():
    turned = affinity.rotate(shapely.box(0, 0, 12, 7), 33)
    found, distances = rectangles(laid_out(areas(None, turned)), 2)
    assert polygons(found)[0].normalize().equals_exact(turned.normalize(), 1e-9)
    assert np.isinf(distances[0])
    assert distances[1] == pytest.approx(0, abs=1e-9)


@settings(deadline=None)
@given(st.lists(footprints() | st.sampled_from([L_SHAPE, COURTYARD, PAIR]), min_size=1, max_size=4))
def test_simplified_outlines_say_how_far_they_are_from_the_true_ones(shapes):
    found, distances = simplified(laid_out(areas(*shapes)), len(shapes))
    for place, (shape, distance) in enumerate(zip(shapes, distances, strict=True)):
        parts = [p for p, owner in zip(polygons(found), found.owners, strict=True) if owner == place]
        simpler = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
        assert distance == pytest.approx(shapely.hausdorff_distance(simpler, shape), abs=1e-6)
        assert distance <= 2 * SIMPLIFY_M


def test_corners_on_a_straight_wall_go_and_true_ones_stay():
    dented = shapely.Polygon(
        [(0, 0), (5, 0.1), (10, 0), (10, 4), (10.2, 5), (10, 6), (10, 10), (0, 10), (0, 5)]
    )
    (found,) = polygons(simplified(laid_out(areas(dented)), 1)[0])
    assert found.normalize().equals(shapely.box(0, 0, 10, 10).normalize())
    for kept in (L_SHAPE, COURTYARD, shapely.Polygon([(0, 0), (0.2, 0.1), (0.1, 3)])):
        found, distances = simplified(laid_out(areas(kept)), 1)
        assert polygons(found)[0].normalize().equals(kept.normalize())
        assert distances.tolist() == [0]


def test_no_outline_at_all():
    outlines = laid_out(areas(None, None))
    assert np.isinf(rectangles(outlines, 2)[1]).all()
    assert np.isinf(simplified(outlines, 2)[1]).all()
