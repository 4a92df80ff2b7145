import hashlib
import json
import struct
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace

import meshopt
import numpy as np
import pytest
from las_made import hill, made_las
from orders import GEODESY, Tiled, layer, to_city

from tiles.points import Options, convert
from tiles.points_las import POINT, open_las, trusted_crs
from tiles.points_spill import Spill, ancestor
from twin.errors import GeodesyError, SourceBroken, SourceRefused, TilingError, UnknownCRS
from twin.record import Feature

KINDS = {5121: "<u1", 5123: "<u2", 5126: "<f4"}
WIDTH = {"SCALAR": 1, "VEC3": 3}


def content(data):
    """The glb's JSON and its points' attributes, decoded by nobody but this."""
    (size,) = struct.unpack_from("<I", data, 12)
    document, body = json.loads(data[20 : 20 + size]), data[28 + size :]

    def read(number):
        accessor = document["accessors"][number]
        view = document["bufferViews"][accessor["bufferView"]]
        kind, width = np.dtype(KINDS[accessor["componentType"]]), WIDTH[accessor["type"]]
        packed = view.get("extensions", {}).get("EXT_meshopt_compression")
        if packed:
            raw = body[packed["byteOffset"] : packed["byteOffset"] + packed["byteLength"]]
            rows = meshopt.decode_gltf_buffer(raw, packed["count"], packed["byteStride"], packed["mode"])
            rows, stride = np.frombuffer(rows.tobytes(), np.uint8), packed["byteStride"]
        else:
            stride = view["byteStride"]
            rows = np.frombuffer(body, np.uint8, view["byteLength"], view["byteOffset"])
        rows = rows.reshape(accessor["count"], stride)[:, : kind.itemsize * width]
        return np.ascontiguousarray(rows).view(kind)

    (primitive,) = document["meshes"][0]["primitives"]
    assert primitive["mode"] == 0
    found = {name: read(number) for name, number in primitive["attributes"].items()}
    (node,) = document["nodes"]
    x, y, z = (found["POSITION"] * node.get("scale", [1] * 3) + node.get("translation", [0] * 3)).T
    found["POSITION"] = np.column_stack([x, -z, y])
    return document, found


class Made:
    """A converted cloud in memory."""

    def __init__(self, *files, executor=None, geodesy=GEODESY, **options):
        self.contents = {}
        clouds = [file if hasattr(file, "points") else open_las(file) for file in files]
        self.built = convert(clouds, geodesy, self._put, Options(copyright="©", executor=executor, **options))
        self.report = self.built.report

    def _put(self, data, suffix):
        key = f"content/{hashlib.sha256(data).hexdigest()}.{suffix}"
        self.contents[key] = data
        return key

    def tiles(self):
        """Yield (tile, attributes, positions in EPSG:4978, depth)."""

        def walk(tile, matrix, depth):
            if "transform" in tile:
                matrix = matrix @ np.array(tile["transform"]).reshape(4, 4).T
            if "content" in tile:
                _, found = content(self.contents[tile["content"]["uri"].removeprefix("../../")])
                box = np.array(tile["boundingVolume"]["box"])
                inside = np.abs(found["POSITION"] - box[:3]) <= box[[3, 7, 11]] + 1e-4
                assert inside.all()
                yield tile, found, found["POSITION"] @ matrix[:3, :3].T + matrix[:3, 3], depth
            for child in tile.get("children", ()):
                assert child["geometricError"] <= tile["geometricError"]
                yield from walk(child, matrix, depth + 1)

        yield from walk(self.built.tileset["root"], np.eye(4), 0)

    def city(self):
        return to_city(np.concatenate([ecef for _, _, ecef, _ in self.tiles()]))


def sorted_rows(points):
    return points[np.lexsort(np.round(points, 1).T)]


