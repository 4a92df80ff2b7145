import numpy as np
import pytest
import shapely
from orders import Tiled, feature, layer, terrain_ground, to_city

from twin.errors import TilingError


def feet(tiled):
    """City coordinates of all instances, and their feature ids."""
    for glb, matrix, _ in tiled.tiles():
        (node,) = [n for n in glb.json["nodes"] if "EXT_mesh_gpu_instancing" in n.get("extensions", {})]
        attributes = node["extensions"]["EXT_mesh_gpu_instancing"]["attributes"]
        x, y, z = glb.accessor(attributes["TRANSLATION"]).T
        ids = glb.accessor(attributes["_FEATURE_ID_0"]).astype(int)
        yield to_city(np.column_stack([x, -z, y]) @ matrix[:3, :3].T + matrix[:3, 3]), ids


def test_stations_stand_on_the_ground_with_their_own_ids():
    rng = np.random.default_rng(2)
    places = rng.uniform(5, 290, (40, 2))
    features = [feature(n, shapely.Point(*xy), name=f"Nr. {n}") for n, xy in enumerate(places)]
    tiled = Tiled(features, layer("counter/1", "stations"), terrain_ground())
    ((points, ids),) = feet(tiled)
    assert np.abs(points[:, 2] - tiled.ground.heights(points[:, :2])).max() < 0.002
    assert sorted(ids.tolist()) == list(range(40))
    assert tiled.report["points_on_stated_ground"] == 0
    ((glb, _, tile),) = tiled.tiles()
    table = glb.json["extensions"]["EXT_structural_metadata"]["propertyTables"][0]
    assert (table["class"], table["count"]) == ("counter", 40)
    assert "EXT_instance_features" in glb.json["extensionsUsed"]
    # The volume holds the feet and the columns on them.
    box = np.array(tile["boundingVolume"]["box"])
    low, high = box[:3] - box[[3, 7, 11]], box[:3] + box[[3, 7, 11]]
    node = next(n for n in glb.json["nodes"] if "extensions" in n)
    x, y, z = glb.accessor(node["extensions"]["EXT_mesh_gpu_instancing"]["attributes"]["TRANSLATION"]).T
    corners = np.column_stack([x, -z, y])
    assert (corners - np.array([0.8, 0.8, 0]) >= low - 1e-3).all()
    assert (corners + np.array([0.8, 0.8, 6]) <= high + 1e-3).all()


def test_the_column_is_closed_and_faces_outwards():
    tiled = Tiled(
        [feature(1, shapely.Point(10, 10))],
        layer("counter/1", "stations", height_m=3, radius_m=2),
        terrain_ground(),
    )
    ((glb, *_),) = tiled.tiles()
    (primitive,) = glb.json["meshes"][0]["primitives"]
    x, y, z = glb.accessor(primitive["attributes"]["POSITION"]).T
    points = np.column_stack([x, -z, y]).astype(float)
    a, b, c = (points[glb.accessor(primitive["indices"]).reshape(-1, 3)[:, i]] for i in range(3))
    volume = np.einsum("ij,ij->i", a, np.cross(b, c)).sum() / 6
    assert volume == pytest.approx(3 * 2**2 * 6 * np.sin(np.pi / 6), rel=1e-5)  # prism of twelve sides


def test_a_single_station_without_terrain_stands_on_the_stated_ground():
    tiled = Tiled(
        [feature(1, shapely.Point(10, 10))], layer("air-station/1", "stations"), None, ground_m=519.0
    )
    ((points, _),) = feet(tiled)
    assert points[0, 2] == pytest.approx(519.0, abs=0.002)
    assert tiled.report["points_on_stated_ground"] == 1


def test_several_points_are_one_station():
    twins = shapely.MultiPoint([(10, 10), (14, 10)])
    tiled = Tiled(
        [feature(1, twins), feature(2, shapely.Point(90, 90))],
        layer("counter/1", "stations"),
        terrain_ground(),
    )
    ((_, ids),) = feet(tiled)
    assert ids.tolist() == [0, 0, 1]


def test_stations_without_place_or_ground_are_named():
    features = [
        feature(1, shapely.Point(10, 10)),
        feature(2, None),
        feature(3, shapely.Point(900, 10)),
        feature(4, shapely.box(1, 1, 9, 9)),
        feature(5, shapely.Point()),
    ]
    tiled = Tiled(features, layer("counter/1", "stations"), terrain_ground())
    reasons = {entry["id"]: entry["reason"] for entry in tiled.report["left_out"]}
    assert set(reasons) == {"id-2", "id-3", "id-4", "id-5"}
    assert tiled.report["features"] == 1
    with pytest.raises(TilingError, match="nothing can be drawn"):
        Tiled(features[1:], layer("counter/1", "stations"), terrain_ground())


def test_the_order_of_work_changes_no_byte():
    features = [feature(n, shapely.Point(n, 2 * n)) for n in range(50)]
    one, two = (Tiled(features, layer("counter/1", "stations"), terrain_ground()) for _ in range(2))
    assert one.built == two.built
    assert one.contents == two.contents
