import hashlib
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from orders import Tiled, feature, layer, terrain_ground, to_city
from tile_reader import read_tileset

from tiles.trees import FORMS, form_of, size_of, sizes_in
from tiles.trees_shapes import FAR, NEAR, deviations, shapes
from tiles.trees_tile import VERTICES, Trees, thinned
from twin.errors import TilingError

KINDS = ("Tilia cordata", "Picea abies", "Populus nigra 'Italica'", "Betula pendula", "Flieder", None)


def wood(number, side=290.0, seed=5, **values):
    rng = np.random.default_rng(seed)
    return [
        feature(
            n,
            shapely.Point(*rng.uniform(5, side, 2)),
            species=KINDS[n % len(KINDS)],
            height_m=round(float(rng.uniform(3, 30)), 1),
            crown_m=round(float(rng.uniform(1, 14)), 1),
            **values,
        )
        for n in range(number)
    ]


def placed(tiled):
    """Yield (tile, node, mesh attributes, table rows) of all groups of instances, in tile coordinates."""
    for tile in read_tileset(tiled.built.tileset, tiled.contents).walk():
        for node in tile.content.json["nodes"]:
            attributes = node["extensions"]["EXT_mesh_gpu_instancing"]["attributes"]
            yield tile, node, {name: tile.content.accessor(n) for name, n in attributes.items()}


def ids_of(tile):
    return {row["id"] for row in tile.content.table()}


@pytest.mark.parametrize(
    ("words", "form"),
    [
        (["Tilia cordata 'Greenspire'"], "broadleaf"),
        (["Winter-Linde, Stein-Linde"], "broadleaf"),
        (["Rosskastanie"], "broadleaf"),
        (["Pinus nigra"], "conifer"),
        (["Wald-Kiefer"], "conifer"),
        (["Quercus robur 'Fastigiata'"], "column"),
        (["Säulen-Hainbuche"], "column"),
        (["BETULA PENDULA"], "slender"),
        (["Gemeiner Flieder"], "shrub"),
        (["needleleaved"], "conifer"),
        ([None, "", "nicht bekannt", "Ahorn"], "broadleaf"),
        (["Taxus baccata 'Fastigiata'"], "conifer"),
        (["Dings"], "unknown"),
        ([], "unknown"),
    ],
)
def test_the_species_tells_the_form(words, form):
    assert form_of(words) == form


def test_what_is_missing_of_a_size_is_never_passed_off_as_measured():
    whole = size_of("conifer", 20.0, 6.0)
    assert (whole.height_source, whole.crown_source, whole.repaired) == ("measured", "measured", False)
    tall = size_of("conifer", 20.0, None)
    assert (tall.height_m, tall.height_source, tall.crown_m, tall.crown_source) == (
        20.0,
        "measured",
        8.0,
        "derived",
    )
    wide = size_of("broadleaf", None, 6.5)
    assert (wide.height_m, wide.height_source) == (10.0, "derived")
    none = size_of("column", None, None)
    assert (none.height_m, none.height_source, none.crown_source) == (14.0, "assumed", "assumed")


@pytest.mark.parametrize("nonsense", [0.0, -4.0, 999.0, float("nan"), float("inf")])
def test_a_size_that_no_tree_has_counts_as_not_stated(nonsense):
    size = size_of("broadleaf", nonsense, None)
    assert (size.height_m, size.height_source, size.repaired) == (12.0, "assumed", True)
    # A recipe that called it measured is not believed either.
    assert sizes_in({"height_m": nonsense, "height_source": "measured"})[1].height_source == "assumed"


@given(st.sampled_from(sorted(FORMS)), st.floats(0.2, 130) | st.none(), st.floats(0.1, 60) | st.none())
def test_every_tree_gets_a_size_and_keeps_what_was_measured(form, height, crown):
    size = size_of(form, height, crown)
    assert height in (None, size.height_m)
    assert crown in (None, size.crown_m)
    assert size.height_m > 0
    assert size.crown_m >= 0
    assert not size.repaired


@pytest.mark.parametrize("level", [NEAR, FAR])
@pytest.mark.parametrize("form", sorted(FORMS))
def test_shapes_have_size_one_and_face_outwards(form, level):
    crown, *trunk = shapes(form, level)
    points = np.concatenate([shape.positions for shape in (crown, *trunk)])
    assert points[:, 2].max() == 1.0
    assert np.hypot(*points[:, :2].T).max() <= 0.5 + 1e-12
    if level == NEAR:
        assert points[:, 2].min() == 0.0
        assert np.hypot(*crown.positions[:, :2].T).max() == pytest.approx(0.5)
    # Closed: every edge once in either direction.
    edges = np.concatenate([crown.indices[:, [i, (i + 1) % 3]] for i in range(3)]).tolist()
    assert sorted(map(tuple, edges)) == sorted((b, a) for a, b in edges)
    a, b, c = (crown.positions[crown.indices[:, i]] for i in range(3))
    assert np.einsum("ij,ij->i", a, np.cross(b, c)).sum() > 0
    assert np.allclose(np.linalg.norm(crown.normals, axis=1), 1, atol=1e-6)


