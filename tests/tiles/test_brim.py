"""The brim of a terrain: how high it is taken to be beyond, to the number."""

import numpy as np
import pytest
from orders import NORTH, WEST

from tiles.brim import Brim, brim
from tiles.ground import Ground
from tiles.lattice import join
from twin.record import Raster

STEP = np.array([[[0.0, 0, 0], [10, 0, 10]]])
"""One step of the brim, which rises by ten metres."""
POST = np.array([[[0.0, 0, 4], [0, 0, 4]]])
"""A cell without a neighbour."""
FAR = np.array([[0.0, 0, 100], [0, 16, 200]])


@pytest.mark.parametrize(
    ("ends", "some", "xy", "height"),
    [
        (STEP, FAR[:1], (5, 0), 5),
        (STEP, FAR[:1], (2.5, -8), 0.25 * 2.5 + 0.75 * 100),  # half of its say is lost at 8 m, twice
        (STEP, FAR[:1], (-8, 0), 0.25 * 0 + 0.75 * 100),
        (STEP, FAR[:1], (18, 0), 0.25 * 10 + 0.75 * 100),
        (POST, FAR[:1], (0, 24), 4 / 16 + 100 * 15 / 16),
        (POST, FAR, (0, 8), 0.25 * 4 + 0.75 * 150),
        (POST, FAR, (0, 24), 4 / 16 + (100 * 128 + 200 * 640) / 768 * 15 / 16),
    ],
)
def test_a_height_is_that_of_the_nearest_place_and_from_afar_a_mean(ends, some, xy, height):
    assert Brim(ends, some, 8.0).heights(np.array([xy], float)) == pytest.approx(height)


def test_the_part_near_some_points_says_of_them_what_the_whole_says():
    y, x = np.mgrid[:80, :120].astype(float)
    heights = (500 + np.sin(x / 3) + np.cos(y / 5)).astype(np.float32)
    heights[30:50, 40:70] = np.nan
    whole = brim(join([Raster(heights, WEST, NORTH, 1.0)]))
    rng = np.random.default_rng(1)
    for corner in ((-30, 30), (130, -40), (55, -40)):
        xy = np.array([WEST, NORTH]) + corner + rng.uniform(-9, 9, (50, 2))
        part = whole.around(xy)
        np.testing.assert_array_equal(part.heights(xy), whole.heights(xy))
        assert len(part.ends) < len(whole.ends) / 2


def test_the_part_near_some_points_has_a_step_that_only_ends_there():
    ends = np.array([[[5.0, 0, 1], [5, 0, 1]], [[0, 9, 7], [0, 1, 7]]])
    whole, xy = Brim(ends, FAR, 8.0), np.array([[0.0, 0], [0.1, 0]])
    np.testing.assert_array_equal(whole.around(xy).heights(xy), whole.heights(xy))


def test_only_the_outermost_cells_are_the_brim():
    ends = brim(join([Raster(np.full((20, 30), 500, np.float32), WEST, NORTH, 1.0)])).ends
    east, south = ends[:, :, 0] - WEST, NORTH - ends[:, :, 1]
    assert (np.isin(east, (0, 29)) | np.isin(south, (0, 19))).all()


def test_the_coarsest_terrain_says_how_far_the_edge_reaches():
    heights = np.full((40, 40), 500, np.float32)
    fine, coarse = Raster(heights, WEST, NORTH, 1.0), Raster(heights, WEST + 900, NORTH, 10.0)
    assert brim(join([fine, coarse])).reach_m == 10 * brim(join([fine])).reach_m == 80


def test_without_a_terrain_nothing_is_continued():
    assert brim([]) is None
    assert Ground([], 519.0).continued().level
