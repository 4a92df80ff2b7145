import hashlib
import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import ClassVar

import numpy as np
import pytest
from houses_made import (
    CITY,
    EAST,
    GROUND,
    NORTH,
    UNDULATION,
    Kept,
    built,
    feature,
    gabled,
    geodesy,
    layer,
    prism,
    rectangle,
    town,
)
from tile_reader import read_tileset

from tiles import levels, patch
from tiles.build import build
from tiles.gltf import ENCODINGS
from tiles.work import Here
from tiles.writers import buildings
from twin.errors import TilingError
from twin.layer import Tiling
from twin.record import Face, Feature

COURTYARD = [(8, 8), (8, 12), (12, 12), (12, 8)]  # clockwise


@pytest.fixture(scope="module")
def small_town():
    """Small leaves and patches, so that a small town has all kinds of tiles."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(buildings, "LEAF_POINTS", 600)
        patch.setattr(buildings, "PATCH_POINTS", 2500)
        features = town(18, 22)
        result, kept = built(features)
        yield features, result, kept, read_tileset(result.tileset, kept)


def leaf_of(features, **options):
    result, kept = built(features, **options)
    root = read_tileset(result.tileset, kept)
    (leaf,) = [tile for tile in root.walk() if not tile.children]
    return leaf, result


def ids(tile):
    return [row["id"] for row in tile.content.table()]


def volume(tile):
    """Volume enclosed by all triangles, from the middle of the tile."""
    triangles = np.concatenate([p.triangles for p in tile.content.primitives])
    triangles = triangles - triangles.mean(axis=(0, 1))
    return np.einsum("ij,ij->", triangles[:, 0], np.cross(triangles[:, 1], triangles[:, 2])) / 6


def area(tile, material):
    triangles = np.concatenate([p.triangles for p in tile.content.primitives if p.material == material])
    sides = triangles[:, 1:] - triangles[:, :1]
    return np.linalg.norm(np.cross(sides[:, 0], sides[:, 1]), axis=1).sum() / 2


def test_every_vertex_lies_in_the_volumes_of_its_tile_and_of_all_above(small_town):
    root = small_town[3]

    def check(tile, above):
        points = tile.positions()
        assert all(one.contains(points) for one in (*above, tile))
        for child in tile.children:
            check(child, (*above, tile))

    check(root, ())
    assert len(list(root.walk())) > 20


def test_errors_fall_towards_the_leaves_and_end_at_zero(small_town):
    _, result, _, root = small_town
    assert result.tileset["geometricError"] >= root.error
    for tile in root.walk():
        assert tile.refine == "REPLACE"
        assert all(child.error < tile.error for child in tile.children)
        assert (tile.error == 0) == (not tile.children)


def test_leaves_hold_every_building_once_and_tiles_above_a_subset_of_those_below(small_town):
    features, result, _, root = small_town
    leaves = [name for tile in root.walk() if not tile.children for name in ids(tile)]
    assert sorted(leaves) == [feature.id for feature in features]
    for tile in root.walk():
        if tile.children:
            assert set(ids(tile)) <= {name for child in tile.children for name in ids(child)}
            assert len(set(ids(tile))) == len(ids(tile)) > 0
    assert result.report["features"] == len(features)
    assert result.report["tiles"] == len(list(root.walk())) == len(result.contents)
    assert result.report["levels"] == 1 + max(tile.depth for tile in root.walk())


def test_simplified_tiles_are_no_farther_from_the_source_than_they_say(small_town):
    features, _, _, root = small_town
    tops = {f.id: f.solid.points[:, 2].max() for f in features}
    for tile in root.walk():
        for number, name in enumerate(ids(tile)):
            parts = [(p, p.ids == number) for p in tile.content.primitives]
            points = np.concatenate([tile.ecef(p.positions[mask]) for p, mask in parts])
            up = (points - tile.transform[:3, 3]) @ tile.transform[:3, 2]
            truth = next(f for f in features if f.id == name)
            low = geodesy().to_ecef(
                np.append(truth.solid.points[0, :2], truth.solid.points[:, 2].min())[None]
            )
            base = ((low - tile.transform[:3, 3]) @ tile.transform[:3, 2])[0]
            assert abs((up.max() - base) - (tops[name] - truth.solid.points[:, 2].min())) <= tile.error + 0.05


def test_a_tile_that_shows_fewer_buildings_says_how_large_the_missing_ones_are(small_town, monkeypatch):
    monkeypatch.setattr(levels, "VERTICES", 400)
    features = small_town[0]
    result, kept = built(features)
    root = read_tileset(result.tileset, kept)
    missing = {f.id for f in features} - set(ids(root))
    assert missing
    sizes = [np.linalg.norm(np.ptp(f.solid.points, axis=0)) for f in features if f.id in missing]
    assert root.error >= max(sizes) * 0.999
    assert root.content.vertices <= 400


def test_same_bytes_for_any_order_and_any_number_of_workers(small_town, monkeypatch):
    features, result, kept, _ = small_town
    monkeypatch.setattr(buildings, "LEAF_POINTS", 600)
    monkeypatch.setattr(buildings, "PATCH_POINTS", 2500)
    backwards, kept_backwards = built(features[::-1])
    assert (backwards.tileset, dict(kept_backwards)) == (result.tileset, dict(kept))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        parallel, kept_parallel = built(features, executor=executor)
    assert (parallel.tileset, list(kept_parallel.items())) == (result.tileset, list(kept.items()))


class Waiting(Here):
    """Counts the tiles that were encoded and have not been kept."""

    def __init__(self):
        self.now, self.most, self.encoded = set(), 0, 0

    def submit(self, fn, /, *args, **kwargs):
        future = super().submit(fn, *args, **kwargs)
        if fn is patch.encoded:
            (content,) = future.result()
            self.now.add(hashlib.sha256(content.data).hexdigest())
            self.most, self.encoded = max(self.most, len(self.now)), self.encoded + 1
        return future

    def put(self, data, suffix, packed=None):
        name = hashlib.sha256(data).hexdigest()
        self.now.discard(name)
        return f"content/{name}.{suffix}"


def test_few_tiles_above_others_wait_to_be_kept_however_many_there_are(monkeypatch):
    monkeypatch.setattr(buildings, "LEAF_POINTS", 600)
    monkeypatch.setattr(buildings, "PATCH_POINTS", 1200)
    monkeypatch.setattr(levels, "VERTICES", 600)
    monkeypatch.setattr(buildings, "_ENCODING", 3)
    monkeypatch.setattr(patch, "siblings", lambda data, suffix: {})  # which would only take time
    waiting, features = Waiting(), town(32, 38)
    made = build(layer(), CITY, features, geodesy=geodesy(), ground=None, put=waiting.put, executor=waiting)
    above = made.report["levels"] - 2
    assert waiting.most <= 3 + 3 * above, "a tile waits for the one above it, which waits for three others"
    assert waiting.encoded > 2 * waiting.most


def test_a_new_building_leaves_far_tiles_as_they_are(small_town, monkeypatch):
    features, _, kept, root = small_town
    monkeypatch.setattr(buildings, "LEAF_POINTS", 600)
    monkeypatch.setattr(buildings, "PATCH_POINTS", 2500)
    _, changed = built([*features, feature("new", prism(rectangle(5, 5), 4, x=-20, y=-20))])
    above = 1 + max(tile.depth for tile in root.walk())
    assert len(set(changed) - set(kept)) <= above + 1


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_house_stands_where_the_source_says_to_the_centimetre(encoding):
    leaf, _ = leaf_of([feature("a", gabled(12, 9, 5, 8))], encoding=encoding)
    truth = solid_ecef(feature("a", gabled(12, 9, 5, 8)))
    found = leaf.positions()
    distances = np.linalg.norm(found[:, None] - truth[None], axis=2)
    assert distances.min(axis=1).max() < 0.01
    assert distances.min(axis=0).max() < 0.01


def solid_ecef(made):
    """By another way than the writer's: closed formula on GRS80, with the stated undulation."""
    import pyproj

    points = made.solid.points
    lon, lat = pyproj.Transformer.from_crs("EPSG:25832", "EPSG:4258", always_xy=True).transform(
        points[:, 0], points[:, 1]
    )
    lon, lat, height = np.radians(lon), np.radians(lat), points[:, 2] + UNDULATION
    a, f = 6378137.0, 1 / 298.257222101
    e2 = f * (2 - f)
    n = a / np.sqrt(1 - e2 * np.sin(lat) ** 2)
    return np.column_stack(
        (
            (n + height) * np.cos(lat) * np.cos(lon),
            (n + height) * np.cos(lat) * np.sin(lon),
            (n * (1 - e2) + height) * np.sin(lat),
        )
    )


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_closed_shells_keep_volume_and_areas_and_look_outwards(encoding):
    leaf, result = leaf_of([feature("a", prism(rectangle(20, 20), 10, [COURTYARD]))], encoding=encoding)
    # The tolerance covers the scale of UTM, 0.04 % here.
    assert volume(leaf) == pytest.approx((400 - 16) * 10, rel=3e-3)
    assert area(leaf, "roof") == pytest.approx(384, rel=3e-3)
    assert area(leaf, "ground") == pytest.approx(384, rel=3e-3)
    assert area(leaf, "wall") == pytest.approx((80 + 16) * 10, rel=3e-3)
    for primitive in leaf.content.primitives:
        assert np.linalg.norm(primitive.normals, axis=1) == pytest.approx(1, abs=0.01)
        sides = primitive.triangles[:, 1:] - primitive.triangles[:, :1]
        cross = np.cross(sides[:, 0], sides[:, 1])
        cross /= np.linalg.norm(cross, axis=1)[:, None]
        assert (np.einsum("ij,ij->i", cross, primitive.normals[primitive.corners[:, 0]]) > 0.99).all()
    assert result.report["repaired"] == {}