@pytest.mark.parametrize("form", sorted(FORMS))
def test_the_far_shape_is_as_near_as_measured(form):
    """Random points of the near surface lie no farther from the far one than `deviations` says."""
    crown, height = FORMS[form].crown * 10, 10.0
    bound = np.hypot(deviations(form)[:, 0] * crown, deviations(form)[:, 1] * height).max()
    rng = np.random.default_rng(1)
    surfaces = []
    for level in (NEAR, FAR):
        corners = np.concatenate([s.positions[s.indices] for s in shapes(form, level)])
        shares = rng.dirichlet([1, 1, 1], (len(corners), 300))
        surfaces.append(np.einsum("tsk,tkx->tsx", shares, corners).reshape(-1, 3) * [crown, crown, height])
    near, far = surfaces
    some = near[rng.integers(0, len(near), 300)]
    gaps = np.sqrt(((some[:, None] - far[None]) ** 2).sum(axis=2)).min(axis=1)
    # Random points of the far surface are a little sparse: hence the slack.
    assert gaps.max() <= bound + 0.25
    assert bound < 2.0


def test_trees_stand_on_the_ground_in_their_own_size():
    features = wood(60)
    tiled = Tiled(features, layer("tree/1", "trees"), terrain_ground())
    by_id = {each.id: each for each in features}
    seen = {}
    for tile, _, columns in placed(tiled):
        if tile.children:
            continue
        rows = tile.content.table()
        x, y, z = columns["TRANSLATION"].T
        feet = to_city(tile.ecef(np.column_stack([x, -z, y])))
        assert np.abs(feet[:, 2] - tiled.ground.heights(feet[:, :2])).max() < 0.02
        for number, scale, turn in zip(
            columns["_FEATURE_ID_0"].astype(int), columns["SCALE"], columns["ROTATION"], strict=True
        ):
            row = rows[number]
            values = by_id[row["id"]].values
            assert scale == pytest.approx(
                [values["crown_m"], values["height_m"], values["crown_m"]], abs=0.01
            )
            assert (row["height_m"], row["height_source"]) == (
                pytest.approx(values["height_m"]),
                "measured",
            )
            assert turn[[0, 2]].tolist() == [0, 0]  # about the vertical only, which is y in glTF
            assert np.linalg.norm(turn) == pytest.approx(1, abs=1e-6)
            seen[row["id"]] = row["form"]
    assert set(seen) == set(by_id)
    assert tiled.report["height_source"] == {"measured": 60}
    assert tiled.report["form"] == {
        "broadleaf": 10,
        "column": 10,
        "conifer": 10,
        "shrub": 10,
        "slender": 10,
        "unknown": 10,
    }


def test_volumes_hold_every_vertex_of_every_instance():
    tiled = Tiled(wood(500), layer("tree/1", "trees"), terrain_ground())
    vertices = 0
    for tile, node, columns in placed(tiled):
        for primitive in tile.content.json["meshes"][node["mesh"]]["primitives"]:
            unit = tile.content.accessor(primitive["attributes"]["POSITION"]).astype(float)
            for move, turn, scale in zip(
                columns["TRANSLATION"], columns["ROTATION"], columns["SCALE"], strict=True
            ):
                x, y, z = (unit * scale).T
                sine, cosine = 2 * turn[1] * turn[3], 1 - 2 * turn[1] ** 2
                spun = np.column_stack([cosine * x + sine * z, y, cosine * z - sine * x]) + move
                ecef = tile.ecef(np.column_stack([spun[:, 0], -spun[:, 2], spun[:, 1]]))
                assert tile.contains(ecef)
                vertices += len(ecef)
    assert vertices > 500 * 30


def test_levels_draw_fewer_and_fewer_of_the_same_trees(monkeypatch):
    monkeypatch.setattr("tiles.trees_tile.VERTICES", 4000)
    monkeypatch.setattr("tiles.writers.trees.VERTICES", 4000)
    features = wood(1500)
    tiled = Tiled(features, layer("tree/1", "trees"), terrain_ground())
    root = read_tileset(tiled.built.tileset, tiled.contents)

    def check(tile):
        for child in tile.children:
            assert child.error <= tile.error
            check(child)
        mine = ids_of(tile)
        if tile.children:
            below = set().union(*(ids_of(child) for child in tile.children))
            assert mine <= below
            assert tile.error > 0
        else:
            assert tile.error == 0

    check(root)
    leaves = [ids_of(tile) for tile in root.walk() if not tile.children]
    assert sum(map(len, leaves)) == len(set().union(*leaves)) == 1500
    assert len(ids_of(root)) < 300
    assert tiled.report["levels"] >= 3
    for tile in root.walk():
        drawn = 0
        for node in tile.content.json["nodes"]:
            instances = len(
                tile.content.accessor(
                    node["extensions"]["EXT_mesh_gpu_instancing"]["attributes"]["TRANSLATION"]
                )
            )
            for primitive in tile.content.json["meshes"][node["mesh"]]["primitives"]:
                accessor = tile.content.json["accessors"][primitive["attributes"]["POSITION"]]
                drawn += instances * accessor["count"]
        assert drawn <= 4000


