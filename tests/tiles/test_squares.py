"""The short way to ECEF is the exact one, to within half a millimetre, wherever it is used."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiles import squares
from tiles.geodesy import Geodesy
from tiles.squares import SIDE_M, TOLERANCE_M, to_ecef
from twin.city import Heights

FRAMES = [("EPSG:25832", 690000, 5336000), ("EPSG:25833", 400000, 5800000), ("EPSG:31256", 1000, 340000)]


def geodesy(crs):
    return Geodesy(crs, Heights(crs="EPSG:5714", undulation_m=45.66), None, stated=True)


@pytest.mark.parametrize(("crs", "east", "north"), FRAMES)
@given(seed=st.integers(0, 2**32 - 1), size=st.floats(0.1, 600))
def test_it_is_the_exact_way(crs, east, north, seed, size):
    random = np.random.default_rng(seed)
    counts = random.integers(1, 9, 12)
    corners = np.array([east, north, 500]) + random.uniform(-2000, 2000, (12, 3)) * (1, 1, 0.1)
    points = np.repeat(corners, counts, axis=0) + random.uniform(0, size, (counts.sum(), 3))
    exact = geodesy(crs).to_ecef(points)
    assert np.abs(to_ecef(geodesy(crs), points, counts) - exact).max() <= TOLERANCE_M


def test_a_point_goes_where_it_always_went_whatever_is_around_it():
    here = geodesy("EPSG:25832")
    points = np.array([[690010.0, 5336010, 510], [690900, 5336900, 530], [690020, 5336020, 515]])
    alone = to_ecef(here, points[:1], np.array([1]))
    squares._kept.cache_clear()
    assert np.array_equal(to_ecef(here, points, np.array([1, 1, 1]))[:1], alone)


def test_what_sticks_out_far_takes_the_exact_way():
    here = geodesy("EPSG:25832")
    points = np.array([[690010.0, 5336010, 510], [690010 + 9 * SIDE_M, 5336010, 510]])
    assert np.abs(to_ecef(here, points, np.array([2])) - here.to_ecef(points)).max() <= TOLERANCE_M


def test_what_lies_nowhere_has_no_place():
    here = geodesy("EPSG:25832")
    points = np.array([[1e300, 5336010.0, 510], [690010, 5336010, 510]])
    found = to_ecef(here, points, np.array([1, 1]))
    assert np.isfinite(found).all(axis=1).tolist() == [False, True]
