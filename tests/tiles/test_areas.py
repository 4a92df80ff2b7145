from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from orders import Tiled, areas, feature, hilly, layer, terrain_ground

from tiles.overlay import NO_POSITION
from tiles.sheet import FAR_M
from twin.errors import TilingError

SITE = shapely.box(20, 20, 60, 90)
COURT = shapely.Polygon(shapely.box(100, 100, 180, 180).exterior, [shapely.box(120, 120, 150, 150).exterior])
PAIR = shapely.MultiPolygon([shapely.box(200, 20, 220, 40), shapely.box(240, 20, 260, 40)])


@pytest.fixture(scope="module")
def sites():
    features = [feature(1, SITE, title="Isarring"), feature(2, COURT, title="Marienplatz"), feature(3, PAIR)]
    return Tiled(features, layer("roadwork/1", "areas"), terrain_ground())


def test_holes_and_parts_are_kept(sites):
    for material, points, indices, ids, mode in sites.primitives():
        if mode == 4:
            assert material == "area"
            triangles = indices.reshape(-1, 3)
            drawn = np.bincount(ids[triangles[:, 0]], areas(points, triangles))
            # The city's grid is not quite as long as the ground, and positions are steps of 16 mm.
            np.testing.assert_allclose(drawn, [SITE.area, COURT.area, PAIR.area], rtol=2e-3)


def test_areas_lie_their_lift_above_the_ground(sites):
    for _, points, indices, _, mode in sites.primitives():
        lift = 0.3 if mode == 4 else 0.35
        corners = points[indices.reshape(-1, 3 if mode == 4 else 2)]
        for spots in (points, corners.mean(axis=1)):
            above = spots[:, 2] - sites.ground.heights(spots[:, :2])
            assert above.min() > lift - 0.1 - 0.02
            assert above.max() < lift + 0.1 + 0.02


def test_the_outline_is_the_outline(sites):
    ((points, indices, ids),) = [(p, i, d) for _, p, i, d, mode in sites.primitives() if mode == 1]
    pairs = points[indices.reshape(-1, 2), :2]
    drawn = np.bincount(ids[indices[::2]], np.linalg.norm(pairs[:, 0] - pairs[:, 1], axis=1))
    np.testing.assert_allclose(drawn, [SITE.length, COURT.length, PAIR.length], rtol=2e-3)


def test_the_table_says_what_is_drawn(sites):
    (glb, _, tile) = next(sites.tiles())
    table = glb.json["extensions"]["EXT_structural_metadata"]["propertyTables"][0]
    assert (table["class"], table["count"]) == ("roadwork", 3)
    view = glb.json["bufferViews"][table["properties"]["title"]["values"]]
    assert glb.body[view["byteOffset"] :][: view["byteLength"]] == b"IsarringMarienplatz"
    assert glb.json["asset"]["copyright"] == "© Testamt – Erfunden"
    assert sites.built.tileset["asset"]["extras"]["notice"] == "Erfunden"
    assert len(list(sites.tiles())) == 1
    box = np.array(tile["boundingVolume"]["box"])
    for _, positions, *_ in glb.primitives():
        assert (np.abs(positions - box[:3]) <= box[[3, 7, 11]]).all()


def test_fill_and_outline_can_be_chosen():
    features, ground = [feature(1, SITE)], terrain_ground()
    filled = Tiled(features, layer("roadwork/1", "areas", outline=False), ground)
    assert [mode for *_, mode in filled.primitives()] == [4]
    outlined = Tiled(features, layer("district/1", "areas", fill=False), ground)
    assert [(material, mode) for material, *_, mode in outlined.primitives()] == [("line", 1)]
    with pytest.raises(TilingError, match="fill or outline"):
        Tiled(features, layer("district/1", "areas", fill=False, outline=False), ground)


def test_what_has_no_ground_is_left_out_and_named():
    features = [feature(1, SITE), feature(2, shapely.box(280, 20, 340, 40)), feature(3, None)]
    tiled = Tiled(features, layer("roadwork/1", "areas"), terrain_ground())
    reasons = {entry["id"]: entry["reason"] for entry in tiled.report["left_out"]}
    assert set(reasons) == {"id-2", "id-3"}
    assert "ground_m" in reasons["id-2"]
    assert "position" in reasons["id-3"]
    assert tiled.report["features"] == 1
    for _, points, *_ in tiled.primitives():
        assert np.isfinite(points).all()


def test_points_on_stated_ground_are_counted():
    features = [feature(1, shapely.box(280, 20, 340, 40))]
    tiled = Tiled(features, layer("roadwork/1", "areas"), terrain_ground(stated=519.0), ground_m=519.0)
    assert 0 < tiled.report["points_on_stated_ground"] < tiled.report["points"]
    assert tiled.report["left_out"] == []
    nowhere = Tiled(features, layer("roadwork/1", "areas"), None, ground_m=519.0)
    assert nowhere.report["points_on_stated_ground"] == nowhere.report["points"]


def test_crossing_rings_are_repaired_and_counted():
    bow = shapely.Polygon([(20, 20), (60, 60), (60, 20), (20, 60)])
    tiled = Tiled([feature(1, bow)], layer("roadwork/1", "areas", outline=False), terrain_ground())
    assert sum(tiled.report["repaired"].values()) == 1
    assert list(tiled.report["repaired_ids"].values()) == [["id-1"]]
    ((_, points, indices, *_),) = tiled.primitives()
    assert areas(points, indices.reshape(-1, 3)).sum() == pytest.approx(800, rel=2e-3)


