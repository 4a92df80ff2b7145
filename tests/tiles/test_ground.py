import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiles.ground import Ground, decode_raster, encode_raster
from tiles.lattice import BLOCK, join
from twin.errors import TilingError
from twin.record import Raster

WEST, NORTH = 690000.5, 5336999.5


def plane(rows=300, columns=300, west=WEST, north=NORTH, step=1.0):
    x = west + np.arange(columns) * step
    y = north - np.arange(rows) * step
    heights = 500 + 0.03 * (x[None, :] - WEST) - 0.05 * (y[:, None] - NORTH)
    return Raster(heights.astype(np.float32), west, north, step)


def truth(xy):
    return 500 + 0.03 * (xy[:, 0] - WEST) - 0.05 * (xy[:, 1] - NORTH)


def cut(raster, rows, columns):
    """Cut a raster into pieces at these rows and columns."""
    pieces = []
    for top, bottom in zip([0, *rows], [*rows, raster.heights.shape[0]], strict=True):
        for left, right in zip([0, *columns], [*columns, raster.heights.shape[1]], strict=True):
            pieces.append(
                Raster(
                    raster.heights[top:bottom, left:right],
                    raster.west + left * raster.step,
                    raster.north - top * raster.step,
                    raster.step,
                )
            )
    return pieces


@given(seed=st.integers(0, 2**32 - 1), row=st.integers(1, 298), column=st.integers(1, 298))
@settings(max_examples=20, deadline=None)
def test_pieces_answer_like_the_whole(seed, row, column):
    rng = np.random.default_rng(seed)
    whole = plane()
    whole.heights[:] += rng.normal(size=whole.heights.shape).astype(np.float32)
    whole.heights[rng.random(whole.heights.shape) < 0.02] = np.nan
    xy = np.column_stack([rng.uniform(WEST - 3, WEST + 302, 500), rng.uniform(NORTH - 302, NORTH + 3, 500)])
    pieces = cut(whole, [row], [column])
    np.testing.assert_array_equal(Ground([whole], None).heights(xy), Ground(pieces, None).heights(xy))
    np.testing.assert_array_equal(
        Ground(pieces, None).heights(xy), Ground(list(reversed(pieces)), None).heights(xy)
    )


def test_a_slope_is_met_exactly_also_between_two_pieces():
    ground = Ground(cut(plane(), [100], [100]), None)
    line = np.linspace(99.0, 100.0, 21)  # from the last centres of one piece to the first of the next
    xy = np.column_stack([WEST + line, NORTH - line[::-1]])
    np.testing.assert_allclose(ground.heights(xy), truth(xy), atol=1e-4)


def test_centres_give_their_own_cell():
    raster = plane(40, 50, step=0.25)
    xy = np.array(
        [[WEST + 7 * 0.25, NORTH - 11 * 0.25], [WEST, NORTH], [WEST + 49 * 0.25, NORTH - 39 * 0.25]]
    )
    expected = raster.heights[[11, 0, 39], [7, 0, 49]]
    np.testing.assert_allclose(Ground([raster], None).heights(xy), expected, atol=1e-5)


def test_a_cell_reaches_half_a_step_around_its_centre():
    ground = Ground([plane(10, 10)], None)
    inside = np.array([[WEST - 0.5, NORTH + 0.5], [WEST + 9.5, NORTH - 9.5], [WEST + 9.49, NORTH + 0.49]])
    outside = np.array(
        [[WEST - 0.51, NORTH], [WEST + 9.51, NORTH], [WEST, NORTH + 0.51], [WEST, NORTH - 9.51]]
    )
    assert np.isfinite(ground.heights(inside)).all()
    assert np.isnan(ground.heights(outside)).all()


def test_an_unknown_cell_takes_only_its_own_area():
    raster = plane(5, 5)
    raster.heights[2, 2] = np.nan
    ground = Ground([raster], None)
    assert np.isnan(ground.heights(np.array([[WEST + 2.1, NORTH - 1.9]])))
    near = ground.heights(np.array([[WEST + 1.3, NORTH - 2.0]]))
    assert near == pytest.approx(raster.heights[2, 1], abs=1e-4)


def test_the_stated_height_stands_in_outside_only():
    ground = Ground([plane(10, 10)], 519.0)
    xy = np.array([[WEST + 2, NORTH - 2], [WEST + 500, NORTH], [np.nan, NORTH], [np.inf, -np.inf]])
    np.testing.assert_allclose(ground.heights(xy)[1:], 519.0)
    assert ground.heights(xy)[0] == pytest.approx(truth(xy)[0], abs=1e-3)
    assert np.isnan(ground.measured(xy)[1:]).all()


def test_no_terrain_at_all():
    xy = np.array([[WEST, NORTH]])
    assert np.isnan(Ground([], None).heights(xy)).all()
    assert Ground([], 3.0).heights(xy) == [3.0]
    assert Ground([], None).step is None


def test_the_finest_terrain_answers():
    coarse = Raster(np.full((20, 20), 400, np.float32), WEST - 50, NORTH + 50, 10.0)
    ground = Ground([coarse, plane(10, 10)], None)
    xy = np.array([[WEST + 2, NORTH - 2], [WEST + 40, NORTH - 40]])
    np.testing.assert_allclose(ground.heights(xy), [truth(xy)[0], 400], atol=1e-3)


def test_ground_travels_to_workers():
    ground = Ground(cut(plane(), [128], [5]), 12.0)
    xy = np.array([[WEST + 100.3, NORTH - 127.6], [0.0, 0.0]])
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(ground)).heights(xy), ground.heights(xy))