@pytest.mark.parametrize(
    ("version", "point_format", "suffix", "wkt"),
    [("1.2", 3, "las", False), ("1.3", 3, "laz", False), ("1.4", 7, "laz", True), ("1.4", 6, "las", True)],
)
def test_every_point_arrives_once_where_it_was(tmp_path, version, point_format, suffix, wkt):
    points = hill(3000)
    path = made_las(tmp_path / f"a.{suffix}", points, version=version, point_format=point_format, wkt=wkt)
    made = Made(path)
    found = made.city()
    assert made.report["points"] == len(found) == 3000
    # Quantised over 200 m: steps of 3 mm. Each point has its own partner.
    nearest = []
    for start in range(0, 3000, 500):
        ways = np.linalg.norm(found[start : start + 500, None] - points[None], axis=2)
        nearest += ways.argmin(axis=1).tolist()
        assert ways.min(axis=1).max() < 0.006
    assert len(set(nearest)) == 3000


def test_points_keep_colour_class_and_intensity(tmp_path):
    points = hill(300)
    colours = np.tile([65535, 32768, 0], (300, 1))
    classes, intensity = np.arange(300) % 19, np.arange(300) * 7
    made = Made(made_las(tmp_path / "a.las", points, colours=colours, classes=classes, intensity=intensity))
    ((_, found, ecef, _),) = made.tiles()
    city = to_city(ecef)
    nearest = np.linalg.norm(city[:, None] - points[None], axis=2).argmin(axis=1)
    assert sorted(nearest.tolist()) == list(range(300))
    assert np.array_equal(found["_CLASSIFICATION"].ravel(), classes[nearest])
    assert np.array_equal(found["_INTENSITY"].ravel(), intensity[nearest])
    # glTF's colours are linear: half of sRGB is a fifth of the light.
    assert found["COLOR_0"][0] / 65535 == pytest.approx([1.0, 0.216, 0.0], abs=0.002)
    assert made.report["coloured_by"] == "rgb"


def test_colours_of_eight_bits_are_not_black(tmp_path):
    colours = np.tile([255, 128, 0], (50, 1))
    made = Made(made_las(tmp_path / "a.las", hill(50), colours=colours))
    ((_, found, _, _),) = made.tiles()
    assert found["COLOR_0"][0] / 65535 == pytest.approx([1.0, 0.216, 0.0], abs=0.002)


def test_points_without_colour_are_coloured_by_class(tmp_path):
    path = made_las(tmp_path / "a.las", hill(60), point_format=1, classes=np.repeat([2, 6], 30))
    made = Made(path)
    ((_, found, _, _),) = made.tiles()
    assert len(np.unique(found["COLOR_0"], axis=0)) == 2
    assert made.report["coloured_by"] == "classification"


def test_coarser_tiles_are_thinner_and_no_point_is_told_twice(tmp_path, monkeypatch):
    monkeypatch.setattr("tiles.points_tree.LEAF", 2000)
    monkeypatch.setattr("tiles.points_tree._CELLS", 4)
    monkeypatch.setattr("tiles.points_spill.MOST", 20_000)
    points = hill(60_000, 400)
    made = Made(made_las(tmp_path / "a.laz", points))
    assert made.report["points"] == 60_000
    assert made.report["levels"] >= 4
    found = sorted_rows(made.city())
    assert len(found) == 60_000
    counts = {}
    everything = made.city()
    for tile, _, ecef, depth in made.tiles():
        assert tile["refine"] == "ADD"
        counts[depth] = counts.get(depth, 0) + len(ecef)
    assert counts[min(counts)] < 2500
    # As many in every square: nothing lost at the seams of the columns.
    for axis in (0, 1):
        ends = np.linspace(points[:, axis].min(), points[:, axis].max(), 12)
        want, got = (np.histogram(each[:, axis], ends)[0] for each in (points, everything))
        assert np.abs(want - got).max() <= 3  # those within the quantisation of an edge
    assert np.sort(everything[:, 2]) == pytest.approx(np.sort(points[:, 2]), abs=0.01)