def test_the_courtyard_stays_open():
    leaf, _ = leaf_of([feature("a", prism(rectangle(20, 20), 10, [COURTYARD]))])
    middle = geodesy().to_ecef(np.array([[EAST + 10, NORTH + 10, GROUND + 10]]))
    at = ((middle - leaf.transform[:3, 3]) @ leaf.transform[:3, :3])[0]
    roof = next(p for p in leaf.content.primitives if p.material == "roof")
    a, b, c = (roof.triangles[:, i, :2] - at[:2] for i in range(3))

    def cross(u, v):
        return u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]

    inside = (cross(a, b) > 0) & (cross(b, c) > 0) & (cross(c, a) > 0)
    assert not inside.any()


@pytest.mark.parametrize("turned", [{2}, {0, 1}, {1, 4, 6}, set(range(7))])
def test_wrong_winding_is_turned_and_counted(turned):
    polygons = [
        (face, [ring[::-1] for ring in rings]) if number in turned else (face, rings)
        for number, (face, rings) in enumerate(gabled(12, 9, 5, 8))
    ]
    right, _ = leaf_of([feature("a", gabled(12, 9, 5, 8))])
    leaf, result = leaf_of([feature("a", polygons)])
    assert volume(leaf) == pytest.approx(volume(right), rel=1e-3)
    assert result.report["repaired"] == {"face turned outwards": len(turned)}