@given(
    row=st.integers(-40, 330),
    column=st.integers(-40, 330),
    rows=st.integers(1, 60),
    columns=st.integers(1, 60),
    stride=st.sampled_from([1, 2, 4, 64, 256]),
)
@settings(max_examples=60, deadline=None)
def test_a_window_is_what_single_cells_say(row, column, rows, columns, stride):
    (lattice,) = join(cut(plane(), [130], [60, 200]))
    row, column = row + lattice.bounds[0], column + lattice.bounds[1]
    i = row + np.arange(rows)[:, None] * stride
    j = column + np.arange(columns)[None, :] * stride
    i, j = np.broadcast_arrays(i, j)
    np.testing.assert_array_equal(
        lattice.window(row, column, rows, columns, stride),
        lattice.values(i.ravel(), j.ravel()).reshape(i.shape),
    )


def test_far_apart_pieces_cost_only_themselves():
    (lattice,) = join([plane(10, 10), plane(10, 10, north=NORTH + 900_000)])
    assert len(lattice.keys) <= 8
    assert lattice.blocks.size <= 9 * BLOCK**2


@given(rows=st.integers(1, 40), columns=st.integers(1, 40), seed=st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_a_raster_survives_its_file(rows, columns, seed):
    rng = np.random.default_rng(seed)
    heights = rng.normal(500, 10, (rows, columns)).astype(np.float32)
    heights[rng.random(heights.shape) < 0.1] = np.nan
    raster = Raster(heights, WEST, NORTH, 0.5)
    data = encode_raster(raster, "EPSG:25832+7837")
    again = decode_raster(data)
    np.testing.assert_array_equal(again.heights, heights)
    assert (again.west, again.north, again.step) == (WEST, NORTH, 0.5)
    assert encode_raster(again, "EPSG:25832+7837") == data


def test_the_file_is_small_and_says_where_it_lies():
    from rasterio.io import MemoryFile

    data = encode_raster(plane(500, 500), "EPSG:25832")
    assert len(data) < 500 * 500 * 4 / 2
    with MemoryFile(data) as memory, memory.open() as file:
        assert file.crs.to_epsg() == 25832
        assert file.bounds[:2] == (WEST - 0.5, NORTH - 499.5)
        assert file.tags()["AREA_OR_POINT"] == "Area"
        assert file.nodata == -9999


def test_what_is_no_raster_is_refused():
    with pytest.raises(TilingError, match="not a GeoTIFF"):
        decode_raster(b"<html>sorry</html>")
    with pytest.raises(TilingError, match="no cells"):
        join([Raster(np.zeros((0, 3), np.float32), 0, 0, 1)])
    with pytest.raises(TilingError, match="metres"):
        join([Raster(np.zeros((3, 3), np.float32), 690000, 5336000, 1e-6)])


@given(seed=st.integers(0, 999), count=st.integers(1, 30), reach=st.floats(0.1, 500))
@settings(max_examples=40, deadline=None)
def test_the_ground_around_points_is_the_ground_there(seed, count, reach):
    rng = np.random.default_rng(seed)
    ground = Ground([plane(), plane(20, 20, west=WEST + 200, north=NORTH + 90, step=5.0)], None)
    xy = rng.uniform([WEST - 20, NORTH - 320], [WEST + 320, NORTH + 20]) + rng.uniform(
        -reach, reach, (count, 2)
    )
    np.testing.assert_array_equal(ground.around(xy).heights(xy), ground.heights(xy))


def test_ground_is_level_only_where_no_terrain_is():
    ground = Ground([plane()], 519.0)
    assert not ground.level
    far = np.array([[WEST + 5000, NORTH], [WEST + 5100, NORTH - 50]])
    assert ground.around(far).level
    assert ground.around(far).heights(far).tolist() == [519.0, 519.0]
    assert Ground([], 519.0).level


def test_a_continued_terrain_is_as_high_beyond_its_edge_as_there():
    holed = plane(200, 300)
    holed.heights[40:90, 20:80] = np.nan
    ground = Ground(cut(holed, [100], [140]), None).continued()
    asked = np.array([[60, 39.6], [-0.6, 31.3], [80.7, 199.6], [299.6, 0], [50.2, -0.6], [1e15, 0]])
    nearest = np.array([[60, 39], [0, 31.3], [80.7, 199], [299, 0], [50.2, 0], [0, 0]])
    xy, edge = ([WEST, NORTH] + points * [1, -1] for points in (asked, nearest))
    found = ground.heights(xy)
    np.testing.assert_allclose(found[:5], truth(edge)[:5], atol=1.0)  # 15 m are between its corners
    assert np.isnan(found[5])
    assert np.isnan(ground.measured(xy)).all()
    np.testing.assert_array_equal(ground.around(xy[1:2]).heights(xy[1:2]), found[1:2])
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(ground)).heights(xy[:5]), found[:5])


def test_a_terrain_is_continued_without_jumps():
    slanting = plane(200, 300)
    slanting.heights[np.arange(200)[:, None] < 30 + np.arange(300)[None, :] // 40] = np.nan
    ground = Ground([slanting], None).continued()
    for away in (-25, 30, 400):
        x = np.arange(5.0, 295.0, 0.25)
        found = ground.heights(np.column_stack([WEST + x, np.full(len(x), NORTH + away)]))
        assert np.isfinite(found).all()
        assert np.abs(np.diff(found)).max() < 0.35
    out = np.arange(-2000.0, 1.0, 0.5)
    found = ground.heights(np.column_stack([WEST + out, np.full(len(out), NORTH - 100)]))
    assert np.abs(np.diff(found)).max() < 0.2
    assert 500 < found.min() < found.max() < 520