def test_the_error_of_a_tile_is_the_way_to_the_farthest_point_added(tmp_path, monkeypatch):
    monkeypatch.setattr("tiles.points_tree.LEAF", 500)
    monkeypatch.setattr("tiles.points_tree._CELLS", 3)
    monkeypatch.setattr("tiles.points_spill.MOST", 4000)
    made = Made(made_las(tmp_path / "a.laz", hill(4000, 100)))
    root = made.built.tileset["root"]
    (_, _, shown, _), *others = list(made.tiles())
    added = np.concatenate([ecef for _, _, ecef, _ in others])
    ways = np.linalg.norm(added[:, None] - shown[None], axis=2).min(axis=1)
    assert ways.max() <= root["geometricError"] + 0.02
    assert root["geometricError"] < 100


def test_the_same_file_gives_the_same_bytes_on_any_number_of_workers(tmp_path, monkeypatch):
    monkeypatch.setattr("tiles.points_spill.MOST", 5000)
    path = made_las(tmp_path / "a.laz", hill(20_000, 300))
    one = Made(path)
    with ProcessPoolExecutor(2) as executor:
        two = Made(path, executor=executor)
    assert one.built == two.built
    assert one.contents == two.contents


def test_columns_are_halved_until_they_fit(tmp_path, monkeypatch):
    monkeypatch.setattr("tiles.points_spill.MOST", 1000)
    cloud = np.zeros(5000, POINT)
    cloud["at"] = hill(5000, 100)
    spill = Spill(tmp_path, 10)
    spill.add(cloud)
    spill.settle()
    assert sum(spill.counts.values()) == 5000
    assert max(spill.counts.values()) <= 1000
    roots = spill.roots()
    assert {ancestor(square, roots[0][0]) for square in spill.counts} == set(roots)
    for square, count in spill.counts.items():
        found = np.fromfile(spill.path(square), POINT)["at"]
        side = 2.0 ** square[0]
        assert len(found) == count
        assert (np.floor(found[:, :2] / side) == square[1:]).all()


def test_a_crs_in_which_the_coordinates_cannot_lie_is_refused(tmp_path):
    far = hill(100, west=-5_512_000.0, south=12_595_000.0)
    cloud = open_las(made_las(tmp_path / "wrong.las", far, crs="EPSG:3950"))
    assert cloud.crs == "EPSG:3950"
    with pytest.raises(UnknownCRS, match=r"wrong\.las names EPSG:3950.*--crs"):
        trusted_crs(cloud)
    with pytest.raises(UnknownCRS, match="far outside"):
        Made(cloud)


def test_the_operator_knows_better_than_the_file(tmp_path):
    points = hill(100)
    path = made_las(tmp_path / "a.las", points, crs="EPSG:3950")
    with pytest.raises(UnknownCRS):
        Made(path)
    made = Made(path, crs="EPSG:25832+5783")
    assert np.sort(made.city()[:, 2]) == pytest.approx(np.sort(points[:, 2]), abs=0.01)
    assert made.report["repaired"] == {}


def test_a_file_without_crs_is_refused_and_says_what_to_type(tmp_path):
    path = made_las(tmp_path / "a.las", hill(10), crs=None)
    with pytest.raises(UnknownCRS, match=r"a\.las names no CRS.*--crs EPSG:25832\+7837"):
        Made(path)
    assert Made(path, crs="EPSG:25832").report["points"] == 10


def test_heights_are_never_taken_for_others(tmp_path):
    compound = made_las(
        tmp_path / "a.las", hill(10), version="1.4", point_format=7, crs="EPSG:25832+7837", wkt=True
    )
    assert open_las(compound).crs == "EPSG:25832+7837"
    with pytest.raises(GeodesyError, match="heights are in EPSG:7837"):
        Made(compound)  # the test's city has EPSG:5783
    silent = Made(made_las(tmp_path / "b.las", hill(10)))
    (note,) = silent.report["repaired"]
    assert "names no vertical CRS" in note