def test_party_walls_of_parts_are_no_reason_to_turn_anything():
    parts = [*prism(rectangle(10, 10), 8), *prism(rectangle(10, 10), 8, x=10)]
    leaf, result = leaf_of([feature("a", parts)])
    assert volume(leaf) == pytest.approx(1600, rel=3e-3)
    assert result.report["repaired"] == {}


def test_bad_faces_are_repaired_or_left_out_and_counted():
    good = gabled(12, 9, 5, 8)
    twice = [(face, [[point for point in ring for _ in (0, 1)] for ring in rings]) for face, rings in good]
    flat = (Face.WALL, [[(0, 0, 0), (5, 0, 0), (9, 0, 0)]])
    point = (Face.ROOF, [[(1, 1, 1), (1, 1, 1), (1, 1, 1), (1, 1, 1)]])
    bent = (Face.ROOF, [[(0, 0, 20), (5, 0, 20), (5, 5, 20.4), (0, 5, 20)]])
    speck = (
        Face.ROOF,
        [[(0, 0, 30), (5, 0, 30), (5, 5, 30), (0, 5, 30)], [(1, 1, 30), (1, 1, 30), (1, 2, 30)]],
    )
    leaf, result = leaf_of([feature("a", [*twice, flat, point, bent, speck])])
    assert result.report["repaired"] == {
        "repeated point in a ring": 7,
        "face without area left out": 2,
        "hole without area filled": 1,
        "uneven face drawn as it is": 1,
    }
    assert area(leaf, "roof") == pytest.approx(2 * 12 * np.hypot(4.5, 3) + 25 + 25, rel=5e-3)


