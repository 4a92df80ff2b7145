"""Implicit tiling: subtrees become the tiles they stand for, and what does not fit is named."""

import json
import struct

import numpy as np
import pytest
import tileset_made as made

from tiles.inspect.report import inspect


def packed_bits(places, count):
    flags = np.zeros(count, dtype=np.uint8)
    flags[list(places)] = 1
    data = np.packbits(flags, bitorder="little").tobytes()
    return data + b"\0" * (-len(data) % 8)


def subtree(tiles, contents, children, levels=2):
    """A binary subtree of a quadtree; each argument the places of set bits."""
    count = (4**levels - 1) // 3
    parts = [packed_bits(tiles, count), packed_bits(contents, count), packed_bits(children, 4**levels)]
    starts = np.cumsum([0, *map(len, parts)]).tolist()
    whole = {
        "buffers": [{"byteLength": starts[-1]}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": start, "byteLength": len(part)}
            for start, part in zip(starts, parts, strict=False)
        ],
        "tileAvailability": {"bitstream": 0, "availableCount": len(tiles)},
        "contentAvailability": [{"bitstream": 1, "availableCount": len(contents)}],
        "childSubtreeAvailability": {"bitstream": 2} if children else {"constant": 0},
    }
    text = json.dumps(whole).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<4sIQQ", b"subt", 1, len(text), starts[-1]) + text + b"".join(parts)


@pytest.fixture
def folder(tmp_path):
    """Three levels in two subtrees: the root, its north-eastern child, and its south-western child."""
    folder = tmp_path / "city"
    (folder / "s").mkdir(parents=True)
    half = 64.0
    document = {
        "asset": {"version": "1.1"},
        "geometricError": 100,
        "root": {
            "boundingVolume": {"box": [0, 0, 10, half, 0, 0, 0, half, 0, 0, 0, 12]},
            "geometricError": 16,
            "refine": "REPLACE",
            "transform": made.FRAME.T.ravel().tolist(),
            "content": {"uri": "{level}_{x}_{y}.glb"},
            "implicitTiling": {
                "subdivisionScheme": "QUADTREE",
                "subtreeLevels": 2,
                "availableLevels": 3,
                "subtrees": {"uri": "s/{level}.{x}.{y}.subtree"},
            },
        },
    }
    (folder / "tileset.json").write_text(json.dumps(document))
    # Root and north-eastern child (place 1 + 3); on level 2 the subtree of x 2, y 2 (Morton 12).
    (folder / "s" / "0.0.0.subtree").write_bytes(subtree([0, 4], [0, 4], [12]))
    (folder / "s" / "2.2.2.subtree").write_bytes(subtree([0], [0], []))
    # House 2 stands 0 to 12 m east and north of the frame's origin: in the north-eastern quarter.
    for name in ("0_0_0", "1_1_1", "2_2_2"):
        (folder / f"{name}.glb").write_bytes(made.glb([2]))
    return folder


def found(folder):
    return {(fault.tile, fault.kind) for fault in inspect(folder).findings}


def test_all_available_tiles_are_there_with_their_volumes_and_errors(folder):
    report = inspect(folder)
    assert [fault.words() for fault in report.findings if fault.kind != "leaf-error"] == []
    tiles = report.tree.tiles
    assert [(tile.name, tile.error) for tile in tiles] == [("root", 16), ("root/3", 8), ("root/3/0", 4)]
    assert [tile.volume.size for tile in tiles] == pytest.approx([256, 128, 64], rel=0.7)
    assert report.features == 1
    assert [level.contents for level in report.levels] == [1, 1, 1]


def test_subtrees_in_json_with_bits_in_a_file_of_their_own(folder):
    whole = {
        "buffers": [{"byteLength": 1, "uri": "bits.bin"}],
        "bufferViews": [{"buffer": 0, "byteOffset": 0, "byteLength": 1}],
        "tileAvailability": {"bitstream": 0},
        "contentAvailability": [{"bitstream": 0}],
        "childSubtreeAvailability": {"constant": 0},
    }
    (folder / "s" / "0.0.0.subtree").write_text(json.dumps(whole))
    (folder / "s" / "bits.bin").write_bytes(packed_bits([0, 4], 5)[:1])
    (folder / "2_2_2.glb").unlink()
    (folder / "s" / "2.2.2.subtree").unlink()
    assert found(folder) == {("root/3", "leaf-error")}


def test_regions_are_divided_too(folder):
    west, south, east, north, low, high = inspect(folder).extent
    size = np.array([east - west, north - south])
    corner = np.array([west, south]) - 0.01 * size

    def region(whole):
        edges = np.radians([*(corner - 3 * size), *(corner + 3 * size)])
        whole["root"]["boundingVolume"] = {"region": [*edges.tolist(), low - 1, high + 1]}

    made.changed(folder, region)
    assert found(folder) == {("root/3/0", "leaf-error")}