def test_another_zone_is_brought_into_the_city(tmp_path):
    import pyproj

    points = hill(50)
    to = pyproj.Transformer.from_crs("EPSG:25832", "EPSG:25833", always_xy=True)
    x, y = to.transform(*points[:, :2].T)
    path = made_las(tmp_path / "a.las", np.column_stack([x, y, points[:, 2]]), crs="EPSG:25833")
    found = Made(path).city()
    assert np.linalg.norm(found[:, None] - points[None], axis=2).min(axis=1).max() < 0.02


def test_withheld_points_are_left_out_and_counted(tmp_path):
    path = made_las(tmp_path / "a.las", hill(100), withheld=np.arange(100) < 7)
    made = Made(path)
    assert made.report["points"] == 93
    assert "7 points" in made.report["left_out"][0]["reason"]
    with pytest.raises(TilingError, match="withheld"):
        Made(made_las(tmp_path / "b.las", hill(5), withheld=np.ones(5, bool)))


def test_broken_files_are_named(tmp_path):
    whole = made_las(tmp_path / "whole.las", hill(500)).read_bytes()
    packed = made_las(tmp_path / "whole.laz", hill(500)).read_bytes()
    for name, data in (
        ("cut.las", whole[:-100]),
        ("head.las", whole[:90]),
        ("empty.las", b""),
        ("other.las", b"<html>no such file</html>" * 40),
        ("cut.laz", packed[: len(packed) * 2 // 3]),
        ("noise.laz", packed[:-300] + bytes(300)),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(SourceBroken, match=name):
            Made(path)
    with pytest.raises(SourceBroken, match="cannot be read"):
        open_las(tmp_path / "nothing.las")
    bare = bytearray(whole[: struct.unpack_from("<I", whole, 96)[0]])
    struct.pack_into("<I", bare, 107, 0)  # number of points, LAS 1.2 header
    (tmp_path / "none.las").write_bytes(bare)
    with pytest.raises(SourceBroken, match="holds no point"):
        open_las(tmp_path / "none.las")


def test_coordinates_that_are_no_places_are_refused(tmp_path):
    cloud = open_las(made_las(tmp_path / "a.las", hill(10)))
    data = bytearray((tmp_path / "a.las").read_bytes())
    struct.pack_into("<d", data, 131, 1e300)  # the scale of x, LAS 1.2 header
    (tmp_path / "a.las").write_bytes(data)
    with pytest.raises(SourceRefused, match="no places"):
        Made(replace(cloud))


def test_a_layer_of_clouds_is_tiled_by_its_writer(tmp_path):
    clouds = [
        replace(
            open_las(made_las(tmp_path / f"{n}.las", hill(100, west=690000.0 + 300 * n))), crs="EPSG:25832"
        )
        for n in range(2)
    ]
    features = [Feature(f"id-{n}", f"s-{n}", {}, None, cloud=cloud) for n, cloud in enumerate(clouds)]
    one = Tiled(features, layer("point-cloud/1", "points"))
    two = Tiled(features[::-1], layer("point-cloud/1", "points"))
    assert one.built == two.built
    assert one.report["points"] == 200
    with pytest.raises(TilingError, match="no feature has a point cloud"):
        Tiled([Feature("a", "a", {}, None)], layer("point-cloud/1", "points"))


def test_py3dtiles_reads_it_back(tmp_path):
    from py3dtiles.tileset import TileSet

    made = Made(made_las(tmp_path / "a.laz", hill(2000)), encoding="plain")
    folder = tmp_path / "out" / "snapshots" / "one"
    folder.mkdir(parents=True)
    (folder / "tileset.json").write_text(json.dumps(made.built.tileset))
    for key, data in made.contents.items():
        path = tmp_path / "out" / key
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    root = TileSet.from_file(folder / "tileset.json").root_tile
    counted = sum(
        tile.get_or_fetch_content(folder).get_vertex_count() for tile in (root, *root.get_all_children())
    )
    assert counted == 2000
