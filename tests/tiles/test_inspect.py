"""Inspect: a sound tileset is sound, and each way to spoil one is named at the tile where it is."""

import gzip
import hashlib
import json

import brotli
import numpy as np
import pytest
import tileset_made as made
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tiles.inspect.report import inspect
from twin.errors import TilingError


@pytest.fixture
def folder(tmp_path):
    return made.write(tmp_path / "city", "plain")


def kinds(folder):
    return {(fault.tile, fault.kind) for fault in inspect(folder).findings}


@pytest.mark.parametrize("encoding", ["meshopt", "quantised", "plain"])
def test_a_sound_tileset_has_nothing_to_object_to_and_is_counted(tmp_path, encoding):
    report = inspect(made.write(tmp_path / "city", encoding) / "tileset.json")
    assert [fault.words() for fault in report.findings] == []
    assert [(level.tiles, level.triangles, level.vertices, level.features) for level in report.levels] == [
        (1, 24, 16, 2),
        (2, 48, 32, 4),
    ]
    assert report.features == 4
    assert report.copyrights == ["© Testamt"]
    columns = {column.name: column for column in report.attributes}
    assert (columns["height_m"].least, columns["height_m"].greatest) == (4.0, 21.0)
    assert columns["height_m"].unit == "m"
    assert columns["roof_type"].filled == 3
    assert columns["roof_type"].counts == {"flat": 1, "gabled": 2}
    west, south, east, north, low, high = report.extent
    assert low == pytest.approx(515 + 45.66, abs=0.02)
    assert high == pytest.approx(515 + 45.66 + 21, abs=0.02)
    assert (east - west) * 111_320 * np.cos(np.radians(48.1)) == pytest.approx(72, rel=0.01)
    assert (north - south) * 111_200 == pytest.approx(12, rel=0.05)


def test_compressed_siblings_are_counted_and_compared(folder):
    west = folder / "content" / "west.glb"
    (folder / "content" / "west.glb.gz").write_bytes(gzip.compress(west.read_bytes()))
    (folder / "content" / "west.glb.br").write_bytes(brotli.compress(west.read_bytes()))
    report = inspect(folder)
    assert report.findings == []
    assert 0 < report.total().brotli < report.total().gzip < west.stat().st_size
    (folder / "content" / "west.glb.br").write_bytes(brotli.compress(b"\0" * 200_000_000, quality=1))
    (folder / "content" / "west.glb.gz").write_bytes(b"no gzip")
    (folder / "tileset.json.gz").write_bytes(gzip.compress(b"{}"))
    found = [fault.facts["uri"] for fault in inspect(folder).faults]
    assert found == ["content/west.glb.gz", "content/west.glb.br", "tileset.json.gz"]


def test_files_that_no_tile_needs_are_a_remark(folder):
    (folder / "content" / "old.glb").write_bytes(b"1234")
    report = inspect(folder)
    assert report.faults == []
    assert [fault.words() for fault in report.remarks] == ["1 files (4 bytes) belong to no tile"]


def root(change):
    return lambda folder: made.changed(folder, lambda whole: change(whole["root"]))


def glb(name, change):
    return lambda folder: made.spoiled(folder / "content" / f"{name}.glb", change)


def data(name, change):
    def spoil(folder):
        file = folder / "content" / f"{name}.glb"
        file.write_bytes(change(file.read_bytes()))

    return spoil


def table(whole):
    return whole["extensions"]["EXT_structural_metadata"]["propertyTables"][0]


def indices(whole):
    return whole["accessors"][whole["meshes"][0]["primitives"][0]["indices"]]["bufferView"]


def named_by_checksum(folder, data):
    """The west content under the checksum of its bytes; then those bytes are replaced by `data` of them."""
    file = folder / "content" / "west.glb"
    uri = f"content/{hashlib.sha256(file.read_bytes()).hexdigest()}.glb"
    (folder / uri).write_bytes(data(file.read_bytes()))
    file.unlink()
    made.changed(folder, lambda whole: whole["root"]["children"][0]["content"].update(uri=uri))