def test_what_is_no_area_is_named_and_nothing_at_all_is_an_error():
    flat = shapely.Polygon([(20, 20), (60, 60), (20, 20)])
    features = [feature(1, SITE), feature(2, shapely.Point(30, 30)), feature(3, flat)]
    tiled = Tiled(features, layer("roadwork/1", "areas"), terrain_ground())
    reasons = {entry["id"]: entry["reason"] for entry in tiled.report["left_out"]}
    assert "tiles.writer" in reasons["id-2"]
    assert "encloses nothing" in reasons["id-3"]
    with pytest.raises(TilingError, match=r"test\.things: nothing can be drawn: .*position"):
        Tiled([feature(1, None)], layer("roadwork/1", "areas"), terrain_ground())
    with pytest.raises(TilingError, match="no features"):
        Tiled([], layer("roadwork/1", "areas"), terrain_ground())


def test_a_large_layer_becomes_a_tree_whoever_works():
    rng = np.random.default_rng(4)
    features = [
        feature(n, shapely.box(x, y, x + 40, y + 25), title=f"Nr. {n}")
        for n, (x, y) in enumerate(rng.uniform(0, 1500, (900, 2)))
    ]
    ground = terrain_ground(hilly(1600, 1600))
    here = Tiled(features, layer("roadwork/1", "areas"), ground)
    with ThreadPoolExecutor(3) as pool:
        there = Tiled(features, layer("roadwork/1", "areas"), ground, executor=pool)
    assert here.built == there.built
    assert here.contents == there.contents
    assert len(here.contents) > 1
    true, afar = [], []
    for glb, _, tile in here.tiles():
        table = glb.json["extensions"]["EXT_structural_metadata"]["propertyTables"][0]
        (afar if tile["geometricError"] else true).append((table["count"], len(glb.body)))
    assert sum(count for count, _ in true) == sum(count for count, _ in afar) == len(features)
    assert sum(size for _, size in afar) < 0.75 * sum(size for _, size in true)


def test_what_is_seen_from_afar_lies_above_the_ground_and_never_far_off():
    ground = terrain_ground(hilly(1600, 1600))
    park = shapely.Point(800, 800).buffer(700)
    built = Tiled([feature(1, park)], layer("green/1", "areas", lift_m=0.15), ground)
    assert [tile["geometricError"] for *_, tile in built.tiles()] == [2 * FAR_M, 0]
    seen = [(points, indices) for _, points, indices, _, mode in built.primitives(afar=True) if mode == 4]
    (points, indices), (fine, _) = seen
    assert len(points) < len(fine) / 2
    assert (points[:, 2] - ground.heights(points[:, :2])).min() > 0
    middles = points[indices.reshape(-1, 3)].mean(axis=1)
    off = middles[:, 2] - ground.heights(middles[:, :2])
    assert np.quantile(off, 0.01) > 0
    assert np.quantile(off, 0.99) < 0.15 + 2 * FAR_M + 0.1


def test_where_any_geometry_goes_lines_become_ribbons_and_points_discs():
    line = shapely.LineString([(20, 20), (120, 20), (120, 60)])
    spots = shapely.GeometryCollection(
        [shapely.Point(150, 150), shapely.MultiPoint([(200, 200), (203, 200)])]
    )
    features = [
        feature(1, SITE),
        feature(2, line),
        feature(3, spots),
        feature(4, shapely.GeometryCollection()),
    ]
    sites = Tiled(features, layer("roadwork/2", "areas", width_m=6.0, radius_m=10.0), terrain_ground())
    ((points, indices, ids),) = [(p, i, d) for _, p, i, d, mode in sites.primitives() if mode == 4]
    triangles = indices.reshape(-1, 3)
    drawn = np.bincount(ids[triangles[:, 0]], areas(points, triangles))
    wanted = [SITE.area, line.buffer(3, quad_segs=4).area, _single_area(spots)]
    np.testing.assert_allclose(drawn, wanted, rtol=3e-3)
    assert [left["reason"] for left in sites.built.report["left_out"]] == [NO_POSITION]


def _single_area(spots):
    return shapely.union_all([point.buffer(10, quad_segs=4) for point in shapely.get_parts(spots)]).area


@pytest.mark.parametrize("width", [0, -1, 5000, "wide", True])
def test_a_width_is_a_length(width):
    with pytest.raises(TilingError, match="is a length from 0 to"):
        Tiled([feature(1, SITE)], layer("roadwork/2", "areas", width_m=width), terrain_ground())


def test_a_kind_may_have_a_material_of_its_own():
    lake = shapely.box(200, 200, 260, 260)
    features = [
        feature(1, SITE, kind="landuse=commercial"),
        feature(2, lake, kind="natural=water"),
        feature(3, COURT, kind="leisure=park"),
    ]
    materials = {"natural=water": "water", "leisure=park": "green"}
    asked = layer("overlay/1", "areas", materials=materials, fill_up_to_m2=5000)
    found = {
        (m, mode): (p, i, ids) for m, p, i, ids, mode in Tiled(features, asked, terrain_ground()).primitives()
    }
    assert {key: sorted(set(ids.tolist())) for key, (_, _, ids) in found.items()} == {
        ("area", 4): [0],
        ("water", 4): [1],
        ("line", 1): [0, 1],
        ("green", 1): [2],  # too large to be filled: its outline has the colour
    }
    points, indices, _ = found["water", 4]
    assert areas(points, indices.reshape(-1, 3)).sum() == pytest.approx(lake.area, rel=2e-3)
    with pytest.raises(TilingError, match="glass under materials"):
        Tiled(features, layer("overlay/1", "areas", materials={"natural=water": "glass"}), terrain_ground())
