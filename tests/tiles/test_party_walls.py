import dataclasses
from itertools import pairwise

import numpy as np
import pytest
import shapely
from houses_made import gabled, solid
from hypothesis import given, settings
from hypothesis import strategies as st

from tiles.blocks import Profile, simple_forms
from tiles.levels import Levels, simplified
from tiles.party_walls import without_party_walls
from tiles.polygons import gather
from tiles.shapes import joined, picked, shaped


def row(tops, *, bottom=0.0, width=8.0, angle=0.0):
    """Blocks side by side, drawn up to `tops`."""
    boxes = np.array([shapely.box(i * width, 0, (i + 1) * width, 12) for i in range(len(tops))])
    boxes = np.array([shapely.affinity.rotate(box, angle, origin=(0, 0)) for box in boxes])
    bounds = shapely.bounds(boxes)
    count = len(tops)
    profile = Profile(
        bottom=np.full(count, bottom) if np.isscalar(bottom) else np.array(bottom),
        top=np.array(tops, dtype=float),
        error=np.zeros(count),
        low=bounds[:, :2],
        high=bounds[:, 2:],
        size=np.full(count, 20.0),
    )
    return simple_forms(boxes, profile)[1][0]


def area(shapes):
    a, b, c = np.moveaxis(shapes.positions[shapes.corners], 1, 0)
    return np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2


def walls(shapes):
    """Walls of each building."""
    return (np.diff(shapes.triangles) - 2) // 2  # a roof has two triangles


def test_the_lower_wall_goes_and_both_where_heights_agree():
    found = without_party_walls(row([6, 6, 9, 5]), 0.1)
    assert walls(found).tolist() == [3, 2, 4, 3]
    assert found.counts.tolist() == [16, 12, 20, 16]
    outside = 4 * 8 * 12 + 2 * 8 * (6 + 6 + 9 + 5) + 12 * (6 + 9 + 9 + 5)
    assert area(found) == pytest.approx(outside)  # the taller one's wall is drawn down to the ground


def test_walls_whose_heights_differ_by_less_than_a_pixel_agree():
    assert walls(without_party_walls(row([6, 6.4]), 0.5)).tolist() == [3, 3]
    assert walls(without_party_walls(row([6, 6.4]), 0.3)).tolist() == [3, 4]
    assert walls(without_party_walls(row([6, 6.4], bottom=[-1.0, 0.0]), 0.3)).tolist() == [4, 4]


def test_a_true_house_beside_a_block_is_treated_alike():
    house, _ = shaped(gather([solid(gabled(8, 12, 5, 8))]), 1)
    local = dataclasses.replace(house, positions=house.positions - house.positions.min(axis=0))
    both = joined([local, picked(row([5.0, 9.0]), np.array([1]))])
    found = without_party_walls(both, 0.1)
    assert found.counts.tolist() == both.counts.tolist()  # its wall to the neighbour is a gable, no rectangle
    turned, _ = shaped(
        gather(
            [solid([(f, [[(y, -x, z) for x, y, z in r] for r in rings]) for f, rings in gabled(12, 8, 5, 8)])]
        ),
        1,
    )
    local = dataclasses.replace(turned, positions=turned.positions - turned.positions.min(axis=0))
    both = joined([local, picked(row([5.0, 9.0]), np.array([1]))])
    assert (both.counts - without_party_walls(both, 0.1).counts).tolist() == [4, 0]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(3, 12), min_size=1, max_size=8), st.floats(0, 90))
def test_only_inner_walls_go_and_everything_else_stays_as_it_is(tops, angle):
    shapes = row(tops, angle=angle)
    found = without_party_walls(shapes, 0.1)
    assert len(found.counts) == len(shapes.counts)
    inner = sum(2 if a == b else 1 for a, b in pairwise(tops))
    assert len(shapes.corners) - len(found.corners) <= 2 * inner  # corners may lie either side of a grid line
    if angle == 0:
        assert len(shapes.corners) - len(found.corners) == 2 * inner
    kept = {tuple(p) for p in found.positions.round(6).tolist()}
    assert kept <= {tuple(p) for p in shapes.positions.round(6).tolist()}
    assert found.corners.max() == len(found.positions) - 1
    edges = found.positions[found.corners]
    normals = np.cross(edges[:, 1] - edges[:, 0], edges[:, 2] - edges[:, 0])
    assert (np.einsum("ij,ij->i", normals, found.normals[found.corners[:, 0]]) > 0).all()


def test_nothing_to_do_changes_nothing():
    for shapes in (row([6]), picked(row([6, 6]), np.array([], dtype=np.int64))):
        assert without_party_walls(shapes, 1) is shapes


def test_a_tile_that_shows_all_as_it_is_keeps_every_wall():
    shapes = row([6, 6])
    errors = np.stack([np.full(2, 30.0), np.zeros(2)])
    levels = Levels(np.eye(4), np.arange(2), (row([3, 3]), shapes), errors, np.full(2, 20.0))
    assert walls(simplified(levels, 8.0).shapes).tolist() == [4, 4]
    assert walls(simplified(levels, 40.0).shapes).tolist() == [3, 3]