def test_contents_under_their_checksums_are_sound(folder):
    named_by_checksum(folder, lambda data: data)
    assert inspect(folder).findings == []


def overwrite(view, numbers):
    """Write numbers over the beginning of a bufferView named by a function of the JSON."""

    def change(whole, body):
        start = whole["bufferViews"][view(whole)]["byteOffset"]
        new = np.asarray(numbers).tobytes()
        return body[:start] + new + body[start + len(new) :]

    return change


def loose(tile, times):
    box = tile["boundingVolume"]["box"]
    return [*box[:3], *(times * number for number in box[3:])]


def lifted(tile, metres):
    """A tile's transform, further from the middle of the earth."""
    matrix = np.array(tile["transform"]).reshape(4, 4)
    matrix[3, :3] += metres * matrix[2, :3]
    return matrix.ravel().tolist()


SPOILS = {
    "a content is missing": (lambda f: (f / "content/east.glb").unlink(), "root/1", "content-missing"),
    "a content lies elsewhere": (
        root(lambda r: r["content"].update(uri="../../etc/hostname")),
        "root",
        "content-outside",
    ),
    "a content is on another host": (
        root(lambda r: r["content"].update(uri="https://example.org/a.glb")),
        "root",
        "content-outside",
    ),
    "a content is a page": (data("east", lambda _: b"<html>not found</html>"), "root/1", "content-broken"),
    "a content is cut off": (data("east", lambda d: d[:-4]), "root/1", "content-broken"),
    "a content is empty": (data("east", lambda _: b""), "root/1", "content-broken"),
    "JSON is no JSON": (
        data("east", lambda d: d.replace(b'"asset"', b'"asset:')),
        "root/1",
        "content-broken",
    ),
    "an accessor is too long": (
        glb("west", lambda w, _: w["accessors"][0].update(count=1_000_000)),
        "root/0",
        "content-broken",
    ),
    "an accessor has no view": (
        glb("west", lambda w, _: w["accessors"][0].update(bufferView=99)),
        "root/0",
        "content-broken",
    ),
    "min and max are others": (
        glb("west", lambda w, _: w["accessors"][0].update(max=[0, 0, 0])),
        "root/0",
        "content-broken",
    ),
    "an index is too great": (
        glb("west", overwrite(indices, np.array([200], np.uint16))),
        "root/0",
        "content-broken",
    ),
    "a vertex leaves its box": (
        lambda f: (f / "content/west.glb").write_bytes(made.glb([0, 1], east=-5.0)),
        "root/0",
        "vertex-outside",
    ),
    "a child leaves its parent": (
        root(lambda r: r["children"][0].update(boundingVolume=made.box([-40, 0, -3], [-8, 12, 10.5]))),
        "root/0",
        "volume-outside",
    ),
    "an error grows": (root(lambda r: r["children"][1].update(geometricError=22)), "root/1", "error-grows"),
    "a leaf is not exact": (
        root(lambda r: r["children"][1].update(geometricError=2)),
        "root/1",
        "leaf-error",
    ),
    "a volume is missing": (root(lambda r: r["children"][1].pop("boundingVolume")), "root/1", "tile-broken"),
    "an error is missing": (root(lambda r: r["children"][1].pop("geometricError")), "root/1", "tile-broken"),
    "a tile is a number": (root(lambda r: r["children"].append(7)), "root/2", "tile-broken"),
    "a transform shears": (
        root(lambda r: r["children"][0].update(transform=[1, 0.2, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])),
        "root/0",
        "transform",
    ),
    "an enum has no such value": (
        glb(
            "east",
            overwrite(lambda w: table(w)["properties"]["roof_type"]["values"], np.array([99], np.uint8)),
        ),
        "root/1",
        "table-broken",
    ),
    "texts end beyond their bytes": (
        glb(
            "east",
            overwrite(lambda w: table(w)["properties"]["id"]["stringOffsets"], np.array([0, 2, 9], "<u2")),
        ),
        "root/1",
        "table-broken",
    ),
    "offsets fall": (
        glb(
            "east",
            overwrite(lambda w: table(w)["properties"]["id"]["stringOffsets"], np.array([0, 3, 2], "<u2")),
        ),
        "root/1",
        "table-broken",
    ),
    "the table counts more rows": (
        glb("east", lambda w, _: table(w).update(count=9)),
        "root/1",
        "table-broken",
    ),
    "the table counts fewer rows": (
        glb("east", lambda w, _: table(w).update(count=1)),
        "root/1",
        "ids-beyond",
    ),
    "a class is missing": (
        glb("east", lambda w, _: table(w).update({"class": "tree"})),
        "root/1",
        "table-broken",
    ),
    "featureCount is wrong": (
        glb(
            "west",
            lambda w, _: w["meshes"][0]["primitives"][0]["extensions"]["EXT_mesh_features"]["featureIds"][
                0
            ].update(featureCount=7),
        ),
        "root/0",
        "ids-count",
    ),
    "ids are lost on the way down": (
        lambda f: (f / "content/east.glb").write_bytes(made.glb([3], "plain")),
        "root",
        "ids-lost",
    ),
    "a picture is of another type": (
        glb("west", lambda w, _: w.update(images=[{"bufferView": 0, "mimeType": "image/webp"}])),
        "root/0",
        "content-broken",
    ),
    "an outline leads nowhere": (
        glb(
            "west",
            lambda w, _: (
                w["meshes"][0]["primitives"][0]
                .setdefault("extensions", {})
                .update(CESIUM_primitive_outline={"indices": w["meshes"][0]["primitives"][0]["indices"] + 90})
            ),
        ),
        "root/0",
        "content-broken",
    ),
    "a byte is another, which only the name tells": (
        lambda f: named_by_checksum(f, lambda d: d.replace(b"DEBY_1", b"DEBY_7")),
        "root/0",
        "checksum",
    ),
    "a table has bytes to spare": (
        glb(
            "west", lambda w, _: w["bufferViews"][table(w)["properties"]["id"]["values"]].update(byteLength=9)
        ),
        "root/0",
        "table-broken",
    ),
    "the buffer is said to be shorter": (
        glb("west", lambda w, _: w["buffers"][0].update(byteLength=w["buffers"][0]["byteLength"] - 9)),
        "root/0",
        "content-odd",
    ),
    "the buffer is said to be longer": (
        glb("west", lambda w, _: w["buffers"][0].update(byteLength=w["buffers"][0]["byteLength"] + 9)),
        "root/0",
        "content-odd",
    ),
    "an extension is not announced": (
        glb("west", lambda w, _: w["extensionsUsed"].remove("EXT_mesh_features")),
        "root/0",
        "content-odd",
    ),
    "an extension is required and not used": (
        glb("west", lambda w, _: w.update(extensionsRequired=["KHR_draco_mesh_compression"])),
        "root/0",
        "content-odd",
    ),
    "a material is missing": (
        glb("west", lambda w, _: w["meshes"][0]["primitives"][0].update(material=77)),
        "root/0",
        "content-odd",
    ),
    "a mode is none": (
        glb("west", lambda w, _: w["meshes"][0]["primitives"][0].update(mode=9)),
        "root/0",
        "content-odd",
    ),
    "there is no scene": (glb("west", lambda w, _: w.update(scenes=[])), "root/0", "content-odd"),
    "positions are told as normals": (
        glb(
            "west",
            lambda w, _: w["meshes"][0]["primitives"][0]["attributes"].update(
                NORMAL=w["meshes"][0]["primitives"][0]["attributes"]["POSITION"]
            ),
        ),
        "root/0",
        "content-odd",
    ),
    "a box is far too large": (
        root(lambda r: r["children"][0]["boundingVolume"].update(box=loose(r["children"][0], 100))),
        "root/0",
        "volume-loose",
    ),
    "the root's box is far too large, but not the others": (
        root(lambda r: r["boundingVolume"].update(box=loose(r, 100))),
        "root",
        "volume-loose",
    ),
    "a child is listed twice": (
        root(lambda r: r["children"].append(r["children"][0])),
        "root/2",
        "drawn-twice",
    ),
    "a tile draws again what one above it goes on drawing": (
        root(lambda r: r.update(refine="ADD") or r["children"][0].update(content=r["content"])),
        "root/0",
        "drawn-twice",
    ),
    "all lies 30 km too low": (
        root(lambda r: r.update(transform=lifted(r, -30_000))),
        "root",
        "below-ground",
    ),
    "all lies 30 km too high": (
        root(lambda r: r.update(transform=lifted(r, 30_000))),
        "root",
        "above-ground",
    ),
    "nothing places it on the earth": (
        root(lambda r: r.update(transform=np.eye(4).ravel().tolist())),
        "root",
        "below-ground",
    ),
    "the version is from the future": (
        lambda f: made.changed(f, lambda whole: whole["asset"].update(version="9.9")),
        "root",
        "tile-broken",
    ),
    "ids repeat": (
        lambda f: (f / "content/east.glb").write_bytes(made.glb([2, 3, 3], "plain")),
        "root/1",
        "ids-repeated",
    ),
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_what_is_wrong_is_named_with_its_tile(folder, spoil):
    change, tile, kind = SPOILS[spoil]
    change(folder)
    found = kinds(folder)
    assert (tile, kind) in found
    for fault in inspect(folder).findings:
        assert "{" not in fault.words("en") + fault.words("de")


def test_a_child_listed_twice_is_told_once_and_another_place_is_another_thing(folder):
    made.changed(folder, lambda whole: whole["root"]["children"].append(whole["root"]["children"][0]))
    assert [fault.kind for fault in inspect(folder).faults] == ["drawn-twice"]
    aside = np.eye(4)
    aside[3, 0] = 1.0
    made.changed(folder, lambda whole: whole["root"]["children"][2].update(transform=aside.ravel().tolist()))
    assert "drawn-twice" not in {fault.kind for fault in inspect(folder).faults}


def test_one_tile_under_the_earth_is_named_alone(folder):
    deep = np.eye(4)
    deep[3, 2] = -20_700.0
    made.changed(folder, lambda w: w["root"]["children"][0].update(transform=deep.ravel().tolist()))
    assert ("root/0", "below-ground") in kinds(folder)
    assert any("20 km below" in fault.words() for fault in inspect(folder).faults)


def test_earth_centred_float32_positions_jitter_and_are_told(folder):
    def shift(whole, _):
        node = whole["nodes"][0]
        node["translation"] = [-4_177_000.0, 0, 0]
        for accessor in {p["attributes"]["POSITION"] for p in whole["meshes"][0]["primitives"]}:
            for end in ("min", "max"):
                whole["accessors"][accessor][end][0] += 4_177_000.0

    def move(whole, body):
        shift(whole, body)
        for accessor in {p["attributes"]["POSITION"] for p in whole["meshes"][0]["primitives"]}:
            view = whole["bufferViews"][whole["accessors"][accessor]["bufferView"]]
            start, length = view["byteOffset"], view["byteLength"]
            values = np.frombuffer(body, "<f4", length // 4, start).reshape(-1, 3).copy()
            values[:, 0] += 4_177_000
            whole["accessors"][accessor]["min"] = values.min(axis=0).tolist()
            whole["accessors"][accessor]["max"] = values.max(axis=0).tolist()
            body = body[:start] + values.tobytes() + body[start + length :]
        return body

    made.spoiled(folder / "content/west.glb", move)
    assert ("root/0", "jitter") in kinds(folder)


@pytest.mark.parametrize("kind", ["webp", "png", "jpeg"])
def test_a_picture_of_the_type_it_says_is_sound(folder, kind):
    from io import BytesIO

    from PIL import Image

    picture = BytesIO()
    Image.new("RGB", (4, 4), "red").save(picture, kind)

    def add(whole, body):
        view = {"buffer": 0, "byteOffset": len(body), "byteLength": len(picture.getvalue())}
        whole["bufferViews"].append(view)
        whole["buffers"][0]["byteLength"] = len(body) + len(picture.getvalue())
        whole["images"] = [{"bufferView": len(whole["bufferViews"]) - 1, "mimeType": f"image/{kind}"}]
        return body + picture.getvalue()

    made.spoiled(folder / "content" / "west.glb", add)
    assert kinds(folder) == set()


def test_too_many_vertices_in_one_tile_are_told(folder, monkeypatch):
    monkeypatch.setattr("tiles.inspect.content.MOST_VERTICES", 15)
    assert {tile for tile, kind in kinds(folder) if kind == "many-vertices"} == {"root", "root/0", "root/1"}


def test_a_tileset_in_a_tileset_is_followed_and_one_that_leads_to_itself_ends(folder):
    inner = made.document()
    inner["root"]["content"]["uri"] = "root.glb"
    for child, name in zip(inner["root"]["children"], ("west", "east"), strict=True):
        child["content"]["uri"] = f"{name}.glb"
    (folder / "content" / "inner.json").write_text(json.dumps(inner))
    outer = made.document()
    outer["root"] |= {
        "transform": np.eye(4).ravel().tolist(),
        "content": {"uri": "content/inner.json"},
        "boundingVolume": {"sphere": [*made.FRAME[:3, 3].tolist(), 60]},
    }
    outer["root"].pop("children")
    (folder / "tileset.json").write_text(json.dumps(outer))
    report = inspect(folder)
    assert [fault.words() for fault in report.findings if fault.kind != "leaf-error"] == []
    assert report.features == 4
    inner["root"]["content"]["uri"] = "inner.json"
    (folder / "content" / "inner.json").write_text(json.dumps(inner))
    assert any(fault.kind == "tile-broken" for fault in inspect(folder).faults)


def test_regions_and_spheres_hold_their_content_or_do_not(folder):
    report = inspect(folder)
    west, south, east, north, low, high = report.extent

    def region(grow):
        degrees = np.array([west - grow, south - grow, east + grow, north + grow])
        return {"region": [*np.radians(degrees).tolist(), low - 0.1, high + 0.1]}

    made.changed(folder, lambda whole: whole["root"].update(boundingVolume=region(1e-5)))
    assert kinds(folder) == set()
    made.changed(folder, lambda whole: whole["root"].update(boundingVolume=region(-1e-5)))
    assert ("root", "vertex-outside") in kinds(folder)
    made.changed(folder, lambda whole: whole["root"].update(boundingVolume={"sphere": [-4, 6, 10, 38.5]}))
    assert ("root", "vertex-outside") not in kinds(folder)
    made.changed(folder, lambda whole: whole["root"].update(boundingVolume={"sphere": [-4, 6, 10, 30]}))
    assert ("root", "vertex-outside") in kinds(folder)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"asset": {}}', "<gml/>", '{"asset": 1, "geometricError": []}']
)
def test_what_is_no_tileset_is_refused_by_name(tmp_path, text):
    (tmp_path / "tileset.json").write_text(text)
    with pytest.raises(TilingError, match=r"tileset\.json is no 3D Tiles tileset"):
        inspect(tmp_path)


def test_a_path_without_tileset_says_what_to_name(tmp_path):
    with pytest.raises(TilingError, match="or the folder it lies in"):
        inspect(tmp_path)


BYTES = made.glb([0, 1], "plain")
PACKED = made.glb([0, 1], "meshopt")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([BYTES, PACKED]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_no_damage_whatever_stops_the_inspection(folder, sound, hits):
    spoiled = bytearray(sound)
    for place, value in hits:
        spoiled[int(place * len(spoiled))] = value
    (folder / "content" / "west.glb").write_bytes(bytes(spoiled))
    inspect(folder)