def test_buildings_that_cannot_be_drawn_are_left_out_and_named():
    good = feature("good", gabled(12, 9, 5, 8))
    thin = feature("thin", [(Face.WALL, [[(0, 0, 0), (5, 0, 0), (9, 0, 0)]])])
    far = Feature("far", "far", {}, None, type(good.solid)(
        good.solid.points * [1e6, 1e6, 1], good.solid.rings, good.solid.polygons, good.solid.faces
    ))  # fmt: skip
    bare = Feature("bare", "bare", {}, None, None)
    leaf, result = leaf_of([thin, bare, good, far])
    assert ids(leaf) == ["good"]
    assert [(entry["id"], entry["reason"]) for entry in result.report["left_out"]] == [
        ("bare", "has no faces"),
        ("far", "lies outside the area of the city's CRS or geoid"),
        ("thin", "has no face that encloses an area"),
    ]
    assert result.report["features"] == 1
    with pytest.raises(TilingError, match=r"test\.buildings"):
        built([bare])
    with pytest.raises(TilingError, match=r"test\.buildings"):
        built([thin])


def test_faces_of_unknown_kind_are_told_apart_by_their_slope():
    polygons = [(Face.OTHER, rings) for _, rings in gabled(12, 9, 5, 8)]
    leaf, _ = leaf_of([feature("a", polygons)])
    assert area(leaf, "ground") == pytest.approx(108, rel=3e-3)
    assert area(leaf, "roof") == pytest.approx(2 * 12 * np.hypot(4.5, 3), rel=3e-3)


def test_a_building_without_footprint_keeps_its_true_form_from_afar():
    made = feature("a", gabled(12, 9, 5, 8))
    without = Feature(made.id, made.source_id, made.values, None, made.solid)
    result, kept = built([without, *town(3, 3)])
    root = read_tileset(result.tileset, kept)
    number = ids(root).index("a")
    assert (root.content.primitives[0].ids == number).sum() == 2 * 4 + 2 * 5 + 3 * 4


def test_what_is_known_is_in_the_tile_and_missing_values_are_missing():
    made = feature("a", gabled(12, 9, 5, 8), height_m=8.25, height_source="measured", roof_type="gabled")
    leaf, _ = leaf_of([made])
    assert leaf.content.table() == [
        {
            "id": "a",
            "source_id": "source a",
            "height_m": 8.25,
            "height_source": "measured",
            "roof_type": "gabled",
            "use": "unknown",
            "storeys": None,
            "year_built": None,
        }
    ]


def test_attribution_and_notice_are_in_every_tile(small_town):
    _, result, _, root = small_town
    assert result.tileset["asset"]["extras"] == {"copyright": "© Vermessung", "notice": CITY.notice.de}
    for tile in root.walk():
        assert tile.content.json["asset"]["copyright"] == "© Vermessung – Demo – erfundene Daten"


def test_py3dtiles_reads_the_tileset_back(small_town, tmp_path):
    from py3dtiles.tileset import TileSet

    _, result, kept, root = small_town
    folder = tmp_path / "layers" / "snapshots" / "1"
    folder.mkdir(parents=True)
    (folder / "tileset.json").write_text(json.dumps(result.tileset))
    (tmp_path / "layers" / "content").mkdir()
    for key, data in kept.items():
        (tmp_path / "layers" / key).write_bytes(data)
    read = TileSet.from_file(folder / "tileset.json")
    tiles = [read.root_tile, *read.root_tile.get_all_children()]
    assert len(tiles) == len(list(root.walk()))
    by_uri = {tile["content"]["uri"]: tile for tile in _dicts(result.tileset["root"])}
    for tile in tiles:
        written = by_uri[tile.content_uri.as_posix()]
        assert tile.get_or_fetch_content(folder).get_vertex_count() > 0
        assert tile.geometric_error == written["geometricError"]
        assert tile.transform.ravel(order="F").tolist() == written["transform"]
        assert tile.bounding_volume.to_dict()["box"] == pytest.approx(
            written["boundingVolume"]["box"], abs=1e-4
        )


def _dicts(tile):
    yield tile
    for child in tile.get("children", ()):
        yield from _dicts(child)


def test_a_layer_without_a_known_writer_is_refused():
    for tiles in (None, Tiling(writer="sculptures")):
        odd = layer().model_copy(update={"tiles": tiles})
        with pytest.raises(TilingError, match=r"test\.buildings.*buildings, models, terrain"):
            build(odd, CITY, [], geodesy=geodesy(), ground=None, put=Kept())


def test_progress_is_told():
    class Told:
        steps: ClassVar[list] = []

        def step(self, layer, stage, done, total=None):
            self.steps.append((layer, stage, done, total))

    build(layer(), CITY, town(2, 2), geodesy=geodesy(), ground=None, put=Kept(), progress=Told())
    assert Told.steps == [("test.buildings", "tile", 1, 1)]