def test_the_error_of_a_thinned_tile_bounds_the_way_to_what_is_drawn():
    rng = np.random.default_rng(3)
    count = 9000
    trees = Trees(
        np.column_stack([rng.uniform(0, 2000, (count, 2)), rng.uniform(500, 505, count)]),
        np.arange(count),
        np.zeros(count, np.int8),
        rng.uniform(3, 30, count),
        rng.uniform(2, 12, count),
        np.zeros(count, np.int64),
    )
    kept, error = thinned(trees)
    assert trees.vertices(FAR)[kept].sum() <= VERTICES
    tops = trees.points + np.column_stack([np.zeros((count, 2)), trees.heights])
    gone = np.setdiff1d(np.arange(count), kept)[::20]
    gaps = np.linalg.norm(tops[gone][:, None] - tops[kept][None], axis=2).min(axis=1)
    assert gaps.max() <= error
    assert error < 200
    # What stands alone is never left away: it has nobody to stand for it.
    lonely = trees.some(np.r_[0:count])
    lonely.points[17] = [90_000, 90_000, 500]
    lonely.heights[17] = 0.5
    assert 17 in thinned(lonely)[0]


def test_the_order_of_the_source_and_the_workers_change_no_byte():
    features = wood(300)
    one = Tiled(features, layer("tree/1", "trees"), terrain_ground())
    with ThreadPoolExecutor(3) as executor:
        two = Tiled(features[::-1], layer("tree/1", "trees"), terrain_ground(), executor=executor)
    assert one.built == two.built
    assert {hashlib.sha256(data).digest() for data in one.contents.values()} == {
        hashlib.sha256(data).digest() for data in two.contents.values()
    }


def test_trees_without_size_say_so_in_tile_and_report():
    features = [
        feature(1, shapely.Point(10, 10), species="Acer campestre", height_m=None, crown_m=None),
        feature(2, shapely.Point(20, 10), species=None, height_m=18.0),
        feature(3, shapely.Point(30, 10), species="Abies alba", height_m=-1.0, crown_m=4.0),
    ]
    tiled = Tiled(features, layer("tree/1", "trees"), terrain_ground())
    root = read_tileset(tiled.built.tileset, tiled.contents)
    sources = {row["id"]: (row["height_source"], row["crown_source"]) for row in root.content.table()}
    assert sources == {
        "id-1": ("assumed", "assumed"),
        "id-2": ("measured", "derived"),
        "id-3": ("derived", "measured"),
    }
    assert tiled.report["height_source"] == {"assumed": 1, "derived": 1, "measured": 1}
    assert sum(tiled.report["repaired"].values()) == 1
    assert [len(ids) for ids in tiled.report["repaired_ids"].values()] == [1]


def test_trees_without_place_or_ground_are_named():
    features = [
        feature(1, shapely.Point(10, 10)),
        feature(2, None),
        feature(3, shapely.Point(900, 10)),
        feature(4, shapely.box(1, 1, 9, 9)),
    ]
    tiled = Tiled(features, layer("tree/1", "trees"), terrain_ground())
    assert {entry["id"] for entry in tiled.report["left_out"]} == {"id-2", "id-3", "id-4"}
    assert tiled.report["features"] == 1
    with pytest.raises(TilingError, match="nothing can be drawn"):
        Tiled(features[1:], layer("tree/1", "trees"), terrain_ground())


@pytest.mark.parametrize("encoding", ["meshopt", "quantised", "plain"])
def test_every_encoding_draws_the_same_trees(encoding):
    tiled = Tiled(wood(80), layer("tree/1", "trees", encoding=encoding), terrain_ground())
    found = {}
    for tile, _, columns in placed(tiled):
        if not tile.children:
            for number, move in zip(columns["_FEATURE_ID_0"], columns["TRANSLATION"], strict=True):
                found[tile.content.table()[int(number)]["id"]] = move.tolist()
    assert len(found) == 80


def test_a_tree_with_a_ground_of_its_own_stands_there_and_the_others_on_the_terrain():
    grove = [
        feature(1, shapely.Point(40, 40), species="Tilia", height_m=9.0, ground_m=523.5),
        feature(2, shapely.Point(60, 40), species="Tilia", height_m=9.0),
    ]
    ground = terrain_ground()
    tiled = Tiled(grove, layer("tree/1", "trees"), ground)
    report = tiled.built.report
    assert (report["points_on_own_ground"], report["points_on_stated_ground"]) == (1, 0)
    ((tile, _, columns), *_) = list(placed(tiled))
    x, y, z = columns["TRANSLATION"].T
    feet = to_city(tile.ecef(np.column_stack((x, -z, y))))
    (under,) = ground.heights(feet[1:2, :2])
    assert feet[:, 2] == pytest.approx([523.5, under], abs=0.02)
