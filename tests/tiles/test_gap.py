import numpy as np
import pytest

from tiles.gap import at_zero, gaps, stand, summary
from tiles.ground import Ground
from twin.record import Face, Raster, Skin, Solid

WEST, NORTH = 690000.5, 5336999.5


def slope(stated=None):
    """A plane that rises by 0.1 m each metre to the east: 500 m at WEST."""
    x = np.arange(200.0) + np.zeros((200, 1))
    return Ground([Raster((500 + 0.1 * x).astype(np.float32), WEST, NORTH, 1.0)], stated)


def box(west, base, high=8.0, side=10.0, north=NORTH - 50, ground=True):
    corners = np.array([[0.0, 0.0], [side, 0.0], [side, -side], [0.0, -side]])
    corners += west, north
    low, top = (np.column_stack([corners, np.full(4, z)]) for z in (base, base + high))
    walls = [np.stack([low[i], low[i - 1], top[i - 1], top[i]]) for i in range(4)]
    rings = [low[::-1], *walls, top] if ground else [*walls, top]
    faces = [Face.GROUND] * ground + [Face.WALL] * 4 + [Face.ROOF]
    count = np.arange(len(rings) + 1, dtype=np.int32)
    return Solid(np.concatenate(rings), count * 4, count, np.array(faces, np.uint8))


def test_a_gap_is_where_light_shows_below_the_lowest_side():
    # From 10 to 20 m east the terrain rises from 501 to 502 m.
    on_it, floating, sunk = box(WEST + 10, 501.0), box(WEST + 10, 502.5), box(WEST + 10, 499.0)
    np.testing.assert_allclose(gaps([on_it, floating, sunk], slope()), [0.0, 1.5, -2.0], atol=1e-4)


@pytest.mark.parametrize("ground", [True, False])
def test_without_ground_faces_the_lowest_points_of_the_outline_count(ground):
    solid = box(WEST + 10, 501.25, ground=ground)
    np.testing.assert_allclose(gaps([solid], slope()), [0.25], atol=1e-4)


def test_where_no_terrain_is_no_gap_is_known_not_even_with_a_stated_height():
    empty = Solid(np.zeros((0, 3)), *(np.zeros(1, np.int32),) * 2, np.zeros(0, np.uint8))
    found = gaps([box(WEST + 5000, 501.0), empty], slope(stated=500.0))
    assert np.isnan(found).all()
    assert summary(found, ["a", "b"]).report() == {
        "buildings": 0,
        "unknown": 2,
        "median_m": None,
        "p05_m": None,
        "p95_m": None,
        "max_m": None,
        "worst": [],
    }


def test_a_building_half_on_the_terrain_is_measured_where_it_is_known():
    half = box(WEST + 195, 520.0)  # the terrain ends at 199.5 m
    np.testing.assert_allclose(gaps([half], slope()), [520 - 519.5], atol=1e-4)


def test_the_summary_names_the_worst_either_way():
    values = np.concatenate([np.linspace(-0.1, 0.1, 98), [3.0, -4.0, np.nan]])
    facts = summary(values, [f"b{i}" for i in range(101)]).report()
    assert (facts["buildings"], facts["unknown"], facts["max_m"]) == (100, 1, 3.0)
    assert facts["worst"][:2] == [{"id": "b99", "gap_m": -4.0}, {"id": "b98", "gap_m": 3.0}]
    assert len(facts["worst"]) == 10
    assert abs(facts["median_m"]) < 0.01


def test_buildings_are_lifted_whole_to_the_lowest_ground_of_their_outline():
    solid = box(WEST + 10, 0.0)
    (stood,) = stand([solid], slope())
    assert stood.points[:, 2].min() == pytest.approx(501.0, abs=1e-4)
    np.testing.assert_allclose(np.ptp(stood.points[:, 2]), 8.0)
    np.testing.assert_array_equal(stood.points[:, :2], solid.points[:, :2])
    np.testing.assert_allclose(gaps([stood], slope()), [0.0], atol=1e-4)
    assert solid.points[:, 2].min() == 0.0  # the source's own points stay as they were


def test_roads_are_laid_down_point_by_point():
    flat = box(WEST + 10, 0.0, high=0.0)
    (laid,) = stand([flat], slope(), drape=True)
    np.testing.assert_allclose(laid.points[:, 2], 500 + 0.1 * (laid.points[:, 0] - WEST), atol=1e-4)


def test_a_building_that_hangs_over_the_edge_is_not_guessed():
    over, beside = box(WEST + 195, 0.0), box(WEST + 10, 0.0)
    stood = stand([over, beside], slope())
    assert stood[0] is None
    assert stood[1] is not None
    assert None not in stand([over, beside], slope(stated=510.0))


def test_of_a_road_the_part_on_known_ground_is_laid_down():
    near, far = box(WEST + 10, 0.0, high=0.0), box(WEST + 195, 0.0, high=0.0)
    holed = Solid(  # far, with a hole, then near
        np.concatenate([far.points[:8], near.points[:4]]),
        np.array([0, 4, 8, 12], np.int32),
        np.array([0, 2, 3], np.int32),
        np.array([Face.OTHER, Face.GROUND], np.uint8),
        Skin(("a.jpg",), np.array([-1, 0], np.int32), np.arange(24, dtype=np.float32).reshape(12, 2)),
    )
    (laid,) = stand([holed], slope(), drape=True)
    np.testing.assert_array_equal(laid.points[:, :2], near.points[:4, :2])
    assert (laid.rings.tolist(), laid.polygons.tolist()) == ([0, 4], [0, 1])
    assert laid.faces.tolist() == [Face.GROUND]
    assert laid.skin.chosen.tolist() == [0]
    assert laid.skin.uv[0].tolist() == [16, 17]


def test_what_is_at_zero_is_found_but_not_on_the_coast():
    solids = [box(WEST + 10, 0.0), box(WEST + 10, 501.0), box(WEST + 10, 0.0, high=0.0)]
    assert at_zero(solids, slope()).tolist() == [True, False, True]
    coast = Ground([Raster(np.ones((200, 200), np.float32), WEST, NORTH, 1.0)], None)
    assert not at_zero(solids, coast).any()
    beyond = [box(WEST + 900, 0.0), box(WEST + 900, 501.0)]
    assert at_zero(beyond, slope()).tolist() == [True, False]
    assert not at_zero(beyond, coast).any()


def test_many_are_measured_like_one():
    empty = Solid(np.zeros((0, 3)), *(np.zeros(1, np.int32),) * 2, np.zeros(0, np.uint8))
    solids = [box(WEST + 10 + i, 501.0 + i, ground=i % 2 == 0) for i in range(20)]
    solids[7] = empty
    one_by_one = np.concatenate([gaps([solid], slope()) for solid in solids])
    np.testing.assert_array_equal(gaps(solids, slope()), one_by_one)


def test_nothing_is_nothing():
    assert len(gaps([], slope())) == 0
    assert stand([], slope()) == []
    assert summary(np.zeros(0), []).buildings == 0
