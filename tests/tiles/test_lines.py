import numpy as np
import pytest
import shapely
from orders import Tiled, areas, feature, layer, terrain_ground

STREET = shapely.LineString([(10, 10), (110, 10), (110, 90)])


def test_a_street_with_a_width_is_a_ribbon_of_that_width():
    tiled = Tiled(
        [feature(1, STREET, name="Allee", width_m=6.0)], layer("street/1", "lines"), terrain_ground()
    )
    ((material, points, indices, _, mode),) = tiled.primitives()
    assert (material, mode) == ("line", 4)
    expected = STREET.buffer(3, cap_style="flat", quad_segs=4)
    assert areas(points, indices.reshape(-1, 3)).sum() == pytest.approx(expected.area, rel=2e-3)
    above = points[:, 2] - tiled.ground.heights(points[:, :2])
    assert above.min() > 0.28
    assert above.max() < 0.32


def test_a_street_without_a_width_is_a_line():
    tiled = Tiled([feature(1, STREET)], layer("street/1", "lines"), terrain_ground())
    ((_, points, indices, _, mode),) = tiled.primitives()
    assert mode == 1
    pairs = points[indices.reshape(-1, 2), :2]
    assert np.linalg.norm(pairs[:, 0] - pairs[:, 1], axis=1).sum() == pytest.approx(STREET.length, rel=2e-3)


@pytest.mark.parametrize("width", [None, 0, -3, float("nan"), float("inf")])
def test_a_width_that_is_none_falls_back_to_the_option(width):
    tiled = Tiled(
        [feature(1, STREET, width_m=width)], layer("street/1", "lines", width_m=4), terrain_ground()
    )
    ((_, points, indices, _, mode),) = tiled.primitives()
    assert mode == 4
    assert areas(points, indices.reshape(-1, 3)).sum() == pytest.approx(180 * 4, rel=0.01)


def test_parts_that_meet_are_drawn_once():
    cross = shapely.MultiLineString([[(10, 50), (90, 50)], [(50, 10), (50, 90)]])
    tiled = Tiled([feature(1, cross, width_m=10.0)], layer("street/1", "lines"), terrain_ground())
    ((_, points, indices, *_),) = tiled.primitives()
    assert areas(points, indices.reshape(-1, 3)).sum() == pytest.approx(2 * 800 - 100, rel=2e-3)


def test_both_kinds_share_a_tile_and_what_is_no_line_is_named():
    features = [
        feature(1, STREET, width_m=5.0),
        feature(2, shapely.LineString([(30, 30), (90, 60)])),
        feature(3, shapely.Point(5, 5)),
        feature(4, shapely.LineString([(7, 7), (7, 7)])),
        feature(5, shapely.LineString([(7, 7), (700, 7)])),
    ]
    tiled = Tiled(features, layer("street/1", "lines"), terrain_ground())
    assert sorted(mode for *_, mode in tiled.primitives()) == [1, 4]
    assert {entry["id"] for entry in tiled.report["left_out"]} == {"id-3", "id-4", "id-5"}
    assert tiled.report["features"] == 2


def test_a_kind_of_line_may_have_a_material_of_its_own():
    features = [
        feature(1, STREET, kind="highway=residential"),
        feature(2, shapely.LineString([(30, 30), (90, 60)]), kind="waterway=stream"),
        feature(3, shapely.LineString([(30, 60), (90, 90)]), kind="waterway=river", width_m=8.0),
    ]
    materials = {"waterway=stream": "water", "waterway=river": "water"}
    tiled = Tiled(features, layer("overlay/1", "lines", materials=materials), terrain_ground())
    found = {(material, mode): ids.tolist() for material, *_, ids, mode in tiled.primitives()}
    assert {key: set(ids) for key, ids in found.items()} == {
        ("line", 1): {0},
        ("water", 1): {1},
        ("water", 4): {2},
    }
