"""Neighbours drawn together: nothing of a town is lost from afar, and no place is farther off than told."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity

from tiles.blocks import extruded, profiles, simple_forms
from tiles.footprints import laid_out
from tiles.levels import VERTICES, Levels, coarsened, simplified, together
from tiles.masses import masses
from tiles.shapes import ROOF

SIDE = st.floats(3, 30)
HOUSE = st.tuples(st.floats(0, 120), st.floats(0, 120), SIDE, SIDE, st.floats(0, 90), st.floats(3, 25))


def outlines(houses):
    return np.array(
        [affinity.rotate(shapely.box(x, y, x + w, y + d), turn) for x, y, w, d, turn, _ in houses]
    )


def blocks(houses):
    """Each house up to its height, all on the ground at 500 m."""
    tops = np.array([500.0 + tall for *_, tall in houses])
    return extruded(laid_out(outlines(houses)), np.full(len(houses), 500.0), tops)


def places(shapes, number):
    """Points all over the faces of one building."""
    corners = shapes.corners[shapes.triangles[number] : shapes.triangles[number + 1]]
    a, b, c = (shapes.positions[corners[:, each]][:, None] for each in range(3))
    u, v = np.meshgrid(*[np.linspace(0, 1, 6)] * 2)
    u, v = u[u + v <= 1][:, None], v[u + v <= 1][:, None]
    return (a + u * (b - a) + v * (c - a)).reshape(-1, 3)


def farthest(some, others):
    """How far the farthest of some points is from the nearest of the others."""
    return max(np.linalg.norm(others - each, axis=1).min() for each in some)


@given(st.lists(HOUSE, min_size=1, max_size=4))
def test_no_place_of_a_mass_or_of_its_houses_is_farther_from_the_other_than_told(houses):
    shapes = blocks(houses)
    made, away, _ = masses(shapes, profiles(shapes).size, np.zeros(len(houses), int))
    true = np.concatenate([places(shapes, number) for number in range(len(houses))])
    apart = max(farthest(true, places(made, 0)), farthest(places(made, 0), true))
    least = 30 / 5 * 1.5  # so far are the places from each other that stand for all
    assert apart <= away[0] + least


@given(st.lists(HOUSE, min_size=1, max_size=6), st.data())
def test_a_mass_covers_what_its_houses_cover_and_has_the_place_of_the_largest(houses, data):
    groups = np.array(data.draw(st.lists(st.integers(0, 2), min_size=len(houses), max_size=len(houses))))
    _, groups = np.unique(groups, return_inverse=True)
    shapes = blocks(houses)
    sizes = profiles(shapes).size
    made, _, largest = masses(shapes, sizes, groups)
    areas = shapely.area(outlines(houses))
    for group in range(groups.max() + 1):
        members = np.flatnonzero(groups == group)
        assert sizes[largest[group]] == sizes[members].max()
        assert largest[group] in members
        heights = shapes.positions[np.isin(np.repeat(np.arange(len(houses)), shapes.counts), members), 2]
        mass = made.positions[made.vertices[group] : made.vertices[group + 1]]
        assert mass[:, 2].min() == 500
        assert 500 < mass[:, 2].max() <= heights.max() + 1e-6
        ground = shapely.MultiPoint(mass[:, :2]).convex_hull.area
        around = shapely.union_all(outlines(houses)[members]).minimum_rotated_rectangle.area
        assert ground >= min(areas[members].sum(), around) * 0.999 or len(members) > 1
        assert ground <= areas[members].sum() * 1.001


def town(count, first=0, frame=None, apart=25.0):
    """A square town of equal houses, in all the forms that tiles know."""
    side = int(np.ceil(np.sqrt(count)))
    at = [(i % side * apart, i // side * apart) for i in range(count)]
    houses = [(x, y, 12, 9, 0, 8) for x, y in at]
    shapes = blocks(houses)
    profile = profiles(shapes)
    simple = simple_forms(outlines(houses), profile)
    return Levels(
        np.eye(4) if frame is None else frame,
        np.arange(count) + first,
        (*(form for form, _ in simple), shapes),
        np.stack([*(errors for _, errors in simple), np.zeros(count)]),
        profile.size,
    )


def roofs(shapes):
    x, y, _ = (shapes.positions[:, axis][shapes.corners] for axis in range(3))
    area = (x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0]) - (x[:, 2] - x[:, 0]) * (y[:, 1] - y[:, 0])
    return area[shapes.kinds[shapes.corners[:, 0]] == ROOF].sum() / 2


@pytest.mark.parametrize("wanted", [10.0, 60.0, 400.0])
def test_a_town_is_as_full_of_roofs_from_afar_as_it_is(wanted):
    levels = town(4000)
    drawing = simplified(levels, wanted)
    assert len(drawing.shapes.positions) <= VERTICES
    assert len(drawing.ids) < 4000
    assert np.isin(drawing.ids, levels.ids).all()
    assert (np.diff(drawing.ids) > 0).all()
    assert roofs(drawing.shapes) == pytest.approx(4000 * 12 * 9, rel=0.01)


def test_what_stands_alone_stays_what_it_is():
    drawing = simplified(town(9, apart=5000.0), 2000.0)
    assert drawing.ids.tolist() == list(range(9))


def test_masses_of_masses_say_how_far_they_are_from_the_houses():
    parts = [
        town(2500, 2500 * n, np.array([[1, 0, 0, 1300.0 * n], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]))
        for n in range(2)
    ]
    coarse = together([coarsened(part, 40.0) for part in parts])
    drawing = simplified(coarse, 80.0)
    seen = drawing.shapes.positions[drawing.shapes.kinds == ROOF][:, :2]
    true = np.concatenate([p.shapes[-1].positions[:, :2] + p.frame[:2, 3] for p in parts])
    assert roofs(drawing.shapes) == pytest.approx(5000 * 12 * 9, rel=0.01)
    assert farthest(true[::50], seen) <= drawing.error
    assert drawing.error < 400


def test_roads_are_not_made_houses():
    levels = town(4000)
    drawing = simplified(levels, 400.0, blocks=False)
    assert len(drawing.ids) == 1
    assert drawing.shapes.counts.tolist() == [levels.shapes[0].counts[drawing.ids[0]]]