SPOILS = {
    "a subtree is missing": (lambda f: (f / "s/2.2.2.subtree").unlink(), ("root", "content-missing")),
    "a content is missing": (lambda f: (f / "1_1_1.glb").unlink(), ("root/3", "content-missing")),
    "a content that no bit tells of": (
        lambda f: (f / "2_0_0.glb").write_bytes(made.glb([2])),
        ("root", "orphans"),
    ),
    "a count that is wrong": (
        lambda f: (f / "s/0.0.0.subtree").write_bytes(
            subtree([0, 4], [0, 4], [12]).replace(b'"availableCount": 2', b'"availableCount": 3')
        ),
        ("root", "subtree"),
    ),
    "a tile without a tile above": (
        lambda f: (f / "s/0.0.0.subtree").write_bytes(subtree([4], [4], [])),
        ("root", "subtree"),
    ),
    "a content without a tile": (
        lambda f: (f / "s/0.0.0.subtree").write_bytes(subtree([0], [0, 4], [])),
        ("root", "subtree"),
    ),
    "a torn subtree": (lambda f: (f / "s/0.0.0.subtree").write_bytes(b"subt\1\0"), ("root", "subtree")),
    "a subtree of another format": (
        lambda f: (f / "s/0.0.0.subtree").write_bytes(b"<html>"),
        ("root", "subtree"),
    ),
    "more levels than stated": (
        lambda f: made.changed(f, lambda w: w["root"]["implicitTiling"].update(availableLevels=2)),
        ("root", "subtree"),
    ),
    "a scheme nobody knows": (
        lambda f: made.changed(f, lambda w: w["root"]["implicitTiling"].update(subdivisionScheme="KDTREE")),
        ("root", "tile-broken"),
    ),
    "levels without end": (
        lambda f: made.changed(f, lambda w: w["root"]["implicitTiling"].update(subtreeLevels=500)),
        ("root", "tile-broken"),
    ),
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_what_does_not_fit_is_named(folder, spoil):
    change, fault = SPOILS[spoil]
    change(folder)
    assert fault in found(folder)


SCHEMA = {
    "id": "tiles",
    "classes": {
        "tile": {
            "properties": {
                "where": {
                    "type": "SCALAR",
                    "componentType": "FLOAT64",
                    "array": True,
                    "count": 12,
                    "semantic": "TILE_BOUNDING_BOX",
                },
                "wrong": {
                    "type": "SCALAR",
                    "componentType": "FLOAT32",
                    "semantic": "TILE_GEOMETRIC_ERROR",
                },
                "year": {"type": "SCALAR", "componentType": "UINT16"},
            }
        }
    },
}


def told(folder, boxes, errors, schema=SCHEMA):
    """Say of the two tiles of the first subtree where they lie and how wrong they are."""
    made.changed(folder, lambda whole: whole.update(schema=schema))
    file = folder / "s" / "0.0.0.subtree"
    plain = file.read_bytes()
    (size,) = struct.unpack_from("<Q", plain, 8)
    whole, body = json.loads(plain[24 : 24 + size]), plain[24 + size :]
    columns = {"where": np.array(boxes, "<f8").tobytes(), "wrong": np.array(errors, "<f4").tobytes()}
    places = {}
    for name, data in columns.items():
        places[name] = {"values": len(whole["bufferViews"])}
        whole["bufferViews"].append({"buffer": 0, "byteOffset": len(body), "byteLength": len(data)})
        body += data + b"\0" * (-len(data) % 8)
    whole["buffers"][0]["byteLength"] = len(body)
    whole["propertyTables"] = [{"class": "tile", "count": len(errors), "properties": places}]
    whole["tileMetadata"] = 0
    text = json.dumps(whole).encode()
    text += b" " * (-len(text) % 8)
    file.write_bytes(struct.pack("<4sIQQ", b"subt", 1, len(text), len(body)) + text + body)


def cube(half, east=6.0):
    return [east, 6, 10, half, 0, 0, 0, half, 0, 0, 0, 12]


def test_volumes_and_errors_that_subtrees_state_count(folder):
    told(folder, [cube(70), cube(60)], [12, 3])
    report = inspect(folder)
    assert [tile.error for tile in report.tree.tiles] == [12, 3, 4]
    assert np.linalg.norm(report.tree.tiles[1].volume.numbers[1:], axis=1) == pytest.approx([60, 60, 12])
    # Derived: 16 m for the root, and 64 m wide; the third tile is in a subtree that states nothing.
    assert found(folder) == {("root", "quarters"), ("root/3/0", "leaf-error"), ("root/3/0", "error-grows")}
    (quarters,) = [fault for fault in report.remarks if fault.kind == "quarters"]
    assert (quarters.facts["count"], quarters.facts["metres"]) == (2, pytest.approx(54))


def test_stated_volumes_must_hold_the_vertices(folder):
    told(folder, [cube(70), cube(5)], [12, 8])
    assert ("root/3", "vertex-outside") in found(folder)


@pytest.mark.parametrize("what", ["a row too few", "no schema", "another class"])
def test_metadata_that_does_not_fit_is_named(folder, what):
    rows = [cube(70), cube(60)], [12, 3]
    if what == "a row too few":
        told(folder, rows[0][:1], rows[1][:1])
    else:
        told(folder, *rows, schema={"classes": {}} if what == "no schema" else {"classes": {"leaf": {}}})
    assert ("root", "subtree") in found(folder)
